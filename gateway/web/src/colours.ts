// Cluster colours. Neighbours on the map get neighbouring hues, so a colour also says where a
// cluster lies; three shades in turn keep neighbours apart.

import { h } from "./dom";
import type { Cluster } from "./types";

interface Colour {
  hue: number;
  shade: -1 | 0 | 1;
}

const CHROMA = 0.125;
const SHADES = [0, 1, -1] as const;

export class Colours {
  private readonly by_cluster = new Map<number, Colour>();

  constructor(clusters: Cluster[]) {
    const x = mean(clusters.map((cluster) => cluster.x));
    const y = mean(clusters.map((cluster) => cluster.y));
    const angle = (cluster: Cluster) => Math.atan2(cluster.y - y, cluster.x - x);
    const around = [...clusters].sort((a, b) => angle(a) - angle(b) || a.id - b.id);
    around.forEach((cluster, index) => {
      const shade = around.length > 6 ? SHADES[index % SHADES.length]! : 0;
      this.by_cluster.set(cluster.id, { hue: (360 * index) / around.length + 20, shade });
    });
  }

  /** For a canvas, which knows nothing of the page's variables. */
  paint(cluster: number, style: CSSStyleDeclaration): string {
    const colour = this.by_cluster.get(cluster);
    if (!colour) return style.getPropertyValue("--groove-muted");
    const light = parseFloat(style.getPropertyValue("--groove-dot-light"));
    const step = parseFloat(style.getPropertyValue("--groove-dot-step"));
    return `oklch(${light + colour.shade * step}% ${CHROMA} ${colour.hue})`;
  }

  /** A small round of the cluster's colour, to stand before its name. */
  dot(cluster: number): HTMLElement {
    const dot = h("span", { class: "dot", "aria-hidden": "true" });
    const colour = this.by_cluster.get(cluster);
    if (!colour) return dot;
    const light = `calc(var(--groove-dot-light) + ${colour.shade} * var(--groove-dot-step))`;
    dot.style.background = `oklch(${light} ${CHROMA} ${colour.hue})`;
    return dot;
  }
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);
}
