// The overlays beside the records, and the control that shows them: the page says which there are. They follow the filter
// as far as it says anything of them; the control says which part of it that is.
import * as legend from "./legend.js";
import { markerGroup } from "./marker_group.js";
import { node } from "./markers.js";
import { marksOf, placedMarks } from "./marks.js";
import { recordSource } from "./source.js";

const SMALL = 500; // pixels: a map that is narrower has the control closed
const UNDER_RECORDS = 590; // whose own pane has 600

/** One overlay: a group of markers, of what the page holds or of what the server is asked for by view. */
class Overlay {
  constructor(map, name, { list, labels, addresses, how, data }) {
    Object.assign(this, { name, list, labels, addresses });
    this.group = markerGroup(map, name, how);
    this.known = false; // whether the number of records of this filter is in the control
    if (!this.given().marks) {
      this.source = recordSource(map, { ...data, answered: (answer) => this.drawAnswer(answer) });
    }
  }

  /** Return what the page says of it under the current filter: {label, within} and {mark, marks} or {filter}. */
  given() {
    return this.list.drawing().overlays[this.name];
  }

  /** Draw it under the current filter, or nothing of it. */
  draw(wanted) {
    this.source?.stop();
    this.known = false;
    document.getElementById(noteId(this.name))?.replaceChildren();
    if (!wanted) return this.drawMarks([]);
    const { filter, mark, marks } = this.given();
    if (this.source) return this.source.start({ show: this.name, filter });
    this.note(marks.length);
    return this.drawMarks(placedMarks(marks, mark));
  }

  drawAnswer(answer) {
    if (!this.known) this.note(answer.count + answer.unplaced);
    this.known = true;
    return this.drawMarks(marksOf(answer, this.name), answer.cells);
  }

  drawMarks(marks, cells = false) {
    legend.showPart(`${this.name}-cells`, cells);
    const { name: show, labels, addresses } = this;
    return this.group.draw(marks, { show, filter: this.given().filter, labels, addresses });
  }

  /** Write into the control what is shown: how many, and which part of the filter they meet. */
  note(n) {
    const { within } = this.given();
    const text = (within ? this.labels.overlayWithin : this.labels.overlayAll).replace("{n}", n);
    const line = document.getElementById(noteId(this.name));
    if (line) line.textContent = text.replace("{filters}", () => within);
  }
}

const noteId = (name) => `overlay-${name}-note`;

/**
 * Add the overlays and their control to the map. ``how`` is for their groups of markers, ``data`` for the sources of
 * those asked for by view. ``chosen()`` returns the names of those wanted, ``keep`` is called with them when the reader
 * chooses, ``say`` then, with what they are in words. Return {show(), showLegend()}.
 */
export function overlays(map, { list, labels, addresses, how, data, chosen, keep, say }) {
  let choosing = false; // whether the reader waits to hear what was chosen
  let turn = 0;

  const all = Object.keys(list.drawing().overlays).map((name, i) => {
    map.createPane(name).style.zIndex = UNDER_RECORDS + i;
    return new Overlay(map, name, { list, labels, addresses, how, data });
  });
  // What the records themselves are is no overlay beside them.
  const areRecords = (name) => list.set().show === name;
  const isWanted = ({ name }) => chosen().includes(name) && !areRecords(name);

  function showLegend() {
    for (const overlay of all) legend.showPart(overlay.name, isWanted(overlay) || areRecords(overlay.name));
  }

  /** Draw the overlays that are wanted, under the filter of the page. */
  async function show() {
    const own = ++turn;
    showLegend();
    await Promise.all(all.map((overlay) => overlay.draw(isWanted(overlay))));
    if (own !== turn || !choosing) return;
    choosing = false;
    const notes = [...document.querySelectorAll(".overlay-control .overlay-note:not(:empty)")];
    say(notes.map((line) => `${line.previousSibling.textContent.trim()}: ${line.textContent}`).join("; "));
  }

  const offered = all.filter(({ name }) => !areRecords(name));
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
    for (const overlay of offered) {
      const { name } = overlay;
      const id = `overlay-${name}`;
      const input = node("input", { type: "checkbox", id, value: name, checked: chosen.includes(name) });
      input.setAttribute("aria-describedby", noteId(name));
      panel.append(
        node("label", {}, input, ` ${overlay.given().label}`),
        node("p", { className: "aside overlay-note", id: noteId(name) }),
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
