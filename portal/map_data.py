"""``/map/data.json``: what a map draws of a list's own query string, by view.

Single points (a hub with the number of its mini clusters, or a complex) as long as they are few enough to be
drawn and sent; else the number of records in each cell of a grid.
"""

import json
import re
from math import ceil, cos, inf, radians
from typing import NamedTuple

from django import forms
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from clusters.filters import MiniClusterFilterSet
from complexes.filters import IndustrialComplexFilterSet
from complexes.models import Hub

from .base_views import PublicMixin
from .models import LATITUDE_RANGE, LONGITUDE_RANGE

# Bytes of an answer before it is compressed.
MAX_BYTES = 200_000
# More single points than that, in a view and its margin, would cover each other.
MAX_POINTS = 300
MAX_CELLS = 1200
# The side of a cell on the screen, and that of the whole world at zoom 0 (Web Mercator tiles), in pixels.
CELL_PIXELS = 48
WORLD_PIXELS = 256
MAX_ZOOM = 20
# On the screen a degree of latitude is so much longer than one of longitude, in the middle of the country.
STRETCH = 1 / cos(radians(36))

DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,20})?")


class BBox(NamedTuple):
    """A rectangle in degrees WGS84."""

    west: float
    south: float
    east: float
    north: float


class BBoxField(forms.Field):
    """``west,south,east,north`` in degrees; empty means everything."""

    def to_python(self, value):
        if not value:
            return None
        parts = value.split(",", 4)
        if len(parts) != 4 or not all(DEGREES.fullmatch(part) for part in parts):
            raise forms.ValidationError(_("Give four numbers in degrees: west,south,east,north."))
        bbox = BBox(*map(float, parts))
        if any(abs(degrees) > 180 for degrees in bbox) or max(abs(bbox.south), abs(bbox.north)) > 90:
            raise forms.ValidationError(
                _("Longitudes lie between -180 and 180, latitudes between -90 and 90: west,south,east,north.")
            )
        if bbox.west > bbox.east or bbox.south > bbox.north:
            raise forms.ValidationError(
                _("West must not be greater than east, nor south greater than north: west,south,east,north.")
            )
        return bbox


class ViewForm(forms.Form):
    """What the address says of the view; the rest of it is the list's filter."""

    bbox = BBoxField(required=False)
    zoom = forms.FloatField(required=False, min_value=0, max_value=MAX_ZOOM)


class MapDataView(PublicMixin, View):
    """The records of a filter that are in view, as GeoJSON: points or, of too many, cells.

    ``count`` is how many records are in view, and the sum of all ``n`` (a complex counts as one);
    ``unplaced`` how many of the filter have no point, wherever one looks.
    """

    filtersets = {"clusters": MiniClusterFilterSet, "complexes": IndustrialComplexFilterSet}

    def get(self, request):
        show, view = request.GET.get("show") or "clusters", ViewForm(request.GET)
        if show not in self.filtersets:
            return refuse({"show": [_("The map shows clusters or complexes.")]})
        filterset_class = self.filtersets[show]
        filterset = filterset_class(request.GET, queryset=filterset_class._meta.model.objects.all())
        if not (view.is_valid() and filterset.is_valid()):
            return refuse(view.errors | filterset.errors)
        bbox, zoom = view.cleaned_data["bbox"], view.cleaned_data["zoom"]
        if bbox and holds_everything(bbox):
            bbox = None  # an index of places would only make the other filters slow
        records = filterset.qs.order_by().in_view(bbox)
        count, features = (hubs if show == "clusters" else complexes)(records)
        counts = {"count": count, "unplaced": filterset.qs.order_by().unplaced().count()}
        body = None if features is None else encode(features, cells=False, **counts)
        if body is None or len(body) > MAX_BYTES:
            body = encode(cells(records, bbox, zoom), cells=True, **counts)
        return answer(HttpResponse(body, content_type="application/geo+json"))


def holds_everything(bbox):
    """Return whether no record can lie outside."""
    south, north = LATITUDE_RANGE
    west, east = LONGITUDE_RANGE
    return bbox.west <= west and bbox.east >= east and bbox.south <= south and bbox.north >= north


def answer(response):
    # Public data, to be read by scripts of any origin.
    response["Access-Control-Allow-Origin"] = "*"
    return response


def refuse(errors):
    return answer(JsonResponse({"errors": errors}, status=400))


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


def hubs(clusters):
    """Return the number of these mini clusters, and a feature for each hub; None if that were too many."""
    counts = clusters.count_by_hub()
    count = sum(counts.values())
    if len(counts) > MAX_POINTS:
        return count, None
    sectors = clusters.leading_sectors()
    found = Hub.objects.filter(pk__in=counts).select_related("seat__province__zone")
    return count, [
        point(
            hub.seat.longitude,
            hub.seat.latitude,
            {
                "hub": hub.slug,
                "name": hub.name,
                "name_ko": hub.name_ko,
                "n": counts[hub.pk],
                "sector": sectors.get(hub.pk),
                "kind": None,
                "location_precision": hub.seat.location_precision,
                "zone": hub.seat.province.zone.slug,
            },
        )
        for hub in found
    ]


COMPLEX_COLUMNS = ("slug", "name", "name_ko", "kind", "members", "hub__slug", "location_precision")


def complexes(records):
    """Return the number of these complexes, and a feature for each; None if that were too many."""
    count = records.count()
    if count > MAX_POINTS:
        return count, None
    rows = records.order_by("slug").values_list("longitude", "latitude", *COMPLEX_COLUMNS)
    names = [column.removesuffix("__slug") for column in COMPLEX_COLUMNS]
    return count, [
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
        for _column, _row, n, longitude, latitude, *bounds in sorted(records.in_cells(*cell_size(bbox, zoom)))
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
