// Before there are songs: how to bring some, and what becomes of them on the way in.

import { api, pause, upload } from "../api";
import { h, replace } from "../dom";
import { icon } from "../icons";
import { error_box, say } from "../notes";
import { Steps } from "../parts/steps";
import { text, percent } from "../strings";
import type { Library, Progress } from "../types";
import type { Page } from "./page";

const ASK_EVERY_MS = 3_000;

export class LibraryPage implements Page {
  readonly element: HTMLElement;
  private readonly drop = this.make_drop();
  private readonly steps = new Steps({
    send: text.step_send, import: text.step_import, train: text.step_train,
  });
  private readonly bar = h("div", { class: "progress-bar" });
  private readonly progress = h("div", {
    class: "progress", role: "progressbar", "aria-label": text.progress_label,
    "aria-valuemin": 0, "aria-valuemax": 100, hidden: true,
  }, this.bar);
  private readonly note = h("p", { class: "intake-note", role: "status" });
  private readonly trouble = h("div");
  private is_sending = false;
  private is_over = false;

  constructor(library: Library, private readonly on_ready: (library: Library) => void) {
    const intake = h("div", { class: "intake" },
      this.steps.element, this.progress, this.note, this.trouble);
    this.element = h("section", { class: "library" },
      h("h1", {}, text.empty_title),
      h("p", { class: "lead" }, text.empty_lead),
      h("div", { class: "library-ways" },
        h("div", {}, this.drop, intake), by_command_and_layout()));
    this.on_library(library);
    void this.keep_asking();
  }

  on_library(library: Library): void {
    if (this.is_over) return;
    if (library.state === "ready") return this.finish(library);
    if (library.state === "empty") {
      if (library.detail && !this.is_sending) this.note.textContent = library.detail;
      return;
    }
    const step = library.state === "importing" ? "import" : "train";
    if (!this.steps.is_at(step)) {
      this.steps.begin();
      this.steps.start(step);
      this.show_part(null);
    }
    const words = library.state === "importing" ? text.importing : text.training;
    this.note.textContent = library.detail || `${words}…`;
    this.drop.hidden = true;
  }

  on_progress(progress: Progress): void {
    if (progress.stage !== "library") return;
    this.show_part(progress.total ? progress.done / progress.total : null);
    if (progress.detail) this.note.textContent = progress.detail;
  }

  leave(): void {
    this.is_over = true;
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
      hidden: true, onchange: () => void this.send([...(input.files ?? [])]) });
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
    replace(this.trouble);
    this.drop.hidden = true;
    this.steps.begin();
    this.steps.start("send");
    try {
      for (const file of files) await this.send_one(file);
    } catch (error) {
      this.steps.fail("send");
      this.note.textContent = "";
      this.show_part(null);
      this.drop.hidden = false;
      replace(this.trouble, error_box(error));
    } finally {
      this.is_sending = false;
    }
  }

  private async send_one(file: File): Promise<void> {
    await upload(file, (part) => {
      this.show_part(part);
      this.note.textContent = text.sending(file.name, part);
    });
    if (this.steps.is_at("send")) this.note.textContent = text.sent(file.name);
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
