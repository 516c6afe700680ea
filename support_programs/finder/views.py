"""Pages of support programmes."""

from django.utils.translation import gettext_lazy as _

from portal.base.views import FilteredListView, PublicDetailView
from portal.korea import named
from support_programs.models import SupportProgram

from .filters import SupportProgramFilterSet
from .rules import assess
from .words import ANSWER_COLUMNS, CLAUSES, answer_columns, answer_text


class SupportProgramListView(FilteredListView):
    """The finder: with a question in the address, what each line answers to it."""

    filterset_class = SupportProgramFilterSet
    template_name = "support_programs/list.html"
    partial_template_name = "support_programs/_list.html"
    stem = "support"
    route = "support_programs:list"
    title = _("Support programmes")
    results_template = "support_programs/_results.html"
    columns = [
        ("programme", _("Programme")),
        ("", _("What is paid")),
        ("cap", named(_("At most (%(currency)s)"))),
        ("rate", _("Share of the cost")),
        ("companies", _("Companies")),
    ]
    answer_columns = [
        ("programme", _("Programme")),
        ("", _("Does it fit?")),
        ("", _("What it pays")),
    ]

    @classmethod
    def file_columns(cls):
        return [*super().file_columns(), *ANSWER_COLUMNS]

    def exported(self, filterset):
        """Return the lines as any other records, each with its answer where something is asked."""
        return [
            record
            | answer_columns(
                filterset.lines.get(record["slug"]), filterset.question, filterset.answers.get(record["slug"])
            )
            for record in super().exported(filterset)
        ]

    def get_context_data(self, **kwargs):
        question = self.filterset.question
        if question.asked:
            self.columns = self.answer_columns
        context = super().get_context_data(**kwargs)
        for record in context["object_list"]:
            record.answer = answer_text(record, question, self.filterset.answers.get(record.slug))
        return context | {"facets": {facet.name: facet for facet in self.filterset.facets}}


class SupportProgramDetailView(PublicDetailView):
    """One line, and what it answers to the question in the address. What cannot be read there answers 400."""

    queryset = SupportProgram.objects.select_related("document")
    template_name = "support_programs/detail.html"
    section = "support"

    def get(self, request, *args, **kwargs):
        self.filterset = SupportProgramFilterSet(request.GET)
        self.errors = [
            (self.filterset.filters[name].label, error)
            for name in CLAUSES
            for error in self.filterset.errors.get(name, [])
        ]
        response = super().get(request, *args, **kwargs)
        response.status_code = 400 if self.errors else 200
        return response

    def get_context_data(self, **kwargs):
        programme, question = self.object, self.filterset.question
        return super().get_context_data(
            **kwargs,
            answer=answer_text(programme, question, assess(programme, question)),
            errors=self.errors,
            query=self.filterset.query_string(),
            same_programme=SupportProgram.objects.filter(
                category=programme.category, programme=programme.programme
            ).exclude(pk=programme.pk),
        )
