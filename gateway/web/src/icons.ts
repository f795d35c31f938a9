// The few line drawings of the page, drawn in the colour of the text around them.

const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  approve: "M7 21V10l4.5-8a2.2 2.2 0 0 1 2 2.6L12.7 9H19a2 2 0 0 1 2 2.4l-1.4 7.4A2.6 2.6 0 0 1 17 21H7Zm0 0H3V10h4",
  disapprove: "M17 3v11l-4.5 8a2.2 2.2 0 0 1-2-2.6l.8-4.4H5a2 2 0 0 1-2-2.4l1.4-7.4A2.6 2.6 0 0 1 7 3h10Zm0 0h4v11h-4",
  play: "M7 4.5v15l12-7.5-12-7.5Z",
  close: "M6 6l12 12M18 6 6 18",
  search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM15.5 15.5 20 20",
  check: "M5 12.5 10 17.5 19.5 7",
  upload: "M12 16V4m0 0L7 9m5-5 5 5M4 16v3a1.5 1.5 0 0 0 1.5 1.5h13A1.5 1.5 0 0 0 20 19v-3",
} as const;

export type IconName = keyof typeof PATHS;

export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
