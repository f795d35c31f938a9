// The gateway's stream of server-sent events, kept up for as long as somebody is signed in and looks.
// A tab that nobody sees gives its connection back: a browser has six for one server, and a tab that
// is seen again is told the newest answer at once.

import { api } from "./api";
import type { Answer, Library, Listener, Progress } from "./types";

export interface LiveListener {
  on_progress(progress: Progress): void;
  on_answer(answer: Answer): void;
  on_library(library: Library): void;
  on_connection(is_up: boolean): void;
  on_signed_out(): void;
  on_other_listener(): void; // another tab signed in under another name
}

const RECONNECT_MS = 1_000;
const RECONNECT_MS_MAX = 15_000;
const UNSEEN_MS = 30_000;

export class Live {
  private source: EventSource | null = null;
  private who: Listener | null = null; // nobody: the stream is not wanted
  private timer = 0;
  private wait_ms = RECONNECT_MS;

  constructor(private readonly listener: LiveListener) {
    document.addEventListener("visibilitychange", () => this.seen_or_not());
  }

  start(who: Listener): void {
    this.stop();
    this.who = who;
    this.connect();
  }

  stop(): void {
    this.who = null;
    this.disconnect();
  }

  private connect(): void {
    this.disconnect();
    const source = new EventSource("/api/events");
    const on = (kind: string, take: (data: unknown) => void) =>
      source.addEventListener(kind, (event: MessageEvent<string>) => take(JSON.parse(event.data)));
    on("progress", (data) => this.listener.on_progress(data as Progress));
    on("batch", (data) => this.listener.on_answer(data as Answer));
    on("library", (data) => this.listener.on_library(data as Library));
    source.onopen = () => this.opened();
    source.onerror = () => this.lost();
    this.source = source;
  }

  private disconnect(): void {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
  }

  private opened(): void {
    this.wait_ms = RECONNECT_MS;
    this.listener.on_connection(true);
  }

  // Not left to the browser: it gives up at an answer that is no stream (a gateway that is starting),
  // and would go on with the stream of whoever signed in from another tab.
  private lost(): void {
    this.disconnect();
    this.listener.on_connection(false);
    this.timer = window.setTimeout(() => void this.resume(), this.wait_ms);
    this.wait_ms = Math.min(this.wait_ms * 2, RECONNECT_MS_MAX);
  }

  private seen_or_not(): void {
    if (!this.who) return;
    if (document.hidden) {
      clearTimeout(this.timer);
      this.timer = window.setTimeout(() => this.disconnect(), UNSEEN_MS);
    } else if (this.source?.readyState === EventSource.OPEN) {
      clearTimeout(this.timer);
    } else {
      void this.resume();
    }
  }

  private async resume(): Promise<void> {
    const who = this.who;
    const session = await api.session().catch(() => undefined); // undefined: no answer came
    if (this.who !== who || !who) return; // stopped or started anew meanwhile
    if (session === null) this.listener.on_signed_out();
    else if (session && session.listener.id !== who.id) this.listener.on_other_listener();
    else this.connect();
  }
}
