"""Named queries on roles and industrial complexes."""

from django.apps import apps
from django.db.models import Count, Prefetch

from portal.base.querysets import SectoredQuerySet, SlugQuerySet


class RoleQuerySet(SlugQuerySet):
    def newest(self, kind):
        """Return the role of the newest list of this kind; None without any."""
        return self.filter(kind=kind).order_by("-year", "-order").first()


def entries(*related):
    """Return a prefetch of complexes' entries in printed lists, with these relations of each; one query."""
    return Prefetch("designations", apps.get_model("complexes.Designation").objects.select_related(*related))


class IndustrialComplexQuerySet(SectoredQuerySet):
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
        return self.select_related("hub", "province").prefetch_related(entries("role"))

    def beside_map(self):
        """Return them with what the list beside the map shows of each, in one query."""
        return self.select_related("province")

    def detailed(self):
        """Return them with all that the page of one shows, in three queries."""
        regions = "province__zone", "province__pan_region"
        return self.select_related("document", "hub", *regions).prefetch_related(
            entries("role", "document"), "sectors"
        )

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
