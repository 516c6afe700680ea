"""Named queries on editions, mini clusters, success stories and other clusters."""

from urllib.parse import urlencode

from django.apps import apps
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from portal.base.querysets import SEPARATOR, SectoredQuerySet, SlugQuerySet

from .lineage import ZONE, with_statuses


class EditionQuerySet(SlugQuerySet):
    """Editions; the newest comes first."""

    def every(self):
        """Return the part of a query string that asks for all of them, the oldest first."""
        return urlencode([("edition", slug) for slug in self.reverse().values_list("slug", flat=True)])

    def legible_in(self, zone):
        """Return those that can be read for a zone, the newest first."""
        return self.filter(zones=zone).order_by("-year", "-order")

    def older_than(self, year, order):
        """Return those before an edition of this year and order, the newest of them first."""
        return self.filter(Q(year__lt=year) | Q(year=year, order__lt=order)).order_by("-year", "-order")

    def newer_than(self, year, order):
        """Return those after an edition of this year and order, the oldest of them first."""
        return self.filter(Q(year__gt=year) | Q(year=year, order__gt=order)).order_by("year", "order")


def with_newest_edition(zones):
    """Return these zones with ``newest``, the edition that is legible there, and with ``pictured``.

    That is a newer one that prints the zone as a picture only. Both are slugs, and null where there is none.
    """
    editions = apps.get_model("clusters.Edition").objects
    legible = editions.legible_in(OuterRef("pk"))
    zones = zones.annotate(newest=Subquery(legible.values("slug")[:1])).alias(
        newest_year=Coalesce(Subquery(legible.values("year")[:1]), 0),
        newest_order=Coalesce(Subquery(legible.values("order")[:1]), 0),
    )
    newer = editions.filter(pictured_zones=OuterRef("pk")).newer_than(
        OuterRef("newest_year"), OuterRef("newest_order")
    )
    return zones.annotate(pictured=Subquery(newer.values("slug")[:1]))


class MiniClusterQuerySet(SectoredQuerySet):
    point_path = "hub__seat__"
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
        """Return those of the newest edition that is legible in their zone."""
        legible = apps.get_model("clusters.Edition").objects.legible_in(OuterRef(ZONE))
        return self.filter(edition=Subquery(legible.values("pk")[:1]))

    def exported(self):
        """Return the records as any others, with what became of them between the editions."""
        return super(MiniClusterQuerySet, self.with_statuses()).exported()

    def with_statuses(self):
        """Add ``status_before`` and ``status_after``: what became of each between the editions."""
        return with_statuses(self)

    def listed(self):
        """Return them with what a list shows of each, in one query; their sectors come by ``sector_names``.

        ``zone_name`` comes as a column, as the zone is four relations away and the list shows no more of it.
        """
        return self.select_related("hub", "edition").annotate(zone_name=F("hub__seat__province__zone__name"))

    def beside_map(self):
        """Return them with what the list beside the map shows of each, in one query."""
        return self.select_related("hub", "edition")

    def detailed(self):
        """Return them with all that the page of one shows, in three queries."""
        return self.select_related(
            "document", "edition", "office", "hub__seat__province__zone", "hub__seat__province__pan_region"
        ).prefetch_related("complexes", "sectors")

    def leading_families(self):
        """Return what ``leading_families`` of ``points.py`` does, in one query."""
        leading = {}
        given = self.filter(sectors__isnull=False).order_by()
        given = given.values_list("hub__slug", "sectors__family__slug")
        pairs = given.annotate(n=Count("pk", distinct=True))
        order = F("sectors__family__order").asc(nulls_last=True)
        for hub, slug, _n in pairs.order_by("hub__slug", "-n", order, "sectors__family__slug"):
            leading.setdefault(hub, slug)
        return leading


class SuccessStoryQuerySet(SectoredQuerySet):
    point_path = "hub__seat__"
    search_fields = ("title", "summary", "text", "hub__name", "hub__name_ko")
    search_related = ("actors__name", "complexes__name", "sectors__name")

    def listed(self):
        """Return them with what a list shows of each, in one query; their sectors by ``sector_names``."""
        return self.select_related("hub")

    def detailed(self):
        """Return them with all that the page of one shows of itself, in five queries."""
        return self.select_related("document", "hub__seat__province__pan_region").prefetch_related(
            "complexes", "sectors", "actors", "figures"
        )

    def exported(self):
        """Return the stories as any other records, with their key figures in words; one more query."""
        figures = apps.get_model("clusters.StoryFigure").objects.filter(story__in=self.order_by())
        in_words = {}
        for figure in figures.select_related("story").order_by("story", "order"):
            in_words.setdefault(figure.story.slug, []).append(str(figure))
        records = super().exported()
        for record in records:
            record["key_figures"] = SEPARATOR.join(in_words.get(record["slug"], []))
        return records


class NamedClusterQuerySet(SectoredQuerySet):
    search_fields = ("name", "name_ko", "place", "text", "municipality", "province__name")
    search_related = ("sectors__name",)

    def listed(self):
        """Return them with what a list shows of each, in one query; their sectors by ``sector_names``."""
        return self.select_related("document", "province")

    def detailed(self):
        """Return them with all that the page of one shows of itself, in two queries."""
        return self.select_related("document", "province__zone", "province__pan_region").prefetch_related(
            "sectors"
        )
