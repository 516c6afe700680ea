// Addresses with their parameters, and what is a good answer.
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { get, getJson, withQuery } from "../../static/js/map/fetch.js";

const { fetch } = globalThis;
afterEach(() => { globalThis.fetch = fetch; });

test("a query string is put behind an address, and more over it", () => {
  assert.equal(withQuery("/a/", ""), "/a/");
  assert.equal(withQuery("/a/", "q=a+b&zone=x&zone=y"), "/a/?q=a+b&zone=x&zone=y");
  assert.equal(withQuery("/a/", "show=clusters", { show: "complexes", bbox: [1, 2.5, 3, 4] }),
    "/a/?show=complexes&bbox=1,2.5,3,4");
});

test("what is no query string cannot end it", () => {
  assert.equal(withQuery("/a/", "q=%26page%3D2%23"), "/a/?q=%26page%3D2%23");
});

test("an answer that is not a good one throws its address and status", async () => {
  globalThis.fetch = async () => new Response("no", { status: 404 });
  await assert.rejects(get("/lost"), /^Error: \/lost: 404$/);
});

test("an answer is read as JSON, and what was asked is handed on", async () => {
  let given = null;
  globalThis.fetch = async (...all) => {
    given = all;
    return Response.json({ n: 1 });
  };
  assert.deepEqual(await getJson("/a", { signal: "s" }), { n: 1 });
  assert.deepEqual(given, ["/a", { signal: "s" }]);
});
