// What opens at a mark: a box while it is pointed at or focused, a popup once it is chosen. Both hold the same card.
/* global L */
import { card } from "./cards.js";

const LINGER = 250; // milliseconds to reach the box with the pointer
const WIDTH = 262; // pixels of a box, its frame included

/** Give the map its one hover box. Return {watch(marker, lit), hide()}. */
export function hoverBox(map, words) {
  const box = L.tooltip({ direction: "auto", interactive: true, opacity: 1, className: "hover-box" });
  let timer = 0;
  let quiet = false;
  let dismissed = false; // by Escape: nothing opens at what came to lie under the resting pointer

  function hide() {
    clearTimeout(timer);
    box.remove();
  }

  /** Beside a mark near an edge of the map the box would be cut off: move it in. */
  function moveIn(element) {
    element.style.translate = "0 0";
    const [outer, inner] = [map.getContainer().getBoundingClientRect(), element.getBoundingClientRect()];
    const into = (low, high, from, to) => Math.max(0, low + 4 - from) - Math.max(0, to + 4 - high);
    const across = into(outer.left, outer.right, inner.left, inner.right);
    const down = into(outer.top, outer.bottom, inner.top, inner.bottom);
    element.style.translate = `${across}px ${down}px`;
  }

  /** Return where a marker is drawn, which may be beside its place. */
  function drawnAt(marker) {
    const point = map.latLngToLayerPoint(marker.getLatLng());
    return map.layerPointToLatLng(point.add(marker.shift));
  }

  /** Return where the box has room without covering its own mark, which could not be chosen then. */
  function sideOf(marker) {
    const { x, y } = map.latLngToContainerPoint(drawnAt(marker));
    const size = map.getSize();
    const away = marker.radius + 2;
    if (Math.max(x, size.x - x) - away >= WIDTH) return { direction: "auto", offset: L.point(away, 0) };
    if (y < size.y / 2) return { direction: "bottom", offset: L.point(0, away) };
    return { direction: "top", offset: L.point(0, -away) };
  }

  function show(marker) {
    clearTimeout(timer);
    if (quiet || marker.isPopupOpen()) return;
    Object.assign(box.options, sideOf(marker));
    const place = (content) => {
      // The tab key goes from mark to mark; the links are for whoever chooses one, or points at the box.
      for (const link of content.querySelectorAll("a, h2, input")) link.tabIndex = -1;
      box.setLatLng(drawnAt(marker)).setContent(content).addTo(map);
      moveIn(box.getElement());
    };
    const { card: content, whole } = contentOf(marker, words);
    place(content);
    const replace = () => { if (box.getContent() === content && box.isOpen()) place(content); };
    if (content.ariaBusy) whole.then(replace, console.error);
    const element = box.getElement();
    element.onmouseenter = () => clearTimeout(timer);
    element.onmouseleave = leave;
  }

  function leave() {
    clearTimeout(timer);
    timer = setTimeout(hide, LINGER);
  }

  /** Open the box at this marker while it is pointed at; ``lit`` hears of it, and of the end with null. */
  function watch(marker, lit) {
    const element = marker.getElement();
    const enter = () => {
      show(marker);
      lit(marker);
    };
    const out = () => {
      leave();
      lit(null);
    };
    // A finger chooses at once: what opened under it would take the choice.
    element.addEventListener("pointerenter", ({ pointerType }) => {
      if (!dismissed && pointerType === "mouse") enter();
    });
    element.addEventListener("focus", enter);
    element.addEventListener("pointerleave", out);
    element.addEventListener("blur", out);
    // A button's other key; Enter is Leaflet's.
    element.addEventListener("keydown", (event) => {
      if (event.key !== " ") return;
      event.preventDefault();
      element.click();
    });
  }

  map.on("popupopen", hide);
  map.on("popupclose", ({ popup }) => {
    // Only if the reader was inside: a click elsewhere has its own focus. The box would hide what is behind.
    if (!popup.getElement()?.contains(document.activeElement)) return;
    quiet = true;
    popup._source?.getElement()?.focus();
    quiet = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    dismissed = true;
    hide();
    map.closePopup();
  });
  document.addEventListener("mousemove", ({ movementX, movementY }) => {
    if (movementX || movementY) dismissed = false;
  });
  return { watch, hide };
}

/** Return the card of a marker: of a cell, where nothing opens yet, its name alone. */
function contentOf(marker, words) {
  if (marker.mark.type !== "cell") return card(marker.title, marker.part, words);
  const content = Object.assign(document.createElement("div"), { textContent: marker.options.alt });
  return { card: content, whole: Promise.resolve(content) };
}

/** Let a popup open at this marker when it is chosen; ``opened`` is called with its card once that is whole. */
export function bindPopup(map, marker, words, opened) {
  let content = null;
  const make = () => {
    const made = card(marker.title, marker.part, words);
    content = made.card;
    made.whole.then((whole) => {
      if (content !== whole) return; // closed meanwhile
      const inside = content.contains(document.activeElement);
      marker.getPopup().update(); // puts the content in anew, which loses the focus
      if (inside) content.querySelector("h2").focus({ preventScroll: true });
      opened(content);
    }, console.error);
    return content;
  };
  // The padding keeps the popup clear of the zoom buttons, and its own frame has room beside it.
  const maxWidth = Math.min(260, map.getSize().x - 110);
  const autoPanPaddingTopLeft = [52, 8];
  marker.bindPopup(() => content ?? make(), { minWidth: Math.min(220, maxWidth), maxWidth, autoPanPaddingTopLeft });
  marker.on("popupopen", () => content.querySelector("h2").focus({ preventScroll: true }));
  marker.on("popupclose", () => { content = null; });
}
