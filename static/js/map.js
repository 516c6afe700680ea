// The map page: draws the records of the list's own query string, and keeps list, map and address as one.
/* global L */
import * as address from "./map_address.js";
import { hoverBox } from "./map_boxes.js";
import { addControl, drawLines, fetchJson, overlay } from "./map_layers.js";
import * as list from "./map_list.js";
import { complexMarker, hubMarker, node } from "./map_marks.js";
import { legend, paint, regionLayer } from "./map_regions.js";
import { countOf, latLng, letters, markOf, marks, placed, spread, summary } from "./markers.js";

const SOUTH_KOREA = L.latLngBounds([33.1, 125.8], [38.6, 130.0]);
const BASE_MAP = L.latLngBounds([31, 122], [44, 134]);

const element = document.getElementById("map");
const words = { ...element.dataset };
const announcement = document.getElementById("announcement");
const say = (text) => { announcement.textContent = text; };

element.replaceChildren(); // the server's picture, which stood in until now
const map = L.map(element, { maxBounds: BASE_MAP, maxBoundsViscosity: 1, maxZoom: 15, zoomSnap: 0.25 });
map.attributionControl.setPrefix('<a href="https://leafletjs.com">Leaflet</a>').addAttribution(words.attribution);
map.createPane("base").style.zIndex = 200;
map.createPane("lines").style.zIndex = 450;
map.getPane("lines").style.pointerEvents = "none";
map.fitBounds(SOUTH_KOREA);
map.setMinZoom(map.getBoundsZoom(BASE_MAP, true)); // the base map ends there: never show its edge
const records = L.featureGroup().addTo(map);
const overlays = { complexes: L.featureGroup(), offices: L.featureGroup() };
const lines = L.featureGroup([], { pane: "lines" }).addTo(map);
const box = hoverBox(map);
const areas = {}; // the layers of regions that were fetched, by name
let features = [];

const failed = (error) => {
  say(words.failed);
  console.error(error);
};

// --- The land and its regions

const land = {};
async function showLand(name, wanted) {
  if (words.tiles) return;
  const style = { className: name === "neighbours" ? "neighbour" : "province" };
  const options = { interactive: false, pane: "base", renderer: L.svg({ pane: "base" }), style };
  if (wanted) land[name] ??= L.geoJSON(await fetchJson(words[name]), options);
  if (wanted) land[name].addTo(map);
  else land[name]?.remove();
}

/** Draw the chosen layer of regions; the provinces are fetched only where no region covers them. */
async function showRegions() {
  const { regions: name } = address.current();
  const file = { zone: words.zone, pan_region: words.panRegion }[name];
  if (file) areas[name] ??= regionLayer(await fetchJson(file), (slug) => choose(name, slug));
  if (name !== address.current().regions) return; // chosen otherwise meanwhile
  for (const [other, layer] of Object.entries(areas)) if (other !== name) layer.remove();
  if (file) areas[name].addTo(map);
  const counted = list.layers().layers[name];
  if (file) paint(areas[name], counted.regions);
  legend(counted, name, list.source().show);
  element.dataset.regions = name; // for tests: which regions are drawn
  await showLand("provinces", !file);
}

/** Filter to a region, or let go of it if it is the chosen one, through the form as a visitor would. */
function choose(name, slug) {
  const form = document.querySelector("#filters form");
  const was = list.layers().layers[name].regions[slug]?.chosen;
  for (const input of form.querySelectorAll("[name=zone], [name=pan_region]")) input.checked = false;
  if (!was) {
    const known = form.querySelector(`#${CSS.escape(`${name}-${slug}`)}`);
    if (known) known.checked = true;
    else form.append(node("input", { type: "hidden", name, value: slug }));
  }
  form.requestSubmit();
}

// --- The records

/** Move markers apart that would cover each other at this zoom. */
function spreadMarkers() {
  const markers = records.getLayers().filter((marker) => marker.radius);
  const circles = markers.map((marker) => ({ ...map.latLngToLayerPoint(marker.getLatLng()), r: marker.radius }));
  if (list.source().show !== "clusters") return;
  for (const [i, { dx, dy }] of spread(circles).entries()) {
    const { style } = markers[i].getElement();
    style.marginLeft = `${dx - markers[i].radius}px`;
    style.marginTop = `${dy - markers[i].radius}px`;
  }
}

function light(marker) {
  for (const other of records.getLayers()) other.getElement()?.classList.toggle("is-lit", other === marker);
}

function drawSectors(markers, sectors) {
  const found = Object.keys(sectors).filter((slug) => markers.some(({ sector }) => sector === slug));
  const key = (slug) => node("span", { className: `sector-key sector-${slug}`, textContent: letters(slug) });
  const entries = document.getElementById("legend-sectors");
  entries?.replaceChildren(
    node("li", { textContent: entries.dataset.title }),
    ...found.map((slug) => node("li", {}, key(slug), sectors[slug])),
  );
}

/** Fit the map to what is found, or to the region chosen, or to the whole of the country. */
function fit(groups, filtered) {
  map.invalidateSize(false); // the legend may have taken room
  const { regions: name, view } = address.current();
  if (view) return map.setView([view.lat, view.lon], view.zoom, { animate: false });
  const counted = list.layers().layers[name]?.regions ?? {};
  const chosen = areas[name]?.getLayers().find((area) => counted[area.feature.properties.slug]?.chosen);
  let bounds = SOUTH_KOREA;
  if (chosen) bounds = chosen.getBounds();
  else if (groups.length && filtered) bounds = records.getBounds().pad(0.2);
  // At once: a popup opened while the map still moves would come to lie beside it.
  return map.fitBounds(bounds, { maxZoom: 11, animate: false });
}

let latest = 0;

/** Draw the records of the list's own query string; a later call wins over an earlier answer. */
async function drawRecords() {
  const { show, geojson, pages } = list.source();
  const turn = ++latest;
  const [answer] = await Promise.all([fetchJson(geojson), showRegions()]);
  if (turn !== latest) return;
  features = answer.features;
  const draw = show === "clusters" ? hubMarker : complexMarker;
  const { sectors } = list.layers();
  records.clearLayers();
  lines.clearLayers();
  box.hide();
  // From south to north, so that the tab key walks over the map in a line.
  const groups = marks(features, show).sort((a, b) => latLng(a[0])[0] - latLng(b[0])[0]);
  const markers = groups.map((group) => draw(group, { pages, words, sectors }));
  for (const marker of markers) {
    records.addLayer(marker);
    watch(marker);
  }
  drawSectors(markers, sectors);
  const asked = new URL(geojson, location.href).searchParams;
  // These say which map, and how it is drawn, and narrow nothing.
  for (const name of ["show", "regions", "layers", "in_view"]) asked.delete(name);
  fit(groups, asked.size > 0);
  spreadMarkers();
  showInView();
  const missing = features.length - placed(features).length;
  say(summary(features, show, words) + (missing ? `, ${words.unplaced.replace("{n}", missing)}` : ""));
  element.dataset.drawn = features.length; // for tests and style: how many records are on the map
  markers.find(({ key }) => key === address.current().at)?.openPopup();
}

/** Let a marker show its box, light its entries, and be the chosen one in the address. */
function watch(marker) {
  const slugs = marker.features.map(({ properties }) => properties.slug);
  box.watch(marker, (lit) => list.light(lit ? slugs : []));
  marker.on("popupopen", () => {
    address.keep({ at: marker.key });
    if (list.source().show === "clusters") connect(marker).catch(failed);
  });
  marker.on("popupclose", () => {
    address.keep({ at: "" });
    lines.clearLayers();
    document.getElementById("legend-lines").hidden = true;
  });
}

async function connect(marker) {
  const names = await drawLines(lines, marker.key, marker.getLatLng());
  if (!marker.isPopupOpen()) {
    lines.clearLayers();
    return;
  }
  document.getElementById("legend-lines").hidden = names.length === 0;
  element.dataset.connected = names.length; // for tests: how many lines are drawn
  const note = node("p", { className: "aside", textContent: words.connected.replace("{names}", names.join(", ")) });
  const content = marker.getPopup().getContent();
  if (names.length === 0 || content.querySelector("p")) return;
  const focused = document.activeElement; // Leaflet puts the content in anew, which would lose it
  content.append(note);
  marker.getPopup().update();
  if (content.contains(focused)) focused.focus({ preventScroll: true });
}

async function showOverlays() {
  const { layers } = address.current();
  for (const [name, group] of Object.entries(overlays)) {
    group.clearLayers().remove();
    const legendOf = document.getElementById(name === "offices" ? "legend-offices" : "legend-kinds");
    const wanted = layers.includes(name) && !(name === "complexes" && list.source().show === "complexes");
    legendOf.hidden = !wanted && !(name === "complexes" && list.source().show === "complexes");
    if (!wanted) continue;
    group.addTo(map);
    for (const marker of await overlay(name, words)) {
      marker.setZIndexOffset(-2000); // under the hubs
      group.addLayer(marker);
      box.watch(marker, () => {});
    }
    element.dataset[`overlay${name}`] = group.getLayers().length; // for tests
  }
}

// --- Only what is in view

function showInView(spoken = false) {
  const { inView } = address.current();
  const { show } = list.source();
  const bounds = map.getBounds();
  const seen = placed(features).filter((feature) => bounds.contains(latLng(feature)));
  const slugs = new Set(seen.map(({ properties }) => properties.slug));
  const shown = list.showOnly((slug) => !inView || slugs.has(slug));
  const all = show === "clusters" ? countOf(features.length, words.oneCluster, words.clusters)
    : countOf(features.length, words.oneComplex, words.complexes);
  const text = inView ? words.inView.replace("{n}", shown).replace("{total}", all) : "";
  list.showInView(inView, text);
  if (spoken) say(text || summary(features, show, words));
}

// --- What the reader does

list.onPoint((slug) => {
  const feature = placed(features).find(({ properties }) => properties.slug === slug);
  const key = feature && markOf(feature, list.source().show);
  light(records.getLayers().find((marker) => marker.key === key) ?? null);
});

// In the capturing phase, before htmx: these change the drawing alone and ask the server for nothing.
document.addEventListener("change", (event) => {
  const { id, name, value, checked } = event.target;
  if (name === "regions") {
    address.keep({ regions: value, view: null });
    showRegions().catch(failed);
  } else if (id === "in-view") {
    address.keep({ inView: checked });
    showInView(true);
  } else {
    return;
  }
  event.stopPropagation();
}, true);

let moving = false; // whether the reader moves the map, and not the page
for (const kind of ["mousedown", "touchstart", "wheel", "keydown", "click"]) {
  element.addEventListener(kind, () => { moving = true; }, { capture: true, passive: true });
}
new ResizeObserver(() => {
  const was = moving;
  moving = false;
  map.invalidateSize(false);
  moving = was;
}).observe(element);
map.on("zoomend", spreadMarkers);
map.on("moveend", () => {
  if (!features.length) return;
  if (moving) {
    const { lat, lng: lon } = map.getCenter();
    address.keep({ view: { lat, lon, zoom: map.getZoom() } });
  }
  showInView(moving && address.current().inView);
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target !== event.detail.target) return; // htmx says it of each new element too
  moving = false;
  list.showSheet();
  drawRecords().catch(failed);
  showOverlays().catch(failed);
});

document.querySelector(".map-page").classList.add("has-script");
list.showSheet();
addControl(map, words, address.current().layers, (layers) => {
  address.keep({ layers });
  showOverlays().catch(failed);
});
showLand("neighbours", true).catch(failed);
if (words.tiles) L.tileLayer(words.tiles, { attribution: words.tileAttribution }).addTo(map);
drawRecords().then(showOverlays).catch(failed);
