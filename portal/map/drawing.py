"""What a map drawn by the server shows where: marks with names and colours; for picture, print and embed."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from clusters.models import Family
from clusters.points import hub_points, leading_families
from clusters.shapes import Shape, path
from complexes.points import complex_points
from portal.base.colours import light_colours
from portal.base.filterset import DRAWING_PARAMETERS
from portal.base.land import HEIGHT, WIDTH
from portal.base.points import Cell, are_cells, short
from portal.base.views import with_query

# Lengths in pixels of the picture. A letter of the name is, on average, so much of its size wide.
NAME_SIZE = 11
LETTER = 0.6
# More names than this would cover each other, and the map.
MAX_NAMES = 40
ROUGH = ("municipality", "province")

# Dark marks on lighter and lighter areas, so that print in grey can be read too.
COLOURS = light_colours("portal")


class Name(NamedTuple):
    """Where the name of a mark begins, is centred, or ends (``anchor``), on its base line."""

    x: float
    y: float
    anchor: str


class Mark(NamedTuple):
    """A shape with a number (a hub or cell; ``kind`` is empty) or a symbol of its kind (a complex)."""

    record: object
    x: float
    y: float
    radius: float
    count: int
    kind: str
    rough: bool
    # The Family that leads at a hub.
    family: Family | None = None
    name: Name | None = None
    # What it is called in words, and where it leads.
    label: str = ""
    address: str = ""

    @property
    def number(self):
        return short(self.count)

    @property
    def colour(self):
        if self.kind:
            return COLOURS[self.kind]
        # Of cells, too.
        return self.family.colour if self.family else COLOURS["hub"]

    @property
    def path(self):
        return self.family.path(self.radius) if self.family else path(Shape.CIRCLE, self.radius)


class Drawing(NamedTuple):
    """The marks of a map, the families of sectors that its hubs may have, and whether the marks are cells."""

    marks: list
    families: Iterable
    celled: bool

    @property
    def keys(self):
        """Return the families that lead somewhere, for the legend."""
        leading = {mark.family for mark in self.marks} - {None}
        return [family for family in self.families if family in leading] if leading else []


def drawing(filterset, show, noun):
    """Return the Drawing of a filter's mini clusters by hub, or of its complexes; empty if it is invalid.

    ``noun`` says a number of the records in words.
    """
    if not filterset.is_valid():
        return Drawing([], [], False)
    matches, families, leading = filterset.matches, [], {}
    if show == "clusters":
        points = hub_points(matches)
        families = matches.once("families", lambda: list(Family.objects.all()))
    else:
        points = complex_points(matches)
    celled = are_cells(points)
    if show == "clusters" and not celled:
        known = {family.slug: family for family in families}
        leading = {hub: known.get(slug) for hub, slug in leading_families(matches).items()}
    drawn = [
        mark._replace(label=_label(mark, noun), address=_address(filterset, mark))
        for mark in marks(points, leading)
    ]
    return Drawing(drawn, families, celled)


def _label(mark, noun):
    """Return what a mark is called: a complex, or "Gumi: 7 mini clusters, mostly Electronics and ICT"."""
    if mark.kind:
        return mark.record.name
    label = f"{mark.record.name}: {noun % {'count': mark.count}}"
    if not mark.family:
        return label
    return _("%(hub)s, mostly %(family)s") % {"hub": label, "family": mark.family.name}


def _address(filterset, mark):
    """Return the address of a mark: a complex, a hub's mini clusters of this filter, or a cell from near."""
    if mark.kind:
        return mark.record.get_absolute_url()
    if isinstance(mark.record, Cell):
        return with_query(reverse("map"), filterset.query_string(**mark.record.view))
    other = dict.fromkeys(DRAWING_PARAMETERS, "")
    return with_query(reverse("clusters:list"), filterset.query_string(hub=mark.record.slug, **other))


def marks(points, leading=None):
    """Return a Mark for each MapPoint, in the same order, with names where there is room for them all.

    ``leading`` is {slug of a hub: its leading family, or None}.
    """
    drawn = []
    for point in points:
        kind = getattr(point.record, "kind", "")
        rough = bool(kind) and point.record.location_precision in ROUGH
        family = leading.get(point.record.slug) if leading else None
        drawn.append(Mark(point.record, point.x, point.y, point.radius, point.count, kind, rough, family))
    if len(drawn) > MAX_NAMES or are_cells(drawn):
        return drawn
    circles = tuple((mark.x, mark.y, mark.radius, len(mark.record.name)) for mark in drawn)
    return [mark._replace(name=name) for mark, name in zip(drawn, _names(circles), strict=True)]


@lru_cache(maxsize=200)
def _names(circles):
    """Return a Name for each circle, (x, y, radius, letters of its name).

    It stands beside the circle where that is free, else where it covers least.
    """
    taken = [(x - radius, y - radius, x + radius, y + radius) for x, y, radius, _letters in circles]
    names = []
    for x, y, radius, letters in circles:
        spots = _spots(x, y, radius, LETTER * NAME_SIZE * letters)
        left, top, right, bottom = zip(*(box for _name, box in spots), strict=True)
        around = min(left), min(top), max(right), max(bottom)
        near = [other for other in taken if _overlap(around, other)]
        name, box = min(spots, key=lambda spot: sum(_overlap(spot[1], other) for other in near))
        taken.append(box)
        names.append(name)
    return names


def _spots(x, y, radius, width):
    """Return (Name, its box) beside, below and above a circle, as far as these are in the picture."""
    gap = radius + 3
    low, high = y - NAME_SIZE / 2, y + NAME_SIZE / 2
    base = round(y + 0.35 * NAME_SIZE, 1)
    spots = [
        (Name(round(x + gap, 1), base, "start"), (x + gap, low, x + gap + width, high)),
        (Name(round(x - gap, 1), base, "end"), (x - gap - width, low, x - gap, high)),
    ]
    aside = 0.7 * radius + 3
    for top in (y + gap, y - gap - NAME_SIZE):
        line = round(top + 0.85 * NAME_SIZE, 1)
        low, high = top, top + NAME_SIZE
        spots += [
            (Name(x, line, "middle"), (x - width / 2, low, x + width / 2, high)),
            (Name(round(x + aside, 1), line, "start"), (x + aside, low, x + aside + width, high)),
            (Name(round(x - aside, 1), line, "end"), (x - aside - width, low, x - aside, high)),
        ]
    inside = [
        (name, box)
        for name, box in spots
        if box[0] >= 0 and box[1] >= 0 and box[2] <= WIDTH and box[3] <= HEIGHT
    ]
    return inside or spots


def _overlap(one, other):
    """Return the area that two boxes (left, top, right, bottom) share."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return max(width, 0) * max(height, 0)
