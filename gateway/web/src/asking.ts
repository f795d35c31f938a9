// Sends events and brings their answers: as the stream tells them, and by asking where the stream
// stays silent. Each event is answered once, by a batch or a refusal.

import { api, new_event_id, pause } from "./api";
import type { Accepted, Answer } from "./types";

const ASK_EVERY_MS = 2_000;
const SLOW_MS = 10_000;
const GIVE_UP_MS = 10 * 60_000;

export interface AskingListener {
  on_answer(answer: Answer, took_ms: number | null): void;
  on_slow(): void;
}

export class Asking {
  private readonly waiting = new Map<string, { asked_at: number; sequence: number }>();
  private newest = 0;
  private is_over = false;
  private sent: Promise<unknown> = Promise.resolve(); // the last event's sending

  constructor(private readonly listener: AskingListener) {}

  get is_waiting(): boolean {
    return this.waiting.size > 0;
  }

  is_mine(event_id: string): boolean {
    return this.waiting.has(event_id);
  }

  /** Sends one event, after those before it: a verdict and its undo must not overtake each other.
      The id is made here, so progress that overtakes the 202 is still known. */
  async send(post: (event_id: string) => Promise<Accepted>): Promise<void> {
    const event_id = new_event_id();
    const mine = { asked_at: performance.now(), sequence: Infinity };
    this.waiting.set(event_id, mine);
    try {
      const sending = this.sent.then(() => post(event_id));
      this.sent = sending.catch(() => null); // a failed one does not hold up the next
      mine.sequence = (await sending).sequence;
    } catch (error) {
      this.waiting.delete(event_id);
      throw error;
    }
    void this.watch(event_id);
  }

  /** An answer came, by whatever way. Older than what is on the page: it says nothing new. */
  take(answer: Answer): void {
    const mine = this.waiting.get(answer.id);
    for (const [id, { sequence }] of this.waiting) {
      if (id === answer.id || sequence <= answer.sequence) this.waiting.delete(id);
    }
    if (answer.sequence <= this.newest) return;
    this.newest = answer.sequence;
    this.listener.on_answer(answer, mine ? performance.now() - mine.asked_at : null);
  }

  stop(): void {
    this.is_over = true;
    this.waiting.clear();
  }

  private async watch(event_id: string): Promise<void> {
    let is_told = false;
    for (let waited = 0; waited < GIVE_UP_MS; waited += ASK_EVERY_MS) {
      await pause(ASK_EVERY_MS);
      if (this.is_over || !this.waiting.has(event_id)) return;
      const answer = await api.answer(event_id).catch(() => null); // asked again in a while
      if (answer && !this.is_over) return this.take(answer);
      if (waited >= SLOW_MS && !is_told) this.listener.on_slow();
      is_told ||= waited >= SLOW_MS;
    }
    this.waiting.delete(event_id);
  }
}
