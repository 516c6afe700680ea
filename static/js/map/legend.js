// The legend below the map: what it says of regions and sectors, and which of its other parts are shown.
import { letters } from "./marks.js";
import { node } from "./markers.js";

/** Show or hide a part of the legend: "hubs", "cells", "squares", "kinds", "offices" or "lines". */
export function showPart(name, shown) {
  document.getElementById(`legend-${name}`)?.toggleAttribute("hidden", !shown);
}

const regionEntry = (className, text) =>
  node("li", {}, node("span", { className: `swatch ${className}`, ariaHidden: "true" }), text);

const sectorKey = (slug) => node("span", { className: `sector-key sector-${slug}`, textContent: letters(slug) });

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

/** Write the sectors that lead at these marks; ``sectors`` is {slug: label} of all, in their order. */
export function writeSectors(marks, sectors) {
  const list = document.getElementById("legend-sectors");
  if (!list) return;
  const leading = Object.keys(sectors).filter((slug) => marks.some(({ sector }) => sector === slug));
  list.hidden = leading.length === 0;
  list.replaceChildren(
    node("li", { textContent: list.dataset.title }),
    ...leading.map((slug) => node("li", {}, sectorKey(slug), sectors[slug])),
  );
}
