"""What a map drawn by the server shows where: marks with names and colours; for picture, print and embed."""

from itertools import combinations
from math import dist
from typing import NamedTuple

from django.utils.translation import gettext as _

from clusters.models import Sector
from complexes.models import Hub

from .base_views import with_query
from .filters import DRAWING_PARAMETERS
from .svg_map import HEIGHT, WIDTH, locate

# Lengths in pixels of the picture. A letter of the name is, on average, so much of its size wide.
NAME_SIZE = 11
LETTER = 0.6
SYMBOL = 6
# More names than this would cover each other, and the map.
MOST_NAMES = 40
# More circles than this are not moved apart.
MOST_SPREAD = 150
# More marks than this would cover each other; then each stands for all records of a cell.
MOST_MARKS = 300
# The size of a cell in degrees, some 36 pixels each way, and the largest and smallest circle for one.
CELL_WIDTH, CELL_HEIGHT = 0.4, 0.32
CELL_RADII = (12, 19)
# How near a link to a cell leads.
CELL_ZOOM = "9"
ROUGH = ("municipality", "province")

# The light colours of map.css (a test compares them), for where no style sheet reaches: dark marks on lighter
# and lighter areas, so that print in grey can be read too.
SECTOR_COLOURS = {
    "automotive": "#0b4f8a",
    "machinery": "#7a4300",
    "metals-moulds": "#55606b",
    "electronics": "#6a2c91",
    "semiconductors-displays": "#a1167a",
    "ict": "#0f6674",
    "photonics": "#806200",
    "energy-green": "#2f6b3a",
    "shipbuilding-marine": "#1c3f94",
    "aerospace": "#4a4a9c",
    "chemicals": "#a11622",
    "materials-textiles": "#8c3d2a",
    "medical-bio": "#b0124f",
    "agro-food": "#4d6616",
}
KIND_COLOURS = {
    "national": "#0b4f8a",
    "general": "#2f6b3a",
    "foreign-investment": "#8a3ca8",
    "agro-industrial": "#9a5200",
}
HUB_COLOUR = "#0b4f8a"


class MapPoint(NamedTuple):
    """A place on a drawn map: what it stands for, where in pixels, for how many records."""

    record: object
    x: float
    y: float
    count: int
    radius: float

    @property
    def number(self):
        return short(self.count)


class Cell(NamedTuple):
    """A place that stands for the records around it, where single ones would be too many; in degrees."""

    latitude: float
    longitude: float

    @property
    def name(self):
        return f"{self.latitude:.1f}° N, {self.longitude:.1f}° E"

    @property
    def view(self):
        """Return the parameters of the large map that show it from near."""
        return {"lat": f"{self.latitude:.4f}", "lon": f"{self.longitude:.4f}", "zoom": str(CELL_ZOOM)}

    def get_absolute_url(self):
        return with_query("/map/", "&".join(f"{name}={value}" for name, value in self.view.items()))


class Name(NamedTuple):
    """Where the name of a mark begins, is centred, or ends (``anchor``), on its base line."""

    x: float
    y: float
    anchor: str


class Mark(NamedTuple):
    """A circle with a number (a hub or cell; ``kind`` is empty) or a symbol of its kind (a complex)."""

    record: object
    x: float
    y: float
    radius: float
    count: int
    kind: str
    rough: bool
    sector: str
    name: Name | None = None
    # What it is called in words, and where it leads.
    label: str = ""
    address: str = ""

    @property
    def number(self):
        return short(self.count)

    @property
    def letters(self):
        return letters(self.sector)

    @property
    def colour(self):
        return KIND_COLOURS.get(self.kind) or SECTOR_COLOURS.get(self.sector, HUB_COLOUR)


class SectorKey(NamedTuple):
    """A sector in the legend."""

    slug: str
    letters: str
    colour: str
    name: str


class Drawing(NamedTuple):
    """The marks of a map, the sectors that lead somewhere on it, and whether the marks are cells."""

    marks: list
    sectors: list
    celled: bool


def drawing(filterset, show, noun):
    """Return the Drawing of a filter's mini clusters by hub, or of its complexes; empty if it is invalid.

    ``noun`` says a number of the records in words.
    """
    if not filterset.is_valid():
        return Drawing([], [], False)
    records, leading = filterset.qs, {}
    places = hub_points(records) if show == "clusters" else complex_points(records)
    celled = are_cells(places)
    if show == "clusters" and not celled:
        leading = records.leading_sectors()
    sectors = dict(Sector.objects.filter(slug__in=leading.values()).values_list("slug", "name"))
    drawn = [
        mark._replace(label=_label(mark, noun, sectors), address=_address(filterset, mark))
        for mark in marks(places, leading)
    ]
    found = {mark.sector for mark in drawn}
    keys = [
        SectorKey(slug, letters(slug), SECTOR_COLOURS.get(slug, HUB_COLOUR), name)
        for slug, name in sectors.items()
        if slug in found
    ]
    return Drawing(drawn, keys, celled)


def _label(mark, noun, sectors):
    """Return what a mark is called: a complex, or "Gumi: 7 mini clusters, mostly Electronics"."""
    if mark.kind:
        return mark.record.name
    label = f"{mark.record.name}: {noun % {'count': mark.count}}"
    if mark.sector not in sectors:
        return label
    return _("%(hub)s, mostly %(sector)s") % {"hub": label, "sector": sectors[mark.sector]}


def _address(filterset, mark):
    """Return the address of a mark: a complex, a hub's mini clusters of this filter, or a cell from near."""
    if mark.kind:
        return mark.record.get_absolute_url()
    if isinstance(mark.record, Cell):
        return with_query("/map/", filterset.query_string(**mark.record.view))
    other = dict.fromkeys(DRAWING_PARAMETERS, "")
    return with_query("/clusters/", filterset.query_string(hub=mark.record.slug, **other))


def letters(sector):
    """Return the letters that stand for a sector beside its colour, as on the large map: "AUT"."""
    return sector[:3].upper()


def short(count):
    """Return a number as it fits into a circle: "950", "1.2k", "12k"."""
    if count < 1000:
        return str(count)
    return f"{count / 1000:.1f}k" if count < 9950 else f"{count / 1000:.0f}k"


def are_cells(places):
    """Return whether these MapPoints or Marks stand for cells, because single places would be too many."""
    return any(isinstance(place.record, Cell) for place in places)


def hub_points(clusters):
    """Return a MapPoint for each hub of these mini clusters, in two queries; of too many, for each cell.

    The area of a mark, not its radius, grows with the number of records, so that twice the mini clusters
    look like twice as much; the smallest is large enough for a finger. The largest come first, so that the
    others are drawn over them.
    """
    counts = clusters.count_by_hub()
    if len(counts) > MOST_MARKS:
        return cell_points(clusters)
    found = []
    for hub in Hub.objects.filter(pk__in=counts).select_related("seat"):
        if position := locate(hub.seat.latitude, hub.seat.longitude):
            n = counts[hub.pk]
            found.append(MapPoint(hub, *position, n, round(max(9, 6 * n**0.5), 1)))
    return spread(sorted(found, key=lambda point: -point.count))


def spread(points):
    """Return the points moved apart until each circle shows most of itself, as on the large map.

    Where there are very many, that would push them far from their places, and take long.
    """
    if len(points) > MOST_SPREAD:
        return points
    moved = [[point.x, point.y] for point in points]
    pairs = list(combinations(zip(points, moved, strict=True), 2))
    for _round in range(12):
        if not sum(_apart(*pair) for pair in pairs):
            break
    return [point._replace(x=round(x, 1), y=round(y, 1)) for point, (x, y) in zip(points, moved, strict=True)]


def _apart(one, other):
    """Move two circles, (point, place) each, half of what they are too near; return whether they were."""
    (a, place), (b, beside) = one, other
    wanted, distance = 0.9 * (a.radius + b.radius), dist(place, beside)
    if distance >= wanted:
        return False
    across, down = [(beside[i] - place[i]) / distance for i in (0, 1)] if distance else (1, 0)
    step = (wanted - distance) / 2
    place[:] = place[0] - across * step, place[1] - down * step
    beside[:] = beside[0] + across * step, beside[1] + down * step
    return True


def complex_points(records):
    """Return a MapPoint for each of these complexes, in one query; of too many, for each cell."""
    columns = ("slug", "name", "kind", "latitude", "longitude", "location_precision")
    found = list(records.select_related(None).prefetch_related(None).only(*columns)[: MOST_MARKS + 1])
    if len(found) > MOST_MARKS:
        return cell_points(records)
    places = [(record, locate(record.latitude, record.longitude)) for record in found]
    return [MapPoint(record, *position, 1, SYMBOL) for record, position in places if position]


def cell_points(records):
    """Return a MapPoint for each cell that holds any of these records, the fullest first."""
    rows = sorted(records.in_view().in_cells(CELL_WIDTH, CELL_HEIGHT), key=lambda row: (-row[2], row))
    smallest, largest = CELL_RADII
    found = []
    for _column, _row, n, longitude, latitude, *_bounds in rows:
        radius = max(smallest, round(largest * (n / rows[0][2]) ** 0.5, 1))
        cell = Cell(round(latitude, 4), round(longitude, 4))
        found.append(MapPoint(cell, *locate(*cell), n, radius))
    return spread(found)


def marks(points, leading=None):
    """Return a Mark for each MapPoint, in the same order, with names where there is room for them all.

    ``leading`` is {primary key of a hub: slug of its leading sector}.
    """
    drawn = []
    for point in points:
        kind = getattr(point.record, "kind", "")
        rough = bool(kind) and point.record.location_precision in ROUGH
        sector = "" if kind or not leading else leading.get(point.record.pk, "")
        drawn.append(Mark(point.record, point.x, point.y, point.radius, point.count, kind, rough, sector))
    if len(drawn) > MOST_NAMES or are_cells(drawn):
        return drawn
    return [mark._replace(name=name) for mark, name in zip(drawn, _names(drawn), strict=True)]


def _names(drawn):
    """Return a Name for each mark: beside it where that is free, else where it covers least."""
    taken = [(m.x - m.radius, m.y - m.radius, m.x + m.radius, m.y + m.radius) for m in drawn]
    names = []
    for mark in drawn:
        width = LETTER * NAME_SIZE * len(f"{mark.record.name} {mark.letters}".strip())
        name, box = min(
            _places(mark, width), key=lambda place: sum(_overlap(place[1], other) for other in taken)
        )
        taken.append(box)
        names.append(name)
    return names


def _places(mark, width):
    """Return (Name, its box) beside, below and above the mark, as far as these are in the picture."""
    gap = mark.radius + 3
    low, high = mark.y - NAME_SIZE / 2, mark.y + NAME_SIZE / 2
    base = round(mark.y + 0.35 * NAME_SIZE, 1)
    places = [
        (Name(round(mark.x + gap, 1), base, "start"), (mark.x + gap, low, mark.x + gap + width, high)),
        (Name(round(mark.x - gap, 1), base, "end"), (mark.x - gap - width, low, mark.x - gap, high)),
    ]
    aside = 0.7 * mark.radius + 3
    for top in (mark.y + gap, mark.y - gap - NAME_SIZE):
        line = round(top + 0.85 * NAME_SIZE, 1)
        low, high = top, top + NAME_SIZE
        places += [
            (Name(mark.x, line, "middle"), (mark.x - width / 2, low, mark.x + width / 2, high)),
            (
                Name(round(mark.x + aside, 1), line, "start"),
                (mark.x + aside, low, mark.x + aside + width, high),
            ),
            (
                Name(round(mark.x - aside, 1), line, "end"),
                (mark.x - aside - width, low, mark.x - aside, high),
            ),
        ]
    inside = [
        (name, box)
        for name, box in places
        if box[0] >= 0 and box[1] >= 0 and box[2] <= WIDTH and box[3] <= HEIGHT
    ]
    return inside or places


def _overlap(one, other):
    """Return the area that two boxes (left, top, right, bottom) share."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return max(width, 0) * max(height, 0)
