// The regions as areas: focusable, named, in the class of their number, and their part of the legend.
/* global L */
import { node } from "./markers.js";

/** Return a Leaflet layer of areas; ``choose`` is called with a slug by click, Enter or the space bar. */
export function regionLayer(collection, choose) {
  const layer = L.geoJSON(collection, {
    style: { className: "region", fillOpacity: 1 },
    onEachFeature({ properties: { slug } }, area) {
      area.on("click", () => {
        area.closeTooltip();
        choose(slug);
      });
      // A node: Leaflet would take a text for HTML.
      const tip = () => node("span", { textContent: area.words ?? "" });
      area.bindTooltip(tip, { sticky: true, opacity: 1, className: "region-tip" });
      area.on("add", () => {
        const path = area.getElement();
        path.setAttribute("tabindex", "0");
        path.setAttribute("role", "button");
        path.addEventListener("keydown", (event) => {
          if (event.key !== "Enter" && event.key !== " ") return;
          event.preventDefault();
          choose(slug);
        });
      });
    },
  });
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") layer.eachLayer((area) => area.closeTooltip());
  });
  return layer;
}

/** Say and colour the areas by what the server counted: {slug: {label, step, chosen, pictured}}. */
export function paint(layer, regions) {
  layer.eachLayer((area) => {
    const path = area.getElement();
    const region = regions[area.feature.properties.slug];
    if (!path || !region) return;
    for (const name of [...path.classList].filter((it) => it.startsWith("step-"))) path.classList.remove(name);
    path.classList.add(`step-${region.step}`);
    path.classList.toggle("is-chosen", region.chosen);
    path.classList.toggle("is-pictured", region.pictured);
    path.setAttribute("aria-label", region.label);
    path.setAttribute("aria-pressed", String(region.chosen));
    area.words = region.label;
    if (region.chosen) raise(area, path);
  });
}

/** Put an area over its neighbours, whose borders would cut its own; what is moved loses the focus. */
function raise(area, path) {
  const focused = path === document.activeElement;
  area.bringToFront();
  if (focused) path.focus({ preventScroll: true });
}

/** Write the classes of the numbers into the legend. */
export function legend(regions, name, show) {
  const list = document.getElementById("legend-regions");
  const words = list.dataset;
  if (!regions) return list.replaceChildren();
  const entry = (className, text) =>
    node("li", {}, Object.assign(node("span", { className: `swatch ${className}` }), { ariaHidden: "true" }), text);
  const title = (name === "zone" ? words.zone : words.panRegion).replace("{noun}", words[show]);
  const entries = regions.classes.map(([step, text]) => entry(`step-${step}`, text));
  const pictured = Object.values(regions.regions).some((region) => region.pictured);
  if (pictured) entries.push(entry("is-pictured", words.pictured));
  list.replaceChildren(node("li", { textContent: title }), ...entries);
}
