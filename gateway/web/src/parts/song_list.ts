// The list of recommended songs, with what stands above and below it.

import type { Colours } from "../colours";
import { calm, h, is_writing, replace } from "../dom";
import { alert_box } from "../notes";
import { moment, text } from "../strings";
import type { Batch, Me, Recommendation, Refusal, Verdict } from "../types";
import { song_row } from "./song_row";

const HASH_SHOWN = 12;
const MOVE_MS = 280;

export interface SongListListener {
  on_verdict(song: Recommendation, verdict: Verdict): void;
  on_light(id: string | null): void;
}

export class SongList {
  readonly element = h("section", { class: "list", id: "list", "aria-labelledby": "list-title" });
  private readonly trouble = h("div");
  private readonly head = h("div", { class: "list-head" });
  private readonly learned = h("div", { class: "learned", hidden: true });
  private readonly counts = h("span", { class: "muted" });
  private readonly songs = h("ol", { class: "songs", "aria-labelledby": "list-title" });
  private readonly foot = h("div", { class: "list-foot" });
  after: HTMLElement | null = null; // stands below the songs
  private readonly verdicts = new Map<string, Verdict>();
  private batch: Batch | null = null;
  private colours: Colours | null = null;

  constructor(private readonly listener: SongListListener) {
    this.songs.addEventListener("keydown", (event) => this.key(event));
    this.songs.addEventListener("pointerover", (event) => this.listener.on_light(song_id(event)));
    this.songs.addEventListener("pointerleave", () => this.listener.on_light(null));
    this.songs.addEventListener("focusin", (event) => this.focused(event));
    replace(this.element, this.trouble,
      h("div", { class: "card first" }, h("h2", { id: "list-title" }, text.list_first),
        h("p", {}, text.list_first_lead)));
  }

  show(batch: Batch): void {
    const before = this.batch;
    const places = this.places();
    const focus = this.focus_place();
    this.batch = batch;
    replace(this.trouble);
    replace(this.element, this.trouble, this.head, this.learned, this.songs, this.after, this.foot);
    this.draw_head(batch);
    this.draw_learned(batch, before !== null);
    this.draw_songs(before !== null || batch.verdict_count > 0);
    this.draw_foot(batch);
    this.focus(focus);
    this.move_from(places);
  }

  set_colours(colours: Colours): void {
    this.colours = colours;
    if (this.batch) this.draw_songs(this.songs.querySelector(".badge-new") !== null);
  }

  set_busy(is_busy: boolean): void {
    this.songs.setAttribute("aria-busy", String(is_busy));
  }

  /** Shows the verdict as given; answers what was shown before. */
  mark(id: string, verdict: Verdict): Verdict {
    const before = this.verdicts.get(id) ?? "clear";
    if (verdict === "clear") this.verdicts.delete(id);
    else this.verdicts.set(id, verdict);
    const focus = this.focus_place();
    if (this.batch) this.draw_songs(this.songs.querySelector(".badge-new") !== null);
    this.focus(focus);
    return before;
  }

  refuse(refusal: Refusal): void {
    const { reason, stage } = refusal.refused;
    this.complain(alert_box(text.refused_title, reason, stage && text.refused_by(stage)));
  }

  complain(box: HTMLElement | null): void {
    replace(this.trouble, box);
    if (box) box.scrollIntoView({ block: "nearest", behavior: calm() ? "instant" : "smooth" });
  }

  /** How the verdicts so far divide. */
  show_verdicts({ verdicts: { approved, disapproved } }: Me): void {
    this.counts.textContent =
      approved + disapproved ? text.verdicts(approved, disapproved) : "";
  }

  /** On a narrow window the list begins below the form that asked for it. */
  reveal(): void {
    if (this.element.getBoundingClientRect().top < window.innerHeight / 2) return;
    this.element.scrollIntoView({ behavior: calm() ? "instant" : "smooth" });
  }

  light(id: string | null): void {
    for (const row of this.rows) row.classList.toggle("is-lit", row.dataset["id"] === id);
  }

  focus_song(id: string): void {
    this.rows.find((row) => row.dataset["id"] === id)?.focus();
  }

  /** One line on what is new, for the eye and the ear. */
  news(batch: Batch): string {
    const fresh = batch.recommendations.filter((song) => song.is_new).length;
    if (fresh === batch.recommendations.length) return text.all_new(fresh);
    return fresh ? text.some_new(fresh) : text.none_new;
  }

  private get rows(): HTMLElement[] {
    return [...this.songs.children] as HTMLElement[];
  }

  private draw_head(batch: Batch): void {
    const basis = batch.confidence_basis === "verdicts"
      ? text.basis_verdicts(batch.verdict_count)
      : text.basis_prior;
    replace(this.head,
      h("h2", { id: "list-title" }, text.list_title),
      h("p", { class: "disclaimer" }, batch.disclaimer),
      h("p", { class: "muted small" }, basis),
      h("p", { class: "visually-hidden" }, text.keys_hint),
      batch.missing.length > 0 && h("div", { class: "alert alert-note missing" },
        h("strong", {}, text.missing(batch.missing.length)),
        h("ul", {}, ...batch.missing.map((name) => h("li", {}, name)))));
  }

  // What the verdicts have taught, and what that changed.
  private draw_learned(batch: Batch, has_before: boolean): void {
    const { learned, verdict_count } = batch;
    const lesson = learned.length ? text.learned(learned) : text.learned_nothing(verdict_count);
    this.learned.hidden = !has_before && verdict_count === 0;
    replace(this.learned,
      verdict_count > 0 && h("strong", {}, lesson),
      h("span", {}, this.news(batch)), this.counts);
  }

  private draw_songs(shows_new: boolean): void {
    const songs = this.batch?.recommendations ?? [];
    replace(this.songs, ...songs.map((song, index) => song_row(song, {
      rank: index + 1, shows_new, verdict: this.verdicts.get(song.id), colours: this.colours,
      on_verdict: (judged, verdict) => this.listener.on_verdict(judged, verdict),
    })));
    this.rows[0]?.setAttribute("tabindex", "0");
    const none = h("li", { class: "first" }, h("p", {}, text.list_empty));
    if (!songs.length) replace(this.songs, none);
  }

  private draw_foot(batch: Batch): void {
    const { index, leaf_hash, receipt } = batch.ledger;
    const facts: [string, string][] = [
      [text.recorded_leaf, leaf_hash], [text.recorded_at, moment(batch.recorded_at)],
      [text.recorded_catalog, batch.catalog], [text.recorded_model, batch.model],
    ];
    const playlist = `/api/recommendations/${batch.id}/playlist/`;
    const saves = ["m3u8", "jspf", "csv"].flatMap((format) => [
      " ", h("a", { href: playlist + format, download: "" }, format.toUpperCase()),
    ]);
    replace(this.foot, h("p", { class: "save-as" }, text.save_as, ...saves), h("details", { class: "recorded" },
      h("summary", {}, text.recorded(index), " · ", h("code", {}, leaf_hash.slice(0, HASH_SHOWN))),
      h("dl", {}, ...facts.flatMap(([name, value]) => [
        h("dt", {}, name), h("dd", {}, h("code", {}, value)),
      ])),
      h("p", {}, h("a", { href: receipt, download: "" }, text.receipt), " – ", text.receipt_use,
        " ", h("code", {}, "groove ledger verify FILE --vkey KEY"))));
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || is_writing(event.target)) return;
    const at = this.rows.findIndex((row) => row.contains(event.target as Node));
    const song = this.batch?.recommendations[at];
    if (!song) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.rows[at + step]?.focus();
    else if (event.key === "Home") this.rows[0]?.focus();
    else if (event.key === "End") this.rows.at(-1)?.focus();
    else if (event.key === "a") this.listener.on_verdict(song, "approve");
    else if (event.key === "d") this.listener.on_verdict(song, "disapprove");
    else return;
    event.preventDefault();
  }

  private focused(event: FocusEvent): void {
    for (const row of this.rows) {
      row.setAttribute("tabindex", row.contains(event.target as Node) ? "0" : "-1");
    }
    this.listener.on_light(song_id(event));
  }

  // A new list takes the old one's place; whoever was on its third song, or on the button of its
  // third song, is there again.
  private focus_place(): { row: number; part: string } | null {
    const active = document.activeElement;
    const row = this.rows.findIndex((each) => each.contains(active));
    if (row < 0) return null;
    const part = [".btn-approve", ".btn-disapprove"].find((button) => active?.matches(button));
    return { row, part: part ?? "" };
  }

  private focus(place: { row: number; part: string } | null): void {
    if (!place) return;
    const row = this.rows[Math.min(place.row, this.rows.length - 1)];
    const part = place.part ? row?.querySelector<HTMLElement>(place.part) : row;
    part?.focus({ preventScroll: true });
  }

  private places(): Map<string, number> {
    const top = (row: HTMLElement) => row.getBoundingClientRect().top;
    return new Map(this.rows.map((row) => [row.dataset["id"] ?? "", top(row)]));
  }

  // Songs that stay glide to their new rank, so one sees what a verdict did.
  private move_from(places: Map<string, number>): void {
    if (calm() || !places.size) return;
    for (const row of this.rows) {
      const before = places.get(row.dataset["id"] ?? "");
      const from = before === undefined
        ? { opacity: 0 }
        : { transform: `translateY(${before - row.getBoundingClientRect().top}px)` };
      row.animate([from, {}], { duration: MOVE_MS, easing: "ease-out" });
    }
  }
}

function song_id(event: Event): string | null {
  const row = (event.target as Element).closest<HTMLElement>(".song");
  return row?.dataset["id"] ?? null;
}

