// The gateway's HTTP interface. Every failure is a Problem whose `detail` says what to do.

import { text } from "./strings";
import type {
  Accepted, Answer, Basis, Library, Listener, Me, SoundMap, Source, Spotify, SpotifyPlaylist, Track,
  Verdict, Wishes,
} from "./types";

export class Problem extends Error {
  constructor(
    readonly status: number, // 0: no answer came
    readonly title: string,
    readonly detail: string,
    readonly retry_after_s: number = 0,
    readonly consent: string = "", // where to consent to what was asked for
  ) {
    super(detail);
  }

  get is_offline(): boolean {
    return this.status === 0;
  }

  /** Worth the same request again: nothing was wrong with the request itself. */
  get is_passing(): boolean {
    return [0, 429, 502, 503, 504].includes(this.status);
  }
}

// Told when an answer says that the session is over.
let on_session_over = (): void => undefined;

export function when_session_is_over(then: () => void): void {
  on_session_over = then;
}

const TRIES_MAX = 4;
const RETRY_MS = 500;
const RETRY_MS_MAX = 10_000;

function problem_of(status: number, body: unknown, retry_after: string | null): Problem {
  const said = (typeof body === "object" && body !== null ? body : {}) as Partial<Problem>;
  return new Problem(
    status,
    typeof said.title === "string" ? said.title : text.unexpected_title,
    typeof said.detail === "string" ? said.detail : text.unexpected_detail(status),
    Number(retry_after) || 0,
    typeof said.consent === "string" && said.consent.startsWith("/") ? said.consent : "",
  );
}

function offline(): Problem {
  return new Problem(0, text.offline_title, text.offline_detail);
}

async function request(method: string, path: string, body?: object, signal?: AbortSignal) {
  const options: RequestInit = { method, headers: { accept: "application/json" } };
  if (signal) options.signal = signal;
  if (body) {
    options.headers = { ...options.headers, "content-type": "application/json" };
    options.body = JSON.stringify(body);
  }
  const response = await fetch(path, options).catch((error: unknown) => {
    throw signal?.aborted ? error : offline();
  });
  const said: unknown = await response.json().catch(() => null);
  if (response.status === 401 && path !== "/api/session") on_session_over();
  if (!response.ok) throw problem_of(response.status, said, response.headers.get("retry-after"));
  return { status: response.status, body: said };
}

async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await request("GET", path, undefined, signal)).body as T;
}

async function or_null<T>(status: number, answer: Promise<T>): Promise<T | null> {
  return answer.catch((error: unknown) => {
    if (error instanceof Problem && error.status === status) return null;
    throw error;
  });
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

// An event carries its own id, so sending it again after a lost answer has no second effect.
async function send_event(path: string, body: object): Promise<Accepted> {
  for (let tries = 1; ; ++tries) {
    try {
      return (await request("POST", path, body)).body as Accepted;
    } catch (error) {
      if (!(error instanceof Problem) || !error.is_passing || tries === TRIES_MAX) throw error;
      const wait_ms = Math.max(error.retry_after_s * 1000, RETRY_MS * tries);
      await pause(Math.min(wait_ms, RETRY_MS_MAX));
    }
  }
}

// Not crypto.randomUUID: a page served to another machine over plain HTTP does not have it.
export function new_event_id(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export const api = {
  session: () => or_null(401, get<{ listener: Listener }>("/api/session")),

  sign_in: async (name: string) =>
    (await request("POST", "/api/session", { name })).body as { listener: Listener },

  sign_out: async () => void (await request("DELETE", "/api/session")),

  me: () => get<Me>("/api/me"),
  library: () => get<Library>("/api/library"),
  sound_map: () => or_null(409, or_null(404, get<SoundMap>("/api/map"))),

  search: async (words: string, limit: number, signal: AbortSignal) => {
    const query = new URLSearchParams({ q: words, limit: String(limit) });
    return (await get<{ tracks: Track[] }>(`/api/tracks?${query}`, signal)).tracks;
  },

  latest: () => or_null(404, get<Answer>("/api/recommendations")),

  /** The answer to one event, or null while it is under way. */
  answer: async (id: string) => {
    const { status, body } = await request("GET", `/api/recommendations/${id}`);
    return status === 202 ? null : (body as Answer);
  },

  sources: async () => (await get<{ sources: Source[] }>("/api/sources")).sources,

  audio_url: (id: string) => `/api/tracks/${encodeURIComponent(id)}/audio`,
  licence_url: (id: string) => `/api/tracks/${encodeURIComponent(id)}/licence`,
  has_licence: async (id: string) =>
    (await get<{ licence: boolean }>(`/api/tracks/${encodeURIComponent(id)}`)).licence,

  recommend: (event_id: string, basis: Basis, wishes: Wishes) =>
    send_event("/api/recommendations", { event_id, basis, wishes }),

  spotify: () => get<Spotify>("/api/spotify"),
  spotify_login: async () =>
    (await request("POST", "/api/spotify/login", {})).body as { url: string },
  spotify_callback: async (url: string) =>
    (await request("POST", "/api/spotify/callback", { url })).body as { listener: Listener },
  spotify_disconnect: async () => void (await request("DELETE", "/api/spotify")),
  spotify_playlists: async () =>
    (await get<{ playlists: SpotifyPlaylist[] }>("/api/spotify/playlists")).playlists,
  spotify_export: async (batch: string) =>
    (await request("POST", "/api/spotify/playlists", { batch })).body as
      { url: string; songs: number; missing: string[] },

  judge: (event_id: string, id: string, verdict: Verdict) =>
    send_event("/api/feedback", { event_id, verdicts: [{ id, verdict }] }),
};

/** Sends one file of songs. XMLHttpRequest, because fetch tells nothing of how much has gone. */
export function upload(file: File, on_sent: (part: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open("POST", `/api/library?${new URLSearchParams({ name: file.name })}`);
    const plain = /\.csv$/i.test(file.name);
    xhr.setRequestHeader("content-type", plain ? "text/csv" : "application/octet-stream");
    xhr.responseType = "json";
    xhr.upload.onprogress = (event) => on_sent(event.total ? event.loaded / event.total : 0);
    xhr.onerror = () => reject(offline());
    xhr.onload = () => {
      if (xhr.status >= 200 && xhr.status < 300) resolve();
      else reject(problem_of(xhr.status, xhr.response, xhr.getResponseHeader("retry-after")));
    };
    xhr.send(file);
  });
}
