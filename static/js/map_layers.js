// The marks of one layer on the map: kept where they stay the same, drawn little by little where they are many.
/* global L */
import { markerOf, signOf } from "./map_marks.js";
import { spread } from "./markers.js";

const MOST_AT_ONCE = 30; // milliseconds of drawing before the browser may do something else

/** Let the browser do what waits: show a picture, hear a key. */
const breathe = () => new Promise((resolve) => { setTimeout(resolve); });

/**
 * Return a layer of markers in a pane of this name: {draw(marks, layer), markers()}. ``added`` is called
 * with each new marker once it is on the map; ``apart`` tells whether those that cover each other are moved apart.
 */
export function marksLayer(map, name, { added, apart = false }) {
  const pane = map.getPane(name) ?? map.createPane(name);
  const group = L.featureGroup().addTo(map);
  let bySign = new Map();
  let turn = 0;

  /** Make the layer these marks; a later call wins. Return whether it was not overtaken. */
  async function draw(marks, layer) {
    const own = ++turn;
    const wanted = new Map(marks.map((mark) => [signOf(mark, layer), mark]));
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
      const marker = markerOf(mark, { ...layer, pane: name });
      bySign.set(sign, marker);
      group.addLayer(marker);
      added(marker);
      if (performance.now() - start < MOST_AT_ONCE) continue;
      await breathe();
      if (own !== turn) return false;
      start = performance.now();
    }
    inOrder([...wanted.keys()]);
    moveApart();
    return true;
  }

  /** Put new markers among the kept ones, as the tab key meets them; but move none while one has the focus. */
  function inOrder(signs) {
    bySign = new Map(signs.map((sign) => [sign, bySign.get(sign)]));
    if (pane.contains(document.activeElement)) return;
    let next = null;
    for (const marker of [...bySign.values()].reverse()) {
      const element = marker.getElement();
      if (element.nextSibling !== next) pane.insertBefore(element, next);
      next = element;
    }
  }

  /** Move markers apart that would cover each other at this zoom. */
  function moveApart() {
    if (!apart) return;
    const markers = [...bySign.values()];
    const circles = markers.map((marker) => ({ ...map.latLngToLayerPoint(marker.getLatLng()), r: marker.radius }));
    for (const [i, { dx, dy }] of spread(circles).entries()) {
      const { style } = markers[i].getElement();
      style.marginLeft = `${dx - markers[i].radius}px`;
      style.marginTop = `${dy - markers[i].radius}px`;
    }
  }

  map.on("zoomend", moveApart);
  return {
    draw,
    markers: () => [...bySign.values()],
  };
}
