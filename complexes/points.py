"""Industrial complexes on a drawn map: a point for each."""

from portal.base.land import locate
from portal.base.points import MAX_MARKS, SYMBOL, MapPoint, cell_points


def complex_points(matches):
    """Return a MapPoint for each of these complexes, in one query; of too many, for each cell."""
    if matches.total > MAX_MARKS:
        return cell_points(matches)
    columns = ("slug", "name", "kind", "latitude", "longitude", "location_precision")
    found = matches.all().select_related(None).prefetch_related(None).only(*columns)
    places = [(record, locate(record.latitude, record.longitude)) for record in found]
    return [MapPoint(record, *position, 1, SYMBOL) for record, position in places if position]
