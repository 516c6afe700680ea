"""The overlays of the map: what can be switched on beside its records. Page, legend, script, cards read it.

Each meets those filters of the page that its own records have by the same name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Model
from django.utils.translation import gettext_lazy as _

from complexes.filters import IndustrialComplexFilterSet, OfficeFilterSet
from complexes.models import Hub
from portal.base.filters import FacetFilter, Label, SearchFilter
from portal.base.filterset import PortalFilterSet
from portal.korea import named


@dataclass(frozen=True)
class Overlay:
    """Records of another list of the map, which the script asks for by view, as the list itself does."""

    # As the address has it, in "layers" and, of such a list, in "show".
    name: str
    label: Label
    filterset_class: type[PortalFilterSet]
    # The template of its entries in the legend, and what they say of a cell, if there are any.
    legend: str = "map/legend_symbol.html"
    cell: Label = ""

    def shared(self, filterset):
        """Return the names of the page's filters that narrow these records too, those that are understood."""
        own = self.filterset_class.base_filters
        narrowing = (FacetFilter, SearchFilter)
        return [
            name
            for name, item in filterset.filters.items()
            if name in own and isinstance(item, narrowing) and name not in filterset.errors
        ]

    def data(self, filterset):
        """Return what the script draws under the filter of the page, and says of it.

        ``within`` is the part of the filter that it meets in words: "Search: gumi, Zone (2016): Busan".
        """
        shared = self.shared(filterset)
        return {
            "label": str(self.label),
            "within": ", ".join(str(chip) for chip in filterset.chips if chip.name in shared),
            **self.drawn(filterset, shared),
        }

    def drawn(self, filterset, shared):
        """Return the query string of the records."""
        other = [name for name in filterset.data if name not in shared]
        return {"filter": filterset.query_string(**dict.fromkeys(other, ""))}


@dataclass(frozen=True)
class PlacedOverlay(Overlay):
    """Records with a point, few enough for the page to hold them whole: one query.

    ``mark`` is the type of their marks. It stands in the address of a card, and a style sheet draws
    ``.TYPE-mark``.
    """

    mark: str = ""
    # What one of them is, for the legend and before the name of each.
    one: Label = ""
    # The template of the card, which has the record as ``located``, and what else it takes, if anything.
    card: str = ""
    besides: Callable[[Any], dict] = lambda record: {}

    @property
    def model(self) -> type[Model]:
        return self.filterset_class._meta.model

    def drawn(self, filterset, shared):
        """Return the marks, and the label with the years of their documents."""
        records, own = self.model.objects.exclude(latitude=None), self.filterset_class().filters
        for name in shared:
            records = own[name].filter(records, filterset.form.cleaned_data[name])
        columns = ("slug", "name", "latitude", "longitude", "location_precision")
        marks = list(records.values(*columns, year=F("document__year")))
        years = ", ".join(str(year) for year in sorted({mark.pop("year") for mark in marks}))
        for mark in marks:
            mark |= {
                "name": f"{self.one}: {mark['name']}",
                "latitude": float(mark["latitude"]),
                "longitude": float(mark["longitude"]),
            }
        label = f"{self.label} ({years})" if years else str(self.label)
        return {"label": label, "mark": self.mark, "marks": marks}


# The later lies over the earlier.
OVERLAYS = [
    Overlay(
        "complexes",
        _("Industrial complexes"),
        IndustrialComplexFilterSet,
        legend="map/legend_kinds.html",
        cell=_("so many industrial complexes around this place"),
    ),
    PlacedOverlay(
        "offices",
        named(_("%(agency)s offices")),
        OfficeFilterSet,
        mark="office",
        one=named(_("%(agency)s office")),
        card="map/office_card.html",
        besides=lambda office: {"hubs": Hub.objects.filter(mini_clusters__office=office).distinct()},
    ),
]
