"""Pages of the two groupings of regions: zones and pan-regions. They show records of every app."""

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.views.generic import DetailView, TemplateView

from clusters.filters import MiniClusterFilterSet
from clusters.models import MiniCluster, SuccessStory
from clusters.querysets import with_newest_edition
from complexes.filters import IndustrialComplexFilterSet
from complexes.models import Hub, IndustrialComplex, Office, PanRegion, Zone
from support_programs.tables.statistics import statistics_of

from .base.matches import with_counts
from .base.views import PublicMixin


class RegionListView(PublicMixin, TemplateView):
    template_name = "complexes/regions.html"

    def get_context_data(self, **kwargs):
        clusters, complexes = (
            filterset(QueryDict()).matches for filterset in (MiniClusterFilterSet, IndustrialComplexFilterSet)
        )
        zones, pan_regions = (
            with_counts(
                regions.select_related("document").prefetch_related("provinces"),
                cluster_count=clusters.counts(parameter),
                complex_count=complexes.counts(parameter),
            )
            for regions, parameter in (
                (with_newest_edition(Zone.objects.all()), "zone"),
                (PanRegion.objects.all(), "pan_region"),
            )
        )
        documents = dict.fromkeys(region.document for region in [*zones, *pan_regions])
        return super().get_context_data(
            **kwargs,
            section="regions",
            zones=zones,
            pan_regions=pan_regions,
            province_count=sum(len(zone.provinces.all()) for zone in zones),
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
        newest = MiniCluster.objects.latest_known()
        at_hub = {f"hub__seat__province__{self.parameter}": region}
        return super().get_context_data(
            **kwargs,
            section="regions",
            parameter=self.parameter,
            hubs=Hub.objects.filter(**{f"seat__province__{self.parameter}": region}).with_count(
                "cluster_count", newest, "hub"
            ),
            kinds=IndustrialComplex.objects.filter(**inside).count_by_kind(),
            mini_clusters=newest.filter(**at_hub).listed(),
            offices=Office.objects.filter(**inside).select_related("document"),
            stories=SuccessStory.objects.listed().filter(**at_hub),
            citation=self.cite(region.name, [(region.document, region.locator)]),
        )


class ZoneDetailView(RegionDetailView):
    model = Zone
    template_name = "complexes/zone.html"
    parameter = "zone"

    def get_queryset(self):
        return with_newest_edition(super().get_queryset())


class PanRegionDetailView(RegionDetailView):
    model = PanRegion
    template_name = "complexes/pan_region.html"
    parameter = "pan_region"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, statistics=statistics_of(pan_region=self.object))
