// The layers beside the records: complexes, offices, and the lines from a hub to its connected complexes.
/* global L */
import { complexMarker, node, officeMarker } from "./map_marks.js";
import { latLng, marks, placed } from "./markers.js";

export async function fetchJson(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.json();
}

// The filters that hubs and complexes share by place; the others would not mean the same of both.
const SHARED = ["zone", "pan_region", "province"];

/** Return the address of the complexes that lie where the records of this query string are looked for. */
function complexesAddress(search) {
  const asked = [...new URLSearchParams(search)].filter(([name]) => SHARED.includes(name));
  return `/complexes.geojson?${new URLSearchParams(asked)}`;
}

/** Return the markers of an overlay by its name. */
export async function overlay(name, words) {
  if (name === "offices") {
    const offices = JSON.parse(document.getElementById("map-offices").textContent);
    return offices.map((office) => officeMarker(office, words));
  }
  const { features } = await fetchJson(complexesAddress(location.search));
  return marks(features, "complexes").map((group) => complexMarker(group, { pages: "/complexes/", words }));
}

/** Draw a line from a hub to each of its connected complexes of 2010; return their names. */
export async function drawLines(layer, hub, from) {
  const { features } = await fetchJson(`/complexes.geojson?hub=${encodeURIComponent(hub)}&role=connected-2010`);
  layer.clearLayers();
  for (const feature of placed(features)) {
    const to = latLng(feature);
    L.polyline([from, to], { className: "spoke", interactive: false }).addTo(layer);
    L.circleMarker(to, { className: "spoke-end", radius: 4, interactive: false }).addTo(layer);
  }
  return features.map(({ properties }) => properties.name);
}

/** Add the map's own control, closed on a phone: a checkbox for each overlay. ``changed`` is called with all that are ticked. */
export function addControl(map, words, chosen, changed) {
  const control = L.control({ position: "topright" });
  control.onAdd = () => {
    const box = node("details", { className: "leaflet-bar overlay-control", open: map.getSize().x > 500 });
    box.append(node("summary", { textContent: words.layers }));
    map.on("resize", () => { if (map.getSize().x <= 500) box.open = false; });
    const offered = [["complexes", words.layerComplexes], ["offices", words.layerOffices]];
    // Where complexes are the records themselves, they are no layer beside them.
    const { show } = document.getElementById("map-data").dataset;
    for (const [name, label] of offered.filter(([name]) => name !== show)) {
      const input = node("input", { type: "checkbox", id: `layer-${name}`, value: name });
      input.checked = chosen.includes(name);
      box.append(node("label", {}, input, ` ${label}`));
    }
    box.addEventListener("change", () =>
      changed([...box.querySelectorAll("input:checked")].map((input) => input.value)),
    );
    L.DomEvent.disableClickPropagation(box);
    L.DomEvent.disableScrollPropagation(box);
    return box;
  };
  control.addTo(map);
}
