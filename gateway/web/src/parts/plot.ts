// Draws the sound map on a canvas: a sample of the catalogue as small points, the recommended songs
// as rings and the listener's own as diamonds on top, told apart by shape and not by colour alone.

import type { Colours } from "../colours";
import type { Place, SoundMap } from "../types";

export interface Mark {
  id: string;
  kind: "yours" | "recommended";
  title: string;
  artists: string[];
  cluster: number;
  place: Place;
}

const AXIS = 65_535;
const MARGIN = 14;
const POINT = 1.6;
const RING = 5;
const DIAMOND = 6;
const REACH = 16; // how near the pointer must come to a mark
const POINT_REACH = 6;

export class Plot {
  readonly canvas = document.createElement("canvas");
  private sound_map: SoundMap | null = null;
  private colours: Colours | null = null;
  private marks: Mark[] = [];
  private lit: string | null = null;
  private cluster: number | null = null;
  private size = 0;
  private readonly ground = document.createElement("canvas"); // the points, drawn once

  constructor() {
    new ResizeObserver(() => this.resized()).observe(this.canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.redraw());
  }

  set_map(sound_map: SoundMap, colours: Colours): void {
    this.sound_map = sound_map;
    this.colours = colours;
    this.redraw();
  }

  set_marks(marks: Mark[]): void {
    // Yours last, so they lie on top.
    this.marks = [...marks].sort((a, b) => Number(a.kind === "yours") - Number(b.kind === "yours"));
    this.draw();
  }

  light(id: string | null): void {
    if (this.lit === id) return;
    this.lit = id;
    this.draw();
  }

  /** Dims the points of all clusters but this one; null dims none. */
  show_cluster(cluster: number | null): void {
    this.cluster = cluster;
    this.redraw();
  }

  /** Where a mark stands, in the canvas's CSS pixels. */
  where(mark: Mark): Place {
    return this.to_canvas(mark.place);
  }

  mark_near(at: Place): Mark | null {
    let best: Mark | null = null;
    let nearest = REACH;
    for (const mark of this.marks) {
      const away = distance(this.where(mark), at);
      if (away <= nearest) [best, nearest] = [mark, away];
    }
    return best;
  }

  cluster_near(at: Place): number | null {
    let best: number | null = null;
    let nearest = POINT_REACH;
    for (const [x, y, cluster] of this.sound_map?.points ?? []) {
      const away = distance(this.to_canvas([x, y]), at);
      if (away <= nearest) [best, nearest] = [cluster, away];
    }
    return best;
  }

  private to_canvas([x, y]: Place): Place {
    const span = this.size - 2 * MARGIN;
    return [MARGIN + (x / AXIS) * span, this.size - MARGIN - (y / AXIS) * span];
  }

  private resized(): void {
    const size = this.canvas.clientWidth;
    if (size === this.size || size === 0) return;
    this.size = size;
    this.redraw();
  }

  private redraw(): void {
    const scale = devicePixelRatio || 1;
    for (const canvas of [this.canvas, this.ground]) {
      canvas.width = canvas.height = Math.round(this.size * scale);
    }
    this.draw_ground();
    this.draw();
  }

  private pen(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
    const pen = canvas.getContext("2d")!;
    const scale = devicePixelRatio || 1;
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, this.size, this.size);
    return pen;
  }

  private draw_ground(): void {
    if (!this.sound_map || !this.colours || !this.size) return;
    const pen = this.pen(this.ground);
    const style = getComputedStyle(this.canvas);
    const paints = new Map(this.sound_map.clusters.map((cluster) =>
      [cluster.id, this.colours!.paint(cluster.id, style)]));
    for (const [x, y, cluster] of this.sound_map.points) {
      const [left, top] = this.to_canvas([x, y]);
      pen.globalAlpha = this.cluster === null || this.cluster === cluster ? 0.62 : 0.07;
      pen.fillStyle = paints.get(cluster) ?? "gray";
      pen.beginPath();
      pen.arc(left, top, POINT, 0, 2 * Math.PI);
      pen.fill();
    }
  }

  private draw(): void {
    if (!this.size) return;
    const pen = this.pen(this.canvas);
    const style = getComputedStyle(this.canvas);
    pen.drawImage(this.ground, 0, 0, this.size, this.size);
    const lit = this.marks.filter((mark) => mark.id === this.lit);
    for (const mark of this.marks) if (mark.id !== this.lit) this.draw_mark(pen, style, mark, 1);
    for (const mark of lit) this.draw_mark(pen, style, mark, 1.7);
  }

  private draw_mark(pen: CanvasRenderingContext2D, style: CSSStyleDeclaration, mark: Mark,
      scale: number): void {
    const [x, y] = this.where(mark);
    const ink = style.getPropertyValue("--bs-body-color");
    const paper = style.getPropertyValue("--groove-surface");
    pen.beginPath();
    if (mark.kind === "recommended") pen.arc(x, y, RING * scale, 0, 2 * Math.PI);
    else diamond(pen, x, y, DIAMOND * scale);
    pen.strokeStyle = paper; // a halo, so a mark stands out of a crowd of points
    pen.lineWidth = 6;
    pen.stroke();
    pen.strokeStyle = ink;
    pen.lineWidth = 2.5;
    pen.stroke();
    const inside = this.colours?.paint(mark.cluster, style) ?? paper;
    pen.fillStyle = mark.kind === "yours" ? ink : inside;
    pen.fill();
  }
}

function diamond(pen: CanvasRenderingContext2D, x: number, y: number, half: number): void {
  pen.moveTo(x, y - half);
  pen.lineTo(x + half, y);
  pen.lineTo(x, y + half);
  pen.lineTo(x - half, y);
  pen.closePath();
}

function distance(a: Place, b: Place): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}
