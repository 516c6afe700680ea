"""The map as others take it along: a picture of it (SVG), and a page of it for an iframe elsewhere."""

import textwrap

from csp.decorators import csp_replace
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.generic import View

from complexes.models import IndustrialComplex, Zone

from .base_views import PublicMixin, with_query
from .citation import Citation, documents_of
from .exports import xml_text
from .map_drawing import KIND_COLOURS, drawing
from .map_regions import LAYERS, STEP_COLOURS, classes, layer_of, names
from .svg_map import HEIGHT, WIDTH, area_paths
from .views import MapView

# The width of the legend beside the picture, in pixels.
LEGEND_WIDTH = 240


class DrawnMapView(PublicMixin, View):
    """What the map shows of its own query string, drawn by the server: regions, hubs or complexes, legend."""

    def get(self, request):
        self.show = request.GET.get("show") or "clusters"
        if self.show not in MapView.lists:
            raise Http404(_("There is no such map. It shows clusters or complexes."))
        self.source = MapView.lists[self.show]
        data = request.GET.copy()
        for name in MapView.view_parameters:
            data.pop(name, None)
        filterset_class = self.source.filterset_class
        self.filterset = filterset_class(data, queryset=filterset_class._meta.model.objects.all())
        return self.answer(self.get_context_data() if self.filterset.is_valid() else {})

    def get_context_data(self):
        records = self.filterset.qs
        count = self.filterset.total
        query = self.filterset.query_string()
        asked = self.request.GET.get("regions")
        layer = asked if asked in (*LAYERS, "none") else "zone"
        pictured = self.pictured() if layer == "zone" else ()
        regions = (
            layer_of(self.filterset, layer, names()[layer], self.source.noun, pictured)
            if layer in LAYERS
            else []
        )
        drawn = drawing(self.filterset, self.show, self.source.noun)
        return {
            "view": self,
            "count": count,
            "count_in_words": self.source.noun % {"count": count},
            "layer": layer,
            "layer_file": LAYERS[layer][1] if regions else "",
            "regions": regions,
            "classes": classes([region.count for region in regions]),
            "drawn": drawn,
            "unplaced": count - sum(mark.count for mark in drawn.marks),
            "kinds": IndustrialComplex.Kind.choices,
            "citation": Citation(
                title=str(self.source.title),
                filters=[f"{chip.label}: {chip.value}" for chip in self.filterset.chips],
                count=self.source.noun % {"count": count},
                address=self.request.build_absolute_uri(with_query("/map/", query)),
                sources=documents_of(records),
            ),
        }

    def pictured(self):
        """Return the slugs of the zones whose list is a picture in the edition shown, as on the large map."""
        if self.show != "clusters" or self.filterset.form.cleaned_data["edition"] != ["2016"]:
            return ()
        return set(Zone.objects.pictured_2016().values_list("slug", flat=True))


class MapPictureView(DrawnMapView):
    """``/map.svg``: a file of its own: map, names, legend, filters in words, sources and date."""

    def answer(self, context):
        if not context:
            return JsonResponse({"errors": self.filterset.errors}, status=400)
        citation = context["citation"]
        context |= {
            "width": WIDTH + LEGEND_WIDTH + 20,
            "legend_left": WIDTH + 32,
            "land_width": WIDTH,
            "land_height": HEIGHT,
            "paths": {
                path.slug: path.d for path in area_paths(context["layer_file"] or "provinces", WIDTH, HEIGHT)
            },
            "step_colours": STEP_COLOURS,
            "kind_colours": KIND_COLOURS,
            # SVG breaks no lines: as many letters as fit, on the average.
            "filter_lines": textwrap.wrap("; ".join(citation.filters), 132),
            "source_lines": textwrap.wrap(
                _("After %(sources)s.") % {"sources": citation.sources_in_words} if citation.sources else "",
                150,
                break_on_hyphens=False,
            )
            + textwrap.wrap(citation.address, 120, break_on_hyphens=False),
        }
        text = xml_text(render_to_string("map.svg", context, using="jinja2"))
        response = HttpResponse(text, content_type="image/svg+xml; charset=utf-8")
        response["Access-Control-Allow-Origin"] = "*"
        return response


@method_decorator([xframe_options_exempt, csp_replace({"frame-ancestors": ["*"]})], name="dispatch")
class EmbedView(DrawnMapView):
    """``/map/embed/``: the map without header and footer. The one page that any other may frame."""

    def answer(self, context):
        context |= {
            "view": self,
            "filterset": self.filterset,
        }
        return render(self.request, "embed.html", context, status=200 if "citation" in context else 400)
