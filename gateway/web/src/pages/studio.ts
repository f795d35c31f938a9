// The main page: pick songs, see the list and the map, judge.

import { api } from "../api";
import { Asking } from "../asking";
import { Colours } from "../colours";
import { h, is_writing, replace } from "../dom";
import { load_draft, save_draft } from "../draft";
import { alert_box, error_box, hide_toast, say, toast } from "../notes";
import { BasisChoice } from "../parts/basis_choice";
import { Picks } from "../parts/picks";
import { player } from "../parts/player";
import { SongList } from "../parts/song_list";
import { SoundMapCard } from "../parts/sound_map_card";
import { SpotifyAccount, SpotifyExport, take_spotify_word } from "../parts/spotify";
import { spotify_playlists, spotify_source } from "../parts/spotify_lists";
import { Steps } from "../parts/steps";
import { WishForm } from "../parts/wish_form";
import { text } from "../strings";
import { is_refusal } from "../types";
import type { Answer, Batch, Library, Listener, Progress, Song, Spotify, Verdict } from "../types";
import type { Page } from "./page";

const LOGIN_STAGES = ["fetch", "cluster", "score", "ledger"];
const VERDICT_STAGES = ["score", "ledger"];

export class StudioPage implements Page {
  readonly element: HTMLElement;
  private readonly basis = new BasisChoice(() => this.chosen());
  private readonly picks = new Picks(() => this.chosen());
  private readonly wishes = new WishForm(() => this.chosen());
  private readonly button =
    h("button", { class: "btn btn-primary", type: "submit" }, text.recommend);
  private readonly trouble = h("div");
  private readonly spotify = new SpotifyAccount(() => void this.open_spotify());
  private readonly spotify_export = new SpotifyExport();
  private readonly steps = new Steps(text.stages);
  private readonly list = new SongList({
    on_verdict: (song, verdict) => void this.judge(song, verdict),
    on_light: (id) => this.light(id),
  });
  private readonly map = new SoundMapCard({
    on_light: (id) => this.light(id),
    on_choose: (id) => this.list.focus_song(id),
  });
  private readonly asking = new Asking({
    on_answer: (answer, took_ms) => this.answered(answer, took_ms),
    on_slow: () => this.steps.say(text.slow),
  });
  private readonly on_key = (event: KeyboardEvent) => this.key(event);
  private model: string | null = null;
  private asked_from_form = false;
  private judged: Song | null = null; // the last verdict, which can be taken back

  constructor(private readonly listener: Listener, library: Library) {
    const form = h("form", { class: "card taste", "aria-labelledby": "picks-title",
      onsubmit: (event: Event) => {
        event.preventDefault();
        void this.recommend();
      } },
      h("h2", { id: "picks-title" }, text.picks_title),
      h("p", { class: "muted" }, text.picks_lead),
      this.basis.element, this.spotify.element, this.picks.element, this.wishes.element, this.button, this.trouble, this.steps.element);
    this.list.after = this.spotify_export.element;
    this.element = h("div", { class: "studio" }, form, this.list.element, this.map.element,
      player.element);
    document.addEventListener("keydown", this.on_key);
    this.on_library(library);
    void this.open();
  }

  on_progress(progress: Progress): void {
    if (!this.asking.is_mine(progress.id)) return;
    const { stage, state, detail } = progress;
    if (state === "started") this.steps.start(stage, detail);
    else if (state === "done") this.steps.done(stage, detail);
    else this.steps.fail(stage, detail);
  }

  on_answer(answer: Answer): void {
    this.asking.take(answer);
  }

  on_library(library: Library): void {
    if (library.model === this.model) return;
    this.model = library.model;
    void this.draw_map();
  }

  leave(): void {
    this.asking.stop();
    player.stop();
    hide_toast();
    document.removeEventListener("keydown", this.on_key);
  }

  private async open(): Promise<void> {
    try {
      const [latest, me, sources, spotify] =
        await Promise.all([api.latest(), api.me(), api.sources(), api.spotify()]);
      if (spotify.account) sources.push(spotify_source());
      const draft = load_draft(this.listener.id);
      this.basis.offer(sources, draft?.basis ?? null);
      this.show_picks();
      this.show_spotify(spotify);
      this.picks.set(draft?.songs ?? me.liked);
      const wishes = draft?.wishes ?? (latest && !is_refusal(latest) && latest.wishes);
      if (wishes) this.wishes.set(wishes);
      if (latest) this.asking.take(latest);
      else this.picks.focus();
    } catch (error) {
      replace(this.trouble, error_box(error));
    }
  }

  private show_spotify(spotify: Spotify): void {
    this.spotify.show(spotify);
    this.spotify_export.offer(spotify.account !== undefined);
    const word = take_spotify_word();
    if (word) replace(this.trouble, alert_box(word));
    if (spotify.account) void this.add_playlists();
  }

  private async open_spotify(): Promise<void> {
    this.basis.offer(await api.sources(), null);
    this.chosen();
    this.show_spotify(await api.spotify());
  }

  private async add_playlists(): Promise<void> {
    const playlists = await api.spotify_playlists().catch(() => []); // the other lists stand
    this.basis.add("spotify", spotify_playlists(playlists));
  }

  private async draw_map(): Promise<void> {
    const sound_map = await api.sound_map().catch(() => null); // the list stands without it
    if (!sound_map) return;
    const colours = new Colours(sound_map.clusters);
    this.map.set_map(sound_map, colours);
    this.list.set_colours(colours);
  }

  private chosen(): void {
    replace(this.trouble);
    this.show_picks();
    save_draft(this.listener.id,
      { basis: this.basis.value, songs: this.picks.all, wishes: this.wishes.value });
  }

  private show_picks(): void {
    this.picks.element.hidden = this.basis.value !== null;
  }

  private async recommend(): Promise<void> {
    const songs = this.picks.all.map((song) => song.id);
    const basis = this.basis.value ?? { kind: "songs" as const, songs };
    if (basis.kind === "songs" && !songs.length) {
      replace(this.trouble, alert_box(text.pick_first));
      return this.picks.focus();
    }
    const wishes = this.wishes.value;
    this.asked_from_form = true;
    await this.ask(LOGIN_STAGES, (event_id) => api.recommend(event_id, basis, wishes));
  }

  private async judge(song: Song, verdict: Verdict): Promise<void> {
    const before = this.list.mark(song.id, verdict);
    this.judged = verdict === "clear" ? null : song;
    const undo = () => void this.judge(song, "clear");
    if (verdict === "clear") toast(text.undone(song.title));
    else toast((verdict === "approve" ? text.approved : text.disapproved)(song.title), undo);
    const is_kept = await this.ask(VERDICT_STAGES,
      (event_id) => api.judge(event_id, song.id, verdict));
    if (is_kept) return;
    this.list.mark(song.id, before);
    hide_toast();
  }

  /** False: it was not accepted, and the page says why. */
  private async ask(stages: string[], post: Parameters<Asking["send"]>[0]): Promise<boolean> {
    replace(this.trouble);
    this.list.complain(null);
    this.steps.begin(stages, text.asked);
    this.list.set_busy(true);
    try {
      await this.asking.send(post);
      return true;
    } catch (error) {
      this.steps.element.hidden = true;
      this.list.set_busy(this.asking.is_waiting);
      if (stages === LOGIN_STAGES) replace(this.trouble, error_box(error));
      else this.list.complain(error_box(error));
      return false;
    }
  }

  private answered(answer: Answer, took_ms: number | null): void {
    this.list.set_busy(this.asking.is_waiting);
    if (is_refusal(answer)) {
      this.steps.fail(answer.refused.stage, "");
      return this.list.refuse(answer);
    }
    if (took_ms !== null) this.steps.finish(text.took(took_ms / 1000));
    this.button.textContent = text.recommend_again;
    this.list.show(answer);
    this.spotify_export.show(answer.id);
    this.map.show(answer);
    if (this.asked_from_form) this.list.reveal();
    this.asked_from_form = false;
    if (!this.picks.all.length) this.picks.set(answer.liked);
    void this.after(answer, took_ms !== null);
  }

  private async after(batch: Batch, was_asked: boolean): Promise<void> {
    if (was_asked) {
      const songs = batch.recommendations.length;
      say([text.list_ready(songs), this.list.news(batch)].join(" "));
    }
    const me = await api.me().catch(() => null); // the counts are an ornament
    if (me) this.list.show_verdicts(me);
  }

  private light(id: string | null): void {
    this.list.light(id);
    this.map.light(id);
  }

  private key(event: KeyboardEvent): void {
    if (event.key !== "u" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!this.judged || is_writing(event.target)) return;
    event.preventDefault();
    void this.judge(this.judged, "clear");
  }
}
