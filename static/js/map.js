// The map page: draws the records of the list's own query string, and keeps list, map and address as one.
/* global L */
import * as address from "./map_address.js";
import { bindPopup, hoverBox } from "./map_boxes.js";
import { get } from "./map_fetch.js";
import { marksLayer } from "./map_layers.js";
import * as list from "./map_list.js";
import { node } from "./map_marks.js";
import { overlays } from "./map_overlays.js";
import { legend, paint, regionLayer } from "./map_regions.js";
import { latLng, letters, marksOfRecords, marksOfView, placed, recordsOf, summary } from "./markers.js";
import { viewSource } from "./map_view.js";

const REST = 150; // milliseconds after a move before the list follows

const element = document.getElementById("map");
const words = { ...element.dataset };
const SOUTH_KOREA = L.latLngBounds(JSON.parse(words.country));
const BASE_MAP = L.latLngBounds(JSON.parse(words.baseMap));
const announcement = document.getElementById("announcement");
const say = (text) => { announcement.textContent = text; };

element.replaceChildren(); // the server's picture, which stood in until now
const map = L.map(element, { maxBounds: BASE_MAP, maxBoundsViscosity: 1, maxZoom: 15, zoomSnap: 0.25 });
map.attributionControl.setPrefix('<a href="https://leafletjs.com">Leaflet</a>').addAttribution(words.attribution);
map.createPane("base").style.zIndex = 200;
map.createPane("lines").style.zIndex = 610; // over the marks, which would hide where the lines end
map.getPane("lines").style.pointerEvents = "none";
// Under the records, whose own pane has 600.
for (const [i, name] of ["complexes", "offices"].entries()) map.createPane(name).style.zIndex = 590 + i;
// The base map ends there: never show its edge. Before the first view, which would be moved away from it slowly.
map.setMinZoom(map.getBoundsZoom(BASE_MAP, true));
map.fitBounds(SOUTH_KOREA);
const records = marksLayer(map, "markerPane", { added: watch, drawn: openChosen });
const lines = L.featureGroup([], { pane: "lines" }).addTo(map);
const box = hoverBox(map, words);
const view = viewSource(map, SOUTH_KOREA, drawView, failedRecords);
const areas = {}; // the layers of regions that were fetched, by name
let features = []; // the records, where they came in one answer
let total = 0;

const notice = document.getElementById("map-failed");
function failed(error) {
  notice.hidden = false;
  say(words.failed);
  console.error(error);
}

/** Of the records none is drawn rather than those of another filter. */
function failedRecords(error) {
  records.draw([], {}).catch(console.error);
  failed(error);
}

const fetchJson = async (url) => (await get(url)).json();
const isByView = () => "byView" in list.source();

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

function drawSectors(marks) {
  const { sectors } = list.layers();
  const found = Object.keys(sectors).filter((slug) => marks.some(({ sector }) => sector === slug));
  const key = (slug) => node("span", { className: `sector-key sector-${slug}`, textContent: letters(slug) });
  const entries = document.getElementById("legend-sectors");
  if (!entries) return;
  entries.hidden = found.length === 0;
  entries.replaceChildren(
    node("li", { textContent: entries.dataset.title }),
    ...found.map((slug) => node("li", {}, key(slug), sectors[slug])),
  );
}

/** Return the area of the region that is chosen, if one is drawn. */
function chosenArea() {
  const { regions: name } = address.current();
  const counted = list.layers().layers[name]?.regions ?? {};
  return areas[name]?.getLayers().find((area) => counted[area.feature.properties.slug]?.chosen);
}

/** Fit the map to what is found, or to the region chosen, or to the whole of the country. */
function fit(marks) {
  map.invalidateSize(false); // the legend may have taken room
  const { view: seen } = address.current();
  if (seen) return map.setView([seen.lat, seen.lon], seen.zoom, { animate: false });
  let bounds = SOUTH_KOREA;
  if (chosenArea()) bounds = chosenArea().getBounds();
  else if (marks.length && list.source().filter) {
    bounds = L.latLngBounds(marks.flatMap((mark) => mark.bounds ?? [mark.at])).pad(0.2);
  }
  // At once: a popup opened while the map still moves would come to lie beside it.
  return map.fitBounds(bounds, { maxZoom: 9, animate: false }); // from nearer no land could be told from another
}

let latest = 0;
let opening = ""; // the key of the mark that the address says is open, until it is drawn
// Of the first answer of a filter: whether it is still to come, the map is still to be fitted, and it is to be told.
let first = { expected: false, fitted: false, told: true };

/** Draw the records of the list's own query string; a later call wins over an earlier answer. */
async function drawRecords() {
  const { show, geojson, filter, invalid } = list.source();
  const turn = ++latest;
  view.stop();
  box.hide();
  notice.hidden = true;
  if (invalid) {
    features = [];
    await showRegions();
    await records.draw([], {});
    element.dataset.drawn = 0;
    return say(invalid);
  }
  first = { expected: true, fitted: false, told: false };
  opening = address.current().at;
  if (isByView()) {
    features = [];
    await showRegions();
    if (turn !== latest) return;
    // Where the view does not depend on what is found, it is asked for at once.
    first.fitted = Boolean(!filter || address.current().view || chosenArea());
    if (first.fitted) fit([]);
    return view.start({ show, filter });
  }
  const [answer] = await Promise.all([fetchJson(geojson), showRegions()]);
  if (turn !== latest) return;
  features = answer.features;
  const marks = marksOfRecords(features, show, Object.keys(list.layers().sectors));
  const count = placed(features).length;
  return drawMarks(marks, count, features.length - count);
}

function drawView(answer) {
  return drawMarks(marksOfView(answer, list.source().show), answer.count, answer.unplaced);
}

/** Draw an answer of ``count`` records; ``missing`` have no place. The first of a filter says how many there are. */
async function drawMarks(marks, count, missing) {
  const { show, filter } = list.source();
  drawSectors(marks);
  showCells(marks);
  if (first.expected) {
    first.expected = false;
    total = count + missing;
    lines.clearLayers();
    if (!first.fitted) fit(marks);
  }
  if (!(await records.draw(marks, { show, filter, words, sectors: list.layers().sectors }))) return;
  element.dataset.drawn = count; // for tests and style: how many records are on the map
  tell(marks, count, missing);
}

/** Say what was drawn: of a filter in all and, of a large set or after the reader moved the map, what is in view. */
function tell(marks, count, missing) {
  const { show } = list.source();
  const text = summary(count, marks, show, words);
  const near = words.near.replace("{summary}", text);
  if (first.told) {
    if (moving && !address.current().inView) say(near);
  } else if (!isByView() || view.isKnown()) {
    first.told = true;
    const all = count + missing === total ? text : `${recordsOf(total, show, words)}; ${near}`;
    say(missing ? `${all}, ${words.unplaced.replace("{n}", missing)}` : all);
    showInView().catch(failed);
  }
}

function showCells(marks) {
  const cells = marks.some(({ type }) => type === "cell");
  document.getElementById("legend-cells").hidden = !cells;
  document.getElementById("legend-hubs")?.toggleAttribute("hidden", cells);
}

/** Let a marker show its box, light its entries, and be the chosen one in the address. */
function watch(marker) {
  const { mark } = marker;
  box.watch(marker, (lit) => list.light((entry) => Boolean(lit) && isOf(mark, entry)));
  if (mark.type === "cell") {
    marker.on("click", () => enter(marker));
    marker.on("keypress", ({ originalEvent }) => originalEvent.key === "Enter" && enter(marker));
    return;
  }
  bindPopup(map, marker, words, (card) => { if (mark.type === "hub") connect(marker, card); });
  marker.on("popupopen", () => {
    opening = "";
    address.keep({ at: mark.key });
  });
  marker.on("popupclose", () => {
    address.keep({ at: "" });
    lines.clearLayers();
    document.getElementById("legend-lines").hidden = true;
  });
}

/** Open the mark that the address says is open, once it is where it stays. */
function openChosen(markers) {
  if (opening) markers.find(({ mark }) => mark.key === opening)?.openPopup();
}

/** Tell whether an entry of the list is one of a mark's records. */
const isOf = (mark, { slug, hub }) => (mark.type === "hub" ? mark.key === hub : mark.slugs.includes(slug));

/** Zoom into a cell; where all its records are at one spot, and no zoom parts them, open their list. */
function enter(marker) {
  const bounds = L.latLngBounds(marker.mark.bounds);
  const zoom = Math.min(map.getBoundsZoom(bounds.pad(0.1)), map.getMaxZoom());
  if (zoom > map.getZoom()) return map.setView(bounds.getCenter(), zoom);
  if (!marker.getPopup()) bindPopup(map, marker, words, () => {});
  return marker.openPopup();
}

/** Draw a line from a hub to each of the connected complexes that its card names. */
function connect(marker, card) {
  const points = [...card.querySelectorAll("[data-point]")].map((link) => link.dataset.point.split(",").map(Number));
  lines.clearLayers();
  for (const point of points) {
    L.polyline([marker.getLatLng(), point], { className: "spoke", interactive: false }).addTo(lines);
    L.circleMarker(point, { className: "spoke-end", radius: 4, interactive: false }).addTo(lines);
  }
  document.getElementById("legend-lines").hidden = points.length === 0;
  element.dataset.connected = points.length; // for tests: how many lines are drawn
}

// --- Only what is in view

let asked = 0;

/** Show in the list what is in view, if that is wanted: of its own entries or, of a large set, by the server. */
async function showInView(spoken = false) {
  const { inView } = address.current();
  const { show, filter } = list.source();
  const bounds = map.getBounds();
  const turn = ++asked;
  const all = recordsOf(total, show, words);
  const of = (n) => words.inView.replace("{n}", n).replace("{total}", all);
  let text = "";
  if (!isByView()) {
    const seen = new Set(placed(features).filter((feature) => bounds.contains(latLng(feature))));
    const slugs = new Set([...seen].map(({ properties }) => properties.slug));
    const shown = list.showOnly((slug) => !inView || slugs.has(slug));
    if (inView) text = of(shown);
  } else if (inView) {
    const sides = bounds.toBBoxString().split(",").map((side) => Number(side).toFixed(4));
    const answer = await get(`/map/in-view/?${new URLSearchParams(filter)}&show=${show}&bbox=${sides}`);
    const html = await answer.text();
    if (turn !== asked) return;
    const { count, listed } = list.replaceRecords(html);
    text = of(count);
    if (listed < count) text += `, ${words.firstOnly.replace("{n}", listed)}`;
  } else {
    list.restoreRecords();
  }
  list.showInView(inView, text);
  if (spoken) say(text || summary(total, records.markers().map(({ mark }) => mark), show, words));
}

/** Draw everything: first the legend, which takes room from the map, and what lies over another when that is fitted. */
function redraw() {
  layers.showLegend();
  drawRecords().then(layers.show).catch(failedRecords);
}

// --- What the reader does

list.onPoint((entry) => {
  for (const marker of records.markers()) {
    marker.getElement().classList.toggle("is-lit", entry !== null && isOf(marker.mark, entry));
  }
});

// In the capturing phase, before htmx: these change the drawing alone and ask the server for nothing.
document.addEventListener("change", (event) => {
  const { id, name, value, checked } = event.target;
  if (name === "regions") {
    address.keep({ regions: value });
    showRegions().catch(failed);
  } else if (id === "in-view") {
    address.keep({ inView: checked });
    showInView(true).catch(failed);
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
let rest = 0;
map.on("moveend", () => {
  if (!("drawn" in element.dataset)) return;
  if (moving) {
    const { lat, lng: lon } = map.getCenter();
    address.keep({ view: { lat, lon, zoom: map.getZoom() } });
  }
  const spoken = moving && address.current().inView;
  clearTimeout(rest);
  rest = setTimeout(() => showInView(spoken).catch(failed), isByView() ? REST : 0);
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target !== event.detail.target) return; // htmx says it of each new element too
  moving = false;
  list.showSheet();
  redraw();
});

document.querySelector(".map-page").classList.add("has-script");
list.showSheet();
const layers = overlays(map, {
  words,
  records,
  whole: SOUTH_KOREA,
  added: watch,
  drawn: openChosen,
  failed,
  chosen: () => address.current().layers,
  keep: (layers) => address.keep({ layers }),
  say,
});
showLand("neighbours", true).catch(failed);
if (words.tiles) L.tileLayer(words.tiles, { attribution: words.tileAttribution }).addTo(map);
redraw();
