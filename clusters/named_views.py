"""Pages of the other clusters that the documents name."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.base.views import FilteredListView, PublicDetailView

from .filters import NamedClusterFilterSet
from .models import NamedCluster


class NamedClusterListView(FilteredListView):
    filterset_class = NamedClusterFilterSet
    stem = "other-clusters"
    route = "clusters:named_list"
    section = "sectors"
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
        return context | {"sector_names": self.filterset.matches.sector_names(context["object_list"])}


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
