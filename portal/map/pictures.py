"""The map as others take it along: a picture of it (SVG), and a page of it for an iframe elsewhere."""

import textwrap

from csp.decorators import csp_replace
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.generic import View

from complexes.models import IndustrialComplex
from portal.base.exports import xml_text
from portal.base.land import HEIGHT, WIDTH, area_paths
from portal.base.views import PublicMixin, with_query

from .drawing import COLOURS, drawing
from .question import Question
from .regions import KINDS, STEP_COLOURS, classes, names, regions_of

# The width of the legend beside the picture, in pixels.
LEGEND_WIDTH = 240


class DrawnMapView(PublicMixin, View):
    """What the map shows of its own query string, drawn by the server: regions, hubs or complexes, legend."""

    def get(self, request):
        self.question = Question(request.GET)
        self.show = self.question.show
        self.filterset = self.question.filterset
        return self.answer(self.get_context_data() if self.filterset.is_valid() else {})

    def get_context_data(self):
        question, filterset = self.question, self.filterset
        noun, count = question.model.noun, filterset.total
        kind = question.regions
        regions, pictured = [], {}
        if kind == "zone":
            pictured = {zone.slug: zone.edition for zone, _link in question.pictured_links()}
        if kind in KINDS:
            regions = regions_of(
                filterset, kind, filterset.matches.once("names of regions", names)[kind], noun, pictured
            )
        drawn = drawing(filterset, self.show, noun)
        address = self.request.build_absolute_uri(with_query(reverse("map"), filterset.query_string()))
        return {
            "view": self,
            "count": count,
            "count_in_words": noun % {"count": count},
            "region_kind": kind,
            "region_file": KINDS[kind][1] if regions else "",
            "regions": regions,
            "classes": classes([region.count for region in regions]),
            "drawn": drawn,
            "unplaced": count - sum(mark.count for mark in drawn.marks),
            "kinds": IndustrialComplex.Kind.choices,
            "citation": question.citation(address, count),
        }


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
                path.slug: path.d for path in area_paths(context["region_file"] or "provinces", WIDTH, HEIGHT)
            },
            "step_colours": STEP_COLOURS,
            "colours": COLOURS,
            # SVG breaks no lines: as many letters as fit, on the average.
            "filter_lines": textwrap.wrap("; ".join(citation.filters), 132),
            "source_lines": textwrap.wrap(
                _("After %(sources)s.") % {"sources": citation.sources_in_words} if citation.sources else "",
                150,
                break_on_hyphens=False,
            )
            + textwrap.wrap(citation.address, 120, break_on_hyphens=False),
        }
        text = xml_text(render_to_string("map/picture.svg", context, using="jinja2"))
        return HttpResponse(text, content_type="image/svg+xml; charset=utf-8")


@method_decorator([xframe_options_exempt, csp_replace({"frame-ancestors": ["*"]})], name="dispatch")
class EmbedView(DrawnMapView):
    """``/map/embed/``: the map without header and footer. The one page that any other may frame."""

    def answer(self, context):
        context |= {
            "view": self,
            "filterset": self.filterset,
        }
        return render(self.request, "map/embed.html", context, status=200 if "citation" in context else 400)
