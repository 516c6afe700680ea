// Zooms the drawn map of an embed: buttons, Ctrl and wheel, or two fingers. Never the plain wheel or one finger,
// which belong to the page around.
import { dragged, pinched, zoomed } from "./picture_view.js";

const svg = document.querySelector(".embed-map svg");
const STEP = 1.5;

function start() {
  const { x, y, width, height } = svg.viewBox.baseVal;
  const whole = { x, y, width, height };
  let view = whole;
  let fingers = null; // where two were last

  function show(changed) {
    view = changed;
    svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.width} ${view.height}`);
    svg.toggleAttribute("data-zoomed", view.width < whole.width);
  }

  /** Return where an event is in the view, as fractions of its width and height. */
  function pointOf({ clientX, clientY }) {
    const point = new DOMPoint(clientX, clientY).matrixTransform(svg.getScreenCTM().inverse());
    return [(point.x - view.x) / view.width, (point.y - view.y) / view.height];
  }

  for (const button of document.querySelectorAll("[data-zoom]")) {
    const factor = button.dataset.zoom === "in" ? STEP : 1 / STEP;
    button.addEventListener("click", () => show(zoomed(whole, view, factor, [0.5, 0.5])));
  }

  svg.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      show(zoomed(whole, view, STEP ** (-event.deltaY / 200), pointOf(event)));
    },
    { passive: false },
  );

  const letGo = () => {
    fingers = null;
  };
  const keep = (event) => {
    const now = [...event.touches].map(pointOf);
    if (now.length !== 2) return letGo();
    // A scroll that has begun with one finger cannot be taken back; Chromium warns of the attempt.
    if (event.cancelable) event.preventDefault();
    if (fingers) show(pinched(whole, view, fingers, now));
    fingers = now;
  };
  for (const kind of ["touchstart", "touchmove"]) svg.addEventListener(kind, keep, { passive: false });
  svg.addEventListener("touchend", letGo);

  // A mouse drags what is zoomed in; there is no page scroll by mouse drag to take away.
  let held = null;
  let moved = 0;
  svg.addEventListener("pointerdown", (event) => {
    held = event.pointerType === "mouse" ? pointOf(event) : null;
    moved = 0;
  });
  window.addEventListener("pointermove", (event) => {
    if (!held || !event.buttons) return;
    const now = pointOf(event);
    show(dragged(whole, view, held, now));
    held = now;
    moved += Math.abs(event.movementX) + Math.abs(event.movementY);
  });
  window.addEventListener("pointerup", () => {
    held = null;
  });
  // Letting go of the map over a link is no click on it.
  svg.addEventListener("click", (event) => moved > 4 && event.preventDefault(), { capture: true });
  svg.addEventListener("dragstart", (event) => event.preventDefault()); // of a link

  for (const element of document.querySelectorAll(".embed-zoom, .embed-hint")) element.hidden = false;
}

if (svg) start();
