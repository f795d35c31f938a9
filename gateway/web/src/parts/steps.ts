// A small stepper: which stage is at work, which are done.

import { h, replace } from "../dom";
import { icon } from "../icons";
import { text, type StepNames } from "../strings";

type State = "waiting" | "started" | "done" | "failed";

interface Step {
  verb: string;
  what: string;
  state: State;
  detail: string;
}

export class Steps {
  readonly element: HTMLElement;
  private readonly list = h("ol", { class: "steps", "aria-label": text.progress_label });
  private readonly note = h("p", { class: "steps-note", role: "status" });
  private readonly steps = new Map<string, Step>();

  constructor(private readonly names: StepNames) {
    this.element = h("div", { hidden: true }, this.list, this.note);
  }

  /** Shows these steps, none begun. */
  begin(keys: string[] = Object.keys(this.names), note = ""): void {
    this.steps.clear();
    for (const key of keys) {
      const [verb, what] = this.names[key] ?? [key, ""];
      this.steps.set(key, { verb, what, state: "waiting", detail: "" });
    }
    this.element.hidden = false;
    this.say(note);
    this.draw();
  }

  is_at(key: string): boolean {
    return this.steps.get(key)?.state === "started";
  }

  /** The step begins, so what stands before it is done. */
  start(key: string, detail = ""): void {
    for (const [earlier, step] of this.steps) {
      if (earlier === key) break;
      step.state = "done";
    }
    this.set(key, "started", detail);
  }

  done(key: string, detail = ""): void {
    this.set(key, "done", detail);
  }

  fail(key: string, detail = ""): void {
    this.set(key, "failed", detail);
  }

  finish(note: string): void {
    for (const step of this.steps.values()) step.state = "done";
    this.say(note);
    this.draw();
  }

  say(note: string): void {
    this.note.textContent = note;
  }

  private set(key: string, state: State, detail: string): void {
    const step = this.steps.get(key);
    if (!step) return;
    step.state = state;
    step.detail = detail || step.detail;
    this.draw();
  }

  private draw(): void {
    replace(this.list, ...[...this.steps.values()].map((step) =>
      h("li", { class: `is-${step.state}`, "aria-current": step.state === "started" && "step" },
        h("span", { class: "step-mark" }, mark(step.state)),
        h("span", {}, h("span", { class: "step-verb" }, step.verb), " ",
          step.detail || step.what))));
  }
}

function mark(state: State): Node | false {
  if (state === "done") return icon("check");
  return state === "failed" && icon("close");
}
