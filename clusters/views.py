"""Pages of mini clusters."""

from django.utils.translation import gettext_lazy as _

from complexes.models import Zone
from portal.base.views import FilteredListView, PublicDetailView
from support_programs.tables.statistics import statistics_of

from .filters import MiniClusterFilterSet
from .models import MiniCluster, SuccessStory


class MiniClusterListView(FilteredListView):
    filterset_class = MiniClusterFilterSet
    stem = "clusters"
    route = "clusters:list"
    mapped = True
    title = _("Mini clusters")
    results_template = "clusters/_results.html"
    columns = [
        ("name", _("Mini cluster")),
        ("hub", _("Hub")),
        ("zone", _("Zone")),
        ("", _("Sectors")),
        ("edition", _("Edition")),
        ("", _("Telephone")),
    ]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {
            "pictured_zones": self.pictured_zones(),
            "sector_names": context["object_list"].sector_names(),
            "stories": self.stories(),
        }

    def stories(self):
        """Return the success stories of the asked-for hubs: the list of a hub is its page."""
        chosen = self.filterset.form.cleaned_data if self.filterset.is_valid() else {}
        hubs = chosen.get("hub")
        return SuccessStory.objects.listed().filter(hub__slug__in=hubs) if hubs else []

    def pictured_zones(self):
        """Return the asked-for zones whose list of 2016 is a picture, each with the query for 2010.

        Only where the edition of 2016 is shown whole is there anything to explain.
        """
        chosen = self.filterset.form.cleaned_data if self.filterset.is_valid() else {}
        narrowed = any(chosen.get(name) for name in ("q", "hub", "province", "pan_region", "complex", "slug"))
        if chosen.get("edition") != ["2016"] or narrowed:
            return []
        zones = Zone.objects.pictured_2016()
        if chosen["zone"]:
            zones = zones.filter(slug__in=chosen["zone"])
        return [(zone, self.filterset.query_string(edition="2010", zone=zone.slug)) for zone in zones]


class MiniClusterDetailView(PublicDetailView):
    queryset = MiniCluster.objects.detailed()
    template_name = "clusters/detail.html"
    section = "clusters"

    def get_located(self):
        return self.object.hub.seat

    def get_context_data(self, **kwargs):
        cluster = self.object
        others = MiniCluster.objects.listed()
        return super().get_context_data(
            **kwargs,
            stories=cluster.hub.stories.listed(),
            statistics=statistics_of(complex=cluster.hub.seat),
            other_editions=others.select_related("office")
            .filter(hub=cluster.hub)
            .exclude(edition=cluster.edition),
            same_hub=others.filter(hub=cluster.hub, edition=cluster.edition).exclude(pk=cluster.pk),
            same_sector=others.latest_known().sharing_sector_with(cluster).exclude(hub=cluster.hub)[:12],
        )
