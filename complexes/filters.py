"""What a query string means for industrial complexes."""

import django_filters
from django.utils.translation import gettext_lazy as _

from portal.base.filters import MAX_TEXT, FacetFilter, SearchFilter, SlugsFilter, SortFilter
from portal.base.filterset import PortalFilterSet
from portal.korea import PAN_REGION_LABEL, ZONE_LABEL

from .models import IndustrialComplex, Office


class IndustrialComplexFilterSet(PortalFilterSet):
    q = SearchFilter(label=_("Search"), help_text=_("Any spelling, municipality, hub or sector"))
    kind = FacetFilter("kind", label=_("Kind"))
    role = FacetFilter("designations__role", label=_("Role"))
    sector = FacetFilter("sectors", label=_("Sector"))
    zone = FacetFilter("province__zone", label=ZONE_LABEL)
    pan_region = FacetFilter("province__pan_region", label=PAN_REGION_LABEL)
    province = FacetFilter("province", label=_("Province"))
    hub = FacetFilter("hub", label=_("Hub"))
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


class OfficeFilterSet(PortalFilterSet):
    """Offices have no list of their own; the map draws them by place."""

    zone = FacetFilter("province__zone", label=ZONE_LABEL)
    pan_region = FacetFilter("province__pan_region", label=PAN_REGION_LABEL)
    province = FacetFilter("province", label=_("Province"))

    class Meta:
        model = Office
        fields = []
