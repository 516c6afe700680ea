"""What a query string means for support programmes."""

import django_filters
from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.base.filters import MAX_TEXT, FacetFilter, SearchFilter, SlugsFilter, SortFilter
from portal.base.filterset import PortalFilterSet
from portal.base.money import in_figures
from portal.korea import NAMES, named
from support_programs.models import SupportProgram

from .rules import MAX_COST, Question, assess, read_amount
from .words import Fit


class CompaniesField(forms.IntegerField):
    def __init__(self, **kwargs):
        messages = dict.fromkeys(
            ("invalid", "min_value", "max_value"), _("Give a number of companies from 1 to 9,999.")
        )
        super().__init__(min_value=1, max_value=9999, error_messages=messages, **kwargs)


class CostField(forms.Field):
    """An amount of money as people write it; ``labels`` then says how it was read."""

    labels = {}

    def to_python(self, value):
        if not (value or "").strip():
            return None
        try:
            amount = read_amount(value if len(value) <= MAX_TEXT else "")
        except ValueError:
            raise forms.ValidationError(
                named(_("This is no amount in %(currency)s. Write it like 30,000,000 or 30 million."))
            ) from None
        if amount <= 0:
            raise forms.ValidationError(_("The cost must be more than zero."))
        if amount > MAX_COST:
            raise forms.ValidationError(
                _("The cost can be %(most)s at most."), params={"most": in_figures(MAX_COST)}
            )
        if amount.denominator != 1:
            raise forms.ValidationError(_("The cost must be in whole %(currency_unit)s."), params=NAMES)
        self.labels = {value: in_figures(amount)}
        return int(amount)


class Asked:
    """A question of the finder: it narrows nothing, each line answers it."""

    def filter(self, queryset, value):
        return queryset


class CompaniesFilter(Asked, django_filters.Filter):
    """How many firms apply together."""

    field_class = CompaniesField


class SizeFilter(Asked, django_filters.ChoiceFilter):
    """Of which size the applicant is."""


class CostFilter(Asked, django_filters.Filter):
    """What the whole project costs."""

    field_class = CostField


class SupportProgramFilterSet(PortalFilterSet):
    """What narrows the lines, and the finder's four questions. The purpose is both."""

    # What verdict a line gets depends on the question.
    stored = False

    q = SearchFilter(label=_("Search"), help_text=_("Programme, item or details"))
    companies = CompaniesFilter(label=_("Companies applying together"))
    size = SizeFilter(
        label=_("Size of the applicant"), choices=SupportProgram.Size.choices, empty_label=_("any size")
    )
    cost = CostFilter(label=_("Cost of the whole project"))
    purpose = FacetFilter("purpose", label=_("What for"))
    category = FacetFilter("category", label=_("Category"))
    verdict = FacetFilter("verdict", choices=Fit.choices, label=_("Verdict"))
    slug = SlugsFilter(label=_("Selected"))
    sort = SortFilter(
        fields=[
            ("order", "order"),
            ("programme", "programme"),
            ("cap_krw", "cap"),
            ("rate_sme", "rate"),
            ("min_companies", "companies"),
        ]
    )

    class Meta:
        model = SupportProgram
        fields = []

    @cached_property
    def question(self):
        """Return what is asked of each line, as far as it can be read."""
        self.is_valid()
        given = self.form.cleaned_data
        return Question(
            companies=given.get("companies"),
            size=given.get("size") or "",
            purposes=tuple(given.get("purpose") or ()),
            cost=given.get("cost"),
        )

    @cached_property
    def lines(self):
        """Return {slug: line} of all lines, in one query; none if nothing is asked of them."""
        if not self.question.asked:
            return {}
        return {line.slug: line for line in SupportProgram.objects.all()}

    @cached_property
    def answers(self):
        """Return {slug: Answer} of all lines, for list, counts and files; empty if nothing is asked."""
        return {slug: assess(line, self.question) for slug, line in self.lines.items()}

    @cached_property
    def verdicts(self):
        """Return {primary key: verdict} of all lines; empty if nothing is asked.

        Without the purpose: it narrows the list, and beside each its count is of lines that meet it.
        """
        return {
            self.lines[slug].pk: answer.verdict_without("purpose") for slug, answer in self.answers.items()
        }

    def filter_queryset(self, queryset, without=None):
        return super().filter_queryset(queryset.judged(self.verdicts), without)
