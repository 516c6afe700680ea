"""Pages of support programmes."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from portal.base_views import FilteredListView, PublicDetailView

from .filters import SupportProgramFilterSet
from .models import SupportProgram


class SupportProgramListView(FilteredListView):
    filterset_class = SupportProgramFilterSet
    stem = "support"
    noun = ngettext_lazy("%(count)d support programme", "%(count)d support programmes", "count")
    suffixes = ("csv", "json")
    title = _("Support programmes")
    results_template = "support_programs/_results.html"
    columns = [
        ("programme", _("Programme")),
        ("", _("What is paid")),
        ("cap", _("At most (KRW)")),
        ("rate", _("Share of the cost")),
        ("companies", _("Companies")),
    ]


class SupportProgramDetailView(PublicDetailView):
    queryset = SupportProgram.objects.select_related("document")
    template_name = "support_programs/detail.html"
    section = "support"

    def get_context_data(self, **kwargs):
        programme = self.object
        return super().get_context_data(
            **kwargs,
            same_programme=SupportProgram.objects.filter(
                category=programme.category, programme=programme.programme
            ).exclude(pk=programme.pk),
        )
