// The address of the map: the part of its state that is no filter. Nothing here knows Leaflet or the list, and
// ``read``, ``parameters`` and ``write`` know no page either.

const REGIONS = ["zone", "pan_region", "none"];
const DIGITS = 4;

/**
 * Return the state that a query string says; what it does not say, or says wrongly, is the default. Which overlays there
 * are, those who draw them know.
 */
export function read(search) {
  const given = new URLSearchParams(search);
  const [lat, lon, zoom] = ["lat", "lon", "zoom"].map((name) => Number.parseFloat(given.get(name)));
  const seen = [lat, lon, zoom].every(Number.isFinite) && Math.abs(lat) <= 90 && Math.abs(lon) <= 180;
  return {
    regions: REGIONS.includes(given.get("regions")) ? given.get("regions") : "zone",
    overlays: (given.get("layers") ?? "").split(",").filter(Boolean),
    inView: given.get("in_view") === "1",
    at: given.get("at") ?? "",
    view: seen ? { lat, lon, zoom } : null,
  };
}

/** Return the parameters that say this state, [name, value] each; a default has the value "". */
export function parameters({ regions, overlays, inView, at, view }) {
  return [
    ["regions", regions === "zone" ? "" : regions],
    ["layers", overlays.join(",")],
    ["in_view", inView ? "1" : ""],
    ["at", at],
    ["lat", view ? view.lat.toFixed(DIGITS) : ""],
    ["lon", view ? view.lon.toFixed(DIGITS) : ""],
    ["zoom", view ? String(view.zoom) : ""],
  ];
}

/** Return the query string with this state in it; whatever else it says stays. */
export function write(search, state) {
  const query = new URLSearchParams(search);
  for (const [name, value] of parameters(state)) {
    if (value) query.set(name, value);
    else query.delete(name);
  }
  return query.toString().replaceAll("%2C", ",");
}

export const current = () => read(location.search);

// These are in the page's own links, too, which follow on hearing "map:redrawn" (links.js).
const IN_LINKS = ["regions", "overlays", "inView"];

/** Put these changes of the state into the address, without a new entry in the history. */
export function keep(changes) {
  const query = write(location.search, { ...current(), ...changes });
  history.replaceState(history.state, "", query ? `?${query}` : location.pathname);
  if (IN_LINKS.some((name) => name in changes)) document.dispatchEvent(new Event("map:redrawn"));
}

/** Let each filter keep how the map is drawn, but not the view: the map moves to what is found. */
export function keepInFilters() {
  document.addEventListener("htmx:configRequest", ({ detail: { formData } }) => {
    for (const [name, value] of parameters({ ...current(), at: "", view: null })) {
      formData.delete(name);
      if (value) formData.set(name, value);
    }
  });
}
