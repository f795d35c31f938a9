// What the list is asked from: songs picked by hand, or what lies in the music folders. Without
// music folders there is nothing to choose, and nothing is shown.

import { h, replace } from "../dom";
import { text } from "../strings";
import type { Basis, Source } from "../types";

type OtherBasis = Exclude<Basis, { kind: "songs" }>;

export class BasisChoice {
  readonly element: HTMLElement;
  private readonly kinds = h("select", { class: "form-select", id: "basis-kind" });
  private readonly names = h("select", { class: "form-select", "aria-label": text.basis_which });
  private sources: Source[] = [];

  constructor(private readonly on_change: () => void) {
    this.element = h("div", { class: "basis", hidden: true },
      h("label", { class: "form-label", for: "basis-kind" }, text.basis_label),
      this.kinds, this.names);
    this.kinds.addEventListener("change", () => this.changed());
    this.names.addEventListener("change", () => this.on_change());
  }

  /** Null: the songs picked by hand. */
  get value(): OtherBasis | null {
    const kind = this.kinds.value;
    if (kind === "library" || kind === "recent") return { kind };
    if (kind === "folder") return { kind, folder: this.names.value };
    if (kind === "playlist") return { kind, playlist: this.names.value };
    return null;
  }

  offer(sources: Source[], chosen: OtherBasis | null): void {
    this.sources = sources.filter((source) => source.available);
    this.element.hidden = this.sources.length < 2;
    replace(this.kinds, ...this.sources.map(({ kind }) =>
      h("option", { value: kind }, text.basis_kinds[kind])));
    if (chosen && this.sources.some(({ kind }) => kind === chosen.kind)) {
      this.kinds.value = chosen.kind;
    }
    this.draw_names();
    const name = chosen && ("folder" in chosen ? chosen.folder : "playlist" in chosen && chosen.playlist);
    if (name && [...this.names.options].some((option) => option.value === name)) {
      this.names.value = name;
    }
  }

  private changed(): void {
    this.draw_names();
    this.on_change();
  }

  private draw_names(): void {
    const source = this.sources.find(({ kind }) => kind === this.kinds.value);
    const choices = source?.choices ?? [];
    this.names.hidden = choices.length === 0;
    replace(this.names, ...choices.map(({ name, songs }) =>
      h("option", { value: name }, songs ? text.basis_folder(name, songs) : name)));
  }
}
