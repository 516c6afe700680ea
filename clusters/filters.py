"""What a query string means for mini clusters, success stories and other clusters."""

from django.utils.translation import gettext_lazy as _

from portal.base.filters import FacetFilter, PortalFilterSet, SearchFilter, SlugsFilter, SortFilter

from .models import MiniCluster, NamedCluster, SuccessStory


class MiniClusterFilterSet(PortalFilterSet):
    q = SearchFilter(label=_("Search"), help_text=_("Name, hub, complex, sector or region"))
    sector = FacetFilter("sectors", label=_("Sector"))
    zone = FacetFilter("hub__seat__province__zone", label=_("Zone (2016)"))
    pan_region = FacetFilter("hub__seat__province__pan_region", label=_("Pan-region (2010)"))
    province = FacetFilter("hub__seat__province", label=_("Province"))
    edition = FacetFilter(
        "edition",
        label=_("Edition"),
        has_default=True,
        help_text=_("None ticked: the newest that is legible for each zone."),
    )
    hub = FacetFilter("hub", label=_("Hub"))
    complex = FacetFilter("complexes", label=_("Complex"))
    slug = SlugsFilter(label=_("Selected"))
    sort = SortFilter(
        fields=[
            ("name", "name"),
            ("edition", "edition"),
            ("hub__name", "hub"),
            ("hub__seat__province__zone__order", "zone"),
        ]
    )

    class Meta:
        model = MiniCluster
        fields = []

    def apply_default(self, queryset, without=None):
        """Unless editions or single records are asked for, keep the newest edition legible for each zone."""
        chosen = self.form.cleaned_data
        if without == "edition" or chosen.get("edition") or chosen.get("slug"):
            return queryset
        return queryset.latest_known()


class SuccessStoryFilterSet(PortalFilterSet):
    q = SearchFilter(label=_("Search"), help_text=_("Title, company, complex or sector"))
    theme = FacetFilter("theme", label=_("Theme"))
    sector = FacetFilter("sectors", label=_("Sector"))
    hub = FacetFilter("hub", label=_("Hub"))
    zone = FacetFilter("hub__seat__province__zone", label=_("Zone (2016)"))
    pan_region = FacetFilter("hub__seat__province__pan_region", label=_("Pan-region (2010)"))
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
    zone = FacetFilter("province__zone", label=_("Zone (2016)"))
    pan_region = FacetFilter("province__pan_region", label=_("Pan-region (2010)"))
    slug = SlugsFilter(label=_("Selected"))
    sort = SortFilter(fields=[("name", "name"), ("province__order", "province")])

    class Meta:
        model = NamedCluster
        fields = []
