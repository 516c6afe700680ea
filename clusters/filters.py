"""What a query string means for mini clusters."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complexes.models import Hub, IndustrialComplex, PanRegion, Province, Zone
from portal.filters import FacetFilter, PortalFilterSet, SearchFilter, SlugsFilter, SortFilter

from .models import MiniCluster, Sector


class MiniClusterFilterSet(PortalFilterSet):
    q = SearchFilter(label=_("Search"), help_text=_("Name, hub, complex, sector or region"))
    sector = FacetFilter("sectors__slug", source=Sector, label=_("Sector"), many=True)
    zone = FacetFilter("hub__seat__province__zone__slug", source=Zone, label=_("Zone (2016)"))
    pan_region = FacetFilter(
        "hub__seat__province__pan_region__slug", source=PanRegion, label=_("Pan-region (2010)")
    )
    province = FacetFilter("hub__seat__province__slug", source=Province, label=_("Province"))
    edition = FacetFilter(
        "edition",
        source=MiniCluster.Edition,
        label=_("Edition"),
        help_text=_("None ticked: the newest that is legible for each zone."),
    )
    hub = FacetFilter("hub__slug", source=Hub, label=_("Hub"))
    complex = FacetFilter("complexes__slug", source=IndustrialComplex, label=_("Complex"), many=True)
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

    def facet_records(self, name, model):
        """Offer, of all complexes, only those that have a mini cluster, and those asked for."""
        if name == "complex":
            linked = MiniCluster.complexes.through.objects.values("industrialcomplex_id")
            asked = [slug for slug in self._given(name) if "\0" not in slug]
            return model.objects.filter(Q(pk__in=linked) | Q(slug__in=asked))
        return super().facet_records(name, model)

    def apply_default(self, queryset, without=None):
        """Unless editions or single records are asked for, keep the newest edition legible for each zone."""
        chosen = self.form.cleaned_data
        if without == "edition" or chosen["edition"] or chosen["slug"]:
            return queryset
        return queryset.latest_known()
