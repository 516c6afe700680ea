// The land and its regions: areas that are focusable, named, in the class of their number, and chosen as a filter.
import { getJson } from "./fetch.js";
import * as legend from "./legend.js";
import { node } from "./markers.js";

/** The regions of a map, under the filter of the list beside it; ``addresses`` has the files with the areas. */
export class Regions {
  constructor(map, list, { addresses, labels }) {
    this.map = map;
    this.list = list;
    this.addresses = addresses;
    this.tiles = Boolean(labels.tiles); // which show the land themselves
    this.land = {}; // Leaflet's groups of provinces and neighbours that were fetched, by name
    this.areas = {}; // and those of the regions, by the filter that chooses one
  }

  /** Draw the regions of this name; the provinces are fetched only where no region covers them. */
  async show(name) {
    this.shown = name;
    const file = { zone: this.addresses.zone, pan_region: this.addresses.panRegion }[name];
    if (file && !this.areas[name]) {
      const collection = await getJson(file);
      this.areas[name] ??= areasOf(collection, (slug) => this.choose(name, slug));
    }
    if (name !== this.shown) return; // chosen otherwise meanwhile
    for (const [other, areas] of Object.entries(this.areas)) if (other !== name) areas.remove();
    if (file) this.areas[name].addTo(this.map);
    const counted = this.list.drawing().regions[name];
    if (file) paint(this.areas[name], counted.regions);
    legend.writeRegions(counted, name, this.list.set().show);
    this.map.getContainer().dataset.regions = name; // for tests: which regions are drawn
    await this.showLand("provinces", !file);
  }

  async showLand(name, wanted) {
    if (this.tiles) return null;
    if (!wanted) return this.land[name]?.remove();
    if (!this.land[name]) {
      const collection = await getJson(this.addresses[name]);
      const style = { className: name === "neighbours" ? "neighbour" : "province" };
      const options = { interactive: false, pane: "base", renderer: L.svg({ pane: "base" }), style };
      this.land[name] ??= L.geoJSON(collection, options);
    }
    return this.land[name].addTo(this.map);
  }

  /** Filter to a region, or let go of it if it is the chosen one, through the form as a visitor would. */
  choose(name, slug) {
    const form = document.querySelector("#filters form");
    const chosen = this.list.drawing().regions[name].regions[slug]?.chosen;
    for (const input of form.querySelectorAll("[name=zone], [name=pan_region]")) input.checked = false;
    if (!chosen) {
      const known = form.querySelector(`#${CSS.escape(`${name}-${slug}`)}`);
      if (known) known.checked = true;
      else form.append(node("input", { type: "hidden", name, value: slug }));
    }
    form.requestSubmit();
  }

  /** Return the bounds of the region that is chosen, if one is drawn. */
  chosenBounds() {
    const counted = this.list.drawing().regions[this.shown]?.regions ?? {};
    const areas = this.areas[this.shown]?.getLayers() ?? [];
    return areas.find((area) => counted[area.feature.properties.slug]?.chosen)?.getBounds();
  }
}

/** Return Leaflet's group of areas; ``choose`` is called with a slug by click, Enter or the space bar. */
function areasOf(collection, choose) {
  const areas = L.geoJSON(collection, {
    style: { className: "region", fillOpacity: 1 },
    onEachFeature({ properties: { slug } }, area) {
      area.on("click", () => {
        area.closeTooltip();
        choose(slug);
      });
      // A node: Leaflet would take a text for HTML.
      const tip = () => node("span", { textContent: area.label ?? "" });
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
    if (key === "Escape") areas.eachLayer((area) => area.closeTooltip());
  });
  return areas;
}

/** Name and colour the areas by what the server counted: {slug: {label, step, chosen, pictured}}. */
function paint(areas, regions) {
  areas.eachLayer((area) => {
    const path = area.getElement();
    const region = regions[area.feature.properties.slug];
    if (!path || !region) return;
    for (const name of [...path.classList].filter((it) => it.startsWith("step-"))) path.classList.remove(name);
    path.classList.add(`step-${region.step}`);
    path.classList.toggle("is-chosen", region.chosen);
    path.classList.toggle("is-pictured", Boolean(region.pictured));
    path.setAttribute("aria-label", region.label);
    path.setAttribute("aria-pressed", String(region.chosen));
    area.label = region.label;
    if (region.chosen) raise(area, path);
  });
}

/** Put an area over its neighbours, whose borders would cut its own; what is moved loses the focus. */
function raise(area, path) {
  const focused = path === document.activeElement;
  area.bringToFront();
  if (focused) path.focus({ preventScroll: true });
}
