// The layers beside the records, complexes and offices, and the control that shows them. They follow the filter as
// far as it says anything of them; the control says which part of it that is.
/* global L */
import { marksLayer } from "./map_layers.js";
import * as list from "./map_list.js";
import { node } from "./map_marks.js";
import { isRough, marksOfView } from "./markers.js";
import { viewSource } from "./map_view.js";

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
 * Add the layers and their control to the map. ``chosen()`` returns the names of those wanted, ``change`` is
 * called with them when the reader chooses. Return show(): it draws what is wanted and returns, in words, what it is.
 */
export function overlays(map, { words, whole, added, chosen, change, failed }) {
  const [complexes, offices] = ["complexes", "offices"].map((name) => marksLayer(map, name, { added }));
  const source = viewSource(map, whole, drawComplexes, failed);
  const element = map.getContainer();
  let known = false; // whether the number of complexes of this filter was said

  async function drawComplexes(answer) {
    const { filter, within } = list.layers().overlays.complexes;
    if (!known) say("complexes", answer.count + answer.unplaced, within);
    known = true;
    const done = await complexes.draw(marksOfView(answer, "complexes"), { show: "complexes", filter, words });
    if (done) element.dataset.overlaycomplexes = answer.count; // for tests
  }

  /** Write into the control what of a layer is shown: how many, and which part of the filter they meet. */
  function say(name, n, within) {
    const note = document.getElementById(`layer-${name}-note`);
    if (note) note.textContent = (within ? words.layerWithin : words.layerAll).replace("{n}", n).replace("{filters}", within);
  }

  async function show() {
    const wanted = chosen();
    const { overlays: said } = list.layers();
    const areRecords = list.source().show === "complexes";
    const withComplexes = wanted.includes("complexes") && !areRecords;
    document.getElementById("legend-kinds").hidden = !withComplexes && !areRecords;
    document.getElementById("legend-offices").hidden = !wanted.includes("offices");
    for (const name of ["complexes", "offices"]) document.getElementById(`layer-${name}-note`)?.replaceChildren();
    source.stop();
    if (wanted.includes("offices")) say("offices", said.offices.marks.length, said.offices.within);
    await offices.draw(wanted.includes("offices") ? officeMarks(said.offices.marks) : [], { words });
    element.dataset.overlayoffices = offices.markers().length; // for tests
    known = false;
    if (withComplexes) await source.start({ show: "complexes", filter: said.complexes.filter });
    else await complexes.clear();
    return [...document.querySelectorAll(".overlay-control .layer-note")]
      .filter((note) => note.textContent)
      .map((note) => `${note.previousSibling.textContent.trim()}: ${note.textContent}`)
      .join("; ");
  }

  addControl(map, words, chosen(), change);
  return show;
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
