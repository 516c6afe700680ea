"""What a query string means for printed tables."""

from django.utils.translation import gettext_lazy as _

from clusters.models import Sector
from portal.filters import FacetFilter, PortalFilterSet, SearchFilter, SlugsFilter, SortFilter

from .models import PrintedTable


class PrintedTableFilterSet(PortalFilterSet):
    q = SearchFilter(label=_("Search"), help_text=_("Title, rows, columns or unit"))
    topic = FacetFilter("topic", source=PrintedTable.Topic, label=_("Topic"))
    content = FacetFilter("content", source=PrintedTable.Content, label=_("Content"))
    sector = FacetFilter("sectors", source=Sector, label=_("Sector"), many=True)
    slug = SlugsFilter(label=_("Selected"))
    sort = SortFilter(fields=[("title", "title"), ("topic", "topic")])

    class Meta:
        model = PrintedTable
        fields = []
