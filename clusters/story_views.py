"""Pages of success stories, of sectors, and of the other clusters that the documents name."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from django.views.generic import DetailView, TemplateView

from complexes.models import IndustrialComplex
from complexes.views import IndustrialComplexListView
from portal.base_views import FilteredListView, PublicDetailView, PublicMixin
from portal.citation import Citation
from portal.models import Document
from support_programs.charts import chart_of
from support_programs.grid import grids

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
            grids=grids(story.tables.select_related("document")),
            same_sector=SuccessStory.objects.listed().sharing_sector_with(story).exclude(pk=story.pk),
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
            same_sector=NamedCluster.objects.sharing_sector_with(cluster).exclude(pk=cluster.pk),
        )


class SectorListView(PublicMixin, TemplateView):
    """The fourteen sectors with how much there is of each."""

    template_name = "clusters/sectors.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **kwargs,
            section="sectors",
            sectors=Sector.objects.with_cluster_counts().with_complex_counts(),
            noun_clusters=MiniClusterListView.noun,
            noun_complexes=IndustrialComplexListView.noun,
            citation=Citation(
                title=str(_("Sectors")),
                address=self.request.build_absolute_uri(self.request.path),
                sources=[(document, "") for document in Document.objects.all()],
            ),
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
        passages = {kind: [] for kind in SectorPassage.Kind}
        for passage in sector.passages.select_related("document"):
            passages[passage.kind].append(passage)
        tables = grids(sector.tables.figures().select_related("document"))
        complexes = IndustrialComplex.objects.filter(sectors=sector)
        return super().get_context_data(
            **kwargs,
            section="sectors",
            passages=[(kind.value, kind.label, passages[kind]) for kind in passages if passages[kind]],
            mini_clusters=MiniCluster.objects.latest_known()
            .filter(sectors=sector)
            .select_related("hub")
            .order_by("hub__name", "number")[: self.most],
            mini_cluster_count=MiniCluster.objects.latest_known().filter(sectors=sector).count(),
            complexes=complexes.select_related("province").order_by("name")[: self.most],
            complex_count=complexes.count(),
            stories=sector.stories.listed(),
            named_clusters=sector.named_clusters.listed(),
            figures=[(grid, chart_of(grid)) for grid in tables],
            citation=Citation(
                title=str(_("Sector: %(name)s") % {"name": sector.name}),
                address=self.request.build_absolute_uri(self.request.path),
                sources=[(document, "") for document in Document.objects.all()],
            ),
        )
