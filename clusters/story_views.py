"""Pages of success stories, of sectors, and of the other clusters that the documents name."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from django.views.generic import DetailView, TemplateView

from complexes.models import IndustrialComplex
from complexes.views import IndustrialComplexListView
from portal.base_views import FilteredListView, PublicDetailView, PublicMixin
from portal.map_drawing import hub_points
from support_programs.statistics import with_charts

from .filters import NamedClusterFilterSet, SuccessStoryFilterSet
from .models import MiniCluster, NamedCluster, Sector, SectorPassage, SuccessStory
from .views import MiniClusterListView


class SuccessStoryListView(FilteredListView):
    filterset_class = SuccessStoryFilterSet
    stem = "stories"
    noun = ngettext_lazy("%(count)d success story", "%(count)d success stories", "count")
    title = _("Success stories")
    results_template = "clusters/_stories.html"
    columns = ()

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {"sector_names": context["object_list"].sector_names()}


class SuccessStoryDetailView(PublicDetailView):
    queryset = SuccessStory.objects.detailed()
    template_name = "clusters/story.html"
    section = "stories"

    def get_located(self):
        return self.object.hub.seat

    def get_context_data(self, **kwargs):
        story = self.object
        return super().get_context_data(
            **kwargs,
            tables=with_charts(story.tables.select_related("document")),
            same_sector=SuccessStory.objects.listed().sharing_sector_with(story).exclude(pk=story.pk)[:12],
        )


class NamedClusterListView(FilteredListView):
    filterset_class = NamedClusterFilterSet
    stem = "other-clusters"
    section = "sectors"
    noun = ngettext_lazy("%(count)d other cluster", "%(count)d other clusters", "count")
    title = _("Other clusters that the documents name")
    results_template = "clusters/_named.html"
    paginate_by = 100
    columns = [
        ("name", _("Cluster")),
        ("province", _("Province")),
        ("", _("Sectors")),
        ("", _("What is told of it")),
        ("", _("Where")),
    ]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {"sector_names": context["object_list"].sector_names()}


class NamedClusterDetailView(PublicDetailView):
    queryset = NamedCluster.objects.detailed()
    template_name = "clusters/named.html"
    section = "sectors"

    def get_located(self):
        return self.object

    def get_context_data(self, **kwargs):
        cluster = self.object
        view = f"?lat={cluster.latitude}&lon={cluster.longitude}&zoom=10" if cluster.latitude else ""
        return super().get_context_data(
            **kwargs,
            map_link=reverse("map") + view,
            same_sector=NamedCluster.objects.listed().sharing_sector_with(cluster).exclude(pk=cluster.pk),
        )


class SectorListView(PublicMixin, TemplateView):
    """The fourteen sectors with how much there is of each."""

    template_name = "clusters/sectors.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **kwargs,
            section="sectors",
            sectors=Sector.objects.with_cluster_counts().with_complex_counts().with_tale_counts(),
            nouns={
                "clusters": MiniClusterListView.noun,
                "complexes": IndustrialComplexListView.noun,
                "stories": SuccessStoryListView.noun,
                "named": NamedClusterListView.noun,
            },
            citation=self.cite(_("Sectors")),
        )


class SectorDetailView(PublicMixin, DetailView):
    """All there is of a sector: market and cooperation, mini clusters, complexes, stories, figures."""

    queryset = Sector.objects.prefetch_related("nace_divisions")
    template_name = "clusters/sector.html"
    context_object_name = "sector"
    # A page shows so many complexes; the list has all.
    most = 60

    def get_context_data(self, **kwargs):
        sector = self.object
        mini_clusters = MiniCluster.objects.latest_known().filter(sectors=sector)
        complexes = IndustrialComplex.objects.filter(sectors=sector)
        return super().get_context_data(
            **kwargs,
            section="sectors",
            passages=self.passages(),
            mini_clusters=mini_clusters.select_related("hub__seat__province").order_by(
                "hub__name", "hub", "number"
            )[: self.most],
            mini_cluster_count=mini_clusters.count(),
            points=hub_points(mini_clusters),
            complexes=complexes.select_related("province").order_by("name")[: self.most],
            complex_count=complexes.count(),
            stories=sector.stories.listed(),
            named_clusters=sector.named_clusters.listed(),
            figures=with_charts(sector.tables.figures().select_related("document")),
            citation=self.cite(_("Sector: %(name)s") % {"name": sector.name}),
        )

    def passages(self):
        """Return {kind: its value, label and passages} of the sector, in one query."""
        found = {}
        for passage in self.object.passages.select_related("document"):
            kind = SectorPassage.Kind(passage.kind)
            part = found.setdefault(kind.value, {"value": kind.value, "label": kind.label, "passages": []})
            part["passages"].append(passage)
        return found
