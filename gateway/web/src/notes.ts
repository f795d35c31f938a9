// What the page tells beside its content: a spoken line, a toast with an undo, an error in place.

import { Problem } from "./api";
import { h, replace } from "./dom";
import { icon } from "./icons";
import { text } from "./strings";

const TOAST_MS = 12_000;

const spoken = h("div", { class: "visually-hidden", role: "status", "aria-live": "polite" });
const toast_place = h("div", { class: "toast-place", role: "status" });

export function notes_place(): HTMLElement {
  return h("div", {}, spoken, toast_place);
}

/** Tells a screen reader; nothing is seen. */
export function say(words: string): void {
  spoken.textContent = words;
}

let toast_timer = 0;

export function hide_toast(): void {
  clearTimeout(toast_timer);
  toast_place.replaceChildren();
}

/** One line at the foot of the window, which stays while it is pointed at or focused. */
export function toast(words: string, on_undo?: () => void): void {
  const undo = on_undo &&
    h("button", { class: "btn btn-sm", type: "button", "aria-keyshortcuts": "u", onclick: () => {
      hide_toast();
      on_undo();
    } }, text.undo);
  const close = h("button", { class: "btn btn-sm", type: "button", "aria-label": text.dismiss,
    onclick: hide_toast }, icon("close"));
  const note = h("div", { class: "toast-note" }, h("span", {}, words), undo, close);
  const wait = () => {
    clearTimeout(toast_timer);
    toast_timer = window.setTimeout(hide_toast, TOAST_MS);
  };
  const stay = () => clearTimeout(toast_timer);
  note.addEventListener("pointerenter", stay);
  note.addEventListener("pointerleave", wait);
  note.addEventListener("focusin", stay);
  note.addEventListener("focusout", wait);
  replace(toast_place, note);
  wait();
}

export function alert_box(title: string, ...lines: string[]): HTMLElement {
  return h("div", { class: "alert", role: "alert" }, h("strong", {}, title),
    ...lines.filter(Boolean).map((line) => h("p", {}, line)));
}

export function error_box(error: unknown): HTMLElement {
  if (error instanceof Problem) return alert_box(error.title, error.detail);
  console.error(error);
  return alert_box(text.unexpected_title, String(error));
}
