// The state of the map in its address.
import assert from "node:assert/strict";
import { test } from "node:test";

import { parameters, read, write } from "../../static/js/map/address.js";

const DEFAULT = { regions: "zone", overlays: [], inView: false, at: "", view: null };

test("what an address does not say, or says wrongly, is the default", () => {
  const wrong = [
    "",
    "?q=gumi",
    "?regions=nothing&layers=,&in_view=yes",
    "?lat=1&lon=2",
    "?lat=x&lon=1&zoom=2",
    "?lat=91&lon=1&zoom=2",
    "?lat=1&lon=181&zoom=2",
  ];
  for (const search of wrong) assert.deepEqual(read(search), DEFAULT, search);
});

test("a state is read as it was written", () => {
  const states = [
    DEFAULT,
    { ...DEFAULT, regions: "pan_region", overlays: ["complexes", "offices"] },
    { ...DEFAULT, regions: "none", inView: true, at: "127.1,36.2,national" },
    { ...DEFAULT, view: { lat: 35.85, lon: -128.5, zoom: 9.25 } },
  ];
  for (const state of states) assert.deepEqual(read(`?${write("", state)}`), state);
});

test("the default is written as nothing, and other parameters stay", () => {
  assert.equal(write("?q=a+b&regions=none&layers=offices&zoom=3&in_view=1", DEFAULT), "q=a+b");
  assert.equal(write("?sector=ict&sector=energy", { ...DEFAULT, at: "gumi" }), "sector=ict&sector=energy&at=gumi");
});

test("commas stay readable, and a view has four decimals", () => {
  const state = { ...DEFAULT, overlays: ["complexes", "offices"], view: { lat: 35.123_456, lon: 128, zoom: 7 } };
  assert.equal(write("", state), "layers=complexes,offices&lat=35.1235&lon=128.0000&zoom=7");
});

test("each parameter is there, so that a form can let go of it", () => {
  const names = ["regions", "layers", "in_view", "at", "lat", "lon", "zoom"];
  assert.deepEqual(parameters(DEFAULT), names.map((name) => [name, ""]));
});
