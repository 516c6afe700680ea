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

from complexes.models import IndustrialComplex

from .base_views import PublicMixin, with_query
from .citation import Citation, documents_of
from .exports import xml_text
from .map_drawing import marks
from .svg_map import HEIGHT, WIDTH, area_paths, points
from .views import MapView

# Records that are drawn at most; a set that large says so.
MOST = 5000


class DrawnMapView(PublicMixin, View):
    """The records of the map's own query string, all of them, drawn by the server."""

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
        placed = points(records.located()[:MOST])
        return {
            "view": self,
            "count": count,
            "count_in_words": self.source.noun % {"count": count},
            "marks": marks(placed),
            "most": MOST if count > MOST else 0,
            "kinds": IndustrialComplex.Kind.choices,
            "citation": Citation(
                title=str(self.source.title),
                filters=[f"{chip.label}: {chip.value}" for chip in self.filterset.chips],
                count=self.source.noun % {"count": count},
                address=self.request.build_absolute_uri(with_query("/map/", query)),
                sources=documents_of(records),
            ),
        }


class MapPictureView(DrawnMapView):
    """``/map.svg``: a file of its own: map, names, legend, filters in words, sources and date."""

    def answer(self, context):
        if not context:
            return JsonResponse({"errors": self.filterset.errors}, status=400)
        citation = context["citation"]
        context |= {
            "width": WIDTH + 20,
            "land_height": HEIGHT,
            "provinces": area_paths("provinces", WIDTH, HEIGHT),
            # SVG breaks no lines: as many letters as fit, on the average.
            "filter_lines": textwrap.wrap("; ".join(citation.filters), 84),
            "source_lines": textwrap.wrap(
                _("After %(sources)s.") % {"sources": citation.sources_in_words} if citation.sources else "",
                104,
            )
            + textwrap.wrap(citation.address, 104),
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
            "addresses": [self.address_of(mark.record) for mark in context.get("marks", [])],
        }
        return render(self.request, "embed.html", context, status=200 if "citation" in context else 400)

    def address_of(self, record):
        """Return the address of a mark: a complex's page, or the hub's mini clusters of this filter."""
        if self.show == "complexes":
            return record.get_absolute_url()
        return with_query("/clusters/", self.filterset.query_string(hub=record.slug, show=""))
