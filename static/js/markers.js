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

/** Group what shares a mark: mini clusters by hub, complexes by their exact point. */
export function marks(features, show) {
  const key =
    show === "clusters"
      ? (feature) => feature.properties.hub
      : (feature) => feature.geometry.coordinates.join();
  return groupBy(placed(features), key);
}

/** Return the diameter in pixels of a hub's marker: its area grows with the number of mini clusters. */
export const diameter = (count) => Math.round(Math.max(24, 15 * Math.sqrt(count)));

/** Return [latitude, longitude], as Leaflet wants it, of a feature. */
export const latLng = (feature) => [...feature.geometry.coordinates].reverse();

/** Return "1 hub" or "4 hubs" from the two wordings, "{n}" standing for the number. */
export const countOf = (n, one, many) => (n === 1 ? one : many.replace("{n}", n));

/** Return what a screen reader hears of a set: "12 mini clusters at 4 hubs". */
export function summary(features, show, words) {
  const total = features.length;
  if (show !== "clusters") return countOf(total, words.oneComplex, words.complexes);
  const hubs = new Set(features.map((feature) => feature.properties.hub)).size;
  return `${countOf(total, words.oneCluster, words.clusters)} ${countOf(hubs, words.oneHub, words.hubs)}`;
}
