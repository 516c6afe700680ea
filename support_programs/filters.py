"""What a query string means for support programmes."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from portal.filters import FacetFilter, PortalFilterSet, SearchFilter, SlugsFilter, SortFilter

from .models import SupportProgram


class CompaniesField(forms.IntegerField):
    def __init__(self, **kwargs):
        super().__init__(min_value=1, max_value=9999, **kwargs)


class CompaniesFilter(django_filters.Filter):
    """How many firms apply together: lines that ask for more are left out."""

    field_class = CompaniesField

    def filter(self, queryset, value):
        return queryset.open_to_companies(value) if value else queryset


class SupportProgramFilterSet(PortalFilterSet):
    q = SearchFilter(label=_("Search"), help_text=_("Programme, item or details"))
    category = FacetFilter("category", source=SupportProgram.Category, label=_("Category"))
    companies = CompaniesFilter(label=_("Companies applying together"))
    size = django_filters.ChoiceFilter(
        label=_("Size of the applicant"),
        choices=SupportProgram.Size.choices,
        method="filter_size",
        empty_label=_("any size"),
    )
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

    def filter_size(self, queryset, name, value):
        return queryset.open_to_size(value)
