// The marks as Leaflet markers: hubs, complexes, symbols of overlays, and cells with the number of what is in them.
import { withQuery } from "./fetch.js";
import { cellDiameter, diameter, recordsOf, short } from "./marks.js";

export function node(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function svgNode(tag, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Return a drawing around 0,0, of which so many units are seen each way; each of ``paths`` has its attributes. */
export function drawing(className, reach, paths) {
  const viewBox = [-reach, -reach, 2 * reach, 2 * reach].join(" ");
  const attributes = { class: className, viewBox, "aria-hidden": true };
  return svgNode("svg", attributes, ...paths.map((path) => svgNode("path", path)));
}

// By the type of a mark: what is drawn, of which size, and what it is called. ``room``, a radius, keeps others away. A
// symbol is smaller than what can be hit, and takes only its own room, so that it stays near its place.
const SYMBOL = 7;
const CIRCLE = "M-1,0A1,1 0 1 1 1,0A1,1 0 1 1 -1,0Z"; // of a hub where no family leads

function hub({ n, name, family }, { labels, families }) {
  const size = diameter(n);
  const leading = families[family];
  const shape = { d: leading?.path ?? CIRCLE, transform: `scale(${size / 2})` };
  const shapes = drawing("", size / 2, [{ ...shape, class: "ring" }, { ...shape, class: "shape" }]);
  const html = node("span", {}, shapes, node("b", { textContent: n }));
  const title = `${name}: ${recordsOf(n, "clusters", labels)}`;
  const label = leading ? `${title}, ${labels.leading.replace("{family}", leading.name)}` : title;
  return { className: leading ? `hub-marker family-${family}` : "hub-marker", size, html, title, label };
}

function complex({ kind, names, rough }) {
  const title = names.join(", ");
  const html = node("span", { className: `kind kind-${kind}` });
  return { className: rough ? "complex-marker is-rough" : "complex-marker", size: 24, room: SYMBOL, html, title };
}

/** Of any other type: a style sheet has its symbol. */
function symbol({ type, name, rough }) {
  const html = node("span", { className: `${type}-mark` });
  const className = `symbol-marker ${type}-marker${rough ? " is-rough" : ""}`;
  return { className, size: 24, room: SYMBOL, html, title: name };
}

function cell({ n }, { show, labels }) {
  const title = recordsOf(n, show, labels);
  const label = labels.zoomIn.replace("{records}", title);
  return { className: "cell-marker", size: cellDiameter(n), html: node("span", { textContent: short(n) }), title, label };
}

const TYPES = { hub, complex, cell };

/** Return where the server renders the card of a mark, under the filter of its own set. */
function cardAddress({ type, key, slugs, bounds }, { filter, show, addresses }) {
  if (type !== "cell") return withQuery(addresses[type].replace("SLUG", slugs[0] ?? key), filter);
  const [[south, west], [north, east]] = bounds;
  return withQuery(addresses.inView, filter, { show, bbox: [west, south, east, north] });
}

/**
 * Return a Leaflet marker of a mark; ``set`` is {pane, show, filter, labels, addresses, families}. It has ``mark``,
 * ``title``, ``radius``, ``room`` and ``shift`` [right, down] in pixels, and ``card``, its card's address.
 */
export function markerOf(mark, set) {
  const { className, size, room = size / 2, html, title, label = title } = (TYPES[mark.type] ?? symbol)(mark, set);
  const icon = L.divIcon({ className, html, iconSize: [size, size], popupAnchor: [0, -size / 2] });
  const marker = L.marker(mark.at, { icon, alt: label, pane: set.pane, riseOnHover: true });
  marker.on("add", () => marker.getElement().setAttribute("aria-label", label));
  const card = cardAddress(mark, set);
  return Object.assign(marker, { mark, title, radius: size / 2, room, shift: [0, 0], card });
}

/** Return what tells a mark from every other that looks, or opens, differently. */
export const signOf = (mark, { show, filter }) => JSON.stringify([show, filter, mark]);
