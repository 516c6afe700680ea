// Pure functions over GeoJSON features: what is drawn where. No DOM, no Leaflet.

/** Group features by a key of theirs, in the order of first appearance. Return an array of arrays. */
export function groupBy(features, key) {
  const groups = new Map();
  for (const feature of features) {
    const name = key(feature);
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(feature);
  }
  return [...groups.values()];
}

/** Return the features that have a point. */
export const placed = (features) => features.filter((feature) => feature.geometry !== null);

/** Return what names a feature's mark: its hub, or for complexes its exact point. */
export const markOf = (feature, show) =>
  show === "clusters" ? feature.properties.hub : feature.geometry.coordinates.join();

/** Group what shares a mark: mini clusters by hub, complexes by their exact point. */
export const marks = (features, show) => groupBy(placed(features), (feature) => markOf(feature, show));

/** Return the diameter in pixels of a hub's marker: its area grows with the number of mini clusters. */
export const diameter = (count) => Math.round(Math.max(24, 15 * Math.sqrt(count)));

/** Return [latitude, longitude], as Leaflet wants it, of a feature. */
export const latLng = (feature) => [...feature.geometry.coordinates].reverse();

/** Tell whether a point is only that of its municipality or province. */
export const isRough = ({ location_precision: precision }) =>
  precision === "municipality" || precision === "province";

/** Return the sector that most of the features have; of equals the one that comes first in ``order``. */
export function leadingSector(features, order) {
  const counts = new Map();
  for (const { properties } of features) {
    for (const sector of (properties.sectors ?? "").split("; ").filter(Boolean)) {
      counts.set(sector, (counts.get(sector) ?? 0) + 1);
    }
  }
  const rank = (sector) => (order.indexOf(sector) + order.length + 1) % (order.length + 1);
  const sorted = [...counts].sort(([a, m], [b, n]) => n - m || rank(a) - rank(b));
  return sorted[0]?.[0] ?? "";
}

/** Return the letters that stand for a sector: "AUT" for automotive. */
export const letters = (sector) => sector.slice(0, 3).toUpperCase();

/**
 * Move circles {x, y, r} in pixels apart until each shows most of itself; two at one spot go left and right.
 * Return {dx, dy} for each, in the same order.
 */
export function spread(circles, rounds = 12) {
  const moved = circles.map(({ x, y, r }) => ({ x, y, r }));
  for (let round = 0; round < rounds; round += 1) {
    for (const [i, a] of moved.entries()) {
      for (const b of moved.slice(i + 1)) {
        const wanted = 0.9 * (a.r + b.r);
        const distance = Math.hypot(b.x - a.x, b.y - a.y);
        if (distance >= wanted) continue;
        const [ux, uy] = distance ? [(b.x - a.x) / distance, (b.y - a.y) / distance] : [1, 0];
        const step = (wanted - distance) / 2;
        a.x -= ux * step;
        a.y -= uy * step;
        b.x += ux * step;
        b.y += uy * step;
      }
    }
  }
  return moved.map(({ x, y }, i) => ({ dx: Math.round(x - circles[i].x), dy: Math.round(y - circles[i].y) }));
}

/** Return "1 hub" or "4 hubs" from the two wordings, "{n}" standing for the number. */
export const countOf = (n, one, many) => (n === 1 ? one : many.replace("{n}", n));

/** Return what a screen reader hears of a set: "12 mini clusters at 4 hubs". */
export function summary(features, show, words) {
  const total = features.length;
  if (show !== "clusters") return countOf(total, words.oneComplex, words.complexes);
  const hubs = new Set(features.map((feature) => feature.properties.hub)).size;
  return `${countOf(total, words.oneCluster, words.clusters)} ${countOf(hubs, words.oneHub, words.hubs)}`;
}
