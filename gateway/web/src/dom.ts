// Builds elements. Data only ever becomes text nodes and attributes; there is no way in for markup.

export type Child = Node | string | null | undefined | false;
type Value = string | number | boolean | null | undefined | ((event: never) => void);

/** One element. Functions named like `onclick` become listeners; null and false set nothing. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, Value> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) set_attribute(element, name, value);
  element.append(...present(children));
  return element;
}

function set_attribute(element: Element, name: string, value: Value): void {
  if (value === null || value === undefined || value === false) return;
  if (typeof value === "function") {
    element.addEventListener(name.slice("on".length), value as EventListener);
    return;
  }
  element.setAttribute(name, value === true ? "" : String(value));
}

export function present(children: Child[]): (Node | string)[] {
  return children.filter((child): child is Node | string => child instanceof Node || !!child);
}

export function replace(parent: Element, ...children: Child[]): void {
  parent.replaceChildren(...present(children));
}

/** Puts `separator` between the parts that are there. */
export function join(parts: Child[], separator: string): Child[] {
  return present(parts).flatMap((part, index) => (index === 0 ? [part] : [separator, part]));
}

export function calm(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** True while the user is writing text, so that single keys are letters and not commands. */
export function is_writing(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement && !["range", "checkbox"].includes(target.type);
}
