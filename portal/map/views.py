"""The page of the map: the set of a list, drawn."""

from urllib.parse import parse_qsl

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clusters.models import Edition
from complexes.models import IndustrialComplex, Role
from portal.base.citation import embed_code
from portal.base.filterset import DRAWING_PARAMETERS
from portal.base.views import FilteredListView, with_query
from portal.korea import BASE_MAP, DEFAULT_VIEW

from .cards import card_addresses
from .data import MAX_WHOLE
from .drawing import drawing
from .overlays import OVERLAYS
from .question import Question
from .regions import KINDS, chosen_region, classes, names, portrait, regions_of


def editions():
    """Return the slugs of the editions, the oldest first."""
    return Edition.objects.reverse().values_list("slug", flat=True)


class MapView(FilteredListView):
    """The set of a list on a map: mini clusters by hub or, with ``show=complexes``, industrial complexes.

    Filters, files and words are the list's own, so the same query string gives the same records.
    """

    template_name = "map/page.html"
    partial_template_name = "map/_results.html"
    paginate_by = 200
    drawing_parameters = DRAWING_PARAMETERS

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.question = Question(request.GET)
        self.show = self.question.show
        source = self.question.list
        self.filterset_class = source.filterset_class
        self.title, self.stem, self.columns = source.title, source.stem, source.columns

    def files(self, query=""):
        return self.question.list.files(query)

    def get_queryset(self):
        return self.question.model.objects.beside_map()

    def get_filterset(self, filterset_class):
        filterset = self.question.filterset
        filterset.queryset = self.get_queryset()
        return filterset

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        chosen = self.filterset.form.cleaned_data if self.filterset.is_valid() else {}
        kind = self.question.regions
        notices = self.question.pictured_links()
        pictured = {zone.slug: zone.edition for zone, _link in notices}
        named = self.filterset.matches.once("names of regions", names)
        regions_by_kind = {
            name: regions_of(self.filterset, name, named[name], self.noun, pictured if name == "zone" else {})
            for name in KINDS
        }
        regions = regions_by_kind.get(kind, [])
        drawn = drawing(self.filterset, self.show, self.noun)
        no_drawing = dict.fromkeys(self.drawing_parameters, "")
        picture_query = self.filterset.query_string(layers="", in_view="")
        if citation := context.get("citation"):
            address = self.request.build_absolute_uri(with_query(reverse("map_embed"), picture_query))
            context["embed_code"] = embed_code(address, citation.heading)
        if region := chosen_region(chosen):
            context["portrait"] = portrait(*region, context["count"], drawn)
        return context | {
            "section": "map",
            "list_address": with_query(reverse(self.question.list.route), context["query"]),
            "drawn": drawn,
            "unplaced": context["count"] - sum(mark.count for mark in drawn.marks),
            "kinds": IndustrialComplex.Kind.choices,
            "region_kind": kind,
            "region_file": KINDS[kind][1] if regions else "",
            "regions": regions,
            "classes": classes([region.count for region in regions]),
            "pictured_zones": notices,
            "editions": self.editions(),
            "kept": [pair for pair in parse_qsl(context["query"]) if pair[0] not in ("edition", "regions")],
            "map_data": self.map_data(regions_by_kind, drawn.families),
            "overlays": OVERLAYS,
            "connected": self.connected() if self.show == "clusters" else None,
            "record_filter": self.filterset.query_string(sort="", **no_drawing),
            "drawing": parse_qsl(self.filterset.query_string_of(self.drawing_parameters)),
            "picture_query": picture_query,
            # Of more records the script asks for what is in view, instead of for all.
            "by_view": context["count"] > MAX_WHOLE,
            "default_view": DEFAULT_VIEW,
            "base_map": BASE_MAP,
            "tile_url": settings.TILE_URL,
            "tile_attribution": settings.TILE_ATTRIBUTION,
        }

    def connected(self):
        """Return the role of the newest list of connected complexes."""
        return self.filterset.matches.once("connected", lambda: Role.objects.newest(Role.Kind.CONNECTED))

    def editions(self):
        """Return (value, words, chosen, count or None) for the control of time; none for complexes."""
        if "edition" not in self.filterset.facet_filters:
            return []
        counts = {choice.value: choice.count for choice in self.filterset.facet("edition").choices}
        given = self.request.GET.getlist("edition")
        choices = [("", _("Newest known"), not any(given), None)]
        for slug in self.filterset.matches.once("editions", lambda: list(editions())):
            choices.append((slug, slug, given == [slug], counts.get(slug, 0)))
        return choices

    def map_data(self, regions_by_kind, families):
        """Return what the script draws beside the records: regions, overlays, families; and where cards are.

        The path of a family is that of its shape, as large as a circle of radius 1.
        """
        return {
            "regions": {
                name: {
                    "regions": {region.slug: region._asdict() for region in regions},
                    "classes": classes([region.count for region in regions]),
                }
                for name, regions in regions_by_kind.items()
            },
            "overlays": {overlay.name: overlay.data(self.filterset) for overlay in OVERLAYS},
            "cards": card_addresses(),
            "families": {family.slug: {"name": family.name, "path": family.path(1)} for family in families},
        }
