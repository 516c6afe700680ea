"""The portal's own pages: home, map, about the data, and what is said when something is wrong."""

from urllib.parse import parse_qsl

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from clusters.models import MiniCluster, Sector
from clusters.story_views import NamedClusterListView, SuccessStoryListView
from clusters.views import MiniClusterListView
from complexes.models import IndustrialComplex, PanRegion, Zone
from complexes.views import IndustrialComplexListView
from support_programs.models import SupportProgram
from support_programs.programme_views import ClusterProgrammeListView, OrganisationListView, TimelineView
from support_programs.table_views import PrintedTableListView
from support_programs.views import SupportProgramListView

from .base_views import FilteredListView, PublicMixin, with_query
from .filters import DRAWING_PARAMETERS
from .map_drawing import are_cells, drawing, hub_points
from .map_overlays import overlays
from .map_regions import LAYERS, chosen_region, classes, layer_of, names, portrait
from .models import Document, PrintedList

# Of the printed lists, those whose figures stand on the front page.
FRONT_PAGE_LISTS = (
    "figure-15",
    "mini-cluster-list",
    "figure-5",
    "status-hubs",
    "status-connected",
    "figure-16",
)


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
        points = hub_points(MiniCluster.objects.latest_known())
        return super().get_context_data(
            **kwargs,
            figures=PrintedList.objects.named(FRONT_PAGE_LISTS).select_related("document"),
            zones=Zone.objects.with_cluster_counts(),
            pan_regions=PanRegion.objects.all(),
            sectors=Sector.objects.with_cluster_counts(),
            programmes=SupportProgram.objects.all(),
            points=points,
            celled=are_cells(points),
        )


class MapView(FilteredListView):
    """The set of a list on a map: mini clusters by hub or, with ``show=complexes``, industrial complexes.

    Filters, files and words are the list's own, so the same query string gives the same records.
    """

    template_name = "map.html"
    partial_template_name = "_map.html"
    paginate_by = 200
    lists = {"clusters": MiniClusterListView, "complexes": IndustrialComplexListView}
    view_parameters = ("lat", "lon", "zoom", "at")
    # Of more records the script asks for what is in view, instead of for all.
    most_at_once = 750
    drawing_parameters = DRAWING_PARAMETERS

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

    def get_filterset_kwargs(self, filterset_class):
        # What the reader looks at is in the address too, but belongs to no record, link or file.
        data = self.request.GET.copy()
        for name in self.view_parameters:
            data.pop(name, None)
        return super().get_filterset_kwargs(filterset_class) | {"data": data}

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        chosen = self.filterset.form.cleaned_data if self.filterset.is_valid() else {}
        asked = self.request.GET.get("regions")
        layer = asked if asked in (*LAYERS, "none") else "zone"
        notices = self.pictured_zones(chosen)
        pictured = {zone.slug for zone, _link in notices}
        named = names()
        layers = {
            name: layer_of(self.filterset, name, named[name], self.noun, pictured if name == "zone" else ())
            for name in LAYERS
        }
        regions = layers.get(layer, [])
        drawn = drawing(self.filterset, self.show, self.noun)
        no_drawing = dict.fromkeys(self.drawing_parameters, "")
        if region := chosen_region(chosen):
            context["portrait"] = portrait(*region, context["count"], drawn)
        return context | {
            "section": "map",
            "list_address": with_query(f"/{self.stem}/", context["query"]),
            "drawn": drawn,
            "unplaced": context["count"] - sum(mark.count for mark in drawn.marks),
            "kinds": IndustrialComplex.Kind.choices,
            "layer": layer,
            "layer_file": LAYERS[layer][1] if regions else "",
            "regions": regions,
            "classes": classes([region.count for region in regions]),
            "pictured_zones": notices,
            "editions": self.editions(),
            "kept": [pair for pair in parse_qsl(context["query"]) if pair[0] not in ("edition", "regions")],
            "map_data": self.map_data(layers),
            "record_filter": self.filterset.query_string(sort="", **no_drawing),
            "drawing": parse_qsl(self.filterset.query_string_of(self.drawing_parameters)),
            "picture_query": self.filterset.query_string(layers="", in_view=""),
            "by_view": context["count"] > self.most_at_once,
            "tile_url": settings.TILE_URL,
            "tile_attribution": settings.TILE_ATTRIBUTION,
        }

    def pictured_zones(self, chosen):
        """Return the zones whose list of 2016 is a picture, where that edition is shown (clusters only)."""
        if self.show != "clusters" or chosen.get("edition") != ["2016"]:
            return []
        query = self.filterset.query_string
        zones = Zone.objects.pictured_2016()
        return [(zone, query(edition="2010", zone=zone.slug, pan_region="")) for zone in zones]

    def editions(self):
        """Return (value, words, chosen, count or None) for the control of time; none for complexes."""
        facet = next((facet for facet in self.filterset.facets if facet.name == "edition"), None)
        if facet is None:
            return []
        counts = {choice.value: choice.count for choice in facet.choices}
        given = self.request.GET.getlist("edition")
        choices = [("", _("Newest known"), not any(given), None)]
        for edition in MiniCluster.Edition.values:
            value = str(edition)
            choices.append((value, value, given == [value], counts.get(value, 0)))
        return choices

    def map_data(self, layers):
        """Return what the script draws beside the records: regions, overlays, the words of sectors."""
        sectors = next(facet for facet in self.filterset.facets if facet.name == "sector")
        return {
            "layers": {
                name: {
                    "regions": {region.slug: region._asdict() for region in regions},
                    "classes": classes([region.count for region in regions]),
                }
                for name, regions in layers.items()
            },
            "overlays": overlays(self.filterset),
            "sectors": {choice.value: choice.label for choice in sectors.choices},
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
            files=[
                (f"/{view.stem}", view.suffixes, list(view.filterset_class._meta.model.public_columns))
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
