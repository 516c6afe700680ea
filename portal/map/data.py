"""``/map/data.json``: what a map draws of a list's own query string, by view.

Single points (a hub with the number of its mini clusters, or a complex) as long as they are few enough to be
drawn and sent; else the number of records in each cell of a grid. Without view and zoom a small set comes
whole.
"""

import json
from math import ceil, cos, inf, radians

from django.http import HttpResponse, JsonResponse
from django.views.generic import View

from clusters.points import hubs_at, leading_families
from portal.base.views import PublicMixin
from portal.korea import LATITUDE_RANGE, LONGITUDE_RANGE, MEAN_LATITUDE

from .question import MAX_ZOOM, BBox, Question

# Bytes of an answer before it is compressed.
MAX_BYTES = 200_000
# More single points than that, in a view and its margin, would cover each other.
MAX_POINTS = 300
# But so many are sent where neither view nor zoom is asked for: a map that has them all asks for no more.
MAX_WHOLE = 750
MAX_CELLS = 1200
# The side of a cell on the screen, and that of the whole world at zoom 0 (Web Mercator tiles), in pixels.
CELL_PIXELS = 48
WORLD_PIXELS = 256
# On the screen a degree of latitude is so much longer than one of longitude, in the middle of the country.
STRETCH = 1 / cos(radians(MEAN_LATITUDE))


class MapDataView(PublicMixin, View):
    """The records of a filter that are in view, as GeoJSON: points or, of too many, cells.

    ``count`` is how many records are in view, and the sum of all ``n`` (a complex counts as one);
    ``unplaced`` how many of the filter have no point, wherever one looks.
    """

    def get(self, request):
        question = Question(request.GET)
        if question.errors:
            return JsonResponse({"errors": question.errors}, status=400)
        filterset, bbox, zoom = question.filterset, question.bbox, question.zoom
        if bbox and holds_everything(bbox):
            bbox = None  # an index of places would only make the other filters slow
        matches = filterset.matches.in_view(bbox)
        limit = MAX_WHOLE if question.bbox is None and zoom is None else MAX_POINTS
        features = (hubs if question.show == "clusters" else complexes)(matches, limit)
        counts = {"count": matches.total, "unplaced": filterset.matches.unplaced()}
        body = None if features is None else encode(features, cells=False, **counts)
        if body is None or len(body) > MAX_BYTES:
            body = encode(cells(matches, bbox, zoom), cells=True, **counts)
        return HttpResponse(body, content_type="application/geo+json")


def holds_everything(bbox):
    """Return whether no record can lie outside."""
    south, north = LATITUDE_RANGE
    west, east = LONGITUDE_RANGE
    return bbox.west <= west and bbox.east >= east and bbox.south <= south and bbox.north >= north


def encode(features, **members):
    """Return a FeatureCollection with these members as bytes of JSON."""
    collection = {"type": "FeatureCollection", **members, "features": features}
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode()


def point(longitude, latitude, properties):
    """Return a feature; coordinates to four decimals, as they are stored."""
    coordinates = [round(float(longitude), 4), round(float(latitude), 4)]
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": coordinates},
        "properties": properties,
    }


def hubs(clusters, limit):
    """Return a feature for each hub of these mini clusters; None if too many."""
    counts = clusters.counts("hub")
    if len(counts) > limit:
        return None
    families = leading_families(clusters)
    return [
        point(
            hub.seat.longitude,
            hub.seat.latitude,
            {
                "hub": hub.slug,
                "name": hub.name,
                "name_ko": hub.name_ko,
                "n": counts[hub.slug],
                "family": families.get(hub.slug),
                "kind": None,
                "location_precision": hub.seat.location_precision,
                "zone": hub.seat.province.zone.slug,
            },
        )
        for hub in hubs_at(clusters, counts)
    ]


COMPLEX_COLUMNS = ("slug", "name", "name_ko", "kind", "members", "hub__slug", "location_precision")


def complexes(records, limit):
    """Return a feature for each of these complexes; None if too many."""
    if records.total > limit:
        return None
    # In the order of the list: of complexes at one spot the first keeps it.
    rows = records.all().order_by("name", "slug").values_list("longitude", "latitude", *COMPLEX_COLUMNS)
    names = [column.removesuffix("__slug") for column in COMPLEX_COLUMNS]
    return [
        point(longitude, latitude, dict(zip(names, values, strict=True)))
        for longitude, latitude, *values in rows
    ]


def cells(records, bbox, zoom):
    """Return a feature for each cell that is not empty, at the mean point of its records.

    ``n`` is their number, ``bbox`` their bounds, so that this very bbox asks for just these records.
    """
    # Sorted here: the order of the database's groups may change, and with it the ETag.
    return [
        point(longitude, latitude, {"n": n, "bbox": [round(degrees, 4) for degrees in bounds]})
        for _column, _row, n, longitude, latitude, *bounds in sorted(records.cells(*cell_size(bbox, zoom)))
    ]


def cell_size(bbox=None, zoom=None):
    """Return (width, height) in degrees of a cell: CELL_PIXELS wide at this zoom.

    It is larger where the view (without bbox, the country) would hold more than MAX_CELLS. The grid starts
    at 0 degrees, so that panning does not change it.
    """
    view = bbox or BBox(-inf, -inf, inf, inf)
    across = max(0, min(view.east, LONGITUDE_RANGE[1]) - max(view.west, LONGITUDE_RANGE[0]))
    down = max(0, min(view.north, LATITUDE_RANGE[1]) - max(view.south, LATITUDE_RANGE[0]))
    width = CELL_PIXELS * 360 / (WORLD_PIXELS * 2 ** (MAX_ZOOM if zoom is None else zoom))
    # One more each way, for the cells that the edges of the view cut.
    while (ceil(across / width) + 1) * (ceil(down * STRETCH / width) + 1) > MAX_CELLS:
        width *= 2**0.5
    return width, width / STRETCH
