// What opens at a mark: a box while it is pointed at or focused, a popup once it is chosen.
/* global L */

const LINGER = 250; // milliseconds to reach the box with the pointer

/** Give the map its one hover box. Return {watch(marker, lit), hide()}. */
export function hoverBox(map) {
  const box = L.tooltip({ direction: "auto", interactive: true, opacity: 1, className: "hover-box" });
  let timer = 0;
  let quiet = false;
  let dismissed = false; // by Escape: nothing opens at what came to lie under the resting pointer

  function hide() {
    clearTimeout(timer);
    box.remove();
  }

  function show(marker) {
    clearTimeout(timer);
    if (quiet || marker.isPopupOpen()) return;
    box.options.offset = L.point(marker.radius + 2, 0);
    box.setLatLng(marker.getLatLng()).setContent(marker.preview).addTo(map);
    const element = box.getElement();
    // Beside a mark near the upper or lower edge the box would be cut off: move it in.
    const [outer, inner] = [map.getContainer().getBoundingClientRect(), element.getBoundingClientRect()];
    const down = Math.max(0, outer.top + 4 - inner.top) - Math.max(0, inner.bottom + 4 - outer.bottom);
    element.style.marginTop = `${down}px`;
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
    element.addEventListener("mouseenter", () => {
      if (!dismissed) enter();
    });
    element.addEventListener("focus", enter);
    element.addEventListener("mouseleave", out);
    element.addEventListener("blur", out);
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
