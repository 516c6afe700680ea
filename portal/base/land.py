"""Provinces and regions as SVG paths, for small maps drawn by the server. Plain Python.

Degrees are WGS84; lengths are pixels (SVG user units), x to the right and y downwards.
The projection is Web Mercator, the one of the Leaflet map, so both maps have the same shape.
"""

import json
from collections.abc import Sequence
from functools import cache
from math import asinh, radians, tan
from typing import NamedTuple, SupportsFloat

from django.conf import settings

from portal.korea import DRAWN

MAP_DIR = settings.BASE_DIR / "static" / "map"

# What fills the picture, in degrees.
(SOUTH, WEST), (NORTH, EAST) = DRAWN


class AreaPath(NamedTuple):
    """A province or region and the path ("d" attribute) that draws it."""

    slug: str
    name: str
    name_ko: str
    d: str


def _mercator(latitude: float) -> float:
    """Return the Web Mercator ordinate, in radians, of a latitude in degrees."""
    return asinh(tan(radians(latitude)))


def project(longitude: float, latitude: float, width: float, height: float) -> tuple[float, float]:
    """Return (x, y) in pixels of a point in degrees, in a picture of width by height pixels.

    The country fills the picture as far as its shape allows, and is centred in the rest.
    """
    west, east = radians(WEST), radians(EAST)
    south, north = _mercator(SOUTH), _mercator(NORTH)
    scale = min(width / (east - west), height / (north - south))
    x = width / 2 + scale * (radians(longitude) - (west + east) / 2)
    y = height / 2 - scale * (_mercator(latitude) - (south + north) / 2)
    return x, y


def _ring_path(ring: Sequence[Sequence[float]], width: float, height: float) -> str:
    """Return the closed subpath of one ring, to a tenth of a pixel; empty if it is but a dot."""
    points: list[str] = []
    for longitude, latitude in ring[:-1]:
        x, y = project(longitude, latitude, width, height)
        point = f"{x:.1f},{y:.1f}"
        if not points or point != points[-1]:
            points.append(point)
    return f"M{' '.join(points)}Z" if len(points) > 2 else ""


@cache
def area_paths(areas: str, width: float, height: float) -> tuple[AreaPath, ...]:
    """Return an AreaPath for each of the "provinces", "zones" or "pan_regions", to width by height pixels.

    Draw them with fill-rule="evenodd": one may surround another.
    """
    collection = json.loads((MAP_DIR / f"{areas}.geojson").read_text(encoding="utf-8"))
    paths = []
    for feature in collection["features"]:
        geometry = feature["geometry"]
        polygons = geometry["coordinates"]
        if geometry["type"] == "Polygon":
            polygons = [polygons]
        d = "".join(_ring_path(ring, width, height) for polygon in polygons for ring in polygon)
        paths.append(AreaPath(**feature["properties"], d=d))
    return tuple(paths)


# The picture of all small maps, in pixels; static/map/land.svg holds the land to the same measure.
WIDTH, HEIGHT = 682, 640


def locate(latitude: SupportsFloat | None, longitude: SupportsFloat | None) -> tuple[float, float] | None:
    """Return (x, y) in pixels of a point in degrees on a WIDTH by HEIGHT picture; None without a point."""
    if latitude is None or longitude is None:
        return None
    x, y = project(float(longitude), float(latitude), WIDTH, HEIGHT)
    return round(x, 1), round(y, 1)
