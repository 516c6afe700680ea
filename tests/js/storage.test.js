// The shortlist in the visitor's browser, over a storage of our own.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { read, toggle } from "../../static/js/shortlist/storage.js";

/** Give the modules a localStorage that holds these items. */
function store(items = {}) {
  const kept = new Map(Object.entries(items));
  const value = { getItem: (key) => kept.get(key) ?? null, setItem: (key, text) => { kept.set(key, text); } };
  Object.defineProperty(globalThis, "localStorage", { value, configurable: true });
}

function barred() {
  throw new Error("barred");
}

beforeEach(() => store());

test("a slug is put on the shortlist once, and taken off", () => {
  assert.deepEqual(read("clusters"), []);
  assert.deepEqual(toggle("clusters", "a", true), ["a"]);
  assert.deepEqual(toggle("clusters", "b", true), ["a", "b"]);
  assert.deepEqual(toggle("clusters", "a", true), ["b", "a"]);
  assert.deepEqual(read("clusters"), ["b", "a"]);
  assert.deepEqual(toggle("clusters", "b", false), ["a"]);
  assert.deepEqual(toggle("clusters", "unknown", false), ["a"]);
});

test("each kind has its own", () => {
  toggle("clusters", "a", true);
  assert.deepEqual(read("complexes"), []);
});

test("what is stored and no list of slugs is nothing", () => {
  for (const text of ["", "{", "null", "7", '{"a": 1}', '"a"']) {
    store({ "shortlist-clusters": text });
    assert.deepEqual(read("clusters"), [], text);
  }
  store({ "shortlist-clusters": '["a", 7, null, "b"]' });
  assert.deepEqual(read("clusters"), ["a", "b"]);
});

test("where storage is barred or full nothing breaks", () => {
  Object.defineProperty(globalThis, "localStorage", { get: barred, configurable: true });
  assert.deepEqual(read("clusters"), []);
  assert.deepEqual(toggle("clusters", "a", true), ["a"]);
});
