"""The portal's own pages: home, about the data, and what is said when something is wrong."""

from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.generic import TemplateView

from clusters.filters import MiniClusterFilterSet
from clusters.models import Edition, Family, Sector
from clusters.named_views import NamedClusterListView
from clusters.points import hub_points
from clusters.story_views import SuccessStoryListView
from clusters.views import MiniClusterListView
from complexes.models import PanRegion, Zone
from complexes.views import IndustrialComplexListView
from support_programs.finder.views import SupportProgramListView
from support_programs.models import SupportProgram
from support_programs.programme.views import ClusterProgrammeListView, OrganisationListView, TimelineView
from support_programs.tables.views import PrintedTableListView

from .base.exports import suffixes_for
from .base.matches import with_counts
from .base.points import are_cells
from .base.views import PublicMixin
from .models import Document, PrintedList

# Every list that is also a file.
LISTS = (
    MiniClusterListView,
    IndustrialComplexListView,
    SupportProgramListView,
    SuccessStoryListView,
    NamedClusterListView,
    TimelineView,
    ClusterProgrammeListView,
    OrganisationListView,
    PrintedTableListView,
)


class HomeView(PublicMixin, TemplateView):
    """What this is, the figures with source and year, and the ways in."""

    template_name = "home.html"

    def get_context_data(self, **kwargs):
        newest = MiniClusterFilterSet(QueryDict()).matches
        points = hub_points(newest)
        return super().get_context_data(
            **kwargs,
            figures=PrintedList.objects.on_front_page(),
            zones=with_counts(Zone.objects.all(), cluster_count=newest.counts("zone")),
            pan_regions=PanRegion.objects.all(),
            sectors=with_counts(Sector.objects.all(), cluster_count=newest.counts("sector")),
            programmes=SupportProgram.objects.all(),
            points=points,
            celled=are_cells(points),
        )


class AboutView(PublicMixin, TemplateView):
    """The documents, every list stated against printed, what is editorial, how to cite."""

    template_name = "about.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **kwargs,
            documents=Document.objects.all(),
            lists=PrintedList.objects.select_related("document"),
            newest=Edition.objects.values_list("slug", flat=True).first(),
            section="about",
            sector_count=Sector.objects.count(),
            family_count=Family.objects.count(),
            zone_count=Zone.objects.count(),
            purpose_count=len(SupportProgram.Purpose),
            files=[
                (
                    reverse(view.route).rstrip("/"),
                    suffixes_for(view.file_columns()),
                    view.file_columns(),
                )
                for view in LISTS
            ],
        )


def bad_request(request, exception=None):
    reason = str(exception) if isinstance(exception, BadRequest) else ""
    return render(request, "400.html", {"reason": reason}, status=400)


def permission_denied(request, exception=None):
    return render(request, "403.html", status=403)


def page_not_found(request, exception=None):
    return render(request, "404.html", {"path": request.path[:200]}, status=404)


def server_error(request):
    return render(request, "500.html", status=500)
