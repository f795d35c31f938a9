// One recommended song: what it is, how sure Groove is, why, and the two verdicts.

import type { Colours } from "../colours";
import { h, join, type Child } from "../dom";
import { icon } from "../icons";
import { player } from "./player";
import { duration, percent, text } from "../strings";
import type { Reason, Recommendation, Verdict } from "../types";

export interface RowOptions {
  rank: number;
  shows_new: boolean;
  verdict: Verdict | undefined;
  colours: Colours | null;
  on_verdict: (song: Recommendation, verdict: Verdict) => void;
}

export function song_row(song: Recommendation, options: RowOptions): HTMLLIElement {
  return h("li", { class: "song", "data-id": song.id, tabindex: -1, "aria-keyshortcuts": "a d",
    "aria-label": `${options.rank}. ${song.title}, ${text.by(song.artists)}` },
    h("span", { class: "song-rank", "aria-hidden": "true" }, String(options.rank)),
    h("div", { class: "song-what" },
      h("h3", { class: "song-title" }, h("span", {}, song.title),
        options.shows_new && song.is_new && h("span", { class: "badge badge-new" }, text.is_new),
        song.explicit && h("span", { class: "badge badge-explicit" }, text.explicit)),
      h("p", { class: "song-by" }, text.by(song.artists),
        h("span", { class: "muted" }, ...details(song)))),
    h("ul", { class: "song-why" },
      ...reasons(song.because, options.colours).map((line) => h("li", {}, ...line)),
      song.would_change && h("li", { class: "muted" }, text.would_change(song.would_change))),
    confidence(song),
    h("div", { class: "song-verdict" },
      song.playable && h("button", { class: "btn btn-play", type: "button", title: text.play,
        "aria-label": text.play_song(song.title), onclick: () => player.play(song) }, icon("play")),
      verdict_button(song, "approve", options), verdict_button(song, "disapprove", options)));
}

function details(song: Recommendation): Child[] {
  const parts = [song.album, song.year ? String(song.year) : "",
    song.duration_ms ? duration(song.duration_ms) : ""];
  return parts.some(Boolean) ? ["\u00a0· ", ...join(parts, "\u00a0· ")] : [];
}

function confidence(song: Recommendation): HTMLElement {
  const part = Math.min(Math.max(song.confidence, 0), 1);
  const bar = h("span", { class: "progress-bar" });
  bar.style.width = `${part * 100}%`;
  return h("div", { class: "song-chance" },
    h("span", { class: "progress", role: "meter",
      "aria-label": text.confidence_of(song.title, part), "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": Math.round(part * 100) }, bar),
    h("span", { "aria-hidden": "true" }, percent(part)));
}

// A line for the nearest songs and the features, and one for the cluster.
function reasons(because: Reason[], colours: Colours | null): Child[][] {
  const phrases: string[] = [];
  const songs: Child[][] = [];
  const clusters: Child[][] = [];
  for (const reason of because) {
    if (reason.kind === "song") {
      songs.push(text.sounds_like(h("em", {}, reason.title), reason.artists));
    } else if (reason.kind === "feature") {
      phrases.push(reason.phrase);
    } else {
      const name = reason.name || text.cluster_unnamed(reason.cluster);
      const mark = h("span", {}, colours && colours.dot(reason.cluster), name);
      clusters.push(text.from_cluster(mark, reason.liked_songs));
    }
  }
  const near = songs.map((parts) => h("span", {}, ...parts));
  const sound = join([...near, phrases.join(", ")], "\u00a0· ");
  return [sound, ...clusters].filter((line) => line.length > 0);
}

// A pressed verdict takes itself back when it is pressed again.
function verdict_button(song: Recommendation, verdict: "approve" | "disapprove",
    options: RowOptions): HTMLElement {
  const is_given = options.verdict === verdict;
  const label = verdict === "approve" ? text.approve_song : text.disapprove_song;
  return h("button", {
    class: `btn btn-${verdict}${is_given ? " active" : ""}`, type: "button",
    title: verdict === "approve" ? text.approve : text.disapprove,
    "aria-label": label(song.title), "aria-pressed": String(is_given),
    onclick: () => options.on_verdict(song, is_given ? "clear" : verdict),
  }, icon(verdict));
}
