// The sound map with its legend, what is under the pointer, and the same as a table.

import type { Colours } from "../colours";
import { h, replace } from "../dom";
import { text } from "../strings";
import type { Batch, Cluster, LikedSong, Place, Recommendation, SoundMap } from "../types";
import { Plot, type Mark } from "./plot";

const CLUSTERS_SHOWN = 6;

export interface SoundMapListener {
  on_light(id: string | null): void;
  on_choose(id: string): void;
}

export class SoundMapCard {
  readonly element = h("section", { class: "card sound-map", "aria-labelledby": "map-title" });
  private readonly plot = new Plot();
  private readonly tip = h("div", { class: "map-tip", hidden: true });
  private readonly told = h("div", { class: "visually-hidden", role: "status" });
  private readonly legend = h("div", { class: "map-legend" });
  private readonly table = h("div");
  private clusters = new Map<number, Cluster>();
  private colours: Colours | null = null;
  private marks: Mark[] = [];
  private at = -1;
  private shown: number | null = null;

  constructor(private readonly listener: SoundMapListener) {
    replace(this.element, h("h2", { id: "map-title" }, text.map_title),
      h("p", { class: "muted small" }, text.map_none));
    const canvas = this.plot.canvas;
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "img");
    canvas.addEventListener("pointermove", (event) => this.point([event.offsetX, event.offsetY]));
    canvas.addEventListener("pointerdown", (event) => this.point([event.offsetX, event.offsetY]));
    canvas.addEventListener("pointerleave", () => this.listener.on_light(null));
    canvas.addEventListener("blur", () => this.listener.on_light(null));
    canvas.addEventListener("click", (event) => this.chosen([event.offsetX, event.offsetY]));
    canvas.addEventListener("keydown", (event) => this.key(event));
  }

  set_map(sound_map: SoundMap, colours: Colours): void {
    this.clusters = new Map(sound_map.clusters.map((cluster) => [cluster.id, cluster]));
    this.colours = colours;
    this.plot.set_map(sound_map, colours);
    replace(this.element,
      h("h2", { id: "map-title" }, text.map_title),
      h("p", { class: "muted small" }, text.map_lead),
      h("div", { class: "map-plot" }, this.plot.canvas, this.tip, this.told),
      map_key(), this.legend, this.table);
    this.draw_words();
  }

  show(batch: Batch): void {
    this.marks = [
      ...batch.recommendations.flatMap((song) => marks_of("recommended", song)),
      ...batch.liked.flatMap((song) => marks_of("yours", song)),
    ];
    this.at = -1;
    this.plot.set_marks(this.marks);
    this.draw_words();
  }

  /** Enlarges one song's mark and says what it is. */
  light(id: string | null): void {
    this.plot.light(id);
    const mark = this.marks.find((each) => each.id === id);
    if (mark) this.show_tip(this.plot.where(mark), mark.title, text.by(mark.artists));
    else this.tip.hidden = true;
  }

  private point(at: Place): void {
    const mark = this.plot.mark_near(at);
    this.plot.canvas.style.cursor = mark?.kind === "recommended" ? "pointer" : "";
    this.listener.on_light(mark?.id ?? null);
    if (mark) return;
    const cluster = this.plot.cluster_near(at);
    if (cluster !== null) this.show_tip(at, this.name(cluster));
  }

  private chosen(at: Place): void {
    const mark = this.plot.mark_near(at);
    if (mark) this.choose(mark);
  }

  private choose(mark: Mark): void {
    if (mark.kind === "recommended") this.listener.on_choose(mark.id);
  }

  private key(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const marks = this.marks.length;
    const mark = this.marks[this.at];
    if (step && marks) this.step_to((Math.max(this.at, step < 0 ? 0 : -1) + step + marks) % marks);
    else if (event.key === "Enter" && mark) this.choose(mark);
    else if (event.key === "Escape") this.listener.on_light(null);
    else return;
    event.preventDefault();
  }

  private step_to(at: number): void {
    this.at = at;
    const mark = this.marks[at]!;
    this.listener.on_light(mark.id);
    this.told.textContent = [mark.title, text.by(mark.artists), kind_name(mark),
      this.name(mark.cluster)].join(", ");
  }

  private show_tip([x, y]: Place, title: string, by = ""): void {
    replace(this.tip, h("strong", {}, title), by);
    this.tip.hidden = false;
    const width = this.plot.canvas.clientWidth;
    const left = Math.min(Math.max(x - this.tip.offsetWidth / 2, 0), width - this.tip.offsetWidth);
    const above = y - this.tip.offsetHeight - 14;
    this.tip.style.left = `${left}px`;
    this.tip.style.top = `${above >= 0 ? above : y + 14}px`;
  }

  private name(cluster: number): string {
    return this.clusters.get(cluster)?.name || text.cluster_unnamed(cluster);
  }

  private draw_words(): void {
    const yours = this.marks.filter((mark) => mark.kind === "yours").length;
    this.plot.canvas.setAttribute("aria-label",
      text.map_label(yours, this.marks.length - yours));
    this.draw_legend();
    replace(this.table, this.marks.length > 0 && this.as_table());
  }

  // Clusters with marks come first: they are the ones the list speaks of.
  private draw_legend(): void {
    const weight = new Map<number, number>();
    for (const { cluster } of this.marks) weight.set(cluster, (weight.get(cluster) ?? 0) + 1);
    const sorted = [...this.clusters.values()].sort((a, b) =>
      (weight.get(b.id) ?? 0) - (weight.get(a.id) ?? 0) || b.size - a.size || a.id - b.id);
    const rows = sorted.map((cluster) => this.legend_row(cluster));
    const rest = rows.slice(CLUSTERS_SHOWN);
    replace(this.legend,
      h("ul", { class: "map-clusters", "aria-label": text.map_clusters },
        ...rows.slice(0, CLUSTERS_SHOWN)),
      rest.length > 0 && h("details", {},
        h("summary", {}, text.map_more_clusters(rows.length)),
        h("ul", { class: "map-clusters", "aria-label": text.map_clusters }, ...rest)));
  }

  private legend_row(cluster: Cluster): HTMLElement {
    const button = h("button", { type: "button", "data-cluster": cluster.id,
      "aria-pressed": String(this.shown === cluster.id),
      onclick: () => this.show_cluster(this.shown === cluster.id ? null : cluster.id) },
      this.colours?.dot(cluster.id), h("span", {}, this.name(cluster.id)),
      h("span", { class: "size" }, cluster.size.toLocaleString("en")));
    return h("li", {}, button);
  }

  private show_cluster(cluster: number | null): void {
    this.shown = cluster;
    this.plot.show_cluster(cluster);
    for (const button of this.legend.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.dataset["cluster"] === String(cluster)));
    }
  }

  private as_table(): HTMLElement {
    const heads = [text.map_song, text.map_kind, text.map_cluster];
    const rows = this.marks.map((mark) => h("tr", {},
      h("th", { scope: "row" }, `${mark.title} – ${text.by(mark.artists)}`),
      h("td", {}, kind_name(mark)), h("td", {}, this.name(mark.cluster))));
    return h("details", {}, h("summary", {}, text.map_table),
      h("table", { class: "table table-sm" },
        h("thead", {}, h("tr", {}, ...heads.map((head) => h("th", { scope: "col" }, head)))),
        h("tbody", {}, ...rows)));
  }
}

// None for a song that the model in use does not have.
function marks_of(kind: Mark["kind"], song: Recommendation | LikedSong): Mark[] {
  const { id, title, artists, cluster, map } = song;
  return map && cluster !== null ? [{ kind, id, title, artists, cluster, place: map }] : [];
}

function kind_name(mark: Mark): string {
  return mark.kind === "yours" ? text.map_yours : text.map_recommended;
}

function map_key(): HTMLElement {
  const entry = (kind: string, words: string) =>
    h("li", {}, h("span", { class: `key-${kind}`, "aria-hidden": "true" }), words);
  return h("ul", { class: "map-key" }, entry("yours", text.map_yours),
    entry("song", text.map_recommended), entry("point", text.map_catalogue));
}
