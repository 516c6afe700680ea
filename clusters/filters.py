"""What a query string means for mini clusters, success stories and other clusters."""

from django.db.models import F, OuterRef, Subquery
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from complexes.models import Zone
from portal.base.filters import FacetFilter, SearchFilter, SlugsFilter, SortFilter
from portal.base.filterset import PortalFilterSet
from portal.korea import PAN_REGION_LABEL, ZONE_LABEL

from .lineage import After, Before
from .models import Edition, MiniCluster, NamedCluster, SuccessStory


def pictured_zones():
    """Return a zone for each edition that prints it as a picture only, as the filterset gives them."""
    legible = Edition.objects.legible_in(OuterRef("pk")).values("slug")[:1]
    return Zone.objects.filter(pictured_editions__isnull=False).annotate(
        printed_at=F("pictured_editions__locator"),
        edition=F("pictured_editions__slug"),
        instead=Subquery(legible),
    )


class MiniClusterFilterSet(PortalFilterSet):
    default_verb = "latest_known"

    q = SearchFilter(label=_("Search"), help_text=_("Name, hub, complex, sector or region"))
    sector = FacetFilter("sectors", label=_("Sector"))
    zone = FacetFilter("hub__seat__province__zone", label=ZONE_LABEL)
    pan_region = FacetFilter("hub__seat__province__pan_region", label=PAN_REGION_LABEL)
    province = FacetFilter("hub__seat__province", label=_("Province"))
    edition = FacetFilter(
        "edition",
        label_from="slug",
        label=_("Edition"),
        help_text=_("None ticked: the newest that is legible for each zone."),
    )
    status_before = FacetFilter(
        "status_before",
        choices=Before.choices,
        verb="with_statuses",
        label=_("Where it came from"),
        help_text=_("Our reading of names and hubs."),
    )
    status_after = FacetFilter(
        "status_after", choices=After.choices, verb="with_statuses", label=_("What became of it")
    )
    hub = FacetFilter("hub", label=_("Hub"))
    complex = FacetFilter("complexes", label=_("Complex"))
    slug = SlugsFilter(label=_("Selected"))
    sort = SortFilter(
        fields=[
            ("name", "name"),
            ("edition__year", "edition"),
            ("hub__name", "hub"),
            ("hub__seat__province__zone__order", "zone"),
        ]
    )

    class Meta:
        model = MiniCluster
        fields = []

    @cached_property
    def pictured_zones(self):
        """Return the zones that the edition asked for prints as a picture only; none unless one is asked for.

        Each with ``edition`` and ``printed_at``, its place in the document, and with ``instead``, the newest
        edition that is legible there.
        """
        chosen = self.form.cleaned_data.get("edition") if self.is_valid() else None
        if not chosen or len(chosen) > 1:
            return []
        pictured = self.matches.once("pictured zones", lambda: list(pictured_zones()))
        return [zone for zone in pictured if zone.edition == chosen[0]]

    def pictured_links(self):
        """Return (zone, query string of its mini clusters in the edition that is legible there instead)."""
        return [
            (zone, self.query_string(edition=zone.instead or "", zone=zone.slug, pan_region=""))
            for zone in self.pictured_zones
        ]

    def wider(self):
        """Return the part of a query string that asks for every edition, if the newest are searched."""
        return self.matches.once("every edition", Edition.objects.every) if self.newest_only else ""

    @property
    def newest_only(self):
        """Return whether the default holds: neither editions nor single records are asked for."""
        chosen = self.given
        return not (chosen.get("edition") or chosen.get("slug"))

    def default_applies(self, without=None):
        """Return whether the newest edition legible for each zone is kept: unless others are asked for."""
        return self.newest_only and without != "edition"


class SuccessStoryFilterSet(PortalFilterSet):
    q = SearchFilter(label=_("Search"), help_text=_("Title, company, complex or sector"))
    theme = FacetFilter("theme", label=_("Theme"))
    sector = FacetFilter("sectors", label=_("Sector"))
    hub = FacetFilter("hub", label=_("Hub"))
    zone = FacetFilter("hub__seat__province__zone", label=ZONE_LABEL)
    pan_region = FacetFilter("hub__seat__province__pan_region", label=PAN_REGION_LABEL)
    complex = FacetFilter("complexes", label=_("Complex"))
    slug = SlugsFilter(label=_("Selected"))
    sort = SortFilter(fields=[("order", "order"), ("title", "title"), ("hub__name", "hub")])

    class Meta:
        model = SuccessStory
        fields = []


class NamedClusterFilterSet(PortalFilterSet):
    q = SearchFilter(label=_("Search"), help_text=_("Name, place or sector"))
    sector = FacetFilter("sectors", label=_("Sector"))
    province = FacetFilter("province", label=_("Province"))
    zone = FacetFilter("province__zone", label=ZONE_LABEL)
    pan_region = FacetFilter("province__pan_region", label=PAN_REGION_LABEL)
    slug = SlugsFilter(label=_("Selected"))
    sort = SortFilter(fields=[("name", "name"), ("province__order", "province")])

    class Meta:
        model = NamedCluster
        fields = []
