"""Pages of the programme's story: what it is, how it works, when it came about, who took part."""

from operator import attrgetter

from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from portal.base.views import FilteredListView, PublicMixin
from portal.korea import named
from support_programs.models import (
    CLUSTER_PROGRAMMES,
    LOCATION_POLICY,
    Organisation,
    PrintedTable,
    ProgrammeEvent,
    ProgrammePassage,
)
from support_programs.tables.grid import grids
from support_programs.tables.statistics import with_charts

from .filters import ClusterProgrammeFilterSet, OrganisationFilterSet, ProgrammeEventFilterSet

Part = ProgrammePassage.Part
HOW_IT_WORKS = (Part.PROCESS, Part.ROLES, Part.PROJECTS, Part.EVALUATION, Part.LAW)


def tables_by_part(*parts):
    """Return {part: [(Grid, Chart or None)]} of the printed tables of these parts, in five queries."""
    found = {}
    for grid, chart in with_charts(PrintedTable.objects.by_part(*parts).listed()):
        found.setdefault(grid.table.part, []).append((grid, chart))
    return found


class PassagesView(PublicMixin, TemplateView):
    """Passages of some parts of the programme, each with its source, and the documents they were read in."""

    parts = ()
    # The parts that the process page tells; here only their titles stand and lead there.
    elsewhere = ()
    title = ""

    def get_context_data(self, **kwargs):
        passages = ProgrammePassage.objects.by_part(*self.parts, *self.elsewhere)
        documents = {passage.document for part in self.parts for passage in passages[part]}
        return super().get_context_data(
            **kwargs,
            view=self,
            section="programme",
            parts=self.filled(self.parts, passages),
            elsewhere=self.filled(self.elsewhere, passages),
            tables=tables_by_part(*self.parts),
            citation=self.cite(
                self.title, [(document, "") for document in sorted(documents, key=attrgetter("slug"))]
            ),
        )

    def filled(self, parts, passages):
        """Return [(value, label, passages)] of these parts, without the empty ones."""
        return [(part.value, part.label, passages[part]) for part in parts if passages[part]]


class ProgrammeView(PassagesView):
    template_name = "support_programs/programme.html"
    title = _("The Industrial Complex Cluster Programme")
    parts = (
        Part.SUMMARY,
        Part.OVERVIEW,
        Part.BACKGROUND,
        Part.STRATEGY,
        Part.PHASES,
        Part.OUTCOME,
        Part.DIRECTION,
    )
    elsewhere = HOW_IT_WORKS


class ProcessView(PassagesView):
    template_name = "support_programs/process.html"
    title = _("How the programme works")
    parts = HOW_IT_WORKS


class CooperationView(PassagesView):
    template_name = "support_programs/cooperation.html"
    title = _("International cooperation")
    parts = (Part.COOPERATION, Part.EUROPE)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **kwargs,
            events=ProgrammeEvent.objects.listed().filter(kind=ProgrammeEvent.Kind.COOPERATION),
            organisations=Organisation.objects.listed().filter(kind=Organisation.Kind.EUROPEAN),
        )


class TimelineView(FilteredListView):
    filterset_class = ProgrammeEventFilterSet
    stem = "programme/timeline"
    route = "support_programs:timeline"
    section = "programme"
    title = _("Timeline")
    results_template = "support_programs/_timeline.html"
    # All on one page, so that the address of an event leads to it.
    paginate_by = 500
    columns = ()


class ClusterProgrammeListView(FilteredListView):
    filterset_class = ClusterProgrammeFilterSet
    stem = "programme/cluster-programmes"
    route = "support_programs:cluster_programmes"
    section = "programme"
    title = named(_("Cluster programmes of %(country_short)s"))
    template_name = "support_programs/cluster_programmes.html"
    results_template = "support_programs/_cluster_programmes.html"
    columns = [
        ("name", _("Programme")),
        ("", _("What it does")),
        ("", _("Years")),
        ("budget", _("Budget (USD million)")),
    ]

    def get_context_data(self, **kwargs):
        # The list alone, which htmx asks for, has no tables.
        tables = {} if self.request.htmx else tables_by_part(CLUSTER_PROGRAMMES)
        return super().get_context_data(**kwargs, tables=tables.get(CLUSTER_PROGRAMMES))


class OrganisationListView(FilteredListView):
    filterset_class = OrganisationFilterSet
    stem = "organisations"
    route = "support_programs:organisations"
    section = "programme"
    title = _("Organisations")
    results_template = "support_programs/_organisations.html"
    paginate_by = 200
    columns = [
        ("name", _("Organisation")),
        ("kind", _("Kind")),
        ("", _("Role, web address, and where it is told")),
    ]


class LocationPolicyView(PublicMixin, TemplateView):
    """Industrial location policy, decade by decade, side by side from every table that has decades."""

    template_name = "support_programs/location_policy.html"

    def get_context_data(self, **kwargs):
        # The newest document first.
        tables = PrintedTable.objects.by_part(LOCATION_POLICY).listed()
        found = grids(tables.order_by("-document__year", "-order"))
        keys = {column.key for grid in found for column in grid.columns}
        decades = [(key, self.readings(found, key)) for key in sorted(keys)]
        return super().get_context_data(
            **kwargs,
            section="programme",
            decades=decades,
            tables=[grid.table for grid in found],
            citation=self.cite(
                _("Industrial location policy by decade"),
                [(grid.table.document, grid.table.locator) for grid in found],
            ),
        )

    def readings(self, found, key):
        """Return [(grid, label printed over its column, [(row, TableValue)])]: what is said of a decade."""
        readings = []
        for grid in found:
            label = next((column.label for column in grid.columns if column.key == key), "")
            cells = [(row, grid.cells.get((row.key, key))) for row in grid.rows]
            if printed := [(row, cell) for row, cell in cells if cell]:
                readings.append((grid, label, printed))
        return readings
