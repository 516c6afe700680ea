// What is drawn where, how large, and what it is called.
import assert from "node:assert/strict";
import { test } from "node:test";

import {
  areCells, cellDiameter, diameter, holds, leadingOf, marksOf, placedMarks, recordsOf, short, spread, summary,
} from "../../static/js/map/marks.js";

const feature = (longitude, latitude, properties) => ({
  type: "Feature",
  geometry: { type: "Point", coordinates: [longitude, latitude] },
  properties,
});

const LABELS = {
  oneCluster: "1 mini cluster", clusters: "{n} mini clusters",
  oneComplex: "1 industrial complex", complexes: "{n} industrial complexes",
  oneHub: "at 1 hub", hubs: "at {n} hubs",
  oneCell: "in one circle", cells: "in {n} circles",
};

// --- Marks

test("a hub is one mark with its number, from south to north", () => {
  const features = [
    feature(127, 37.5, { hub: "seoul", name: "Seoul", n: 4, family: "electronics-ict" }),
    feature(129, 35.1, { hub: "busan", name: "Busan", n: 1, family: null }),
  ];
  assert.deepEqual(marksOf({ cells: false, features }, "clusters"), [
    { at: [35.1, 129], n: 1, slugs: [], type: "hub", key: "busan", name: "Busan", family: "" },
    { at: [37.5, 127], n: 4, slugs: [], type: "hub", key: "seoul", name: "Seoul", family: "electronics-ict" },
  ]);
});

const complex = (slug, kind, precision = "site", at = [128.4, 36.1]) =>
  feature(...at, { slug, name: slug.toUpperCase(), kind, location_precision: precision });

test("complexes at one point share a mark for each kind", () => {
  const features = [
    complex("a", "national", "municipality"),
    complex("b", "general"),
    complex("c", "national"),
    complex("d", "national", "province", [128.4, 36.2]),
  ];
  const marks = marksOf({ cells: false, features }, "complexes");
  assert.deepEqual(marks.map(({ slugs }) => slugs), [["a", "c"], ["b"], ["d"]]);
  assert.deepEqual(marks.map(({ n }) => n), [2, 1, 1]);
  assert.deepEqual(marks[0].names, ["A", "C"]);
  // A mark is rough only where all that it stands for are.
  assert.deepEqual(marks.map(({ rough }) => rough), [false, false, true]);
  assert.equal(new Set(marks.map(({ key }) => key)).size, 3);
});

test("a cell has its bounds as Leaflet wants them", () => {
  const features = [feature(128.5, 36.5, { n: 1200, bbox: [128, 36, 129, 37] })];
  for (const show of ["clusters", "complexes"]) {
    const [mark] = marksOf({ cells: true, features }, show);
    assert.deepEqual(mark, {
      at: [36.5, 128.5], n: 1200, slugs: [], type: "cell", key: "128,36,129,37", bounds: [[36, 128], [37, 129]],
    });
    assert.ok(areCells([mark]));
  }
  assert.ok(!areCells([]));
});

test("a record of an overlay is a mark of its type at its place", () => {
  const office = { slug: "gumi", name: "Gumi", latitude: 36, longitude: 128, location_precision: "province" };
  const [mark] = placedMarks([office], "office");
  assert.deepEqual([mark.type, mark.key, mark.at, mark.rough], ["office", "gumi", [36, 128], true]);
});

test("an entry of the list belongs to its hub, or to the mark that names it", () => {
  const hub = { type: "hub", key: "gumi", slugs: [] };
  assert.ok(holds(hub, { slug: "2016-gumi-mobile", hub: "gumi" }));
  assert.ok(!holds(hub, { slug: "gumi", hub: "busan" }));
  const two = { type: "complex", key: "1,2,national", slugs: ["gumi", "daebul"] };
  assert.ok(holds(two, { slug: "daebul" }));
  assert.ok(!holds(two, { slug: "busan" }));
  assert.ok(!holds({ type: "cell", key: "1", slugs: [] }, { slug: "busan", hub: "busan" }));
});

// --- Sizes and names

test("the area of a hub grows with its number, and none is too small to hit", () => {
  assert.deepEqual([1, 2, 4, 16].map(diameter), [24, 24, 30, 60]);
});

test("a cell grows by five pixels for ten times as many", () => {
  assert.deepEqual([1, 10, 100, 10_000].map(cellDiameter), [24, 29, 34, 44]);
});

test("a number is short enough for a circle", () => {
  assert.deepEqual([1, 999, 1000, 1249, 9949, 9950, 34_400].map(short),
    ["1", "999", "1.0k", "1.2k", "9.9k", "10k", "34k"]);
});

test("the families that lead somewhere come in their own order, and none else", () => {
  const families = { b: { name: "B" }, a: { name: "A" }, c: { name: "C" } };
  const marks = ["a", "", "b", "a", "gone"].map((family) => ({ type: "hub", family }));
  assert.deepEqual(leadingOf(marks, families), [["b", { name: "B" }], ["a", { name: "A" }]]);
  assert.deepEqual(leadingOf([{ type: "cell" }], families), []);
});

test("a set is said with its number, its hubs or its cells", () => {
  assert.equal(recordsOf(1, "clusters", LABELS), "1 mini cluster");
  assert.equal(recordsOf(0, "complexes", LABELS), "0 industrial complexes");
  const [hub, cell] = [{ type: "hub" }, { type: "cell" }];
  assert.equal(summary(12, [hub, hub], "clusters", LABELS), "12 mini clusters at 2 hubs");
  assert.equal(summary(1, [hub], "clusters", LABELS), "1 mini cluster at 1 hub");
  assert.equal(summary(9000, [cell, cell, cell], "clusters", LABELS), "9000 mini clusters, in 3 circles");
  assert.equal(summary(1, [{ type: "complex" }], "complexes", LABELS), "1 industrial complex");
});

// --- Moving apart

const length = ({ dx, dy }) => Math.hypot(dx, dy);
const after = (circles) =>
  spread(circles).map(({ dx, dy }, i) => ({ ...circles[i], x: circles[i].x + dx, y: circles[i].y + dy }));

test("circles that do not touch stay where they are", () => {
  assert.deepEqual(spread([]), []);
  for (const move of spread([{ x: 0, y: 0, r: 10 }, { x: 21, y: 0, r: 10 }])) assert.equal(length(move), 0);
});

test("two at one spot go left and right", () => {
  const [left, right] = spread([{ x: 5, y: 5, r: 12 }, { x: 5, y: 5, r: 12 }]);
  assert.ok(right.dx - left.dx >= 20);
  assert.equal(length({ dx: 0, dy: left.dy }) + length({ dx: 0, dy: right.dy }), 0);
});

test("what is fixed stays; the others leave it, and far from it none moves", () => {
  const hub = { x: 0, y: 0, r: 20, fixed: true };
  const moves = spread([hub, ...[0, 0, 90, 91].map((x) => ({ x, y: 0, r: 7 }))]);
  for (const i of [0, 3, 4]) assert.equal(length(moves[i]), 0);
  for (const i of [1, 2]) assert.ok(length(moves[i]) >= 23 && length(moves[i]) <= 26, String(length(moves[i])));
  assert.notDeepEqual(moves[1], moves[2]);
  // Also where it comes last.
  const [moved, kept] = spread([{ x: 1, y: 0, r: 7 }, hub]);
  assert.deepEqual([Math.round(length(moved)), length(kept)], [23, 0]);
});

test("of a crowd each shows most of itself", () => {
  const crowd = [0, 8, 16, 24].flatMap((x) => [0, 8].map((y) => ({ x, y: y + x / 10, r: 10 })));
  const moved = after(crowd);
  for (const [i, a] of moved.entries()) {
    for (const b of moved.slice(i + 1)) assert.ok(Math.hypot(a.x - b.x, a.y - b.y) > 0.6 * (a.r + b.r));
  }
});

test("no round moves nothing", () => {
  for (const move of spread([{ x: 5, y: 5, r: 12 }, { x: 5, y: 5, r: 12 }], 0)) assert.equal(length(move), 0);
});
