"""Pages of success stories."""

from django.utils.translation import gettext_lazy as _

from portal.base.views import FilteredListView, PublicDetailView
from support_programs.tables.statistics import with_charts

from .filters import SuccessStoryFilterSet
from .models import SuccessStory


class SuccessStoryListView(FilteredListView):
    filterset_class = SuccessStoryFilterSet
    stem = "stories"
    route = "clusters:stories"
    title = _("Success stories")
    results_template = "clusters/_stories.html"
    columns = ()

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {"sector_names": self.filterset.matches.sector_names(context["object_list"])}


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
