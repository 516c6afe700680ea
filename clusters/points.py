"""Mini clusters on a map: a point for each hub, and the family of sectors that leads there."""

import numpy
from django.db.models import F

from complexes.models import Hub
from portal.base.land import locate
from portal.base.matches import StoredMatches
from portal.base.points import MAX_MARKS, MapPoint, cell_points, spread

from .models import Sector


def hubs_at(matches, counts):
    """Return the hubs, each with its seat and zone, that have a number in {slug: number}."""
    hubs = matches.once("hubs", lambda: list(Hub.objects.select_related("seat__province__zone")))
    return [hub for hub in hubs if hub.slug in counts]


def hub_points(matches):
    """Return a MapPoint for each hub of these mini clusters; of too many, for each cell.

    The area of a mark, not its radius, grows with the number of records, so that twice the mini clusters
    look like twice as much; the smallest is large enough for a finger. The largest come first, so that the
    others are drawn over them.
    """
    counts = matches.counts("hub")
    if len(counts) > MAX_MARKS:
        return cell_points(matches)
    found = []
    for hub in hubs_at(matches, counts):
        if position := locate(hub.seat.latitude, hub.seat.longitude):
            n = counts[hub.slug]
            found.append(MapPoint(hub, *position, n, round(max(9, 6 * n**0.5), 1)))
    return spread(sorted(found, key=lambda point: -point.count))


def leading_families(matches):
    """Return {slug of a hub: slug of the family that most of these mini clusters there belong to}.

    Of equals the first in order, and None where most have a sector that is in no family.
    """
    if not isinstance(matches, StoredMatches):
        return matches.all().leading_families()
    sectors, hubs = (matches.store.columns[name] for name in ("sector", "hub"))
    family_of = matches.once("families of sectors", families_of_sectors)
    families = list(dict.fromkeys(family_of.values()))
    width = len(families)
    try:
        places = numpy.array([0, *(families.index(family_of[choice.value]) for choice in sectors.choices)])
    except KeyError:  # a sector went since the store was read
        return matches.all().leading_families()
    wanted = matches.whole[sectors.rows]
    # Each mini cluster once in each family.
    rows, places = numpy.divmod(
        numpy.unique(sectors.rows[wanted].astype(numpy.int64) * width + places[sectors.codes[wanted]]), width
    )
    size = len(hubs.choices) + 1
    counts = numpy.bincount(hubs.codes[rows] * width + places, minlength=size * width).reshape(size, width)
    leading, most = counts.argmax(axis=1).tolist(), counts.max(axis=1).tolist()
    return {hub.value: families[leading[code]] for code, hub in enumerate(hubs.choices, 1) if most[code]}


def families_of_sectors():
    """Return {slug of a sector: slug of its family, or None}, in the order of the families."""
    ordered = Sector.objects.order_by(F("family__order").asc(nulls_last=True), "family__slug")
    return dict(ordered.values_list("slug", "family__slug"))
