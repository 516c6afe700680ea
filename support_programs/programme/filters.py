"""What a query string means for events, cluster programmes and organisations."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from portal.base.filters import FacetFilter, SearchFilter, SlugsFilter, SortFilter
from portal.base.filterset import PortalFilterSet
from support_programs.models import ClusterProgramme, Organisation, ProgrammeEvent


class YearField(forms.IntegerField):
    def __init__(self, **kwargs):
        messages = dict.fromkeys(
            ("invalid", "min_value", "max_value"), _("Give a year between 1900 and 2100.")
        )
        super().__init__(min_value=1900, max_value=2100, error_messages=messages, **kwargs)


class SinceFilter(django_filters.Filter):
    """The first year: events that had ended before are left out."""

    field_class = YearField

    def filter(self, queryset, value):
        return queryset.since(value) if value else queryset


class UntilFilter(django_filters.Filter):
    """The last year: events that began later are left out."""

    field_class = YearField

    def filter(self, queryset, value):
        return queryset.filter(year__lte=value) if value else queryset


class PeriodForm(forms.Form):
    """A period that ends before it begins is an error, and no empty list."""

    def clean(self):
        given = super().clean()
        since, until = given.get("since"), given.get("until")
        if since and until and until < since:
            self.add_error("until", _("This year lies before the first one."))
        return given


class TimeFilter(SortFilter):
    """By date as exactly as it is known: the first event first, or (``-year``) the last."""

    def filter(self, queryset, values):
        return queryset.reverse() if values == ["-year"] else queryset


class ProgrammeEventFilterSet(PortalFilterSet):
    q = SearchFilter(label=_("Search"), help_text=_("What happened"))
    since = SinceFilter(label=_("From the year"))
    until = UntilFilter(label=_("To the year"))
    kind = FacetFilter("kind", label=_("Kind"))
    document = FacetFilter("document", label_from="title", label=_("Document"))
    slug = SlugsFilter(label=_("Selected"))
    sort = TimeFilter(fields=[("year", "year")])

    class Meta:
        model = ProgrammeEvent
        form = PeriodForm
        fields = []


class ClusterProgrammeFilterSet(PortalFilterSet):
    q = SearchFilter(label=_("Search"), help_text=_("Name, place or what it does"))
    kind = FacetFilter("kind", label=_("Led by"))
    slug = SlugsFilter(label=_("Selected"))
    sort = SortFilter(fields=[("order", "order"), ("name", "name"), ("budget_usd_million", "budget")])

    class Meta:
        model = ClusterProgramme
        fields = []


class OrganisationFilterSet(PortalFilterSet):
    q = SearchFilter(label=_("Search"), help_text=_("Name, acronym or role"))
    kind = FacetFilter("kind", label=_("Kind"))
    document = FacetFilter("document", label_from="title", label=_("Document"))
    slug = SlugsFilter(label=_("Selected"))
    sort = SortFilter(fields=[("name", "name"), ("kind", "kind")])

    class Meta:
        model = Organisation
        fields = []
