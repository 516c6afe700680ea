// The legend below the map: what it says of regions and families, and which of its other parts are shown.
import { leadingOf } from "./marks.js";
import { drawing, node } from "./markers.js";

/** Show or hide a part of the legend: "hubs", "cells", "lines", or that of an overlay. */
export function showPart(name, shown) {
  document.getElementById(`legend-${name}`)?.toggleAttribute("hidden", !shown);
}

const regionEntry = (className, text) =>
  node("li", {}, node("span", { className: `swatch ${className}`, ariaHidden: "true" }), text);

const familyKey = (slug, path) => drawing(`shape-key family-${slug}`, 11, [{ d: path, transform: "scale(8)" }]);

/** Write the classes of the regions' numbers; without ``counted`` none are drawn. */
export function writeRegions(counted, name, show) {
  const list = document.getElementById("legend-regions");
  const labels = list.dataset;
  if (!counted) return list.replaceChildren();
  const title = (name === "zone" ? labels.zone : labels.panRegion).replace("{noun}", labels[show]);
  const entries = counted.classes.map(([step, text]) => regionEntry(`step-${step}`, text));
  const edition = Object.values(counted.regions).find((region) => region.pictured)?.pictured;
  if (edition) entries.push(regionEntry("is-pictured", labels.pictured.replace("{edition}", edition)));
  return list.replaceChildren(node("li", { textContent: title }), ...entries);
}

/** Write the families that lead at these marks; ``families`` is {slug: {name, path}} of all, in their order. */
export function writeFamilies(marks, families) {
  const list = document.getElementById("legend-families");
  if (!list) return;
  const leading = leadingOf(marks, families);
  list.hidden = leading.length === 0;
  list.replaceChildren(
    node("li", { textContent: list.dataset.title }),
    ...leading.map(([slug, { name, path }]) => node("li", {}, familyKey(slug, path), name)),
  );
}
