// The main job in a real browser against a running pipeline with songs: GROOVE_URL.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { assert_soon, launch, PHONE, visit } from "./visitor.mjs";

const URL_OF_SONGS = process.env.GROOVE_URL;
const TIMEOUT = { timeout: 120_000 };

describe("a listener", TIMEOUT, () => {
  let browser;
  before(async () => {
    assert.ok(URL_OF_SONGS, "set GROOVE_URL to the address of a running pipeline");
    browser = await launch();
  });
  after(() => browser?.close());

  it("is told what Groove is and signs in by name", async () => {
    const ada = await visit(browser, URL_OF_SONGS);
    await ada.page.getByText("never another user").waitFor();
    await ada.check_accessibility();
    await ada.look("sign-in");
    await ada.sign_in();
    await ada.page.getByRole("heading", { name: "Your songs" }).waitFor();
    await ada.check_accessibility();
    await ada.look("first-visit");
    await ada.leave();
  });

  it("must give a name", async () => {
    const ada = await visit(browser, URL_OF_SONGS);
    await ada.page.getByRole("button", { name: "Sign in", exact: true }).click();
    await ada.page.getByRole("alert").getByText("Type a name first").waitFor();
    await ada.leave();
  });

  it("finds the same songs with and without accents", async () => {
    const ada = await visit(browser, URL_OF_SONGS);
    await ada.sign_in();
    const plain = await ada.search("podras tamara");
    await ada.search_box.fill("");
    const accented = await ada.search("PODRÁS tamara");
    assert.ok(plain.includes("Podrás"), plain.join());
    assert.deepEqual(accented, plain);
    await ada.leave();
  });

  it("is told when nothing is found", async () => {
    const ada = await visit(browser, URL_OF_SONGS);
    await ada.sign_in();
    await ada.search_box.fill("zzqx vvkw");
    await ada.page.locator(".found").getByText("Nothing found").waitFor();
    await ada.leave();
  });

  it("picks by keyboard alone and takes a pick back", async () => {
    const ada = await visit(browser, URL_OF_SONGS);
    await ada.sign_in();
    const titles = await ada.search("love");
    await ada.search_box.press("ArrowDown");
    await ada.search_box.press("Enter");
    await ada.page.locator(".pick-title").getByText(titles[1], { exact: true }).waitFor();
    assert.equal(await ada.search_box.inputValue(), "");
    await ada.page.getByRole("button", { name: `Remove ${titles[1]}`, exact: true }).press("Enter");
    await ada.page.getByText("No song picked yet").waitFor();
    await ada.leave();
  });

  it("is told to pick a song before asking", async () => {
    const ada = await visit(browser, URL_OF_SONGS);
    await ada.sign_in();
    await ada.page.getByRole("button", { name: "Recommend", exact: true }).click();
    await ada.page.getByRole("alert").getByText("Pick at least one song").waitFor();
    await ada.leave();
  });

  it("picks five and gets twenty in order, each with confidence and reasons", async () => {
    const ada = await visit(browser, URL_OF_SONGS);
    const songs = await ada.begin();
    assert.equal(new Set(songs).size, 20);
    const meters = await ada.page.getByRole("meter").evaluateAll((bars) => bars.map((bar) => ({
      value: Number(bar.getAttribute("aria-valuenow")),
      width: Math.round((100 * bar.firstElementChild.clientWidth) / bar.clientWidth),
    })));
    assert.equal(meters.length, 20);
    for (const { value, width } of meters) {
      assert.ok(Math.abs(value - width) <= 2, `a bar of ${width} % for ${value} %`);
    }
    for (const why of await ada.page.locator(".song-why").allTextContents()) {
      assert.match(why, /Sounds like|From the cluster/);
    }
    await ada.page.getByText("We do not know which songs you have heard").waitFor();
    await ada.page.getByText("rests on a general prior").waitFor();
    await ada.page.getByText("Recorded in the ledger as entry").waitFor();
    await ada.check_accessibility();
    await ada.look("list");
    await ada.leave();
  });

  it("takes a receipt home and verifies it offline, with the one command that the page shows", async (t) => {
    if (!process.env.GROOVE_COMMAND) return t.skip("set GROOVE_COMMAND to the groove program");
    const ada = await visit(browser, URL_OF_SONGS);
    await ada.begin();
    const key = (await (await ada.page.request.get(`${URL_OF_SONGS}/ledger/vkey`)).text()).trim();
    await ada.page.getByText("Recorded in the ledger as entry").click();
    const link = ada.page.getByRole("link", { name: "Download the receipt" });
    const address = new URL(await link.getAttribute("href"), URL_OF_SONGS).href;
    await assert_soon(async () => (await ada.page.request.get(address)).status() === 200);
    const [download] = await Promise.all([ada.page.waitForEvent("download"), link.click()]);
    const file = await download.path();
    const shown = await ada.page.locator(".recorded code", { hasText: "verify" }).textContent();
    const command = shown.split(" ").map((word) => ({ groove: process.env.GROOVE_COMMAND, FILE: file, KEY: key })[word] ?? word);
    const verify = (words) => spawnSync(words[0], words.slice(1), { encoding: "utf8" });
    const verified = verify(command);
    assert.equal(verified.status, 0, verified.stdout + verified.stderr);
    assert.match(verified.stdout, /20 songs/);
    await writeFile(file, (await readFile(file, "latin1")).replace("index ", "index 1"), "latin1");
    assert.equal(verify(command).status, 1, "a receipt that was changed");
    await ada.leave();
  });

  it("sees the progress of every stage", async () => {
    const ada = await visit(browser, URL_OF_SONGS);
    await ada.begin();
    const done = (await ada.heard("progress")).filter(({ state }) => state === "done");
    const stages = new Set(done.map(({ stage }) => stage));
    for (const stage of ["fetch", "cluster", "score", "ledger"]) {
      assert.ok(stages.has(stage), `no progress of ${stage}: ${[...stages]}`);
    }
    assert.equal(await ada.page.locator(".taste .steps .is-done").count(), 4);
    await ada.leave();
  });

  it("sees the own and the recommended songs on the map, and the same in a table", async () => {
    const ada = await visit(browser, URL_OF_SONGS);
    await ada.begin();
    const map = ada.page.getByRole("img", { name: /Sound map with 5 songs of yours and 20/ });
    const colours = await map.evaluate((canvas) => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      const seen = new Set();
      for (let at = 0; at < data.length; at += 4) {
        if (data[at + 3] > 100) seen.add(data.slice(at, at + 3).join());
      }
      return seen.size;
    });
    assert.ok(colours > 20, `${colours} colours on the map`);
    await map.focus();
    await map.press("ArrowRight");
    const first = await ada.page.locator(".song-title span").first().textContent();
    assert.ok((await ada.page.locator(".map-tip").textContent()).startsWith(first));
    await ada.look("map");
    await ada.page.getByText("As a table").click();
    assert.equal(await ada.page.locator(".sound-map tbody tr").count(), 25);
    await ada.leave();
  });

  it("gets a visibly new list for a verdict, and is told what was learned", async () => {
    const ada = await visit(browser, URL_OF_SONGS);
    const before = await ada.begin();
    const first = ada.page.locator(".song").first();
    const after_no = await ada.new_list_after(() => ada.press(first, /^Disapprove/));
    assert.notDeepEqual(after_no, before);
    assert.ok(!after_no.includes(before[0]), "a disapproved song stays in the list");
    assert.ok(await ada.page.locator(".badge-new").count() > 0, "no song is marked as new");
    const second = ada.page.locator(".song").nth(1);
    const after_yes = await ada.new_list_after(() => ada.press(second, /^Approve/));
    assert.notDeepEqual(after_yes, after_no);
    await ada.page.locator(".learned").getByText("1 approved, 1 disapproved").waitFor();
    await ada.page.getByText("calibrated on your 2 verdicts").waitFor();
    await ada.check_accessibility();
    await ada.look("after-verdicts");
    await ada.leave();
  });

  it("judges by keyboard and takes the last verdict back", async () => {
    const ada = await visit(browser, URL_OF_SONGS);
    await ada.begin();
    await ada.page.locator(".song").first().focus();
    await ada.page.keyboard.press("ArrowDown");
    await ada.new_list_after(() => ada.page.keyboard.press("a"));
    await ada.page.locator(".learned").getByText("1 approved, 0 disapproved").waitFor();
    await ada.new_list_after(() => ada.page.keyboard.press("u"));
    await ada.page.getByText("taken back").first().waitFor();
    await ada.new_list_after(() => ada.page.keyboard.press("d"));
    await ada.page.locator(".learned").getByText("0 approved, 1 disapproved").waitFor();
    const undo = ada.page.getByRole("button", { name: "Undo", exact: true });
    await ada.new_list_after(() => undo.click());
    await ada.page.getByText("rests on a general prior").waitFor();
    await ada.leave();
  });

  it("finds the list again after a reload, and nothing of it after signing out", async () => {
    const ada = await visit(browser, URL_OF_SONGS);
    const songs = await ada.begin();
    await ada.page.reload();
    await ada.page.locator(".song").nth(19).waitFor();
    assert.deepEqual(await ada.songs(), songs);
    assert.equal(await ada.page.locator(".pick").count(), 5);
    await ada.page.getByRole("button", { name: "Sign out", exact: true }).click();
    await ada.page.getByLabel("Your name").waitFor();
    await ada.sign_in();
    await ada.page.getByText("Your list will stand here").waitFor();
    assert.equal(await ada.page.locator(".pick, .song").count(), 0);
    await ada.leave();
  });

  it("is not shown any more after another name was given in another tab", async () => {
    const ada = await visit(browser, URL_OF_SONGS);
    const name = await ada.sign_in();
    await ada.pick("yellow coldplay");
    const other = await ada.page.context().newPage();
    await other.goto(URL_OF_SONGS);
    await other.getByRole("button", { name: "Sign out", exact: true }).click();
    await other.getByLabel("Your name").fill("Bob");
    await other.getByRole("button", { name: "Sign in", exact: true }).click();
    await ada.page.getByText(name).waitFor({ state: "detached" });
    assert.equal(await ada.page.locator(".pick").count(), 0);
    await ada.leave();
  });

  it("is told when the connection is lost and when it is back", async () => {
    const ada = await visit(browser, URL_OF_SONGS);
    await ada.sign_in();
    await ada.page.route("**/api/events", (route) => route.abort());
    await ada.page.reload();
    await ada.page.getByText("connection to Groove is lost").waitFor();
    await ada.page.unroute("**/api/events");
    await ada.page.getByText("Connected again").waitFor();
    ada.troubles = ada.troubles.filter((words) => !words.includes("ERR_FAILED"));
    await ada.leave();
  });

  it("is told what to do when a verdict cannot be sent", async () => {
    const ada = await visit(browser, URL_OF_SONGS);
    await ada.begin();
    await ada.page.route("**/api/feedback", (route) => route.abort());
    await ada.page.getByRole("button", { name: /^Approve/ }).first().click();
    await ada.page.getByRole("alert").getByText("Groove does not answer").waitFor();
    assert.equal(await ada.page.getByRole("button", { pressed: true }).count(), 0);
    ada.troubles = ada.troubles.filter((words) => !words.includes("ERR_FAILED"));
    await ada.leave();
  });

  it("has everything on a phone, without scrolling sideways", async () => {
    const ada = await visit(browser, URL_OF_SONGS, { viewport: PHONE });
    await ada.check_width();
    await ada.sign_in();
    await ada.check_width();
    await ada.pick_five();
    await ada.recommend();
    await ada.check_width();
    await ada.check_accessibility();
    await ada.look("phone");
    await ada.leave();
  });

  it("has a dark page where the system is dark", async () => {
    const ada = await visit(browser, URL_OF_SONGS, { colorScheme: "dark" });
    await ada.begin();
    const light = await ada.page.evaluate(() =>
      Math.max(...getComputedStyle(document.body).backgroundColor.match(/\d+/g).slice(0, 3)));
    assert.ok(light < 60, `the ground is ${light}`);
    await ada.check_accessibility();
    await ada.look("dark");
    await ada.leave();
  });
});
