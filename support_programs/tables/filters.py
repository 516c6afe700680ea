"""What a query string means for printed tables."""

from django.utils.translation import gettext_lazy as _

from portal.base.filters import FacetFilter, SearchFilter, SlugsFilter, SortFilter
from portal.base.filterset import PortalFilterSet
from support_programs.models import PrintedTable


class PrintedTableFilterSet(PortalFilterSet):
    q = SearchFilter(label=_("Search"), help_text=_("Title, rows, columns or unit"))
    topic = FacetFilter("topic", label=_("Topic"))
    content = FacetFilter("content", label=_("Content"))
    sector = FacetFilter("sectors", label=_("Sector"))
    slug = SlugsFilter(label=_("Selected"))
    sort = SortFilter(fields=[("title", "title"), ("topic", "topic")])

    class Meta:
        model = PrintedTable
        fields = []
