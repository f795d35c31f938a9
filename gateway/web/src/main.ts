// Wires the page: who is signed in, whether there are songs, and so what is shown.

import "./style/main.scss";
import { api, when_session_is_over } from "./api";
import { h, replace } from "./dom";
import { forget_drafts } from "./draft";
import icon_url from "./icon.svg?no-inline";
import { Live, type LiveListener } from "./live";
import { error_box, hide_toast, notes_place } from "./notes";
import { LibraryPage } from "./pages/library";
import type { Page } from "./pages/page";
import { SignInPage } from "./pages/sign_in";
import { StudioPage } from "./pages/studio";
import { take_spotify_word } from "./parts/spotify";
import { text } from "./strings";
import type { Answer, Library, Listener, Progress } from "./types";

const BACK_SHOWN_MS = 3_000;

class App implements LiveListener {
  private readonly live = new Live(this);
  private readonly who = h("div", { class: "top-who" });
  private readonly connection = h("div", { class: "connection", role: "status", hidden: true });
  private readonly main = h("main", { id: "main", tabindex: -1 });
  private readonly bottom = h("footer", { class: "bottom muted small" });
  private page: Page | null = null;

  constructor(place: Element) {
    replace(place, h("div", { class: "shell" },
      h("header", { class: "top" },
        h("p", { class: "brand" }, h("img", { src: icon_url, alt: "" }), text.name), this.who),
      this.connection, this.main, this.bottom), notes_place());
    when_session_is_over(() => this.on_signed_out());
    void this.open();
  }

  on_progress(progress: Progress): void {
    this.page?.on_progress?.(progress);
  }

  on_answer(answer: Answer): void {
    this.page?.on_answer?.(answer);
  }

  on_library(library: Library): void {
    this.say_songs(library);
    this.page?.on_library?.(library);
  }

  on_connection(is_up: boolean): void {
    const was_lost = !this.connection.hidden && !this.connection.classList.contains("is-back");
    if (is_up && !was_lost) return;
    this.connection.textContent = is_up ? text.connection_back : text.connection_lost;
    this.connection.classList.toggle("is-back", is_up);
    this.connection.hidden = false;
    if (is_up) window.setTimeout(() => this.hide_connection(), BACK_SHOWN_MS);
  }

  on_signed_out(): void {
    this.ask_name(text.session_over);
  }

  on_other_listener(): void {
    void this.open();
  }

  private hide_connection(): void {
    if (this.connection.classList.contains("is-back")) this.connection.hidden = true;
  }

  private async open(): Promise<void> {
    this.live.stop();
    this.leave();
    replace(this.main, h("p", { class: "opening muted" }, text.starting));
    try {
      const session = await api.session();
      if (session) await this.welcome(session.listener);
      else this.ask_name(take_spotify_word());
    } catch (error) {
      replace(this.main, error_box(error), h("button", { class: "btn btn-primary", type: "button",
        onclick: () => void this.open() }, text.try_again));
    }
  }

  private ask_name(why = ""): void {
    this.live.stop();
    this.connection.hidden = true;
    replace(this.who);
    replace(this.bottom);
    this.show(new SignInPage((listener) => void this.welcome(listener), why));
  }

  private async welcome(listener: Listener): Promise<void> {
    replace(this.who,
      h("span", { class: "who" }, listener.name),
      h("button", { class: "btn btn-plain btn-sm", type: "button",
        onclick: () => void this.sign_out() }, text.sign_out));
    const library = await api.library();
    this.say_songs(library);
    if (library.state === "ready") this.show(new StudioPage(listener, library));
    else this.show(new LibraryPage(library, (ready) => {
      this.say_songs(ready);
      this.show(new StudioPage(listener, ready));
    }));
    this.live.start(listener);
  }

  private async sign_out(): Promise<void> {
    await api.sign_out().catch(() => null); // signed out on this page in any case
    forget_drafts();
    this.ask_name(text.signed_out);
  }

  private say_songs(library: Library): void {
    this.bottom.textContent = library.songs ? text.footer(library.songs) : "";
  }

  private leave(): void {
    this.page?.leave?.();
    this.page = null;
    hide_toast();
  }

  private show(page: Page): void {
    this.leave();
    this.page = page;
    replace(this.main, page.element);
    page.element.querySelector<HTMLElement>("[autofocus]")?.focus();
  }
}

new App(document.querySelector("#app")!);
