// Asks for the records of a set: for a small one once and whole, for a large one by view, that is what is in sight and
// a margin, at this zoom.
import { getJson, withQuery } from "./fetch.js";

const REST = 150; // milliseconds of rest before the view is asked for
const MARGIN = 0.25; // of the view's width and height, on each side
const DIGITS = 4;

/** Return bounds as the server reads them: "west,south,east,north". */
export const bboxOf = (bounds) =>
  bounds.toBBoxString().split(",").map((degrees) => Number(degrees).toFixed(DIGITS)).join();

/**
 * Follow the map's view with the records of a set {show, filter, whole}, all within the bounds ``country``; ``address``
 * is that of the map's data. ``answered`` is called with each answer that is not outdated, ``failed`` with what went
 * wrong. Return {start(set), stop(), isKnown()}.
 */
export function recordSource(map, { address, country, answered, failed }) {
  let set = null;
  let loaded = null; // {bounds or null for everything, zoom or null where single points are right at any}
  let asking = new AbortController();
  let starting = false;
  let timer = 0;

  /** Tell whether the answer that came last holds the view. */
  const isKnown = () =>
    loaded !== null
    && (!loaded.bounds || loaded.bounds.contains(map.getBounds()))
    && (loaded.zoom === null || loaded.zoom === map.getZoom());

  /** Return the answer for these bounds at this zoom; for everything without them. */
  function ask(bounds, zoom, signal) {
    const view = {};
    if (bounds || !set.whole) view.zoom = Math.max(0, zoom);
    if (bounds) view.bbox = bboxOf(bounds);
    return getJson(withQuery(address, set.filter, { show: set.show, ...view }), { signal });
  }

  async function load(bounds) {
    asking.abort();
    const own = asking = new AbortController();
    const zoom = map.getZoom();
    const answer = await ask(bounds, zoom, own.signal);
    if (own !== asking) return;
    loaded = { bounds, zoom: answer.cells ? zoom : null };
    // Cells of the whole country are as small as this zoom wants them only where it was said, and all is in view.
    if (answer.cells && !bounds && (set.whole || !map.getBounds().contains(country))) loaded = null;
    starting = false;
    await answered(answer);
    if (own === asking) refresh();
  }

  const report = (error) => { if (error.name !== "AbortError") failed(error); };

  /** Ask for the view, unless what was answered last holds it. */
  function refresh() {
    clearTimeout(timer);
    if (set && !starting && !isKnown()) load(map.getBounds().pad(MARGIN)).catch(report);
  }

  map.on("moveend", () => {
    clearTimeout(timer);
    if (set) timer = setTimeout(refresh, REST);
  });
  return {
    /** Begin with everything at this zoom: few enough records are single points, and all there is to know. */
    start(next) {
      set = next;
      loaded = null;
      starting = true;
      return load(null).catch((error) => { if (error.name !== "AbortError") throw error; });
    },
    stop() {
      clearTimeout(timer);
      asking.abort();
      set = null;
    },
    isKnown,
  };
}
