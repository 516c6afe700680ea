"""Named queries on mini clusters."""

from django.apps import apps
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from portal.querysets import SearchQuerySet, SlugQuerySet


class SectorQuerySet(SlugQuerySet):
    def with_counts(self):
        """Add ``complex_count`` and ``cluster_count`` (mini clusters of the newest known edition)."""
        clusters = apps.get_model("clusters.MiniCluster").objects.latest_known().order_by()
        counted = clusters.filter(sectors=OuterRef("pk")).values("sectors").annotate(n=Count("pk"))
        return self.annotate(
            complex_count=Count("complexes"), cluster_count=Coalesce(Subquery(counted.values("n")), 0)
        )


class MiniClusterQuerySet(SearchQuerySet):
    search_fields = (
        "name",
        "name_ko",
        "as_printed",
        "hub__name",
        "hub__name_ko",
        "hub__seat__province__name",
        "hub__seat__province__zone__name",
    )
    search_related = ("sectors__name", "complexes__name")

    def latest_known(self):
        """Return the newest edition legible for each zone: 2016 where it is printed, else 2010."""
        return self.filter(
            Q(edition=2016, hub__seat__province__zone__legible_2016=True)
            | Q(edition=2010, hub__seat__province__zone__legible_2016=False)
        )

    def in_zone(self, zone):
        """Return the mini clusters whose hub lies in this zone."""
        return self.filter(hub__seat__province__zone=zone)

    def in_pan_region(self, pan_region):
        """Return the mini clusters whose hub lies in this pan-region."""
        return self.filter(hub__seat__province__pan_region=pan_region)

    def listed(self):
        """Return them with what a list shows of each, in one query; their sectors come by ``sector_names``.

        ``zone_name`` comes as a column, as the zone is four relations away and the list shows no more of it.
        """
        return self.select_related("hub").annotate(zone_name=F("hub__seat__province__zone__name"))

    def located(self):
        """Return them with the point of each: its hub's seat."""
        return self.select_related("hub__seat")

    def detailed(self):
        """Return them with all that the page of one shows, in three queries."""
        return self.select_related(
            "document", "office", "hub__seat__province__zone", "hub__seat__province__pan_region"
        ).prefetch_related("complexes", "sectors")
