// Plays one song at a time, from the listener's own music folder: the browser's own controls at the
// foot of the page, with the title and, where one lies beside the file, the licence.

import { api } from "../api";
import { h, replace } from "../dom";
import { icon } from "../icons";
import { say } from "../notes";
import { text } from "../strings";
import type { Song } from "../types";

class Player {
  readonly element: HTMLElement;
  private readonly audio = h("audio", { controls: true, preload: "metadata" });
  private readonly what = h("p", { class: "player-what" });
  private playing: Song | null = null;

  constructor() {
    this.element = h("section", { class: "player", "aria-label": text.player, hidden: true },
      this.what, this.audio,
      h("button", { class: "btn btn-plain", type: "button", "aria-label": text.player_close,
        onclick: () => this.stop() }, icon("close")));
    this.audio.addEventListener("error", () => this.failed());
  }

  play(song: Song): void {
    this.playing = song;
    this.element.hidden = false;
    replace(this.what, h("strong", {}, song.title), h("span", { class: "muted" }, text.by(song.artists)));
    this.audio.src = api.audio_url(song.id);
    void this.audio.play().catch(() => undefined); // the error event tells what is wrong
    say(text.playing(song.title));
    void this.show_licence(song);
  }

  stop(): void {
    this.playing = null;
    this.audio.pause();
    this.audio.removeAttribute("src");
    this.element.hidden = true;
  }

  private async show_licence(song: Song): Promise<void> {
    const has_one = await api.has_licence(song.id).catch(() => false); // it plays without
    if (!has_one || this.playing !== song) return;
    this.what.append(h("a", { href: api.licence_url(song.id), target: "_blank", rel: "noopener" },
      text.licence));
  }

  private failed(): void {
    if (!this.playing || !this.audio.hasAttribute("src")) return;
    replace(this.what, text.cannot_play(this.playing.title));
  }
}

export const player = new Player();
