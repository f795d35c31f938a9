// Search as you type: an input with a list of songs (the ARIA combobox pattern).

import { api } from "../api";
import { h, join, replace } from "../dom";
import { icon } from "../icons";
import { error_box } from "../notes";
import { text } from "../strings";
import type { Track } from "../types";

const DEBOUNCE_MS = 110;
const FOUND_MAX = 20;

export interface SearchListener {
  on_pick(track: Track): void;
  is_picked(id: string): boolean;
}

export class Search {
  readonly element: HTMLElement;
  private readonly input = h("input", {
    class: "form-control", type: "search", role: "combobox", autocomplete: "off",
    spellcheck: "false", enterkeyhint: "search", "aria-label": text.search_label,
    "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "found",
    placeholder: text.search_placeholder,
  });
  private readonly found = h("ul", {
    class: "found", id: "found", role: "listbox", "aria-label": text.search_label, hidden: true,
  });
  private readonly told = h("div", { class: "visually-hidden", role: "status" });
  private tracks: Track[] = [];
  private active = -1;
  private timer = 0;
  private under_way: AbortController | null = null;

  constructor(private readonly listener: SearchListener) {
    this.element = h("div", { class: "search" }, icon("search"), this.input, this.found, this.told);
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("focus", () => this.typed());
    this.input.addEventListener("blur", () => this.close());
    this.found.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps focus
    this.found.addEventListener("click", (event) => this.clicked(event));
  }

  focus(): void {
    this.input.focus();
  }

  private typed(): void {
    clearTimeout(this.timer);
    this.under_way?.abort();
    const words = this.input.value.trim();
    if (!words) return this.close();
    this.timer = window.setTimeout(() => void this.look_up(words), DEBOUNCE_MS);
  }

  private async look_up(words: string): Promise<void> {
    const mine = new AbortController();
    this.under_way = mine;
    try {
      const tracks = await api.search(words, FOUND_MAX, mine.signal);
      if (!mine.signal.aborted) this.show(tracks, words);
    } catch (error) {
      if (!mine.signal.aborted) this.open(h("li", {}, error_box(error)));
    }
  }

  private show(tracks: Track[], words: string): void {
    this.tracks = tracks;
    const none = text.search_empty(words);
    this.told.textContent = tracks.length ? text.search_found(tracks.length) : none;
    if (tracks.length) this.open(...tracks.map((track, index) => this.option(track, index)));
    else this.open(h("li", { class: "muted" }, none));
    this.choose(tracks.length ? 0 : -1);
  }

  private option(track: Track, index: number): HTMLElement {
    const by = join([text.by(track.artists), track.year ? String(track.year) : ""], " · ");
    return h("li", { role: "option", id: `found-${index}`, "data-id": track.id },
      h("span", { class: "found-title" }, track.title),
      h("span", { class: "found-by" }, ...by),
      this.listener.is_picked(track.id) &&
        h("span", { class: "found-mark" }, icon("check"), " ", text.picked));
  }

  private open(...rows: HTMLElement[]): void {
    replace(this.found, ...rows);
    this.found.hidden = false;
    this.found.scrollTop = 0;
    this.input.setAttribute("aria-expanded", "true");
  }

  private close(): void {
    clearTimeout(this.timer);
    this.under_way?.abort();
    this.tracks = [];
    this.found.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.choose(-1);
  }

  private choose(index: number): void {
    this.active = index;
    [...this.found.children].forEach((row, at) => {
      if (row.role === "option") row.setAttribute("aria-selected", String(at === index));
    });
    const row = index < 0 ? null : this.found.children[index];
    if (row) this.input.setAttribute("aria-activedescendant", row.id);
    else this.input.removeAttribute("aria-activedescendant");
    row?.scrollIntoView({ block: "nearest" });
  }

  private key(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const songs = this.tracks.length;
    if (step && songs) this.choose((this.active + step + songs) % songs);
    else if (event.key === "Enter") this.pick(this.active);
    else if (event.key === "Escape" && !this.found.hidden) this.close();
    else return;
    event.preventDefault();
  }

  private clicked(event: Event): void {
    const row = (event.target as Element).closest("[role=option]");
    if (row) this.pick([...this.found.children].indexOf(row));
  }

  private pick(index: number): void {
    const track = this.tracks[index];
    if (!track) return;
    this.input.value = "";
    this.close();
    this.listener.on_pick(track);
  }
}
