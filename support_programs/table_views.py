"""Pages of printed tables, and of what does not fit in and between the documents."""

from itertools import groupby

from django.http import JsonResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from django.views.generic import TemplateView

from portal.base_views import FilteredListView, PublicDetailView, PublicMixin
from portal.exports import file_response
from portal.models import PrintedList

from .charts import chart_of
from .discrepancies import FILE_COLUMNS as DISCREPANCY_COLUMNS
from .discrepancies import in_words, place_in_words, records, sums
from .grid import FILE_COLUMNS, grids
from .models import Discrepancy, PrintedTable
from .table_filters import PrintedTableFilterSet


class PrintedTableListView(FilteredListView):
    filterset_class = PrintedTableFilterSet
    stem = "statistics"
    noun = ngettext_lazy("%(count)d table", "%(count)d tables", "count")
    suffixes = ("csv", "json")
    title = _("Statistics and tables")
    results_template = "support_programs/_tables.html"
    paginate_by = 200
    columns = [
        ("title", _("Table")),
        ("topic", _("Topic")),
        ("", _("Unit")),
        ("", _("Where")),
    ]


class PrintedTableDetailView(PublicDetailView):
    """A table as printed, its chart, what does not add up in it, its files and how to cite it."""

    queryset = PrintedTable.objects.select_related("document", "story").prefetch_related("sectors")
    template_name = "support_programs/table.html"
    section = "statistics"

    def get(self, request, *args, **kwargs):
        if suffix := kwargs.get("suffix"):
            return self.export(suffix)
        return super().get(request, *args, **kwargs)

    def export(self, suffix):
        """Return the cells as a file, each with its source: CSV, or JSON with the table's own facts."""
        table = self.get_object()
        (grid,) = grids([table])
        source = {"document": table.document.slug, "locator": table.locator}
        cells = [cell | source for cell in grid.records()]
        if suffix == "csv":
            return file_response(suffix, [*FILE_COLUMNS, *source], cells, table.slug)
        facts = PrintedTable.objects.filter(pk=table.pk).exported()[0]
        response = JsonResponse(
            {"table": facts, "count": len(cells), "results": cells}, json_dumps_params={"ensure_ascii": False}
        )
        response["Access-Control-Allow-Origin"] = "*"
        return response

    def get_context_data(self, **kwargs):
        (grid,) = grids([self.object])
        return super().get_context_data(
            **kwargs,
            grid=grid,
            chart=chart_of(grid),
            findings=[
                (finding, place_in_words(grid, finding), in_words(grid, relation), relation.note)
                for relation, finding in grid.findings
            ],
            wrong={
                (finding.row, finding.column)
                for _relation, finding in grid.findings
                if not finding.by_rounding
            },
        )


class DiscrepanciesView(PublicMixin, TemplateView):
    """All findings: computed, counted and noted. By suffix, the same as a file."""

    template_name = "support_programs/discrepancies.html"

    def get(self, request, *args, **kwargs):
        if suffix := kwargs.get("suffix"):
            return file_response(suffix, DISCREPANCY_COLUMNS, records(), "discrepancies")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        computed = [
            (grid, finding, words, place_in_words(grid, finding), relation.note)
            for grid, relation, finding, words in sums()
        ]
        noted = Discrepancy.objects.select_related("document", "other_document")
        kinds = {kind: list(group) for kind, group in groupby(noted, key=lambda item: item.kind)}
        return super().get_context_data(
            **kwargs,
            section="about",
            wrong=[entry for entry in computed if not entry[1].by_rounding],
            rounded=[entry for entry in computed if entry[1].by_rounding],
            lists=PrintedList.objects.differing().select_related("document"),
            kinds=[(kind.value, kind.label, kinds.get(kind.value, [])) for kind in Discrepancy.Kind],
            citation=self.cite(_("What does not fit in the two documents")),
        )
