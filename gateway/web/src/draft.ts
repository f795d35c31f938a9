// What the listener has chosen and not yet sent, kept over a reload of this tab.

import type { Basis, Song, Wishes } from "./types";

export interface Draft {
  basis?: Exclude<Basis, { kind: "songs" }> | null; // null: the songs
  songs: Song[];
  wishes: Wishes;
}

const key = (listener_id: string) => `groove:draft:${listener_id}`;

export function save_draft(listener_id: string, draft: Draft): void {
  sessionStorage.setItem(key(listener_id), JSON.stringify(draft));
}

export function load_draft(listener_id: string): Draft | null {
  const kept = sessionStorage.getItem(key(listener_id));
  return kept ? (JSON.parse(kept) as Draft) : null;
}

export function forget_drafts(): void {
  sessionStorage.clear();
}
