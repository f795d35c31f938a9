// How the listener wants the list: how far from their songs, and with which lyrics.

import { h } from "../dom";
import { text } from "../strings";
import type { Wishes } from "../types";

const START: Wishes = { adventurousness: 30, no_explicit: false };

export class WishForm {
  readonly element: HTMLElement;
  private readonly range = h("input", {
    class: "form-range", id: "adventurousness", type: "range", min: 0, max: 100, step: 5,
  });
  private readonly words = h("output", { for: "adventurousness" });
  private readonly no_explicit = h("input", { type: "checkbox", role: "switch" });

  constructor(private readonly on_change: () => void) {
    this.element = h("div", { class: "wishes" },
      h("div", {},
        h("label", { class: "form-label", for: "adventurousness" },
          text.adventurousness, this.words),
        this.range,
        h("div", { class: "range-ends", "aria-hidden": "true" },
          h("span", {}, text.adventurousness_near), h("span", {}, text.adventurousness_far))),
      h("label", { class: "switch" }, text.no_explicit, this.no_explicit));
    this.range.addEventListener("input", () => this.changed());
    this.no_explicit.addEventListener("change", () => this.changed());
    this.set(START);
  }

  get value(): Wishes {
    return {
      adventurousness: this.range.valueAsNumber,
      no_explicit: this.no_explicit.checked,
    };
  }

  set(wishes: Wishes): void {
    this.range.value = String(wishes.adventurousness);
    this.no_explicit.checked = wishes.no_explicit;
    this.say();
  }

  private changed(): void {
    this.say();
    this.on_change();
  }

  private say(): void {
    const words = text.adventurousness_words;
    const at = Math.floor((this.range.valueAsNumber / 101) * words.length); // of 0..100
    this.words.textContent = words[at] ?? "";
    this.range.setAttribute("aria-valuetext", `${this.range.value}, ${words[at]}`);
  }
}
