/**
 * The map of the admin's map picker: a click or a drag sets the two inputs, and typing moves the marker.
 *
 * The inputs stay the control that counts; the map is added to them and may be missing.
 * Degrees are WGS84. Leaflet comes out of django-leaflet, as a global.
 */
(() => {
  "use strict";

  const PRECISION = 4;
  const NEAR = 9;

  /** Return the point that the inputs hold as [latitude, longitude], or null if they hold none on the globe. */
  function readPoint(latitude, longitude) {
    const point = [latitude.valueAsNumber, longitude.valueAsNumber];
    return Math.abs(point[0]) <= 90 && Math.abs(point[1]) <= 180 ? point : null;
  }

  /** Write degrees into an input, and tell whoever listens to it. */
  function writeDegrees(input, degrees) {
    input.value = degrees.toFixed(PRECISION);
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** Put an empty map with its hint after the row that holds the inputs, and return the map's element. */
  function addElements(latitude) {
    const picker = document.createElement("div");
    const hint = document.createElement("p");
    const element = document.createElement("div");
    picker.className = "map-picker";
    hint.className = "map-picker-hint";
    hint.textContent = latitude.dataset.hint;
    element.className = "map-picker-map";
    element.setAttribute("role", "group");
    element.setAttribute("aria-label", latitude.dataset.label);
    picker.append(hint, element);
    (latitude.closest(".form-row") ?? latitude).append(picker);
    return element;
  }

  /** Draw the provinces, and tiles beneath them if the settings name any. */
  async function drawLand(map, { land, tiles, attribution }) {
    if (tiles) {
      map.getContainer().classList.add("map-picker-tiles");
      L.tileLayer(tiles, { attribution, maxZoom: 18 }).addTo(map);
    }
    const response = await fetch(land);
    if (!response.ok) throw new Error(`${land}: ${response.status}`);
    const provinces = await response.json();
    L.geoJSON(provinces, {
      attribution: provinces.attribution,
      interactive: false,
      style: { className: "map-picker-land", fillOpacity: 1 },
    }).addTo(map);
  }

  function start(latitude) {
    const longitude = document.getElementById(latitude.dataset.mapPicker);
    if (!longitude) return;
    const bounds = JSON.parse(latitude.dataset.bounds);
    const map = L.map(addElements(latitude), { minZoom: 6, maxZoom: 18, scrollWheelZoom: false });
    map.attributionControl.setPrefix(false);
    // Not from the keyboard: a tab stop that does nothing. The inputs are that.
    const marker = L.marker(bounds[0], {
      draggable: true,
      keyboard: false,
      icon: L.divIcon({ className: "map-picker-marker", iconSize: [24, 24] }),
    });

    function write({ lat, lng }) {
      writeDegrees(latitude, lat);
      writeDegrees(longitude, lng);
    }

    /** Move the marker to where the inputs say; take it away while they say nothing. */
    function read() {
      const point = readPoint(latitude, longitude);
      if (point) {
        marker.setLatLng(point).addTo(map);
        if (!map.getBounds().contains(point)) map.panTo(point);
      } else {
        marker.remove();
      }
    }

    const point = readPoint(latitude, longitude);
    if (point) {
      map.setView(point, NEAR);
    } else {
      map.fitBounds(bounds);
    }
    read();
    drawLand(map, latitude.dataset).catch(console.error);

    map.on("click", (event) => write(event.latlng.wrap()));
    marker.on("dragend", () => write(marker.getLatLng().wrap()));
    for (const input of [latitude, longitude]) {
      input.addEventListener("input", read);
      input.addEventListener("change", read);
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("input[data-map-picker]").forEach(start);
  });
})();
