// The map page: draws the GeoJSON of the list's own query string with Leaflet.
/* global L */
import { countOf, diameter, latLng, marks, placed, summary } from "./markers.js";

const SOUTH_KOREA = L.latLngBounds([33.1, 125.8], [38.6, 130.0]);
const BASE_MAP = L.latLngBounds([31, 122], [44, 134]);

const element = document.getElementById("map");
const words = { ...element.dataset };
const announcement = document.getElementById("announcement");
const list = () => document.getElementById("map-data");

element.replaceChildren(); // the server's picture, which stood in until now
const map = L.map(element, { maxBounds: BASE_MAP, maxBoundsViscosity: 1, maxZoom: 15, zoomSnap: 0.25 });
map.attributionControl.setPrefix('<a href="https://leafletjs.com">Leaflet</a>').addAttribution(words.attribution);
map.fitBounds(SOUTH_KOREA);
map.setMinZoom(map.getBoundsZoom(BASE_MAP, true)); // the base map ends there: never show its edge
const layer = L.featureGroup().addTo(map);

async function fetchJson(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.json();
}

async function drawBaseMap() {
  if (words.tiles) L.tileLayer(words.tiles, { attribution: words.tileAttribution }).addTo(map);
  const drawn = async (url, className) =>
    L.geoJSON(await fetchJson(url), { interactive: false, style: { className } });
  const layers = await Promise.all([drawn(words.neighbours, "neighbour"), drawn(words.provinces, "province")]);
  if (!words.tiles) layers.forEach((base) => base.addTo(map));
}

function node(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** Return the popup of a mark: its name and the list of its records, each a link to its page. */
function popup(title, features, pages) {
  const items = features.map(({ properties }) => {
    const link = node("a", { href: `${pages}${properties.slug}/`, textContent: properties.name });
    const detail = properties.edition ?? (properties.location_precision === "site" ? "" : roughness(properties));
    return node("li", {}, link, " ", node("span", { className: "aside", textContent: detail }));
  });
  return node("div", {}, node("h2", { textContent: title, tabIndex: -1 }), node("ul", {}, ...items));
}

const roughness = ({ location_precision: precision }) =>
  isRough(precision) ? words.rough.replace("{precision}", precision) : "";
const isRough = (precision) => precision === "municipality" || precision === "province";

function hubMarker(features, pages) {
  const { hub_name: name } = features[0].properties;
  const size = diameter(features.length);
  const icon = L.divIcon({
    className: "hub-marker",
    iconSize: [size, size],
    html: node("span", { textContent: features.length }),
  });
  const label = `${name}: ${countOf(features.length, words.oneCluster, words.clusters)}`;
  return mark(features, icon, label, popup(name, features, pages));
}

function complexMarker(features, pages) {
  const [{ properties }] = features;
  const rough = features.every((feature) => isRough(feature.properties.location_precision));
  const symbol = node("span", { className: `kind kind-${properties.kind}` });
  const icon = L.divIcon({
    className: rough ? "complex-marker is-rough" : "complex-marker",
    iconSize: [24, 24],
    html: symbol,
  });
  const label = features.map((feature) => feature.properties.name).join(", ");
  return mark(features, icon, label, popup(properties.municipality || label, features, pages));
}

function mark(features, icon, label, content) {
  const marker = L.marker(latLng(features[0]), { icon, title: label, riseOnHover: true });
  // The padding keeps the popup clear of the zoom buttons.
  marker.bindPopup(content, { minWidth: 200, autoPanPaddingTopLeft: [52, 8] });
  marker.on("add", () => marker.getElement().setAttribute("aria-label", label));
  marker.on("popupopen", () => content.querySelector("h2").focus({ preventScroll: true }));
  marker.on("popupclose", ({ popup }) => {
    // Only if the reader was inside: a click elsewhere has its own focus.
    if (popup.getElement().contains(document.activeElement)) marker.getElement()?.focus();
  });
  return marker;
}

let latest = 0;

/** Draw the records of the list's own query string; a later call wins over an earlier answer. */
async function drawRecords() {
  const { show, geojson, pages } = list().dataset;
  const turn = ++latest;
  const { features } = await fetchJson(geojson);
  if (turn !== latest) return;
  const draw = show === "clusters" ? hubMarker : complexMarker;
  layer.clearLayers();
  // From south to north, so that the tab key walks over the map in a line.
  const groups = marks(features, show).sort((a, b) => latLng(a[0])[0] - latLng(b[0])[0]);
  for (const group of groups) layer.addLayer(draw(group, pages));
  const asked = new URL(geojson, location.href).searchParams;
  asked.delete("show"); // says which map, and narrows nothing
  const filtered = asked.size > 0;
  // At once: a popup opened while the map still moves would come to lie beside it.
  const bounds = groups.length && filtered ? layer.getBounds().pad(0.2) : SOUTH_KOREA;
  map.fitBounds(bounds, { maxZoom: 11, animate: false });
  const missing = features.length - placed(features).length;
  announcement.textContent =
    summary(features, show, words) + (missing ? `, ${words.unplaced.replace("{n}", missing)}` : "");
  element.dataset.drawn = features.length; // for tests and style: how many records are on the map
}

const failed = (error) => {
  announcement.textContent = words.failed;
  console.error(error);
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") map.closePopup();
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target === event.detail.target) drawRecords().catch(failed); // htmx says it of each new element too
});
drawBaseMap().catch(failed);
drawRecords().catch(failed);
