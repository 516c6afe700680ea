"""Places on a drawn map: where in pixels, for how many records; many of them as cells, near ones apart."""

from collections.abc import Iterable
from functools import lru_cache
from itertools import combinations
from math import dist
from typing import NamedTuple
from urllib.parse import urlencode

from django.urls import reverse

from .land import locate
from .matches import Matches
from .views import with_query

# The size of a symbol in pixels of the picture.
SYMBOL = 6
# More circles than this are not moved apart.
MAX_SPREAD = 150
# More marks than this would cover each other; then each stands for all records of a cell.
MAX_MARKS = 300
# The size of a cell in degrees, some 36 pixels each way, and the largest and smallest circle for one.
CELL_WIDTH, CELL_HEIGHT = 0.4, 0.32
CELL_RADII = (12, 19)
# How near a link to a cell leads.
CELL_ZOOM = "9"


class MapPoint(NamedTuple):
    """A place on a drawn map: what it stands for, where in pixels, for how many records."""

    record: object
    x: float
    y: float
    count: int  # type: ignore[assignment]  # not the count of a tuple
    radius: float

    @property
    def number(self) -> str:
        return short(self.count)


class Cell(NamedTuple):
    """A place that stands for the records around it, where single ones would be too many; in degrees."""

    latitude: float
    longitude: float

    @property
    def name(self) -> str:
        return f"{self.latitude:.1f}° N, {self.longitude:.1f}° E"

    @property
    def view(self) -> dict[str, str]:
        """Return the parameters of the large map that show it from near."""
        return {"lat": f"{self.latitude:.4f}", "lon": f"{self.longitude:.4f}", "zoom": CELL_ZOOM}

    def get_absolute_url(self) -> str:
        return with_query(reverse("map"), urlencode(self.view))


def short(count: int) -> str:
    """Return a number as it fits into a circle: "950", "1.2k", "12k"."""
    if count < 1000:
        return str(count)
    return f"{count / 1000:.1f}k" if count < 9950 else f"{count / 1000:.0f}k"


def are_cells(places: Iterable) -> bool:
    """Return whether these MapPoints or Marks stand for cells, because single places would be too many."""
    return any(isinstance(place.record, Cell) for place in places)


def spread(points: list[MapPoint]) -> list[MapPoint]:
    """Return the points moved apart until each circle shows most of itself, as on the large map.

    Where there are very many, that would push them far from their places, and take long.
    """
    if len(points) > MAX_SPREAD:
        return points
    places = _spread(tuple((point.x, point.y, point.radius) for point in points))
    return [point._replace(x=x, y=y) for point, (x, y) in zip(points, places, strict=True)]


@lru_cache(maxsize=200)
def _spread(circles: tuple[tuple[float, float, float], ...]) -> list[tuple[float, float]]:
    """Return the places of circles, (x, y, radius) each, moved apart."""
    moved = [([x, y], radius) for x, y, radius in circles]
    pairs = list(combinations(moved, 2))
    for _round in range(12):
        if not sum(_apart(*pair) for pair in pairs):
            break
    return [(round(x, 1), round(y, 1)) for (x, y), _radius in moved]


def _apart(one: tuple[list[float], float], other: tuple[list[float], float]) -> bool:
    """Move two circles, (place, radius) each, half of what they are too near; return whether they were."""
    (place, radius), (beside, its_radius) = one, other
    wanted, distance = 0.9 * (radius + its_radius), dist(place, beside)
    if distance >= wanted:
        return False
    across, down = [(beside[i] - place[i]) / distance for i in (0, 1)] if distance else (1, 0)
    step = (wanted - distance) / 2
    place[:] = place[0] - across * step, place[1] - down * step
    beside[:] = beside[0] + across * step, beside[1] + down * step
    return True


def cell_points(matches: Matches) -> list[MapPoint]:
    """Return a MapPoint for each cell that holds any of these records, the fullest first."""
    cells = matches.in_view().cells(CELL_WIDTH, CELL_HEIGHT)
    rows = sorted(cells, key=lambda row: (-row[2], row))
    smallest, largest = CELL_RADII
    found = []
    for _column, _row, n, longitude, latitude, *_bounds in rows:
        radius = max(smallest, round(largest * (n / rows[0][2]) ** 0.5, 1))
        cell = Cell(round(latitude, 4), round(longitude, 4))
        if place := locate(*cell):
            found.append(MapPoint(cell, *place, n, radius))
    return spread(found)
