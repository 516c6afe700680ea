// The marks on the map as Leaflet markers: hubs, complexes, offices, and the boxes that say what they hold.
/* global L */
import { countOf, diameter, isRough, latLng, leadingSector, letters } from "./markers.js";

export function node(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

const roughness = (properties, words) =>
  isRough(properties) ? words.rough.replace("{precision}", properties.location_precision) : "";

/** Return the popup of a mark: its name and the list of its records, each a link to its page. */
function popup(title, features, pages, words) {
  const items = features.map(({ properties }) => {
    const link = node("a", { href: `${pages}${properties.slug}/`, textContent: properties.name });
    const detail = properties.edition ?? roughness(properties, words);
    return node("li", {}, link, " ", node("span", { className: "aside", textContent: detail }));
  });
  return node("div", {}, node("h2", { textContent: title, tabIndex: -1 }), node("ul", {}, ...items));
}

/** Return the box that is seen while a mark is pointed at: the names, without links. */
function preview(title, lines) {
  const items = lines.map((line) => node("li", { textContent: line }));
  return node("div", {}, node("b", { textContent: title }), node("ul", {}, ...items));
}

function mark(features, icon, label, title, content) {
  const marker = L.marker(latLng(features[0]), { icon, alt: label, riseOnHover: true });
  const lines = features.map(({ properties }) => properties.name);
  marker.features = features;
  marker.preview = preview(title, lines);
  // The padding keeps the popup clear of the zoom buttons.
  marker.bindPopup(content, { minWidth: 200, maxWidth: 280, autoPanPaddingTopLeft: [52, 8] });
  marker.on("add", () => marker.getElement().setAttribute("aria-label", label));
  marker.on("popupopen", () => content.querySelector("h2").focus({ preventScroll: true }));
  return marker;
}

export function hubMarker(features, { pages, words, sectors }) {
  const { hub, hub_name: name } = features[0].properties;
  const size = diameter(features.length);
  const sector = leadingSector(features, Object.keys(sectors));
  const number = node("span", { textContent: features.length });
  number.dataset.letters = letters(sector);
  const icon = L.divIcon({ className: `hub-marker sector-${sector}`, iconSize: [size, size], html: number });
  const leading = sectors[sector] ? `, ${words.leading.replace("{sector}", sectors[sector])}` : "";
  const label = `${name}: ${countOf(features.length, words.oneCluster, words.clusters)}`;
  const marker = mark(features, icon, label + leading, label, popup(label, features, pages, words));
  return Object.assign(marker, { key: hub, radius: size / 2, sector });
}

export function complexMarker(features, { pages, words }) {
  const [{ properties, geometry }] = features;
  const rough = features.every((feature) => isRough(feature.properties));
  const icon = L.divIcon({
    className: rough ? "complex-marker is-rough" : "complex-marker",
    iconSize: [24, 24],
    html: node("span", { className: `kind kind-${properties.kind}` }),
  });
  const label = features.map((feature) => feature.properties.name).join(", ");
  const title = properties.municipality || label;
  const marker = mark(features, icon, label, title, popup(title, features, pages, words));
  return Object.assign(marker, { key: geometry.coordinates.join(), radius: 12 });
}

export function officeMarker(office, words) {
  const label = words.office.replace("{name}", office.name);
  const icon = L.divIcon({
    className: isRough(office) ? "office-marker is-rough" : "office-marker",
    iconSize: [24, 24],
    html: node("span", { className: "office-mark" }),
  });
  const content = node(
    "div",
    {},
    node("h2", { textContent: office.name, tabIndex: -1 }),
    node("p", { textContent: office.address }),
    node("p", { className: "aside", textContent: roughness(office, words) }),
  );
  const feature = { geometry: { coordinates: [office.longitude, office.latitude] }, properties: office };
  const marker = mark([feature], icon, label, label, content);
  marker.preview = preview(label, [office.address]);
  return Object.assign(marker, { key: `office-${office.slug}`, radius: 12 });
}
