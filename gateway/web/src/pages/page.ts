// What stands between the head and the foot of the window.

import type { Answer, Library, Progress } from "../types";

export interface Page {
  readonly element: HTMLElement;
  on_progress?(progress: Progress): void;
  on_answer?(answer: Answer): void;
  on_library?(library: Library): void;
  leave?(): void;
}
