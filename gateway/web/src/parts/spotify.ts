// Spotify in the page: signing in with it, what is known of the account, and a batch as a playlist.

import { api, Problem } from "../api";
import { h, replace } from "../dom";
import { error_box, say } from "../notes";
import { day, moment, text } from "../strings";
import type { Listener, Spotify } from "../types";

const LOGIN = "/auth/spotify/login";
const words = text.spotify;

/** The word that a sign-in which failed came back with, taken out of the address. */
export function take_spotify_word(): string {
  const address = new URL(location.href);
  const word = address.searchParams.get("spotify") ?? "";
  if (address.searchParams.has("spotify")) history.replaceState(null, "", "/");
  return Object.hasOwn(words.came_back, word) ? words.came_back[word]! : "";
}

function login_link(spotify: Spotify, label: string): HTMLElement {
  return h("a", { class: "btn btn-plain", href: LOGIN }, spotify.demo ? words.sign_in_demo : label);
}

/** Where Spotify may send browsers: this very address, or another name of this machine. */
function comes_back_here(spotify: Spotify): boolean {
  const here = location.hostname;
  return spotify.public_url === location.origin ||
    !/^http:\/\/(127\.|\[::1\])/.test(spotify.public_url ?? "") ||
    ["127.0.0.1", "localhost", "[::1]"].includes(here);
}

/** On the page of who is not signed in. */
export class SpotifySignIn {
  readonly element = h("div", { class: "spotify" });
  private readonly trouble = h("div");

  constructor(private readonly on_signed_in: (listener: Listener) => void) {
    void api.spotify().then((spotify) => this.draw(spotify)).catch(() => null); // a name does too
  }

  private draw(spotify: Spotify): void {
    if (!spotify.registered) return replace(this.element, wizard(spotify));
    const by_hand = this.by_hand();
    by_hand.open = !comes_back_here(spotify);
    replace(this.element, h("p", {}, words.or, " ", login_link(spotify, words.sign_in)),
      spotify.demo && h("p", { class: "muted small" }, words.demo), by_hand);
  }

  // For a Groove on another machine without https: what Spotify says is pasted.
  private by_hand(): HTMLDetailsElement {
    const url = h("input", { class: "form-control", id: "spotify-url", type: "url", required: true,
      autocomplete: "off", placeholder: "http://127.0.0.1…/auth/spotify/callback?code=…" });
    const begin = h("button", { class: "btn btn-plain", type: "button",
      onclick: () => void this.begin() }, words.by_hand_begin);
    const form = h("form", { onsubmit: (event: Event) => {
      event.preventDefault();
      void this.finish(url.value);
    } }, h("label", { class: "form-label", for: "spotify-url" }, words.by_hand_label), url,
      h("button", { class: "btn btn-primary", type: "submit" }, words.by_hand_end));
    return h("details", { class: "muted small" }, h("summary", {}, words.by_hand),
      h("p", {}, words.by_hand_lead), h("p", {}, begin), form, this.trouble);
  }

  private async begin(): Promise<void> {
    const tab = window.open("", "_blank"); // now, while it is the click's doing
    try {
      const { url } = await api.spotify_login();
      if (tab) tab.location.href = url;
      else location.href = url;
    } catch (error) {
      tab?.close();
      replace(this.trouble, error_box(error));
    }
  }

  private async finish(url: string): Promise<void> {
    try {
      this.on_signed_in((await api.spotify_callback(url)).listener);
    } catch (error) {
      replace(this.trouble, error_box(error));
    }
  }
}

// The five minutes at Spotify's dashboard.
function wizard(spotify: Spotify): HTMLElement {
  const redirect = `http://127.0.0.1:${location.port || "80"}/auth/spotify/callback`;
  return h("details", { class: "muted small" }, h("summary", {}, words.wizard),
    spotify.problem && h("p", { class: "alert" }, spotify.problem),
    h("p", {}, words.wizard_lead),
    h("ol", {}, ...words.wizard_steps(redirect).map((step) => h("li", {}, step))),
    h("pre", {}, h("code", {}, words.wizard_command)), h("p", {}, words.wizard_else));
}

/** For who is signed in: how it stands with their account. Nothing where Groove is not registered. */
export class SpotifyAccount {
  readonly element = h("div", { class: "spotify muted small" });

  constructor(private readonly on_change: () => void) {}

  show(spotify: Spotify): void {
    const { account } = spotify;
    if (!spotify.registered) return replace(this.element);
    if (!account) return replace(this.element, login_link(spotify, words.connect));
    replace(this.element,
      h("p", {}, spotify.demo ? words.connected_demo : words.connected(day(account.since)), " ",
        h("button", { class: "btn btn-plain btn-sm", type: "button",
          onclick: () => void this.disconnect() }, words.disconnect)),
      account.renew_soon && h("p", { class: "alert alert-note" },
        words.renew(day(account.consent_ends)), " ", login_link(spotify, words.sign_in)),
      account.paused_until && h("p", { class: "alert alert-note" },
        words.paused(moment(account.paused_until))));
  }

  private async disconnect(): Promise<void> {
    await api.spotify_disconnect();
    say(words.disconnected);
    this.on_change();
  }
}

/** The button that writes the list that is shown as a playlist. */
export class SpotifyExport {
  readonly element = h("div", { class: "spotify", hidden: true });
  private batch = "";
  private readonly said = h("div", { role: "status" });
  private readonly button = h("button", { class: "btn btn-plain", type: "button",
    onclick: () => void this.write() }, words.write);

  constructor() {
    replace(this.element, this.button, this.said);
  }

  offer(is_connected: boolean): void {
    this.element.hidden = !is_connected;
  }

  show(batch: string): void {
    this.batch = batch;
    replace(this.said);
  }

  private async write(): Promise<void> {
    this.button.disabled = true;
    try {
      const { url, songs, missing } = await api.spotify_export(this.batch);
      replace(this.said, h("p", {}, words.written(songs), " ",
        h("a", { href: url, rel: "noreferrer" }, words.open)),
        missing.length > 0 && h("ul", {}, ...missing.map((name) => h("li", {}, name))));
    } catch (error) {
      const consent = error instanceof Problem && error.consent;
      if (consent) location.href = consent;
      else replace(this.said, error_box(error));
    } finally {
      this.button.disabled = false;
    }
  }
}
