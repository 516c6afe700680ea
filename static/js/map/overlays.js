// The overlays beside the records, complexes and offices, and the control that shows them. They follow the filter as
// far as it says anything of them; the control says which part of it that is.
import * as legend from "./legend.js";
import { markerGroup } from "./marker_group.js";
import { node } from "./markers.js";
import { marksOf, officeMarks } from "./marks.js";
import { recordSource } from "./source.js";

const SMALL = 500; // pixels: a map that is narrower has the control closed
const NAMES = ["complexes", "offices"];

/**
 * Add the overlays and their control to the map. ``how`` is for their groups of markers, ``data`` for the source of the
 * complexes. ``chosen()`` returns the names of those wanted, ``keep`` is called with them when the reader chooses,
 * ``say`` then, with what they are in words. Return {show(), showLegend()}.
 */
export function overlays(map, { list, labels, addresses, how, data, chosen, keep, say }) {
  const [complexes, offices] = NAMES.map((name) => markerGroup(map, name, how));
  const source = recordSource(map, { ...data, answered: drawComplexes });
  const { dataset } = map.getContainer();
  let known = false; // whether the number of complexes of this filter is in the control
  let choosing = false; // whether the reader waits to hear what was chosen
  let turn = 0;

  async function drawComplexes(answer) {
    const { filter, within } = list.drawing().overlays.complexes;
    if (!known) note("complexes", answer.count + answer.unplaced, within);
    known = true;
    legend.showPart("squares", answer.cells);
    const set = { show: "complexes", filter, labels, addresses };
    if (await complexes.draw(marksOf(answer, "complexes"), set)) dataset.overlaycomplexes = answer.count; // for tests
  }

  function drawNone() {
    legend.showPart("squares", false);
    return complexes.draw([], {});
  }

  /** Write into the control what of an overlay is shown: how many, and which part of the filter they meet. */
  function note(name, n, within) {
    const text = (within ? labels.overlayWithin : labels.overlayAll).replace("{n}", n);
    const line = document.getElementById(`overlay-${name}-note`);
    if (line) line.textContent = text.replace("{filters}", () => within);
  }

  const areRecords = () => list.set().show === "complexes";
  const withComplexes = () => chosen().includes("complexes") && !areRecords();

  function showLegend() {
    legend.showPart("kinds", withComplexes() || areRecords());
    legend.showPart("offices", chosen().includes("offices"));
  }

  /** Draw the overlays that are wanted, under the filter of the page. */
  async function show() {
    const own = ++turn;
    const withOffices = chosen().includes("offices");
    const { overlays: given } = list.drawing();
    showLegend();
    for (const name of NAMES) document.getElementById(`overlay-${name}-note`)?.replaceChildren();
    source.stop();
    if (withOffices) note("offices", given.offices.marks.length, given.offices.within);
    await offices.draw(withOffices ? officeMarks(given.offices.marks) : [], { labels, addresses });
    dataset.overlayoffices = offices.markers().length; // for tests
    known = false;
    if (withComplexes()) await source.start({ show: "complexes", filter: given.complexes.filter });
    else await drawNone();
    if (own !== turn || !choosing) return;
    choosing = false;
    const notes = [...document.querySelectorAll(".overlay-control .overlay-note:not(:empty)")];
    say(notes.map((line) => `${line.previousSibling.textContent.trim()}: ${line.textContent}`).join("; "));
  }

  // Where complexes are the records themselves, they are no overlay beside them.
  const offered = NAMES.filter((name) => name !== list.set().show);
  addControl(map, { offered, chosen: chosen(), labels }, (names) => {
    choosing = true;
    keep(names);
    show().catch(data.failed);
  });
  return { show, showLegend };
}

/** Add the control, closed on a phone: a checkbox for each overlay with a note of what it shows. */
function addControl(map, { offered, chosen, labels }, changed) {
  const control = L.control({ position: "topright" });
  control.onAdd = () => {
    const panel = node("details", { className: "leaflet-bar overlay-control", open: map.getSize().x > SMALL });
    panel.append(node("summary", { textContent: labels.overlays }));
    map.on("resize", () => { if (map.getSize().x <= SMALL) panel.open = false; });
    const names = { complexes: labels.overlayComplexes, offices: labels.overlayOffices };
    for (const name of offered) {
      const id = `overlay-${name}`;
      const input = node("input", { type: "checkbox", id, value: name, checked: chosen.includes(name) });
      input.setAttribute("aria-describedby", `${id}-note`);
      panel.append(
        node("label", {}, input, ` ${names[name]}`),
        node("p", { className: "aside overlay-note", id: `${id}-note` }),
      );
    }
    panel.addEventListener("change", () =>
      changed([...panel.querySelectorAll("input:checked")].map((input) => input.value)),
    );
    L.DomEvent.disableClickPropagation(panel);
    L.DomEvent.disableScrollPropagation(panel);
    return panel;
  };
  control.addTo(map);
}
