// What opens at a mark: its card. A light one while the mark is pointed at or focused (the hover card), one that stays
// once it is chosen. The server renders what stands in it and is asked once: until then it says name and number.
import { showTicks } from "../shortlist/shortlist.js";
import { get } from "./fetch.js";
import { node } from "./markers.js";

const MAX_KEPT = 200;
const LINGER = 250; // milliseconds to reach the hover card with the pointer
const WIDTH = 262; // pixels of a hover card, its frame included

const kept = new Map(); // the text of each card, or the promise of it, by address

/** Return what the server says at this address, which is asked only once. */
function answer(address) {
  if (!kept.has(address)) {
    kept.set(address, get(address).then((response) => response.text()));
    kept.get(address).then(
      (text) => kept.set(address, text),
      () => kept.delete(address),
    );
    if (kept.size > MAX_KEPT) kept.delete(kept.keys().next().value);
  }
  return kept.get(address);
}

function fill(card, text) {
  const { content } = node("template", { innerHTML: text });
  const [heading, given] = [card.querySelector("h2"), content.querySelector("h2")];
  if (given) heading.replaceChildren(...given.childNodes);
  given?.remove();
  // The heading itself stays where it is, as it may have the focus.
  while (heading.nextSibling) heading.nextSibling.remove();
  heading.after(...content.childNodes);
  card.ariaBusy = null;
  showTicks(card); // which need not be part of the page yet
}

/**
 * Return {card, whole}: the card of a marker, and a promise of it once the server's answer is in it.
 * A card that was asked for before is whole at once.
 */
function cardOf(marker, labels) {
  const card = node("div", { className: "card" }, node("h2", { textContent: marker.title, tabIndex: -1 }));
  const text = answer(marker.card);
  if (typeof text === "string") {
    fill(card, text);
    return { card, whole: Promise.resolve(card) };
  }
  const note = node("p", { className: "aside", textContent: labels.loading });
  card.append(note);
  card.ariaBusy = "true";
  const whole = text.then(
    (given) => {
      fill(card, given);
      return card;
    },
    (error) => {
      note.textContent = labels.failed;
      card.ariaBusy = null;
      throw error;
    },
  );
  return { card, whole };
}

/** Let the card of this marker open when it is chosen; ``opened`` is called with it once it is whole. */
export function bindCard(map, marker, labels, opened) {
  let card = null;
  const make = () => {
    const made = cardOf(marker, labels);
    card = made.card;
    made.whole.then((whole) => {
      if (card !== whole) return; // closed meanwhile
      const inside = card.contains(document.activeElement);
      marker.getPopup().update(); // puts the content in anew, which loses the focus
      if (inside) card.querySelector("h2").focus({ preventScroll: true });
      opened(card);
    }, console.error);
    return card;
  };
  // The padding keeps the card clear of the zoom buttons, and its own frame has room beside it.
  const maxWidth = Math.min(260, map.getSize().x - 110);
  const autoPanPaddingTopLeft = [52, 8];
  marker.bindPopup(() => card ?? make(), { minWidth: Math.min(220, maxWidth), maxWidth, autoPanPaddingTopLeft });
  marker.on("popupopen", () => card.querySelector("h2").focus({ preventScroll: true }));
  marker.on("popupclose", () => { card = null; });
}

/** Return how far what lies between two sides must move to lie within two others, and a little away from them. */
const into = (low, high, from, to) => Math.max(0, low + 4 - from) - Math.max(0, to + 4 - high);

/** Return what the hover card holds: of a cell, where nothing opens yet, its name alone. */
function hoverContent(marker, labels) {
  if (marker.mark.type !== "cell") return cardOf(marker, labels);
  const card = node("div", { textContent: marker.options.alt });
  return { card, whole: Promise.resolve(card) };
}

/** Give the map its one hover card. Return {watch(marker, lit), hide()}. */
export function hoverCard(map, labels) {
  const tip = L.tooltip({ direction: "auto", interactive: true, opacity: 1, className: "hover-card" });
  let timer = 0;
  let quiet = false;
  let dismissed = false; // by Escape: nothing opens at what came to lie under the resting pointer

  function hide() {
    clearTimeout(timer);
    tip.remove();
  }

  /** Beside a mark near an edge of the map the card would be cut off: move it in. */
  function moveIn(element) {
    element.style.translate = "0 0";
    const [outer, inner] = [map.getContainer().getBoundingClientRect(), element.getBoundingClientRect()];
    const across = into(outer.left, outer.right, inner.left, inner.right);
    const down = into(outer.top, outer.bottom, inner.top, inner.bottom);
    element.style.translate = `${across}px ${down}px`;
  }

  /** Return where a marker is drawn, which may be beside its place. */
  function drawnAt(marker) {
    const point = map.latLngToLayerPoint(marker.getLatLng());
    return map.layerPointToLatLng(point.add(marker.shift));
  }

  /** Return where the card has room without covering its own mark, which could not be chosen then. */
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
    Object.assign(tip.options, sideOf(marker));
    const put = (content) => {
      // The tab key goes from mark to mark; the links are for whoever chooses one, or points at the card.
      for (const link of content.querySelectorAll("a, h2, input")) link.tabIndex = -1;
      tip.setLatLng(drawnAt(marker)).setContent(content).addTo(map);
      moveIn(tip.getElement());
    };
    const { card, whole } = hoverContent(marker, labels);
    put(card);
    if (card.ariaBusy) whole.then(() => { if (tip.getContent() === card && tip.isOpen()) put(card); }, console.error);
  }

  function leave() {
    clearTimeout(timer);
    timer = setTimeout(hide, LINGER);
  }

  /** Open the card at this marker while it is pointed at; ``lit`` hears of it, and of the end with null. */
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
    marker.on("popupclose", ({ popup }) => {
      // Only if the reader was inside: a click elsewhere has its own focus. The hover card would hide what is behind.
      if (!popup.getElement()?.contains(document.activeElement)) return;
      quiet = true;
      marker.getElement()?.focus();
      quiet = false;
    });
  }

  tip.once("add", () => {
    tip.getElement().addEventListener("mouseenter", () => clearTimeout(timer));
    tip.getElement().addEventListener("mouseleave", leave);
  });
  map.on("popupopen", hide);
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
