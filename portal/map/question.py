"""What an address asks of the map: which records, in which view. Read here for all its views."""

import re
from typing import NamedTuple

from django import forms
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from clusters.views import MiniClusterListView
from complexes.views import IndustrialComplexListView
from portal.base.citation import Citation

from .regions import KINDS

# The lists whose records the map shows, by the parameter ``show``; without it, the first.
LISTS = {"clusters": MiniClusterListView, "complexes": IndustrialComplexListView}
# What the reader looks at is in the address of the map too, but belongs to no record, link or file.
VIEW_PARAMETERS = ("lat", "lon", "zoom", "at", "bbox")
MAX_ZOOM = 20
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
    """What an address for parts of the map says of the view."""

    bbox = BBoxField(required=False)
    zoom = forms.FloatField(required=False, min_value=0, max_value=MAX_ZOOM)


class Question:
    """What a query string asks of the map: ``show``, its list, its filterset, and the kind of regions.

    Raises Http404 for a ``show`` that names no list.
    """

    def __init__(self, query, show=None):
        """Read ``query``, a QueryDict; ``show`` is given where the address itself says what is shown."""
        self.query = query
        self.show = show or query.get("show") or next(iter(LISTS))
        if self.show not in LISTS:
            raise Http404(_("There is no such map. It shows clusters or complexes."))
        self.list = LISTS[self.show]
        self.view = ViewForm(query)
        asked = query.get("regions")
        # The kind of regions that are coloured: a key of KINDS, or "none".
        self.regions = asked if asked in (*KINDS, "none") else next(iter(KINDS))
        filterset_class = self.list.filterset_class
        self.model = filterset_class._meta.model
        self.filterset = filterset_class(filters_of(query), queryset=self.model.objects.all())

    @property
    def errors(self):
        """Return {parameter: messages} of what cannot be read in the filter and in the view."""
        return self.view.errors | self.filterset.errors

    def pictured_links(self):
        """Return (zone, query string for a legible edition) of the zones that are a picture where shown."""
        return self.filterset.pictured_links() if self.show == "clusters" else []

    @property
    def bbox(self):
        return self.view.cleaned_data["bbox"]

    @property
    def zoom(self):
        return self.view.cleaned_data["zoom"]

    def citation(self, address, count):
        """Return how the records of the filter, ``count`` of them, are cited as the map at ``address``."""
        return Citation(
            title=str(self.list.title),
            filters=[str(chip) for chip in self.filterset.chips],
            count=self.model.noun % {"count": count},
            address=address,
            sources=[(document, "") for document in self.filterset.matches.documents()],
        )


def filters_of(query):
    """Return a query string's parameters without those of the view."""
    data = query.copy()
    for name in VIEW_PARAMETERS:
        data.pop(name, None)
    return data
