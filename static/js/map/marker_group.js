// A group of marks on the map: kept where they stay the same, drawn little by little where they are many.
import { markerOf, signOf } from "./markers.js";
import { spread } from "./marks.js";

const MAX_AT_ONCE = 30; // milliseconds of drawing before the browser may do something else

/** Let the browser do what waits: show a picture, hear a key. */
const breathe = () => new Promise((resolve) => { setTimeout(resolve); });

/**
 * Return a group of markers in a pane of this name: {draw(marks, set), markers()}. ``added`` is called with each
 * new marker once it is on the map, ``drawn`` with all once they are where they stay. Those of the records are moved
 * apart where they cover each other; those of overlays keep clear of the records, which are their ``first``.
 */
export function markerGroup(map, name, { added, drawn, first = null }) {
  const pane = map.getPane(name) ?? map.createPane(name);
  const group = L.featureGroup().addTo(map);
  let bySign = new Map();
  let turn = 0;

  /** Draw these marks of a set, and no others; a later call wins. Return whether it was not overtaken. */
  async function draw(marks, set) {
    const own = ++turn;
    const wanted = new Map(marks.map((mark) => [signOf(mark, set), mark]));
    for (const [sign, marker] of bySign) {
      if (wanted.has(sign)) continue;
      // Who was there stays on the map, and not at the top of the page.
      if (marker.getElement() === document.activeElement) map.getContainer().focus({ preventScroll: true });
      group.removeLayer(marker);
      bySign.delete(sign);
    }
    let start = performance.now();
    for (const [sign, mark] of wanted) {
      if (bySign.has(sign)) continue;
      const marker = markerOf(mark, { ...set, pane: name });
      bySign.set(sign, marker);
      group.addLayer(marker);
      added(marker);
      if (performance.now() - start < MAX_AT_ONCE) continue;
      await breathe();
      if (own !== turn) return false;
      start = performance.now();
    }
    inOrder([...wanted.keys()]);
    moveApart();
    drawn([...bySign.values()]);
    return true;
  }

  /** Put new markers among the kept ones, as the tab key meets them; but move none while one has the focus. */
  function inOrder(signs) {
    bySign = new Map(signs.map((sign) => [sign, bySign.get(sign)]));
    if (pane.contains(document.activeElement)) return;
    let next = null;
    for (const marker of [...bySign.values()].toReversed()) {
      const element = marker.getElement();
      if (element.nextSibling !== next) pane.insertBefore(element, next);
      next = element;
    }
  }

  /** Return the room of the marker as a circle in pixels, where its place is. */
  function circle(marker) {
    const { x, y } = map.latLngToLayerPoint(marker.getLatLng());
    return { x, y, r: marker.room };
  }

  /** Move markers apart that would cover each other at this zoom. */
  function moveApart() {
    // Cells lie in a grid: beside other cells there is no room for them.
    const markers = [...bySign.values()].filter(({ mark }) => !first || mark.type !== "cell");
    const others = first ? first.circles().map((other) => ({ ...other, fixed: true })) : [];
    const rounds = first && !others.length ? 0 : 12;
    const moves = spread([...others, ...markers.map(circle)], rounds).slice(others.length);
    for (const [i, { dx, dy }] of moves.entries()) {
      markers[i].shift = [dx, dy];
      markers[i].options.icon.options.popupAnchor = [dx, dy - markers[i].radius];
      const { style } = markers[i].getElement();
      style.marginLeft = `${dx - markers[i].radius}px`;
      style.marginTop = `${dy - markers[i].radius}px`;
    }
    if (!first) map.fire("marksmoved");
  }

  map.on(first ? "marksmoved" : "zoomend", moveApart);
  return {
    draw,
    markers: () => [...bySign.values()],
    circles: () => [...bySign.values()].map((marker) => {
      const { x, y, r } = circle(marker);
      return { x: x + marker.shift[0], y: y + marker.shift[1], r };
    }),
  };
}
