// A set too large for one answer, asked for by view: what is in sight and a margin, at this zoom.
import { get } from "./fetch.js";

const REST = 150; // milliseconds of rest before the view is asked for
const MARGIN = 0.25; // of the view's width and height, on each side
const DIGITS = 4;

/** Return the answer of /map/data.json for this filter; without bounds, of everything. */
async function ask({ show, filter }, zoom, bounds, signal) {
  const query = new URLSearchParams(filter);
  query.set("show", show);
  query.set("zoom", Math.max(0, zoom));
  if (bounds) {
    const sides = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    query.set("bbox", sides.map((degrees) => degrees.toFixed(DIGITS)).join());
  }
  return (await get(`/map/data.json?${query}`, { signal })).json();
}

/**
 * Follow the map's view with the records of a set {show, filter}, all within the bounds ``whole``. ``answered`` is
 * called with each answer that is not outdated, ``failed`` with what went wrong. Return {start(set), stop(), isKnown()}.
 */
export function viewSource(map, whole, answered, failed) {
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

  async function load(bounds) {
    asking.abort();
    const own = asking = new AbortController();
    const zoom = map.getZoom();
    const answer = await ask(set, zoom, bounds, own.signal);
    if (own !== asking) return;
    loaded = { bounds, zoom: answer.cells ? zoom : null };
    // Cells of the whole country are as small as this zoom wants them only where all of it is in view.
    if (answer.cells && !bounds && !map.getBounds().contains(whole)) loaded = null;
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
