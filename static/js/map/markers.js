// The marks as Leaflet markers: hubs, complexes, offices, and cells with the number of what is in them.
import { withQuery } from "./fetch.js";
import { cellDiameter, diameter, letters, recordsOf, short } from "./marks.js";

export function node(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

// By the type of a mark: what is drawn, of which size, and what it is called. ``room``, a radius, keeps others away,
// ``sink`` pixels below the middle. A symbol is smaller than what can be hit, and takes only its own room, so that it
// stays near its place; a hub has its letters below it.
const SYMBOL = 7;
const LETTERS = 8;

function hub({ n, name, sector }, { labels, sectors }) {
  const size = diameter(n);
  const number = node("span", { textContent: n });
  number.dataset.letters = letters(sector);
  const leading = sectors[sector] ? `, ${labels.leading.replace("{sector}", sectors[sector])}` : "";
  const title = `${name}: ${recordsOf(n, "clusters", labels)}`;
  const taken = { size, room: (size + LETTERS) / 2, sink: LETTERS / 2 };
  return { className: `hub-marker sector-${sector}`, ...taken, html: number, title, label: title + leading };
}

function complex({ kind, names, rough }) {
  const title = names.join(", ");
  const html = node("span", { className: `kind kind-${kind}` });
  return { className: rough ? "complex-marker is-rough" : "complex-marker", size: 24, room: SYMBOL, html, title };
}

function office({ name, rough }, { labels }) {
  const title = labels.office.replace("{name}", name);
  const html = node("span", { className: "office-mark" });
  return { className: rough ? "office-marker is-rough" : "office-marker", size: 24, room: SYMBOL, html, title };
}

function cell({ n }, { show, labels }) {
  const title = recordsOf(n, show, labels);
  const label = labels.zoomIn.replace("{records}", title);
  return { className: "cell-marker", size: cellDiameter(n), html: node("span", { textContent: short(n) }), title, label };
}

const TYPES = { hub, complex, office, cell };

/** Return where the server renders the card of a mark, under the filter of its own set. */
function cardAddress({ type, key, slugs, bounds }, { filter, show, addresses }) {
  const of = (slug) => addresses[type].replace("SLUG", slug);
  if (type === "hub") return withQuery(of(key), filter);
  if (type === "complex") return withQuery(of(slugs[0]), filter);
  if (type === "office") return of(key);
  const [[south, west], [north, east]] = bounds;
  return withQuery(addresses.inView, filter, { show, bbox: [west, south, east, north] });
}

/**
 * Return a Leaflet marker of a mark; ``set`` is {pane, show, filter, labels, addresses, sectors}. It has ``mark``,
 * ``title``, ``radius``, ``room``, ``sink`` and ``shift`` [right, down] in pixels, and ``card``, its card's address.
 */
export function markerOf(mark, set) {
  const { className, size, room = size / 2, sink = 0, html, title, label = title } = TYPES[mark.type](mark, set);
  const icon = L.divIcon({ className, html, iconSize: [size, size], popupAnchor: [0, -size / 2] });
  const marker = L.marker(mark.at, { icon, alt: label, pane: set.pane, riseOnHover: true });
  marker.on("add", () => marker.getElement().setAttribute("aria-label", label));
  const card = cardAddress(mark, set);
  return Object.assign(marker, { mark, title, radius: size / 2, room, sink, shift: [0, 0], card });
}

/** Return what tells a mark from every other that looks, or opens, differently. */
export const signOf = (mark, { show, filter }) => JSON.stringify([show, filter, mark]);
