"""Named queries on regions and industrial complexes."""

from django.apps import apps
from django.db import models
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from portal.querysets import PlacedQuerySet, SlugQuerySet


class RegionQuerySet(SlugQuerySet):
    """What zones and pan-regions share: both are sums of provinces."""

    # The field of Province that names the region.
    province_field = ""

    def with_counts(self):
        """Add ``complex_count`` and ``cluster_count``."""
        complexes = apps.get_model("complexes.IndustrialComplex").objects
        return self.with_cluster_counts().annotate(complex_count=self._count(complexes, "province"))

    def with_cluster_counts(self):
        """Add ``cluster_count``: the mini clusters of the newest known edition."""
        clusters = apps.get_model("clusters.MiniCluster").objects.latest_known()
        return self.annotate(cluster_count=self._count(clusters, "hub__seat__province"))

    def _count(self, records, path):
        """Return an expression: how many of ``records`` have a province of the region at ``path``."""
        region = f"{path}__{self.province_field}"
        counted = records.order_by().filter(**{region: OuterRef("pk")}).values(region)
        return Coalesce(Subquery(counted.annotate(n=Count("pk")).values("n")), 0)


class PanRegionQuerySet(RegionQuerySet):
    province_field = "pan_region"


class ZoneQuerySet(RegionQuerySet):
    province_field = "zone"

    def pictured_2016(self):
        """Return the zones whose list of 2016 is printed as a picture only."""
        return self.filter(legible_2016=False)


class HubQuerySet(SlugQuerySet):
    def with_cluster_counts(self):
        """Add ``cluster_count``: the mini clusters of the newest known edition."""
        clusters = apps.get_model("clusters.MiniCluster").objects.latest_known().order_by()
        counted = clusters.filter(hub=OuterRef("pk")).values("hub").annotate(n=Count("pk")).values("n")
        return self.annotate(cluster_count=Coalesce(Subquery(counted), 0))


class IndustrialComplexQuerySet(PlacedQuerySet):
    search_fields = (
        "name",
        "name_ko",
        "aliases",
        "municipality",
        "municipality_ko",
        "province__name",
        "province__name_ko",
        "hub__name",
    )
    search_related = ("sectors__name",)

    def listed(self):
        """Return them with what a list shows of each, in two queries; their sectors by ``sector_names``."""
        return self.select_related("hub", "province").prefetch_related("designations")

    def located(self):
        """Return them with the point of each, which is their own."""
        return self

    def detailed(self):
        """Return them with all that the page of one shows, in three queries."""
        regions = "province__zone", "province__pan_region"
        return self.select_related("document", "hub", *regions).prefetch_related("designations", "sectors")

    def at_hub(self, hub):
        """Return the complexes that are, or are tied to, this hub."""
        return self.filter(hub=hub)

    def in_municipality_of(self, complex):
        """Return the complexes in the same municipality (a name is only unique within its province)."""
        return self.filter(province=complex.province, municipality_ko=complex.municipality_ko).exclude(
            municipality_ko=""
        )

    def count_by_kind(self):
        """Return the kinds in declared order, each as (slug, words, number of complexes)."""
        counts = dict(self.order_by().values_list("kind").annotate(n=Count("pk")))
        return [(kind.value, kind.label, counts.get(kind.value, 0)) for kind in self.model.Kind]


class DesignationQuerySet(models.QuerySet):
    def get_by_natural_key(self, slug, role):
        """Return the designation of this complex in this role; raises DoesNotExist."""
        return self.get(complex__slug=slug, role=role)
