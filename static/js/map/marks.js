// Pure functions: what is drawn where, and what it is called. No DOM, no Leaflet.
//
// A mark is {type, key, at: [latitude, longitude], n, slugs} and, by its type:
// "hub" name, family; "complex" names, kind, rough; "cell" bounds: [[south, west], [north, east]]; any other, of an
// overlay, name, rough.

/** Group items by a key of theirs, in the order of first appearance. Return an array of arrays. */
function groupBy(items, key) {
  const groups = new Map();
  for (const item of items) {
    const name = key(item);
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(item);
  }
  return [...groups.values()];
}

/** Return [latitude, longitude], as Leaflet wants it, of a feature. */
const latLng = ({ geometry: { coordinates: [longitude, latitude] } }) => [latitude, longitude];

/** Tell whether a point is only that of its municipality or province. */
const isRough = ({ location_precision: precision }) =>
  precision === "municipality" || precision === "province";

/** Return what names a complex's mark: its exact point and its kind, as a symbol says one kind. */
const keyOf = ({ geometry, properties }) => [...geometry.coordinates, properties.kind].join();

// From south to north, so that the tab key walks over the map in a line.
const southFirst = (marks) => marks.toSorted((a, b) => a.at[0] - b.at[0]);

/** Return a mark for each kind of complex at each point. */
function complexMarks(features) {
  return groupBy(features, keyOf).map((group) => ({
    type: "complex",
    key: keyOf(group[0]),
    at: latLng(group[0]),
    n: group.length,
    slugs: group.map(({ properties }) => properties.slug),
    names: group.map(({ properties }) => properties.name),
    kind: group[0].properties.kind,
    rough: group.every(({ properties }) => isRough(properties)),
  }));
}

/** Return the marks of an answer of the server's map data: cells with their number, or single marks. */
export function marksOf({ cells, features }, show) {
  if (!cells && show !== "clusters") return southFirst(complexMarks(features));
  const marks = features.map((feature) => {
    const { bbox, hub, n, name, family } = feature.properties;
    const mark = { at: latLng(feature), n, slugs: [] };
    if (!cells) return { ...mark, type: "hub", key: hub, name, family: family ?? "" };
    const [west, south, east, north] = bbox;
    return { ...mark, type: "cell", key: bbox.join(), bounds: [[south, west], [north, east]] };
  });
  return southFirst(marks);
}

/** Return marks of this type for the records of an overlay that the page itself holds. */
export const placedMarks = (records, type) =>
  records.map((record) => ({
    type,
    key: record.slug,
    at: [record.latitude, record.longitude],
    n: 1,
    slugs: [],
    name: record.name,
    rough: isRough(record),
  }));

export const areCells = (marks) => marks.some(({ type }) => type === "cell");

/** Tell whether an entry of the list, {slug, hub}, is one of a mark's records. */
export const holds = (mark, { slug, hub }) => (mark.type === "hub" ? mark.key === hub : mark.slugs.includes(slug));

/** Return the diameter in pixels of a hub's marker: its area grows with the number of mini clusters. */
export const diameter = (count) => Math.round(Math.max(24, 15 * Math.sqrt(count)));

/** Return the diameter in pixels of a cell's: of one record 24, and 5 more for ten times as many (a cell is 48 wide). */
export const cellDiameter = (count) => Math.round(24 + 5 * Math.log10(count));

/** Return the number as it fits into a circle: 950, 1.2k, 34k. */
export function short(count) {
  if (count < 1000) return String(count);
  const thousands = count / 1000;
  return `${thousands < 9.95 ? thousands.toFixed(1) : Math.round(thousands)}k`;
}

/** Return [slug, family] of those that lead at any of the marks; ``families`` is by slug, in order. */
export const leadingOf = (marks, families) =>
  Object.entries(families).filter(([slug]) => marks.some(({ family }) => family === slug));

/** Return the key of a square of the plane. */
const square = (column, row) => column * 10_000 + row;

/**
 * Move circles {x, y, r, fixed} in pixels apart until each shows most of itself; two at one spot go left and right.
 * Where some are fixed, the others keep clear of these, but not of each other. Return {dx, dy} for each, in the
 * same order.
 */
export function spread(circles, rounds = 12) {
  const moved = circles.map(({ x, y, r, fixed = false }) => ({ x, y, r, fixed }));
  const around = circles.some(({ fixed }) => fixed);
  // Only neighbours can touch: circles are looked up by square, and a square is as wide as the widest circle.
  const side = 2 * Math.max(1, ...circles.map(({ r }) => r));
  for (let round = 0; round < rounds; round += 1) {
    const squares = new Map();
    const index = (value) => Math.floor(value / side);
    for (const [i, { x, y }] of moved.entries()) {
      const own = square(index(x), index(y));
      if (!squares.has(own)) squares.set(own, []);
      squares.get(own).push(i);
    }
    let touched = false;
    for (const [i, a] of moved.entries()) {
      const [column, row] = [index(a.x), index(a.y)];
      for (let n = 0; n < 9; n += 1) {
        for (const j of squares.get(square(column - 1 + (n % 3), row - 1 + Math.floor(n / 3))) ?? []) {
          if (j > i && !(around && a.fixed === moved[j].fixed)) touched = push(a, moved[j], around ? j : 0) || touched;
        }
      }
    }
    if (!touched) break;
  }
  return moved.map(({ x, y }, i) => ({ dx: Math.round(x - circles[i].x), dy: Math.round(y - circles[i].y) }));
}

/** Move two circles apart if they cover each other; tell whether they did. At one spot ``n`` says in which direction. */
function push(a, b, n) {
  const wanted = 0.9 * (a.r + b.r);
  const distance = Math.hypot(b.x - a.x, b.y - a.y);
  if (distance >= wanted) return false;
  const [ux, uy] = distance ? [(b.x - a.x) / distance, (b.y - a.y) / distance] : [Math.cos(n), Math.sin(n)];
  const share = a.fixed ? 0 : b.fixed ? 1 : 0.5; // of the way, for the first
  const step = wanted - distance;
  a.x -= ux * step * share;
  a.y -= uy * step * share;
  b.x += ux * step * (1 - share);
  b.y += uy * step * (1 - share);
  return true;
}

/** Return "1 hub" or "4 hubs" from the two labels, "{n}" standing for the number. */
const countOf = (n, one, many) => (n === 1 ? one : many.replace("{n}", n));

/** Return the number of records in words: "12 mini clusters". */
export const recordsOf = (n, show, labels) =>
  show === "clusters" ? countOf(n, labels.oneCluster, labels.clusters) : countOf(n, labels.oneComplex, labels.complexes);

/** Return what a screen reader hears of a set: "12 mini clusters at 4 hubs", or of one too large for that, the cells. */
export function summary(total, marks, show, labels) {
  const text = recordsOf(total, show, labels);
  if (areCells(marks)) return `${text}, ${countOf(marks.length, labels.oneCell, labels.cells)}`;
  return show === "clusters" ? `${text} ${countOf(marks.length, labels.oneHub, labels.hubs)}` : text;
}
