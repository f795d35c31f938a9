// The songs the listener picked.

import { h, replace } from "../dom";
import { icon } from "../icons";
import { say } from "../notes";
import { text } from "../strings";
import type { Song } from "../types";
import { Search } from "./search";

const GOOD_START = 5;
const PICKS_MAX = 500; // the gateway's bound for one request

export class Picks {
  readonly element: HTMLElement;
  private readonly search = new Search({
    on_pick: (track) => this.add(track),
    is_picked: (id) => this.songs.has(id),
  });
  private readonly list = h("ul", { class: "picks", "aria-label": text.picks_title });
  private readonly hint = h("p", { class: "muted small" });
  private readonly songs = new Map<string, Song>();

  constructor(private readonly on_change: () => void) {
    this.element = h("div", {}, this.search.element, this.list, this.hint);
    this.draw();
  }

  get all(): Song[] {
    return [...this.songs.values()];
  }

  set(songs: Song[]): void {
    this.songs.clear();
    for (const { id, title, artists } of songs) this.songs.set(id, { id, title, artists });
    this.draw();
  }

  focus(): void {
    this.search.focus();
  }

  private add({ id, title, artists }: Song): void {
    if (this.songs.has(id)) return;
    if (this.songs.size === PICKS_MAX) return say(text.picks_full(PICKS_MAX));
    this.songs.set(id, { id, title, artists });
    say(text.pick_added(title, this.songs.size));
    this.changed();
  }

  private remove(song: Song): void {
    const at = [...this.songs.keys()].indexOf(song.id);
    this.songs.delete(song.id);
    say(text.pick_removed(song.title));
    this.changed();
    const buttons = this.list.querySelectorAll("button");
    (buttons[Math.min(at, buttons.length - 1)] ?? this.search).focus();
  }

  private changed(): void {
    this.draw();
    this.on_change();
  }

  private draw(): void {
    replace(this.list, ...this.all.map((song) => this.chip(song)));
    const more = GOOD_START - this.songs.size;
    if (!this.songs.size) this.hint.textContent = text.picks_none;
    else this.hint.textContent = more > 0 ? text.picks_more(more) : "";
    this.hint.hidden = !this.hint.textContent;
  }

  private chip(song: Song): HTMLElement {
    return h("li", { class: "pick", "data-id": song.id },
      h("span", { class: "diamond", "aria-hidden": "true" }),
      h("span", {},
        h("span", { class: "pick-title" }, song.title),
        h("span", { class: "pick-by" }, text.by(song.artists))),
      h("button", { class: "btn", type: "button", "aria-label": text.remove(song.title),
        onclick: () => this.remove(song) }, icon("close")));
  }
}
