// The JSON of the HTTP interface, as gateway/openapi.yaml describes it.

export interface Listener {
  id: string;
  name: string;
}

export interface Song {
  id: string;
  title: string;
  artists: string[];
}

export interface Track extends Song {
  album: string;
  year: number; // 0 when unknown
  duration_ms: number;
  explicit: boolean;
  cluster: number;
  playable: boolean; // its sound can be streamed
}

/** A place on the sound map; both axes run from 0 to 65535. */
export type Place = [x: number, y: number];

interface NearSong {
  kind: "song";
  id: string;
  title: string;
  artists: string[];
  similarity: number;
}

export type Reason =
  | NearSong
  | { kind: "feature"; feature: string; phrase: string; evidence: number }
  | { kind: "cluster"; cluster: number; name: string; liked_songs: number };

/** What would put a song behind the first one that is not on the list. */
export type WouldChange = { behind: { id: string; title: string } } & (
  | NearSong // disapproved
  | { kind: "feature"; feature: string } // counting for nothing
);

export interface Recommendation extends Track {
  score: number;
  confidence: number;
  is_new: boolean;
  map: Place | null; // null: the model in use does not have it
  because: Reason[];
  would_change?: WouldChange;
}

export interface LikedSong extends Song {
  cluster: number | null;
  map: Place | null;
}

export interface LedgerEntry {
  index: number;
  leaf_hash: string;
  receipt: string;
}

export interface Batch {
  id: string;
  sequence: number;
  catalog: string;
  model: string;
  recommendations: Recommendation[];
  confidence_basis: "prior" | "verdicts";
  verdict_count: number;
  learned: string[];
  liked: LikedSong[];
  missing: string[];
  wishes: Wishes;
  ledger: LedgerEntry;
  recorded_at: string;
  disclaimer: string;
}

export interface Refusal {
  id: string;
  sequence: number;
  refused: { stage: string; reason: string };
  ledger: LedgerEntry;
}

export type Answer = Batch | Refusal;

export function is_refusal(answer: Answer): answer is Refusal {
  return "refused" in answer;
}

export interface Accepted {
  id: string;
  sequence: number;
}

export type Verdict = "approve" | "disapprove" | "clear";

export interface Wishes {
  adventurousness: number;
  no_explicit: boolean;
}

/** What a list is asked from. Folders and playlists are named as the sources name them. */
export type Basis =
  | { kind: "songs"; songs: string[] }
  | { kind: "library" }
  | { kind: "recent" }
  | { kind: "folder"; folder: string }
  | { kind: "playlist"; playlist: string }
  | SpotifyBasis;

export type SpotifyBasis =
  | { kind: "spotify"; list: "top_songs" | "top_artists"; range: "weeks" | "months" | "years" }
  | { kind: "spotify"; list: "recent" | "saved" }
  | { kind: "spotify"; list: "playlist"; playlist: string };

export interface Source {
  kind: Basis["kind"];
  available: boolean;
  choices?: { name: string; label?: string; songs?: number }[]; // name: what the basis says
}

export interface Spotify {
  registered: boolean;
  problem?: string;
  demo?: boolean;
  public_url?: string;
  redirect_uri?: string;
  account?: {
    since: string;
    consent_ends: string;
    renew_soon: boolean;
    may_write: boolean;
    paused_until?: string;
  };
}

export interface SpotifyPlaylist {
  id: string;
  name: string;
  songs: number;
  readable: boolean;
}

export interface Me {
  listener: Listener;
  liked: Song[];
  verdicts: { approved: number; disapproved: number };
  pending: number;
}

export interface Library {
  songs: number;
  catalog: string | null;
  model: string | null;
  state: "empty" | "importing" | "training" | "ready";
  detail: string;
  done: number;
  total: number; // 0: it cannot be counted
}

export interface Progress {
  id: string;
  sequence: number;
  stage: string;
  state: "started" | "done" | "failed";
  detail: string;
  done: number;
  total: number;
}

export interface Cluster {
  id: number;
  name: string;
  size: number;
  x: number;
  y: number;
}

export interface SoundMap {
  clusters: Cluster[];
  points: [x: number, y: number, cluster: number][];
}
