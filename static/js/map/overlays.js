// The layers beside the records, complexes and offices, and the control that shows them. They follow the filter as
// far as it says anything of them; the control says which part of it that is.
/* global L */
import { marksLayer } from "./marker_group.js";
import * as list from "./list.js";
import { node } from "./markers.js";
import { isRough, marksOfView } from "./marks.js";
import { viewSource } from "./source.js";

const SMALL = 500; // pixels: a map that is narrower has the control closed

/** Return the marks of the offices, which the page itself holds. */
const officeMarks = (offices) =>
  offices.map((office) => ({
    type: "office",
    key: office.slug,
    at: [office.latitude, office.longitude],
    n: 1,
    slugs: [],
    name: office.name,
    rough: isRough(office),
  }));

/**
 * Add the layers and their control to the map. ``chosen()`` returns the names of those wanted, ``keep`` is called
 * with them when the reader chooses, ``say`` then, with what they are in words. Return {show(), showLegend()}.
 */
export function overlays(map, { words, records, whole, added, drawn, chosen, keep, say, failed }) {
  const how = { added, drawn, first: records };
  const [complexes, offices] = ["complexes", "offices"].map((name) => marksLayer(map, name, how));
  const source = viewSource(map, whole, drawComplexes, failed);
  const element = map.getContainer();
  let known = false; // whether the number of complexes of this filter is in the control
  let choosing = false; // whether the reader waits to hear what was chosen
  let turn = 0;

  async function drawComplexes(answer) {
    const { filter, within } = list.layers().overlays.complexes;
    if (!known) note("complexes", answer.count + answer.unplaced, within);
    known = true;
    document.getElementById("legend-squares").hidden = !answer.cells;
    const done = await complexes.draw(marksOfView(answer, "complexes"), { show: "complexes", filter, words });
    if (done) element.dataset.overlaycomplexes = answer.count; // for tests
  }

  function drawNone() {
    document.getElementById("legend-squares").hidden = true;
    return complexes.draw([], {});
  }

  /** Write into the control what of a layer is shown: how many, and which part of the filter they meet. */
  function note(name, n, within) {
    const place = document.getElementById(`layer-${name}-note`);
    const text = (within ? words.layerWithin : words.layerAll).replace("{n}", n);
    if (place) place.textContent = text.replace("{filters}", () => within);
  }

  const areRecords = () => list.source().show === "complexes";
  const withComplexes = () => chosen().includes("complexes") && !areRecords();

  function showLegend() {
    document.getElementById("legend-kinds").hidden = !withComplexes() && !areRecords();
    document.getElementById("legend-offices").hidden = !chosen().includes("offices");
  }

  /** Draw the layers that are wanted, under the filter of the page. */
  async function show() {
    const own = ++turn;
    const wanted = chosen();
    const { overlays: said } = list.layers();
    showLegend();
    for (const name of ["complexes", "offices"]) document.getElementById(`layer-${name}-note`)?.replaceChildren();
    source.stop();
    if (wanted.includes("offices")) note("offices", said.offices.marks.length, said.offices.within);
    await offices.draw(wanted.includes("offices") ? officeMarks(said.offices.marks) : [], { words });
    element.dataset.overlayoffices = offices.markers().length; // for tests
    known = false;
    if (withComplexes()) await source.start({ show: "complexes", filter: said.complexes.filter });
    else await drawNone();
    if (own !== turn || !choosing) return;
    choosing = false;
    const notes = [...document.querySelectorAll(".overlay-control .layer-note:not(:empty)")];
    say(notes.map((place) => `${place.previousSibling.textContent.trim()}: ${place.textContent}`).join("; "));
  }

  addControl(map, words, chosen(), (names) => {
    choosing = true;
    keep(names);
    show().catch(failed);
  });
  return { show, showLegend };
}

/** Add the control, closed on a phone: a checkbox for each layer with a note of what it shows. */
function addControl(map, words, chosen, changed) {
  const control = L.control({ position: "topright" });
  control.onAdd = () => {
    const box = node("details", { className: "leaflet-bar overlay-control", open: map.getSize().x > SMALL });
    box.append(node("summary", { textContent: words.layers }));
    map.on("resize", () => { if (map.getSize().x <= SMALL) box.open = false; });
    const offered = [["complexes", words.layerComplexes], ["offices", words.layerOffices]];
    // Where complexes are the records themselves, they are no layer beside them.
    const { show } = list.source();
    for (const [name, label] of offered.filter(([name]) => name !== show)) {
      const input = node("input", { type: "checkbox", id: `layer-${name}`, value: name, checked: chosen.includes(name) });
      input.setAttribute("aria-describedby", `layer-${name}-note`);
      box.append(
        node("label", {}, input, ` ${label}`),
        node("p", { className: "aside layer-note", id: `layer-${name}-note` }),
      );
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
