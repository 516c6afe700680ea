"""Pages of printed tables, and of what does not fit in and between the documents."""

from itertools import groupby

from django.http import JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from portal.base.exports import file_response
from portal.base.views import FilesMixin, FilteredListView, PublicDetailView, PublicMixin
from portal.models import PrintedList
from support_programs.models import Discrepancy, PrintedTable

from .charts import chart_of
from .discrepancies import FILE_COLUMNS as DISCREPANCY_COLUMNS
from .discrepancies import in_words, place_in_words, records, sums
from .filters import PrintedTableFilterSet
from .grid import FILE_COLUMNS, grids


class PrintedTableListView(FilteredListView):
    filterset_class = PrintedTableFilterSet
    stem = "statistics"
    route = "support_programs:tables"
    title = _("Statistics and tables")
    results_template = "support_programs/_tables.html"
    paginate_by = 200
    columns = [
        ("title", _("Table")),
        ("topic", _("Topic")),
        ("", _("Unit")),
        ("", _("Where")),
    ]


class PrintedTableDetailView(FilesMixin, PublicDetailView):
    """A table as printed, its chart, what does not add up in it, its files and how to cite it."""

    stem = "statistics/<slug:slug>"
    route = "support_programs:table"
    queryset = PrintedTable.objects.select_related("document", "story").prefetch_related("sectors")
    template_name = "support_programs/table.html"
    section = "statistics"

    @classmethod
    def file_columns(cls):
        return [*FILE_COLUMNS, "document", "locator"]

    def export(self, suffix):
        """Return the cells as a file, each with its source: CSV, or JSON with the table's own facts."""
        table = self.get_object()
        (grid,) = grids([table])
        source = {"document": table.document.slug, "locator": table.locator}
        cells = [cell | source for cell in grid.records()]
        if suffix == "json":
            facts = PrintedTable.objects.filter(pk=table.pk).exported()[0]
            content = {"table": facts, "count": len(cells), "results": cells}
            return JsonResponse(content, json_dumps_params={"ensure_ascii": False})
        return file_response(suffix, self.file_columns(), cells, table.slug)

    def get_context_data(self, **kwargs):
        (grid,) = grids([self.object])
        return super().get_context_data(
            **kwargs,
            files=self.files(slug=self.object.slug),
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


class DiscrepanciesView(PublicMixin, FilesMixin, TemplateView):
    """All findings: computed, counted and noted. By suffix, the same as a file."""

    template_name = "support_programs/discrepancies.html"
    stem = "about/discrepancies"
    route = "support_programs:discrepancies"

    @classmethod
    def file_columns(cls):
        return DISCREPANCY_COLUMNS

    def export(self, suffix):
        return file_response(suffix, self.file_columns(), records(), "discrepancies")

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
            files=self.files(),
            wrong=[entry for entry in computed if not entry[1].by_rounding],
            rounded=[entry for entry in computed if entry[1].by_rounding],
            lists=PrintedList.objects.differing().select_related("document"),
            kinds=[(kind.value, kind.label, kinds.get(kind.value, [])) for kind in Discrepancy.Kind],
            citation=self.cite(_("What does not fit in the documents")),
        )
