"""What a query string means for industrial complexes."""

import django_filters
from django.utils.translation import gettext_lazy as _

from clusters.models import Sector
from portal.filters import MAX_TEXT, FacetFilter, PortalFilterSet, SearchFilter, SlugsFilter, SortFilter

from .models import Designation, Hub, IndustrialComplex, PanRegion, Province, Zone


class IndustrialComplexFilterSet(PortalFilterSet):
    q = SearchFilter(label=_("Search"), help_text=_("Any spelling, municipality, hub or sector"))
    kind = FacetFilter("kind", source=IndustrialComplex.Kind, label=_("Kind"))
    role = FacetFilter("designations__role", source=Designation.Role, label=_("Role"), many=True)
    sector = FacetFilter("sectors", source=Sector, label=_("Sector"), many=True)
    zone = FacetFilter("province__zone", source=Zone, label=_("Zone (2016)"))
    pan_region = FacetFilter("province__pan_region", source=PanRegion, label=_("Pan-region (2010)"))
    province = FacetFilter("province", source=Province, label=_("Province"))
    hub = FacetFilter("hub", source=Hub, label=_("Hub"))
    # For links to the neighbours of a complex; too many to choose from.
    municipality = django_filters.CharFilter(label=_("Municipality"), max_length=MAX_TEXT)
    slug = SlugsFilter(label=_("Selected"))
    sort = SortFilter(
        fields=[
            ("name", "name"),
            ("kind", "kind"),
            ("province__order", "province"),
            ("province__zone__order", "zone"),
            ("hub__name", "hub"),
        ]
    )

    class Meta:
        model = IndustrialComplex
        fields = []
