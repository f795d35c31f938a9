import { api } from "../api";
import { h, replace } from "../dom";
import { error_box } from "../notes";
import { SpotifySignIn } from "../parts/spotify";
import { text } from "../strings";
import type { Listener } from "../types";
import type { Page } from "./page";

const NAME_LENGTH_MAX = 64;

export class SignInPage implements Page {
  readonly element: HTMLElement;
  private readonly name = h("input", {
    class: "form-control", id: "name", name: "name", type: "text", autocomplete: "username",
    maxlength: NAME_LENGTH_MAX, required: true, autofocus: true,
  });
  private readonly button = h("button", { class: "btn btn-primary", type: "submit" }, text.sign_in);
  private readonly trouble = h("div");

  constructor(private readonly on_signed_in: (listener: Listener) => void, why = "") {
    const form = h("form", { novalidate: true, onsubmit: (event: Event) => {
      event.preventDefault();
      void this.submit();
    } }, h("label", { class: "form-label", for: "name" }, text.your_name), this.name, this.button);
    this.element = h("section", { class: "welcome" },
      h("h1", {}, text.sign_in_title),
      h("p", { class: "lead" }, text.what_it_is),
      why && h("p", { class: "alert alert-note", role: "status" }, why),
      form, this.trouble, new SpotifySignIn(this.on_signed_in).element,
      h("p", { class: "muted small" }, text.sign_in_note));
  }

  private async submit(): Promise<void> {
    const name = this.name.value.trim();
    if (!name) return this.refuse(h("p", { class: "alert", role: "alert" }, text.name_missing));
    this.button.disabled = true;
    try {
      this.on_signed_in((await api.sign_in(name)).listener);
    } catch (error) {
      this.refuse(error_box(error));
    } finally {
      this.button.disabled = false;
    }
  }

  private refuse(why: HTMLElement): void {
    replace(this.trouble, why);
    this.name.focus();
  }
}
