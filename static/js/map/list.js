// The list beside the map: its entries, what is lit in it, the sheet that it is on a phone, and "only what is in view".
import { get, withQuery } from "./fetch.js";
import { node } from "./markers.js";
import { areCells, holds, recordsOf } from "./marks.js";
import { bboxOf } from "./source.js";

const DRAGGED = 40; // pixels: a finger that trembles moves less

/** The element that holds the list; each answer of the server brings a new one. */
const element = () => document.getElementById("map-data");
const records = () => element().querySelector(".map-records");
const entries = () => [...element().querySelectorAll("[data-slug]")];

export class RecordList {
  constructor() {
    this.own = null; // the records as the page has them, while others stand in their place
    this.open = false; // whether the sheet is
    this.dragged = null; // where a finger took its button
    document.addEventListener("click", (event) => {
      if (event.target.closest?.("#sheet-handle")) this.showSheet(!this.open);
    });
    // Whoever prefers to can drag the button: the sheet follows where it was let go.
    document.addEventListener("pointerdown", (event) => {
      this.dragged = event.target.closest?.("#sheet-handle") ? event.clientY : null;
    });
    document.addEventListener("pointerup", (event) => {
      const moved = this.dragged === null ? 0 : event.clientY - this.dragged;
      this.dragged = null;
      if (Math.abs(moved) > DRAGGED) this.showSheet(moved < 0);
    });
  }

  /** Return what the records of the list are: {show, filter, whole, invalid}; ``whole`` if one answer can hold them. */
  set() {
    const { show, filter, byView, invalid } = element().dataset;
    return { show, filter, whole: byView === undefined, invalid };
  }

  /** Return what the server says of regions, overlays and families for the current filter. */
  drawing() {
    return JSON.parse(document.getElementById("map-drawing").textContent);
  }

  /** Call back with {slug, hub} of the entry that is pointed at or focused, and with null afterwards. */
  onPoint(callback) {
    const page = document.getElementById("map-view");
    const tell = (event) => callback(event.target.closest?.("[data-slug]")?.dataset ?? null);
    for (const kind of ["mouseover", "focusin"]) page.addEventListener(kind, tell);
    for (const kind of ["mouseleave", "focusout"]) page.addEventListener(kind, () => callback(null));
  }

  /** Light the entries that ``wanted`` accepts by {slug, hub}; bring the first into the list's view (never moving the page). */
  light(wanted) {
    let first = null;
    for (const entry of entries()) {
      const lit = wanted(entry.dataset);
      entry.classList.toggle("is-lit", lit);
      if (lit) first ??= entry;
    }
    const list = element();
    if (!first || first.hidden || list.scrollHeight <= list.clientHeight) return;
    const [inner, outer] = [first.getBoundingClientRect(), list.getBoundingClientRect()];
    if (inner.top < outer.top || inner.bottom > outer.bottom) list.scrollTop += inner.top - outer.top - 96;
  }

  /** Show the entries that ``wanted`` accepts by {slug, hub}, and the headings over them; return how many. */
  showOnly(wanted) {
    let shown = 0;
    let group = null;
    for (const entry of records().children) {
      if (entry.classList.contains("group")) {
        group = entry;
        group.hidden = true;
        continue;
      }
      entry.hidden = !wanted(entry.dataset);
      if (entry.hidden) continue;
      shown += 1;
      if (group) group.hidden = false;
    }
    return shown;
  }

  /** Show these records of the server (HTML) in place of the page's own. Return {count, listed}. */
  replaceRecords(html) {
    const { content } = node("template", { innerHTML: html });
    const list = content.querySelector(".map-records");
    if (!("replaced" in element().dataset)) this.own = records();
    records().replaceWith(list);
    element().dataset.replaced = "";
    return { count: Number(list.dataset.count), listed: entries().length };
  }

  /** Show the page's own records again. */
  restoreRecords() {
    if (!("replaced" in element().dataset)) return;
    records().replaceWith(this.own);
    delete element().dataset.replaced;
  }

  /** Show the choice "only what is in view" as it is, with its count as text. */
  showInView(chosen, text) {
    document.getElementById("in-view").checked = chosen;
    document.getElementById("in-view-count").textContent = text;
    document.querySelector(".in-view").hidden = false;
  }

  /** Open or close the sheet; the button says what it would do next. */
  showSheet(open = this.open) {
    this.open = open;
    const button = document.getElementById("sheet-handle");
    element().classList.toggle("is-open", open);
    button.hidden = false;
    button.setAttribute("aria-expanded", String(open));
    button.textContent = open ? button.dataset.less : button.dataset.more;
  }
}

/** The choice "only what is in view": of the list's own entries or, of a large set, by the server. */
export class InView {
  constructor(map, list, { labels, addresses }) {
    Object.assign(this, { map, list, labels, addresses });
    this.turn = 0;
  }

  /**
   * Show what of these marks is in view, if that is ``wanted``, else all; ``total`` is the number of all records.
   * Return what is shown in words, "" for all, and null if a later call overtook this one.
   */
  async show(wanted, { marks, total }) {
    const turn = ++this.turn;
    let text = "";
    if (this.list.set().whole && !areCells(marks)) text = this.filter(wanted, marks, total);
    else if (wanted) text = await this.ask(turn, total);
    else this.list.restoreRecords();
    if (turn !== this.turn) return null;
    this.list.showInView(wanted, text);
    return text;
  }

  filter(wanted, marks, total) {
    const bounds = this.map.getBounds();
    const seen = marks.filter(({ at }) => bounds.contains(at));
    const shown = this.list.showOnly((entry) => !wanted || seen.some((mark) => holds(mark, entry)));
    return wanted ? this.count(shown, total) : "";
  }

  async ask(turn, total) {
    const { show, filter } = this.list.set();
    const view = { show, bbox: bboxOf(this.map.getBounds()) };
    const html = await (await get(withQuery(this.addresses.inView, filter, view))).text();
    if (turn !== this.turn) return "";
    const { count, listed } = this.list.replaceRecords(html);
    const more = listed < count ? `, ${this.labels.firstOnly.replace("{n}", listed)}` : "";
    return this.count(count, total) + more;
  }

  count(n, total) {
    const all = recordsOf(total, this.list.set().show, this.labels);
    return this.labels.inView.replace("{n}", n).replace("{total}", all);
  }
}
