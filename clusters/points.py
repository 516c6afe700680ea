"""Mini clusters on a drawn map: a point for each hub."""

from complexes.models import Hub
from portal.base.land import locate
from portal.base.points import MAX_MARKS, MapPoint, cell_points, spread


def hub_points(clusters):
    """Return a MapPoint for each hub of these mini clusters, in two queries; of too many, for each cell.

    The area of a mark, not its radius, grows with the number of records, so that twice the mini clusters
    look like twice as much; the smallest is large enough for a finger. The largest come first, so that the
    others are drawn over them.
    """
    counts = clusters.count_by_hub()
    if len(counts) > MAX_MARKS:
        return cell_points(clusters)
    found = []
    for hub in Hub.objects.filter(pk__in=counts).select_related("seat"):
        if position := locate(hub.seat.latitude, hub.seat.longitude):
            n = counts[hub.pk]
            found.append(MapPoint(hub, *position, n, round(max(9, 6 * n**0.5), 1)))
    return spread(sorted(found, key=lambda point: -point.count))
