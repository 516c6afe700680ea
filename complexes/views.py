"""Pages of industrial complexes."""

from typing import NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.base.views import FilteredListView, PublicDetailView, with_query
from support_programs.tables.statistics import statistics_of

from .filters import IndustrialComplexFilterSet
from .models import IndustrialComplex


class IndustrialComplexListView(FilteredListView):
    filterset_class = IndustrialComplexFilterSet
    stem = "complexes"
    route = "complexes:list"
    mapped = True
    title = _("Industrial complexes")
    results_template = "complexes/_results.html"
    columns = [
        ("name", _("Complex")),
        ("kind", _("Kind")),
        ("province", _("Province")),
        ("hub", _("Hub")),
        ("", _("Roles")),
        ("", _("Sectors")),
    ]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {"sector_names": self.filterset.matches.sector_names(context["object_list"])}


class Neighbours(NamedTuple):
    """Complexes beside one, no more than are good to read, and where all of them are listed."""

    records: list
    count: int
    address: str

    MAX = 24

    @classmethod
    def of(cls, complex, records, **filters):
        """Return the first of these records but for the complex; ``filters`` gives them all as a list."""
        count = records.count()
        others = records.exclude(pk=complex.pk)[: cls.MAX]
        return cls(list(others), count, with_query(reverse("complexes:list"), urlencode(filters)))

    @property
    def left_out(self):
        """Return whether there are more than these and the complex itself."""
        return self.count > len(self.records) + 1


class IndustrialComplexDetailView(PublicDetailView):
    queryset = IndustrialComplex.objects.detailed()
    template_name = "complexes/detail.html"
    section = "complexes"

    def get_located(self):
        return self.object

    def get_sources(self):
        """Return the record's own source and, with their places, those of the printed lists it stands in."""
        places = {self.object.document: [self.object.locator]}
        for entry in self.object.designations.all():
            places.setdefault(entry.document, []).append(entry.locator)
        return [(document, "; ".join(dict.fromkeys(found))) for document, found in places.items()]

    def get_context_data(self, **kwargs):
        complex = self.object
        complexes = IndustrialComplex.objects.select_related("province")
        municipality = {"municipality": complex.municipality, "province": complex.province.slug}
        hub = complex.hub
        return super().get_context_data(
            **kwargs,
            designations=complex.designations.all(),
            mini_clusters=complex.mini_clusters.listed(),
            stories=complex.stories.listed(),
            statistics=statistics_of(complex=complex),
            noun=IndustrialComplex.noun,
            same_hub=Neighbours.of(complex, complexes.at_hub(hub), hub=hub.slug) if hub else None,
            same_sector=complexes.sharing_sector_with(complex)
            .exclude(hub__isnull=False, hub=hub)
            .exclude(pk=complex.pk)[: Neighbours.MAX // 2],
            same_municipality=Neighbours.of(complex, complexes.in_municipality_of(complex), **municipality),
        )
