// The first start: a pipeline without songs (GROOVE_EMPTY_URL) takes a CSV file (GROOVE_CSV). It is
// empty once only, so one test walks the whole way.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { launch, PHONE, visit } from "./visitor.mjs";

const { GROOVE_EMPTY_URL, GROOVE_CSV } = process.env;
const skip = GROOVE_EMPTY_URL && GROOVE_CSV ? false : "GROOVE_EMPTY_URL and GROOVE_CSV are not set";

describe("a library without songs", { skip, timeout: 300_000 }, () => {
  let browser;
  before(async () => { browser = await launch(); });
  after(() => browser?.close());

  it("says how to bring songs, takes a file and goes on by itself", async () => {
    const ada = await visit(browser, GROOVE_EMPTY_URL);
    await ada.sign_in();
    await ada.page.getByRole("heading", { name: "Bring some songs" }).waitFor();
    await ada.page.locator("code").getByText("deploy/up --tracks").waitFor();
    await ada.check_accessibility();
    await ada.look("empty");
    await ada.page.setViewportSize(PHONE);
    await ada.check_width();
    await ada.look("empty-phone");
    await ada.bring({ name: "other.csv", mimeType: "text/csv", buffer: Buffer.from("a,b\n1,2\n") });
    await ada.page.getByRole("alert").getByText("the header lacks").waitFor();
    await ada.bring(GROOVE_CSV);
    // A small file may be through before anyone sees it under way.
    const under_way = ada.page.locator(".library .steps .is-done").first();
    await Promise.any([under_way.waitFor(), ada.search_box.waitFor()]);
    await ada.look("importing");
    await ada.search_box.waitFor({ timeout: 240_000 });
    assert.ok((await ada.search("a")).length > 0);
    const states = new Set((await ada.heard("library")).map(({ state }) => state));
    assert.ok(states.has("ready"), `library events: ${[...states]}`);
    await ada.leave();
  });

  it("refuses what is no CSV file and says so", async () => {
    const ada = await visit(browser, GROOVE_EMPTY_URL);
    await ada.sign_in();
    const refused = await ada.page.evaluate(async () => {
      const answer = await fetch("/api/library?name=notes.doc",
        { method: "POST", headers: { "content-type": "text/csv" }, body: "x" });
      return { status: answer.status, detail: (await answer.json()).detail };
    });
    assert.equal(refused.status, 400);
    assert.ok(refused.detail);
    ada.troubles = ada.troubles.filter((words) => !words.includes("notes.doc"));
    await ada.leave();
  });
});
