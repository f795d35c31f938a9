// What the tests say: a visitor opens the page in a real Chromium, signs in, picks, judges, looks.

import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const OUTPUT = new URL("output/", import.meta.url).pathname;
const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

// What a browser logs by itself for an answer that the page expects: nobody is signed in yet, there
// is no list yet.
const EXPECTED = [/401 .*\/api\/session$/, /404 .*\/api\/recommendations$/];

export const DESKTOP = { width: 1440, height: 1000 };
export const PHONE = { width: 360, height: 740 };

// Songs of the public data set, as somebody would type them.
export const FIVE = ["yellow coldplay", "clocks coldplay", "wonderwall oasis", "creep radiohead",
  "iris goo goo"];

export async function launch() {
  const executablePath = process.env.GROOVE_CHROMIUM ?? "/usr/bin/chromium";
  return chromium.launch({ executablePath, args: FLAGS });
}

/** Looks until that is so; for 30 s at most. */
export async function assert_soon(is_so) {
  const end = Date.now() + 30_000;
  while (!await is_so()) {
    assert.ok(Date.now() < end, `waited in vain for ${is_so}`);
    await new Promise((later) => setTimeout(later, 100));
  }
}

/** A visit with a profile of its own, that keeps account of all that goes wrong on the page. */
export async function visit(browser, url, { viewport = DESKTOP, ...options } = {}) {
  const context = await browser.newContext({ viewport, reducedMotion: "reduce", ...options });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const visitor = new Visitor(page, url);
  page.on("console", (message) => visitor.hear_console(message));
  page.on("pageerror", (error) => visitor.troubles.push(`exception: ${error}`));
  page.on("request", (request) => visitor.hear_request(request));
  await page.addInitScript(listen);
  await page.goto(url);
  return visitor;
}

// Runs in the page before its own scripts.
function listen() {
  window.heard = [];
  addEventListener("securitypolicyviolation", (event) => {
    console.error(`policy violation: ${event.violatedDirective} ${event.blockedURI}`);
  });
  const add = EventSource.prototype.addEventListener;
  EventSource.prototype.addEventListener = function (kind, listener) {
    add.call(this, kind, (event) => {
      window.heard.push({ kind, data: JSON.parse(event.data) });
      listener(event);
    });
  };
}

export class Visitor {
  troubles = [];

  constructor(page, url) {
    this.page = page;
    this.url = url;
  }

  hear_console(message) {
    if (!["error", "warning"].includes(message.type())) return;
    const words = `${message.text()} ${message.location().url}`;
    if (!EXPECTED.some((expected) => expected.test(words))) this.troubles.push(words);
  }

  hear_request(request) {
    if (!request.url().startsWith(new URL(this.url).origin)) {
      this.troubles.push(`foreign request: ${request.url()}`);
    }
  }

  /** Signs in under a name nobody had before, so tests can be repeated. */
  async sign_in(name = `Ada ${Math.random().toString(36).slice(2, 8)}`) {
    await this.page.getByLabel("Your name").fill(name);
    await this.page.getByRole("button", { name: "Sign in", exact: true }).click();
    await this.page.getByText(name).waitFor();
    return name;
  }

  /** Uploads a file of songs. */
  bring(file) {
    return this.page.locator("input[type=file]").setInputFiles(file);
  }

  get search_box() {
    return this.page.getByRole("combobox");
  }

  async search(words) {
    await this.search_box.fill(words);
    await this.page.getByRole("option").first().waitFor();
    return this.page.getByRole("option").locator(".found-title").allTextContents();
  }

  async pick(words) {
    await this.search(words);
    const picked = await this.page.locator(".pick").count();
    await this.search_box.press("Enter");
    await this.page.locator(".pick").nth(picked).waitFor();
  }

  async pick_five() {
    for (const words of FIVE) await this.pick(words);
  }

  async recommend() {
    await this.page.getByRole("button", { name: /^Recommend/ }).click();
    await this.page.getByText(/^Ready in/).waitFor();
    return this.songs();
  }

  /** From nothing to a first list. */
  async begin() {
    await this.sign_in();
    await this.pick_five();
    return this.recommend();
  }

  songs() {
    return this.page.locator(".song").evaluateAll((rows) => rows.map((row) => row.dataset.id));
  }

  press(row, name) {
    return row.getByRole("button", { name }).click();
  }

  /** Does something that asks for another list, and waits until that list is there. */
  async new_list_after(act) {
    const batches = () => window.heard.filter(({ kind }) => kind === "batch").length;
    const before = await this.page.evaluate(batches);
    await act();
    await this.page.waitForFunction(
      (count) => window.heard.filter(({ kind }) => kind === "batch").length > count, before);
    await this.page.locator('.songs[aria-busy="false"]').waitFor();
    return this.songs();
  }

  heard(kind) {
    return this.page.evaluate((wanted) =>
      window.heard.filter((each) => each.kind === wanted).map((each) => each.data), kind);
  }

  /** Two pictures: what the window shows, and the whole page. */
  async look(name) {
    await mkdir(OUTPUT, { recursive: true });
    await this.page.screenshot({ path: `${OUTPUT}${name}.png` });
    await this.page.screenshot({ path: `${OUTPUT}${name}-whole.png`, fullPage: true });
  }

  /** WCAG 2.1 A and AA, as far as a program can see. */
  async check_accessibility() {
    await this.page.evaluate(await readFile(AXE, "utf8"));
    const found = await this.page.evaluate(async () => {
      const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"];
      const { violations } = await window.axe.run(document, { runOnly: tags });
      return violations.flatMap(({ id, nodes }) =>
        nodes.map((node) => `${id}: ${node.target} ${node.failureSummary}`));
    });
    assert.deepEqual(found, []);
  }

  async check_width() {
    const [content, window_width] = await this.page.evaluate(() =>
      [document.documentElement.scrollWidth, window.innerWidth]);
    assert.ok(content <= window_width, `content is ${content} px wide in ${window_width} px`);
  }

  /** Ends the visit; fails if the console, the security policy or the network had a complaint. */
  async leave() {
    await this.page.context().close();
    assert.deepEqual(this.troubles, []);
  }
}
