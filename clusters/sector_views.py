"""Pages of sectors: how much there is of each, and all that is told of one."""

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.views.generic import DetailView, TemplateView

from complexes.models import IndustrialComplex
from portal.base.views import PublicMixin
from support_programs.tables.statistics import with_charts

from .filters import MiniClusterFilterSet
from .models import Edition, MiniCluster, NamedCluster, Sector, SectorPassage, SuccessStory
from .points import hub_points


class SectorListView(PublicMixin, TemplateView):
    """The sectors with how much there is of each."""

    template_name = "clusters/sectors.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **kwargs,
            section="sectors",
            sectors=Sector.objects.with_count("cluster_count", MiniCluster.objects.latest_known(), "sectors")
            .with_count("complex_count", IndustrialComplex.objects.all(), "sectors")
            .with_count("story_count", SuccessStory.objects.all(), "sectors")
            .with_count("named_count", NamedCluster.objects.all(), "sectors"),
            nouns={
                "clusters": MiniCluster.noun,
                "complexes": IndustrialComplex.noun,
                "stories": SuccessStory.noun,
                "named": NamedCluster.noun,
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
        matches = MiniClusterFilterSet(QueryDict(f"sector={sector.slug}")).matches
        mini_clusters = MiniCluster.objects.latest_known().filter(sectors=sector)
        complexes = IndustrialComplex.objects.filter(sectors=sector)
        return super().get_context_data(
            **kwargs,
            section="sectors",
            passages=self.passages(),
            editions=Edition.objects,
            mini_clusters=mini_clusters.select_related("edition", "hub__seat__province").order_by(
                "hub__name", "hub", "number"
            )[: self.most],
            mini_cluster_count=mini_clusters.count(),
            points=hub_points(matches),
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
