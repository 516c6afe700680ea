"""The portal's own pages: home, map, about the data, and what is said when something is wrong."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from clusters.models import MiniCluster, Sector
from clusters.views import MiniClusterListView
from complexes.models import IndustrialComplex, PanRegion, Zone
from complexes.views import IndustrialComplexListView
from support_programs.models import SupportProgram

from .base_views import FilteredListView, PublicMixin, with_query
from .models import Document, PrintedList
from .svg_map import points

# Of the printed lists, those whose figures stand on the front page.
FRONT_PAGE_LISTS = (
    "figure-15",
    "mini-cluster-list",
    "figure-5",
    "status-hubs",
    "status-connected",
    "figure-16",
)


class HomeView(PublicMixin, TemplateView):
    """What this is, the figures with source and year, and the ways in."""

    template_name = "home.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **kwargs,
            figures=PrintedList.objects.named(FRONT_PAGE_LISTS).select_related("document"),
            zones=Zone.objects.with_counts(),
            pan_regions=PanRegion.objects.all(),
            sectors=Sector.objects.with_counts(),
            programmes=SupportProgram.objects.all(),
            points=points(MiniCluster.objects.latest_known().located()),
        )


class MapView(FilteredListView):
    """The set of a list on a map: mini clusters by hub or, with ``show=complexes``, industrial complexes.

    Filters, files and words are the list's own, so the same query string gives the same records.
    """

    template_name = "map.html"
    partial_template_name = "_map.html"
    paginate_by = 200
    lists = {"clusters": MiniClusterListView, "complexes": IndustrialComplexListView}

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.show = request.GET.get("show") or "clusters"
        if self.show not in self.lists:
            raise Http404(_("There is no such map. It shows clusters or complexes."))
        source = self.lists[self.show]
        self.filterset_class = source.filterset_class
        self.title, self.stem, self.noun, self.columns = (
            source.title,
            source.stem,
            source.noun,
            source.columns,
        )

    def get_queryset(self):
        return super().get_queryset().located()

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {
            "section": "map",
            "list_address": with_query(f"/{self.stem}/", context["query"]),
            "points": points(context["object_list"]),
            "kinds": IndustrialComplex.Kind.choices,
            "tile_url": settings.TILE_URL,
            "tile_attribution": settings.TILE_ATTRIBUTION,
        }


class AboutView(PublicMixin, TemplateView):
    """The two documents, every list stated against printed, what is editorial, how to cite."""

    template_name = "about.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **kwargs,
            documents=Document.objects.all(),
            lists=PrintedList.objects.select_related("document"),
            section="about",
            columns={
                "/clusters": list(MiniCluster.public_columns),
                "/complexes": list(IndustrialComplex.public_columns),
                "/support": list(SupportProgram.public_columns),
            },
        )


def bad_request(request, exception=None):
    return render(request, "400.html", status=400)


def permission_denied(request, exception=None):
    return render(request, "403.html", status=403)


def page_not_found(request, exception=None):
    return render(request, "404.html", {"path": request.path[:200]}, status=404)


def server_error(request):
    return render(request, "500.html", status=500)
