// The map page: draws the records of the list's own query string, and keeps list, map and address as one.
import * as address from "./address.js";
import { bindCard, hoverCard } from "./cards.js";
import * as legend from "./legend.js";
import { InView, RecordList } from "./list.js";
import { markerGroup } from "./marker_group.js";
import { holds, marksOf, recordsOf, summary } from "./marks.js";
import { overlays } from "./overlays.js";
import { Regions } from "./regions.js";
import { recordSource } from "./source.js";

const REST = 150; // milliseconds after a move before the list follows

/**
 * Return an empty Leaflet map in place of the server's picture, which stood in until now: of the whole country, and no
 * further than the base map reaches.
 */
function emptyMap(element, country) {
  const { attribution, baseMap } = element.dataset;
  const reach = L.latLngBounds(JSON.parse(baseMap));
  element.replaceChildren();
  const map = L.map(element, { maxBounds: reach, maxBoundsViscosity: 1, maxZoom: 15, zoomSnap: 0.25 });
  map.attributionControl.setPrefix('<a href="https://leafletjs.com">Leaflet</a>').addAttribution(attribution);
  map.createPane("base").style.zIndex = 200;
  map.createPane("lines").style.zIndex = 610; // over the marks, which would hide where the lines end
  map.getPane("lines").style.pointerEvents = "none";
  // The base map ends there: never show its edge. Before the first view, which would be moved away from it slowly.
  map.setMinZoom(map.getBoundsZoom(reach, true));
  return map.fitBounds(country);
}

class MapPage {
  constructor(page) {
    this.list = new RecordList();
    this.addresses = { ...page.dataset, ...this.list.drawing().cards };
    this.element = document.getElementById("map");
    this.labels = { ...this.element.dataset };
    this.notice = document.getElementById("map-failed");
    this.marks = []; // what is drawn of the records
    this.total = 0; // records of the filter, wherever they are
    // Of the first answer of a filter: whether it is still to come, the map is still to be fitted, and it is to be said.
    this.first = { expected: false, fitted: false, said: true };
    this.opening = ""; // the key of the mark that the address says is open, until it is drawn
    this.moving = false; // whether the reader moves the map, and not the page
    this.resting = 0; // the timer after a move
    this.turn = 0; // of drawing the records, which a later one overtakes

    this.country = L.latLngBounds(JSON.parse(this.labels.country)); // what is seen as a whole
    this.map = emptyMap(this.element, this.country);
    this.inView = new InView(this.map, this.list, this);
    this.regions = new Regions(this.map, this.list, this);
    const how = { added: (marker) => this.watch(marker), drawn: (markers) => this.openChosen(markers) };
    this.records = markerGroup(this.map, "markerPane", how);
    this.lines = L.featureGroup([], { pane: "lines" }).addTo(this.map);
    this.hoverCard = hoverCard(this.map, this.labels);
    const data = { address: this.addresses.marks, country: this.country };
    this.source = recordSource(this.map, {
      ...data,
      answered: (answer) => this.drawAnswer(answer),
      failed: (error) => this.failedRecords(error),
    });
    this.overlays = overlays(this.map, {
      list: this.list,
      labels: this.labels,
      addresses: this.addresses,
      how: { ...how, first: this.records },
      data: { ...data, failed: (error) => this.failed(error) },
      chosen: () => address.current().overlays,
      keep: (names) => address.keep({ overlays: names }),
      say: (text) => this.say(text),
    });
  }

  start() {
    this.listen();
    this.list.showSheet();
    if (this.labels.tiles) L.tileLayer(this.labels.tiles, { attribution: this.labels.tileAttribution }).addTo(this.map);
    this.regions.showLand("neighbours", true).catch((error) => this.failed(error));
    this.redraw();
  }

  say(text) {
    document.getElementById("announcement").textContent = text;
  }

  failed(error) {
    this.notice.hidden = false;
    this.say(this.labels.failed);
    console.error(error);
  }

  /** Of the records none is drawn rather than those of another filter. */
  failedRecords(error) {
    this.marks = [];
    this.records.draw([], {}).catch(console.error);
    this.failed(error);
  }

  /** Draw everything: first the legend, which takes room from the map, and what lies over another when that is fitted. */
  redraw() {
    this.overlays.showLegend();
    this.drawRecords().then(this.overlays.show).catch((error) => this.failedRecords(error));
  }

  // --- The records

  /** Draw the records of the list's own query string; a later call wins over an earlier answer. */
  async drawRecords() {
    const { show, filter, whole, invalid } = this.list.set();
    const turn = ++this.turn;
    this.source.stop();
    this.hoverCard.hide();
    this.notice.hidden = true;
    this.marks = [];
    this.regionsDrawn = this.regions.show(address.current().regions);
    if (invalid) return this.drawNone(invalid);
    this.first = { expected: true, fitted: false, said: false };
    this.opening = address.current().at;
    if (whole) return Promise.all([this.regionsDrawn, this.source.start({ show, filter, whole })]);
    await this.regionsDrawn;
    if (turn !== this.turn) return null;
    // Where the view does not depend on what is found, it is asked for at once.
    this.first.fitted = Boolean(!filter || address.current().view || this.regions.chosenBounds());
    if (this.first.fitted) this.fit();
    return this.source.start({ show, filter, whole });
  }

  /** Draw no record, as the filter cannot be read, and say so. */
  async drawNone(invalid) {
    await this.regionsDrawn;
    await this.records.draw([], {});
    this.element.dataset.drawn = 0;
    this.say(invalid);
  }

  /** Draw an answer of the server; the first of a filter says how many there are in all. */
  async drawAnswer(answer) {
    const turn = this.turn;
    await this.regionsDrawn; // the map may be fitted to one of them
    if (turn !== this.turn) return;
    const { show, filter } = this.list.set();
    const { families } = this.list.drawing();
    this.marks = marksOf(answer, show);
    legend.writeFamilies(this.marks, families);
    legend.showPart("cells", answer.cells);
    legend.showPart("hubs", !answer.cells);
    if (this.first.expected) {
      this.first.expected = false;
      this.total = answer.count + answer.unplaced;
      this.lines.clearLayers();
      if (!this.first.fitted) this.fit();
    }
    const { labels, addresses } = this;
    if (!(await this.records.draw(this.marks, { show, filter, labels, addresses, families }))) return;
    this.element.dataset.drawn = answer.count; // for tests and style: how many records are on the map
    this.tell(answer);
  }

  /** Say what was drawn: of a filter in all and, of a large set or after the reader moved the map, what is in view. */
  tell({ count, unplaced }) {
    const { labels, total } = this;
    const { show } = this.list.set();
    const text = summary(count, this.marks, show, labels);
    const near = labels.near.replace("{summary}", text);
    if (this.first.said) {
      if (this.moving && !address.current().inView) this.say(near);
    } else if (this.source.isKnown()) {
      this.first.said = true;
      const all = count + unplaced === total ? text : `${recordsOf(total, show, labels)}; ${near}`;
      this.say(unplaced ? `${all}, ${labels.unplaced.replace("{n}", unplaced)}` : all);
      this.showInView();
    }
  }

  /** Show in the list what is in view, if that is wanted, and say so, if the reader asked for it. */
  showInView(spoken = false) {
    const all = () => summary(this.total, this.marks, this.list.set().show, this.labels);
    this.inView.show(address.current().inView, this).then(
      (text) => { if (spoken && text !== null) this.say(text || all()); },
      (error) => this.failed(error),
    );
  }

  /** Fit the map to what is found, or to the region chosen, or to the whole of the country. */
  fit() {
    this.map.invalidateSize(false); // the legend may have taken room
    const { view } = address.current();
    if (view) return this.map.setView([view.lat, view.lon], view.zoom, { animate: false });
    let bounds = this.regions.chosenBounds() ?? this.country;
    if (bounds === this.country && this.marks.length && this.list.set().filter) {
      bounds = L.latLngBounds(this.marks.flatMap((mark) => mark.bounds ?? [mark.at])).pad(0.2);
    }
    // At once: a card opened while the map still moves would come to lie beside it.
    return this.map.fitBounds(bounds, { maxZoom: 9, animate: false }); // from nearer no land could be told from another
  }

  // --- A mark

  /** Let a marker show its card, light its entries, and be the chosen one in the address. */
  watch(marker) {
    const { mark } = marker;
    this.hoverCard.watch(marker, (lit) => this.list.light((entry) => Boolean(lit) && holds(mark, entry)));
    if (mark.type === "cell") {
      marker.on("click", () => this.enter(marker));
      marker.on("keypress", ({ originalEvent }) => originalEvent.key === "Enter" && this.enter(marker));
      return;
    }
    bindCard(this.map, marker, this.labels, (card) => { if (mark.type === "hub") this.connect(marker, card); });
    marker.on("popupopen", () => {
      this.opening = "";
      address.keep({ at: mark.key });
    });
    marker.on("popupclose", () => {
      address.keep({ at: "" });
      this.lines.clearLayers();
      legend.showPart("lines", false);
    });
  }

  /** Open the mark that the address says is open, once it is where it stays. */
  openChosen(markers) {
    if (this.opening) markers.find(({ mark }) => mark.key === this.opening)?.openPopup();
  }

  /** Zoom into a cell; where all its records are at one spot, and no zoom parts them, open their list. */
  enter(marker) {
    const bounds = L.latLngBounds(marker.mark.bounds);
    const zoom = Math.min(this.map.getBoundsZoom(bounds.pad(0.1)), this.map.getMaxZoom());
    if (zoom > this.map.getZoom()) return this.map.setView(bounds.getCenter(), zoom);
    if (!marker.getPopup()) bindCard(this.map, marker, this.labels, () => {});
    return marker.openPopup();
  }

  /** Draw a line from a hub to each of the connected complexes that its card names. */
  connect(marker, card) {
    const points = [...card.querySelectorAll("[data-point]")].map((link) => link.dataset.point.split(",").map(Number));
    this.lines.clearLayers();
    for (const point of points) {
      L.polyline([marker.getLatLng(), point], { className: "spoke", interactive: false }).addTo(this.lines);
      L.circleMarker(point, { className: "spoke-end", radius: 4, interactive: false }).addTo(this.lines);
    }
    legend.showPart("lines", points.length > 0);
  }

  // --- What the reader does

  listen() {
    this.list.onPoint((entry) => this.lightMarkers(entry));
    address.keepInFilters();
    // In the capturing phase, before htmx: these change the drawing alone and ask the server for nothing.
    document.addEventListener("change", (event) => this.changeDrawing(event), true);
    for (const kind of ["mousedown", "touchstart", "wheel", "keydown", "click"]) {
      this.element.addEventListener(kind, () => { this.moving = true; }, { capture: true, passive: true });
    }
    new ResizeObserver(() => this.resize()).observe(this.element);
    this.map.on("moveend", () => this.followMove());
    document.addEventListener("htmx:afterSwap", (event) => {
      if (event.target !== event.detail.target) return; // htmx says it of each new element too
      this.moving = false;
      this.list.showSheet();
      this.redraw();
    });
  }

  lightMarkers(entry) {
    for (const marker of this.records.markers()) {
      marker.getElement().classList.toggle("is-lit", entry !== null && holds(marker.mark, entry));
    }
  }

  changeDrawing(event) {
    const { id, name, value, checked } = event.target;
    if (name === "regions") {
      address.keep({ regions: value });
      this.regions.show(value).catch((error) => this.failed(error));
    } else if (id === "in-view") {
      address.keep({ inView: checked });
      this.showInView(true);
    } else {
      return;
    }
    event.stopPropagation();
  }

  /** Take the size that the page gives the map, which is no move of the reader's. */
  resize() {
    const { moving } = this;
    this.moving = false;
    this.map.invalidateSize(false);
    this.moving = moving;
  }

  /** Keep the view in the address after a move of the reader's, and let the list follow any. */
  followMove() {
    if (!("drawn" in this.element.dataset)) return;
    if (this.moving) {
      const { lat, lng: lon } = this.map.getCenter();
      address.keep({ view: { lat, lon, zoom: this.map.getZoom() } });
    }
    const spoken = this.moving && address.current().inView;
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.showInView(spoken), this.list.set().whole ? 0 : REST);
  }
}

const page = document.querySelector(".map-page");
page.classList.add("has-script");
new MapPage(page).start();
