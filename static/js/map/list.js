// The list beside the map: its entries, what is lit in it, and the sheet that it is on a phone.

const data = () => document.getElementById("map-data");
const entries = () => [...data().querySelectorAll("[data-slug]")];

/** Return what the records of the list are: {show, geojson, filter}, and byView where they are too many for one answer. */
export const source = () => data().dataset;

/** Return what the server says of regions, sectors and further layers for the current filter. */
export const layers = () => JSON.parse(document.getElementById("map-layers").textContent);

/** Call back with {slug, hub} of the entry that is pointed at or focused, and with null afterwards. */
export function onPoint(callback) {
  const page = document.getElementById("map-view");
  const tell = (event) => callback(event.target.closest?.("[data-slug]")?.dataset ?? null);
  for (const kind of ["mouseover", "focusin"]) page.addEventListener(kind, tell);
  for (const kind of ["mouseleave", "focusout"]) page.addEventListener(kind, () => callback(null));
}

/** Light the entries that ``wanted`` accepts by {slug, hub}; bring the first into the list's view (never moving the page). */
export function light(wanted) {
  let first = null;
  for (const entry of entries()) {
    const lit = wanted(entry.dataset);
    entry.classList.toggle("is-lit", lit);
    if (lit) first ??= entry;
  }
  const list = data();
  if (!first || first.hidden || list.scrollHeight <= list.clientHeight) return;
  const [inner, outer] = [first.getBoundingClientRect(), list.getBoundingClientRect()];
  if (inner.top < outer.top || inner.bottom > outer.bottom) list.scrollTop += inner.top - outer.top - 96;
}

/** Show the entries that ``wanted`` accepts by slug, and the headings over them; return how many. */
export function showOnly(wanted) {
  let shown = 0;
  let group = null;
  for (const entry of data().querySelectorAll(".map-records > li")) {
    if (entry.classList.contains("group")) {
      group = entry;
      group.hidden = true;
      continue;
    }
    entry.hidden = !wanted(entry.dataset.slug);
    if (entry.hidden) continue;
    shown += 1;
    if (group) group.hidden = false;
  }
  return shown;
}

const shown = () => data().querySelector(".map-records");
let page = null; // the list as the page has it, while another stands in its place

/** Show these records of the server (HTML) in place of the page's own. Return {count, listed}. */
export function replaceRecords(html) {
  const { content } = Object.assign(document.createElement("template"), { innerHTML: html });
  const list = content.querySelector(".map-records");
  if (!("replaced" in data().dataset)) page = shown();
  shown().replaceWith(list);
  data().dataset.replaced = "";
  return { count: Number(list.dataset.count), listed: entries().length };
}

/** Show the page's own records again. */
export function restoreRecords() {
  if (!("replaced" in data().dataset)) return;
  shown().replaceWith(page);
  delete data().dataset.replaced;
}

/** Show the choice "only what is in view" as it is, with its count in words. */
export function showInView(chosen, words) {
  document.getElementById("in-view").checked = chosen;
  document.getElementById("in-view-count").textContent = words;
  document.querySelector(".in-view").hidden = false;
}

let open = false;

/** Open or close the sheet; the button says what it would do next. */
export function showSheet(wanted = open) {
  open = wanted;
  const button = document.getElementById("sheet-handle");
  data().classList.toggle("is-open", open);
  button.hidden = false;
  button.setAttribute("aria-expanded", String(open));
  button.textContent = open ? button.dataset.less : button.dataset.more;
}

document.addEventListener("click", (event) => {
  if (event.target.closest?.("#sheet-handle")) showSheet(!open);
});

// Whoever prefers to can drag the button: the sheet follows where it was let go.
let from = null;
document.addEventListener("pointerdown", (event) => {
  from = event.target.closest?.("#sheet-handle") ? event.clientY : null;
});
document.addEventListener("pointerup", (event) => {
  const moved = from === null ? 0 : event.clientY - from;
  from = null;
  if (Math.abs(moved) > 40) showSheet(moved < 0);
});
