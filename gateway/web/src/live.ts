// The gateway's stream of server-sent events, kept up for as long as somebody is signed in.

import { api } from "./api";
import type { Answer, Library, Progress } from "./types";

export interface LiveListener {
  on_progress(progress: Progress): void;
  on_answer(answer: Answer): void;
  on_library(library: Library): void;
  on_connection(is_up: boolean): void;
  on_signed_out(): void;
}

const RECONNECT_MS = 1_000;
const RECONNECT_MS_MAX = 15_000;

export class Live {
  private source: EventSource | null = null;
  private timer = 0;
  private wait_ms = RECONNECT_MS;

  constructor(private readonly listener: LiveListener) {}

  start(): void {
    this.stop();
    const source = new EventSource("/api/events");
    const on = (kind: string, take: (data: unknown) => void) =>
      source.addEventListener(kind, (event: MessageEvent<string>) => take(JSON.parse(event.data)));
    on("progress", (data) => this.listener.on_progress(data as Progress));
    on("batch", (data) => this.listener.on_answer(data as Answer));
    on("library", (data) => this.listener.on_library(data as Library));
    source.onopen = () => this.opened();
    source.onerror = () => this.lost(source);
    this.source = source;
  }

  stop(): void {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
  }

  private opened(): void {
    this.wait_ms = RECONNECT_MS;
    this.listener.on_connection(true);
  }

  // A browser reconnects by itself after a cut, but never after an answer that is not a stream
  // (a gateway that is starting, a session that is over), so that is done here.
  private lost(source: EventSource): void {
    this.listener.on_connection(false);
    if (source.readyState !== EventSource.CLOSED) return;
    this.timer = window.setTimeout(() => void this.try_again(), this.wait_ms);
    this.wait_ms = Math.min(this.wait_ms * 2, RECONNECT_MS_MAX);
  }

  private async try_again(): Promise<void> {
    const started = this.source;
    const session = await api.session().catch(() => undefined); // undefined: no answer came
    if (this.source !== started || started === null) return; // stopped or restarted meanwhile
    if (session === null) this.listener.on_signed_out();
    else this.start();
  }
}
