// Before there are songs: how to bring some, and what becomes of them on the way in.

import { api, pause, upload } from "../api";
import { h, replace } from "../dom";
import { icon } from "../icons";
import { alert_box, error_box, say } from "../notes";
import { Steps } from "../parts/steps";
import { text, percent } from "../strings";
import type { Library } from "../types";
import type { Page } from "./page";

const ASK_EVERY_MS = 3_000;
const NO_IMPORT_MS = 15_000;

export class LibraryPage implements Page {
  readonly element: HTMLElement;
  private readonly drop = this.make_drop();
  private readonly steps = new Steps(text.intake_steps);
  private readonly bar = h("div", { class: "progress-bar" });
  private readonly progress = h("div", {
    class: "progress", role: "progressbar", "aria-label": text.progress_label,
    "aria-valuemin": 0, "aria-valuemax": 100, hidden: true,
  }, this.bar);
  private readonly note = h("p", { class: "intake-note", role: "status" });
  private readonly trouble = h("div");
  private readonly title = h("h1");
  private readonly lead = h("p", { class: "lead" });
  private readonly intake = h("div", { class: "card intake" });
  private readonly ways = h("div", { class: "library-ways" });
  private is_sending = false;
  private sent_at = 0;
  private lead_detail = "";
  private is_over = false;

  constructor(library: Library, private readonly on_ready: (library: Library) => void) {
    replace(this.intake, this.steps.element, this.progress, this.note);
    replace(this.ways, h("div", { class: "library-bring" }, this.drop), by_command_and_layout());
    this.element = h("section", { class: "library" },
      this.title, this.lead, this.trouble, this.intake, this.ways);
    this.set_busy(false);
    this.on_library(library);
    void this.keep_asking();
  }

  on_library(library: Library): void {
    if (this.is_over || this.is_sending) return;
    if (library.state === "ready") return this.finish(library);
    if (library.state === "empty") return this.empty(library);
    const is_import = library.state === "importing";
    const step = is_import ? "import" : "train";
    if (!this.steps.is_at(step)) {
      this.set_busy(true);
      this.steps.begin();
      this.steps.start(step);
    }
    this.note.textContent = library.detail || (is_import ? text.importing : text.training);
    this.show_part(library.total ? library.done / library.total : null);
  }

  leave(): void {
    this.is_over = true;
  }

  // Empty after a file was sent: not looked at yet, or looked at and of no use. The detail tells,
  // and where it says the same as before the sending, the time.
  private empty(library: Library): void {
    const is_waiting = this.steps.is_at("send") && library.detail === this.lead_detail &&
      performance.now() - this.sent_at < NO_IMPORT_MS;
    const is_known = this.intake.hidden && library.detail === this.lead_detail;
    if (is_waiting || is_known) return;
    this.lead_detail = library.detail;
    if (this.intake.hidden) this.lead.textContent = library.detail || text.empty_lead;
    else this.fail("import", alert_box(text.import_failed, library.detail));
  }

  private finish(library: Library): void {
    this.is_over = true;
    say(text.library_ready(library.songs));
    this.on_ready(library);
  }

  // The stream tells of each step; this is for when it is cut.
  private async keep_asking(): Promise<void> {
    while (!this.is_over) {
      await pause(ASK_EVERY_MS);
      const library = await api.library().catch(() => null);
      if (library) this.on_library(library);
    }
  }

  private make_drop(): HTMLElement {
    const input = h("input", { type: "file", accept: ".csv,.xz,.gz,.zst,.zip", multiple: true,
      hidden: true, onchange: () => {
        void this.send([...(input.files ?? [])]);
        input.value = ""; // the same file can be chosen again
      } });
    const drop = h("div", { class: "drop" }, icon("upload"),
      h("h2", {}, text.drop_title), h("span", { class: "muted" }, text.drop_or), input,
      h("button", { class: "btn btn-primary", type: "button", onclick: () => input.click() },
        text.choose_files));
    const over = (is_over: boolean) => (event: DragEvent) => {
      event.preventDefault();
      drop.classList.toggle("is-over", is_over);
    };
    drop.addEventListener("dragover", over(true));
    drop.addEventListener("dragleave", over(false));
    drop.addEventListener("drop", (event) => {
      over(false)(event);
      void this.send([...(event.dataTransfer?.files ?? [])]);
    });
    return drop;
  }

  private async send(files: File[]): Promise<void> {
    if (!files.length || this.is_sending) return;
    this.is_sending = true;
    this.set_busy(true);
    this.steps.begin();
    this.steps.start("send");
    try {
      for (const file of files) await this.send_one(file);
      this.sent_at = performance.now();
    } catch (error) {
      this.fail("send", error_box(error));
    } finally {
      this.is_sending = false;
    }
  }

  private fail(step: string, why: HTMLElement): void {
    this.steps.fail(step);
    this.show_part(null);
    this.set_busy(false);
    replace(this.trouble, why);
  }

  private set_busy(is_busy: boolean): void {
    replace(this.trouble);
    this.title.textContent = is_busy ? text.busy_title : text.empty_title;
    this.lead.textContent = is_busy ? text.busy_lead : text.empty_lead;
    this.intake.hidden = !is_busy;
    this.ways.hidden = is_busy;
  }

  private async send_one(file: File): Promise<void> {
    await upload(file, (part) => {
      this.show_part(part);
      this.note.textContent = text.sending(file.name, part);
    });
    this.note.textContent = text.sent(file.name);
    this.show_part(null);
  }

  /** How far the step at hand is; null where that cannot be counted. */
  private show_part(part: number | null): void {
    this.progress.hidden = part === null;
    if (part === null) return;
    this.bar.style.width = `${part * 100}%`;
    this.progress.setAttribute("aria-valuenow", String(Math.round(part * 100)));
    this.progress.setAttribute("aria-valuetext", percent(part));
  }
}

function by_command_and_layout(): HTMLElement {
  const columns = text.layout_columns.flatMap(([names, what]) => [
    h("dt", {}, names), h("dd", {}, what),
  ]);
  return h("div", { class: "card" },
    h("h2", {}, text.by_command),
    h("p", {}, text.by_command_lead),
    h("pre", {}, h("code", {}, text.command)),
    h("h2", {}, text.layout_title),
    h("p", {}, text.layout_lead),
    h("dl", {}, ...columns));
}
