// Ticks stay ticked from page to page, and the header leads to their list. Copy buttons work on every page.
import { read, toggle } from "./storage.js";

const SHOWN = 2500; // milliseconds that a button says what it has done

function showLinks() {
  for (const link of document.querySelectorAll("[data-shortlist-link]")) {
    const slugs = read(link.dataset.shortlistLink);
    link.closest("li").hidden = slugs.length === 0;
    link.textContent = `${link.dataset.label} (${slugs.length})`;
    link.search = new URLSearchParams({ slug: slugs.join(",") }).toString();
  }
}

/** Show the checkboxes within this element, and tick those of records on the shortlist. */
export function showTicks(root = document) {
  for (const tick of root.querySelectorAll("input[data-shortlist]")) {
    tick.checked = read(tick.dataset.shortlist).includes(tick.value);
  }
  // What only this script gives a meaning.
  for (const keep of root.querySelectorAll(".keep")) keep.hidden = false;
}

function showCopyButtons() {
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = !navigator.clipboard;
}

/** Return what a copy button takes: preformatted text as it is, other text on one line. */
function copied(element) {
  // The map keeps what it shows in the address, also what the server did not write out.
  if (element.id === "permalink") return location.href.replace(/#.*/, "");
  const text = element.textContent.trim();
  return element.matches("pre") ? text : text.replace(/\s+/g, " ");
}

document.addEventListener("change", (event) => {
  const { shortlist } = event.target.dataset;
  if (!shortlist) return;
  toggle(shortlist, event.target.value, event.target.checked);
  showLinks();
  showTicks(); // the same record may be there twice, in a list and in a card
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(copied(document.getElementById(button.dataset.copy)));
  button.dataset.label ??= button.textContent;
  button.textContent = button.dataset.done;
  setTimeout(() => { button.textContent = button.dataset.label; }, SHOWN);
  const status = document.getElementById("copied");
  if (status) status.textContent = button.dataset.done;
});

/** Show all of it, as on a page that has just come. */
export function show() {
  showLinks();
  showTicks();
  showCopyButtons();
}

document.addEventListener("htmx:afterSwap", show);
window.addEventListener("pageshow", show);
show();
