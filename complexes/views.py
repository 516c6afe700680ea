"""Pages of regions and industrial complexes."""

from typing import NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from django.views.generic import DetailView, TemplateView

from clusters.models import MiniCluster, SuccessStory
from portal.base_views import FilteredListView, PublicDetailView, PublicMixin, with_query
from support_programs.statistics import statistics_of

from .filters import IndustrialComplexFilterSet
from .models import Hub, IndustrialComplex, Office, PanRegion, Zone


class IndustrialComplexListView(FilteredListView):
    filterset_class = IndustrialComplexFilterSet
    stem = "complexes"
    mapped = True
    noun = ngettext_lazy("%(count)d industrial complex", "%(count)d industrial complexes", "count")
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
        return context | {"sector_names": context["object_list"].sector_names()}


class Neighbours(NamedTuple):
    """Complexes beside one, no more than are good to read, and where all of them are listed."""

    records: list
    count: int
    address: str

    MOST = 24

    @classmethod
    def of(cls, complex, records, **filters):
        """Return the first of these records but for the complex; ``filters`` gives them all as a list."""
        count = records.count()
        others = records.exclude(pk=complex.pk)[: cls.MOST]
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
        for entry in self.designations:
            places.setdefault(entry.document, []).append(entry.locator)
        return [(document, "; ".join(dict.fromkeys(found))) for document, found in places.items()]

    @cached_property
    def designations(self):
        return self.object.designations.select_related("document")

    def get_context_data(self, **kwargs):
        complex = self.object
        complexes = IndustrialComplex.objects.select_related("province")
        municipality = {"municipality": complex.municipality, "province": complex.province.slug}
        hub = complex.hub
        return super().get_context_data(
            **kwargs,
            designations=self.designations,
            mini_clusters=MiniCluster.objects.listed().filter(complexes=complex),
            stories=complex.stories.listed(),
            statistics=statistics_of(complex=complex),
            noun=IndustrialComplexListView.noun,
            same_hub=Neighbours.of(complex, complexes.at_hub(hub), hub=hub.slug) if hub else None,
            same_sector=complexes.sharing_sector_with(complex)
            .exclude(hub=hub)
            .exclude(pk=complex.pk)[: Neighbours.MOST // 2],
            same_municipality=Neighbours.of(complex, complexes.in_municipality_of(complex), **municipality),
        )


class RegionListView(PublicMixin, TemplateView):
    template_name = "complexes/regions.html"

    def get_context_data(self, **kwargs):
        zones, pan_regions = (
            model.objects.with_counts().select_related("document").prefetch_related("provinces")
            for model in (Zone, PanRegion)
        )
        documents = dict.fromkeys(region.document for region in [*zones, *pan_regions])
        return super().get_context_data(
            **kwargs,
            section="regions",
            zones=zones,
            pan_regions=pan_regions,
            citation=self.cite(_("Regions"), [(document, "") for document in documents]),
        )


class RegionDetailView(PublicMixin, DetailView):
    """What zones and pan-regions show alike: provinces, hubs, complexes by kind, mini clusters, offices."""

    context_object_name = "region"
    # The parameter of the lists that this kind of region is.
    parameter = ""

    def get_queryset(self):
        return self.model.objects.select_related("document").prefetch_related("provinces")

    def get_context_data(self, **kwargs):
        region = self.object
        inside = {f"province__{self.parameter}": region}
        at_hub = {f"hub__seat__province__{self.parameter}": region}
        return super().get_context_data(
            **kwargs,
            section="regions",
            parameter=self.parameter,
            hubs=Hub.objects.filter(**{f"seat__province__{self.parameter}": region}).with_cluster_counts(),
            kinds=IndustrialComplex.objects.filter(**inside).count_by_kind(),
            mini_clusters=MiniCluster.objects.latest_known().filter(**at_hub).listed(),
            offices=Office.objects.filter(**inside),
            stories=SuccessStory.objects.listed().filter(**at_hub),
            citation=self.cite(region.name, [(region.document, region.locator)]),
        )


class ZoneDetailView(RegionDetailView):
    model = Zone
    template_name = "complexes/zone.html"
    parameter = "zone"


class PanRegionDetailView(RegionDetailView):
    model = PanRegion
    template_name = "complexes/pan_region.html"
    parameter = "pan_region"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, statistics=statistics_of(pan_region=self.object))
