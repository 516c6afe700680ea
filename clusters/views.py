"""Pages of mini clusters."""

from django.utils.translation import gettext_lazy as _

from portal.base.views import FilteredListView, PublicDetailView
from support_programs.tables.statistics import statistics_of

from .contacts import Book, contacts
from .filters import MiniClusterFilterSet
from .lineage import statuses_in_words, steps
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
        ("", _("Whom to ring")),
    ]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {
            "pictured_zones": self.pictured_zones(),
            "sector_names": self.filterset.matches.sector_names(context["object_list"]),
            "contacts": contacts(context["object_list"], self.filterset.matches.once("contacts", Book)),
            "stories": self.stories(),
        }

    def stories(self):
        """Return the success stories of the asked-for hubs: the list of a hub is its page."""
        chosen = self.filterset.form.cleaned_data if self.filterset.is_valid() else {}
        hubs = chosen.get("hub")
        return SuccessStory.objects.listed().filter(hub__slug__in=hubs) if hubs else []

    def pictured_zones(self):
        """Return the asked-for zones whose list is a picture, each with the query for a legible one.

        Only where the edition is shown whole is there anything to explain.
        """
        chosen = self.filterset.form.cleaned_data if self.filterset.is_valid() else {}
        if any(chosen.get(name) for name in ("q", "hub", "province", "pan_region", "complex", "slug")):
            return []
        asked = chosen.get("zone")
        return [pair for pair in self.filterset.pictured_links() if not asked or pair[0].slug in asked]


class MiniClusterDetailView(PublicDetailView):
    queryset = MiniCluster.objects.detailed().with_statuses()
    template_name = "clusters/detail.html"
    section = "clusters"

    def get_located(self):
        return self.object.hub.seat

    def get_context_data(self, **kwargs):
        cluster = self.object
        others = MiniCluster.objects.listed()
        earlier, later = steps(cluster)
        return super().get_context_data(
            **kwargs,
            contact=contacts([cluster]).get(cluster.pk),
            steps=[*reversed(later), *earlier],
            statuses=statuses_in_words(cluster),
            stories=cluster.hub.stories.listed(),
            statistics=statistics_of(complex=cluster.hub.seat),
            other_editions=others.select_related("office")
            .filter(hub=cluster.hub)
            .exclude(edition=cluster.edition),
            same_hub=others.filter(hub=cluster.hub, edition=cluster.edition).exclude(pk=cluster.pk),
            same_sector=others.latest_known().sharing_sector_with(cluster).exclude(hub=cluster.hub)[:12],
        )
