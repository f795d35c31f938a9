// A Groove with a music folder (GROOVE_MUSIC_URL): a list asked from a folder, and a song played.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { launch, PHONE, visit } from "./visitor.mjs";

const { GROOVE_MUSIC_URL } = process.env;
const skip = GROOVE_MUSIC_URL ? false : "GROOVE_MUSIC_URL is not set";

describe("a music folder", { skip, timeout: 300_000 }, () => {
  let browser;
  before(async () => { browser = await launch(); });
  after(() => browser?.close());

  it("is what a list can be asked from, and its songs are played in the page", async () => {
    const ada = await visit(browser, GROOVE_MUSIC_URL);
    await ada.sign_in();
    const { page } = ada;
    await page.getByRole("radio", { name: "a folder" }).check();
    assert.equal(await ada.search_box.isVisible(), false, "nothing to pick from a folder");
    await page.getByLabel("Which one").selectOption({ index: 1 });
    await page.getByRole("button", { name: "Recommend" }).click();
    const play = page.getByRole("button", { name: /^Play / }).first();
    await play.waitFor();
    await ada.check_accessibility();
    await play.click();
    await page.waitForFunction(() => document.querySelector("audio").currentTime > 0);
    await page.getByRole("link", { name: "Licence" }).waitFor();
    await ada.check_accessibility();
    await ada.look("music");
    await page.setViewportSize(PHONE);
    await ada.check_width();
    await ada.look("music-phone");
    await page.getByRole("button", { name: "Close the player" }).click();
    assert.equal(await page.locator("audio").isVisible(), false);
    await page.reload();
    await page.getByRole("radio", { name: "a folder", checked: true }).waitFor(); // kept
    await ada.leave();
  });
});
