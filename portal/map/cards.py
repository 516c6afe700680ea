"""What the map page asks for one by one: the card that opens at a mark, and the list of what is in view.

They are records of the map's own query string, in the items of the list beside it.
"""

from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.views.generic import View

from clusters.contacts import Book, contacts
from complexes.models import Hub, IndustrialComplex, Office, Role
from portal.base.views import PublicMixin, with_query

from .overlays import OVERLAYS, PlacedOverlay
from .question import Question


class RecordsView(PublicMixin, View):
    """Some records of the query string, at most ``most``; bad input answers 400 and says what is wrong."""

    template_name = ""
    # What is shown, where the address itself says it.
    show = None
    most = 60
    # Whether it says whom to ring about each.
    rung = False

    def get(self, request, **kwargs):
        self.question = Question(request.GET, self.show)
        if errors := self.question.errors:
            return render(request, "map/refused.html", {"errors": errors}, status=400)
        self.show, self.filterset = self.question.show, self.question.filterset
        self.noun = self.question.model.noun
        context = self.get_context_data(**kwargs)
        records = context.pop("records")
        count_all = context.pop("count_all", records.count)
        listed = list(records.listed()[: self.most + 1])
        # Only where there are more than are shown must they be counted.
        count = len(listed) if len(listed) <= self.most else count_all()
        context |= {"view": self, "object_list": listed[: self.most], "count": count}
        if self.rung:
            context["contacts"] = contacts(
                context["object_list"], self.filterset.matches.once("contacts", Book)
            )
        return render(request, self.template_name, context)


class HubCardView(RecordsView):
    """A hub's mini clusters, whom to ring about each, its connected complexes, and its offices."""

    template_name = "map/hub_card.html"
    rung = True
    show = "clusters"

    def get_context_data(self, slug):
        hub = get_object_or_404(Hub, slug=slug)
        role = Role.objects.newest(Role.Kind.CONNECTED)
        return {
            "records": self.filterset.qs.filter(hub=hub),
            "hub": hub,
            "role": role,
            "connected": hub.complexes.filter(designations__role=role) if role else (),
            "offices": Office.objects.filter(mini_clusters__hub=hub).select_related("document").distinct(),
            "all_address": with_query(
                reverse("clusters:list"), self.filterset.query_string(hub=slug, show="")
            ),
        }


class ComplexCardView(RecordsView):
    """A complex and all others at its very point: they share a mark."""

    template_name = "map/complex_card.html"
    show = "complexes"

    def get_context_data(self, slug):
        located = get_object_or_404(IndustrialComplex.objects.select_related("province"), slug=slug)
        if located.latitude is None:
            here = {"pk": located.pk}
        else:
            here = {"latitude": located.latitude, "longitude": located.longitude}
        return {"records": self.filterset.qs.filter(**here), "located": located}


class OverlayCardView(PublicMixin, View):
    """A record of an overlay, whatever the filter."""

    overlay = None

    def get(self, request, slug):
        record = get_object_or_404(self.overlay.model.objects.select_related("document"), slug=slug)
        return render(request, self.overlay.card, {"located": record, **self.overlay.besides(record)})


class InViewView(RecordsView):
    """The list of what is in view (``bbox``), of a set that is too large for the page to hold it whole."""

    template_name = "map/records.html"
    most = 200

    def get_context_data(self):
        matches = self.filterset.matches.in_view(self.question.bbox)
        first = matches.part(0, self.most + 1)
        return {"records": first, "count_all": lambda: matches.total, "in_view": True}


# By the type of the mark at which it opens.
CARDS = {"hub": HubCardView.as_view(), "complex": ComplexCardView.as_view()} | {
    overlay.mark: OverlayCardView.as_view(overlay=overlay)
    for overlay in OVERLAYS
    if isinstance(overlay, PlacedOverlay)
}


def card_routes():
    """Return the routes of all cards, for a ``urls.py``: map/hub/SLUG/ and so on."""
    return [path(f"map/{mark}/<slug:slug>/", view, name=f"map_{mark}") for mark, view in CARDS.items()]


def card_addresses():
    """Return {type of mark: address of its card, in which SLUG stands for that of the record}."""
    return {mark: reverse(f"map_{mark}", args=["SLUG"]) for mark in CARDS}
