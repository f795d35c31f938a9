// What the list is asked from: songs picked by hand, or what lies in the music folders. Without
// music folders there is nothing to choose, and nothing is shown.

import { h, replace } from "../dom";
import { text } from "../strings";
import type { Basis, Source } from "../types";

type OtherBasis = Exclude<Basis, { kind: "songs" }>;
type Kind = Basis["kind"];

const NAMES_SHOWN_MAX = 6;

/** What its option has as a value. */
function name_of(basis: OtherBasis): string {
  if (basis.kind === "spotify") return JSON.stringify(basis);
  if ("folder" in basis) return basis.folder;
  return "playlist" in basis ? basis.playlist : "";
}

export class BasisChoice {
  readonly element = h("fieldset", { class: "basis", hidden: true });
  private readonly kinds = h("div", { class: "basis-kinds" });
  private readonly names = h("select", { class: "basis-names", "aria-label": text.basis_which });
  private sources: Source[] = [];
  private kind: Kind = "songs";

  constructor(private readonly on_change: () => void) {
    replace(this.element, h("legend", { class: "form-label" }, text.basis_label), this.kinds,
      this.names);
    this.names.addEventListener("change", () => this.on_change());
  }

  /** Null: the songs picked by hand. */
  get value(): OtherBasis | null {
    const { kind } = this;
    if (kind === "library" || kind === "recent") return { kind };
    if (kind === "folder") return { kind, folder: this.names.value };
    if (kind === "playlist") return { kind, playlist: this.names.value };
    if (kind === "spotify") return JSON.parse(this.names.value) as OtherBasis;
    return null;
  }

  offer(sources: Source[], chosen: OtherBasis | null): void {
    this.sources = sources.filter((source) => source.available);
    this.element.hidden = this.sources.length < 2;
    const is_there = chosen && this.sources.some(({ kind }) => kind === chosen.kind);
    this.kind = is_there ? chosen.kind : "songs";
    replace(this.kinds, ...this.sources.map(({ kind }) => this.radio(kind)));
    this.draw_names();
    const name = chosen && name_of(chosen);
    if (name && [...this.names.options].some((option) => option.value === name)) {
      this.names.value = name;
    }
  }

  /** Further choices of a kind, once they are known. */
  add(kind: Kind, choices: NonNullable<Source["choices"]>): void {
    const source = this.sources.find((each) => each.kind === kind);
    if (!source) return;
    const shown = this.names.value;
    source.choices = [...(source.choices ?? []), ...choices];
    if (this.kind !== kind) return;
    this.draw_names();
    this.names.value = shown;
  }

  private radio(kind: Kind): HTMLElement {
    return h("label", {},
      h("input", { type: "radio", name: "basis", value: kind, checked: kind === this.kind,
        onchange: () => this.choose(kind) }),
      text.basis_kinds[kind]);
  }

  private choose(kind: Kind): void {
    this.kind = kind;
    this.draw_names();
    this.on_change();
  }

  private draw_names(): void {
    const choices = this.sources.find(({ kind }) => kind === this.kind)?.choices ?? [];
    this.names.hidden = choices.length === 0;
    this.names.size = Math.max(2, Math.min(choices.length, NAMES_SHOWN_MAX));
    replace(this.names, ...choices.map(({ name, label, songs }, index) =>
      h("option", { value: name, selected: index === 0 },
        songs ? text.basis_folder(label ?? name, songs) : label ?? name)));
  }
}
