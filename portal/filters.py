"""The one filter behind list, map, counts and files: what a query string means, and how it reads in words."""

from dataclasses import dataclass

import django_filters
from django import forms
from django.db.models import CharField, Count, F, IntegerField, Value
from django.db.models.functions import Cast
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

# A longer query or value is refused with a message; no name in the documents is nearly as long.
MAX_TEXT = 200


@dataclass
class Choice:
    """One value of a facet: its slug, its words, how many records it would show, whether it is chosen."""

    value: str
    label: str
    count: int
    selected: bool


@dataclass
class Facet:
    """A filter with its choices, ready for the form."""

    name: str
    label: str
    choices: list
    help_text: str
    errors: list

    @property
    def selected(self):
        return [choice for choice in self.choices if choice.selected]


@dataclass
class Chip:
    """An active filter in words, with the query string that removes it."""

    label: str
    value: str
    remove: str


class FacetField(forms.MultipleChoiceField):
    """Slugs out of a closed list. An unknown one is an error that repeats at most the start of it."""

    default_error_messages = {"invalid_choice": _("There is no “%(value)s” here.")}

    def to_python(self, value):
        # A form without JavaScript sends its empty selects too.
        return [slug for slug in super().to_python(value) if slug]

    def validate(self, value):
        known = {choice for choice, _label in self.choices}
        for slug in value:
            if slug not in known:
                shown = slug if len(slug) <= 40 else slug[:40] + "…"
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"],
                    code="invalid_choice",
                    params={"value": shown.replace("\0", "�")},
                )


class FacetFilter(django_filters.MultipleChoiceFilter):
    """A repeatable filter by slug: any of the values given (OR), with a count beside each choice.

    ``path`` leads from the filtered model to the slug (or to the stored value of a TextChoices).
    ``source`` is what offers the choices: a model with slug, name and order; a queryset method of the
    filterset's, or a Django ``Choices`` class.
    """

    field_class = FacetField

    def __init__(self, path, *, source, label, many=False, help_text=""):
        super().__init__(field_name=path, label=label, help_text=help_text)
        self.source = source
        self.many = many

    def filter(self, queryset, values):
        if not values:
            return queryset
        matching = {f"{self.field_name}__in": values}
        if self.many:
            # A subquery, because a join would give a record once for each of its matching values.
            return queryset.filter(pk__in=queryset.model.objects.filter(**matching).order_by().values("pk"))
        return queryset.filter(**matching)

    def counts(self, queryset):
        """Return a query of (facet, value, n): how many records of ``queryset`` have each value."""
        return (
            queryset.order_by()
            .annotate(
                facet=Value(self.facet, output_field=CharField()),
                facet_value=Cast(F(self.field_name), CharField()),
            )
            .filter(facet_value__isnull=False)
            .values("facet", "facet_value")
            .annotate(n=Count("pk"))
            .values_list("facet", "facet_value", "n")
        )


class SearchFilter(django_filters.CharFilter):
    """Full-text search by ``QuerySet.search``."""

    def __init__(self, *, label, help_text=""):
        super().__init__(label=label, help_text=help_text, max_length=MAX_TEXT)

    def filter(self, queryset, value):
        return queryset.search(value) if value else queryset


class SlugsField(forms.Field):
    """Any number of slugs, repeated or separated by commas; unknown ones simply match nothing."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value):
        return [slug for part in value or [] for slug in part.split(",") if slug]

    def validate(self, value):
        if len(value) > MAX_TEXT or any(len(slug) > 80 or "\0" in slug for slug in value):
            raise forms.ValidationError(_("That is no list of record names."))


class SlugsFilter(django_filters.Filter):
    """The records named one by one: a visitor's own selection."""

    field_class = SlugsField

    def filter(self, queryset, values):
        return queryset.filter(slug__in=values) if values else queryset


class SortFilter(django_filters.OrderingFilter):
    """``sort=name`` or ``sort=-name``. The last word is the slug, so that pages never overlap."""

    def filter(self, queryset, values):
        queryset = super().filter(queryset, values)
        return queryset.order_by(*queryset.query.order_by, "slug") if values else queryset


class PortalFilterSet(django_filters.FilterSet):
    """Base of every filterset: declared facets, their counts, chips in words and the removal links.

    One query offers the choices of all facets, one more counts them all, however many there are.
    """

    @property
    def facet_filters(self):
        return {name: item for name, item in self.filters.items() if isinstance(item, FacetFilter)}

    def __init__(self, data=None, *args, **kwargs):
        super().__init__(data, *args, **kwargs)
        for name, item in self.facet_filters.items():
            item.facet = name
        self._load_choices()

    def _load_choices(self):
        """Give every facet its (value, label) pairs; those held in tables come by a single query."""
        tables = []
        for name, item in self.facet_filters.items():
            if hasattr(item.source, "choices"):
                item.extra["choices"] = [(str(value), label) for value, label in item.source.choices]
            else:
                item.extra["choices"] = []
                tables.append(
                    self.facet_records(name, item.source)
                    .order_by()
                    .annotate(facet=Value(name, output_field=CharField()))
                    .values_list("facet", "slug", "name", self._order_column(item.source))
                )
        if not tables:
            return
        rows = tables[0].union(*tables[1:], all=True) if len(tables) > 1 else tables[0]
        for name, slug, label, _order in sorted(rows, key=lambda row: (row[3], row[2])):
            self.filters[name].extra["choices"].append((slug, label))

    @staticmethod
    def _order_column(model):
        names = {field.name for field in model._meta.get_fields()}
        return F("order") if "order" in names else Value(0, output_field=IntegerField())

    def facet_records(self, name, model):
        """Return the records of ``model`` that are offered as choices of the facet ``name``."""
        return model.objects.all()

    def filter_queryset(self, queryset, without=None):
        """Return ``queryset`` with every filter applied, except the one named ``without``."""
        for name, value in self.form.cleaned_data.items():
            if name != without:
                queryset = self.filters[name].filter(queryset, value)
        return self.apply_default(queryset, without)

    def apply_default(self, queryset, without=None):
        """Apply what holds when nothing is chosen (a default edition, for instance)."""
        return queryset

    @cached_property
    def _counts(self):
        """Return {facet: {value: n}}, each facet counted under all the *other* filters, in one query."""
        counts = {name: {} for name in self.facet_filters}
        if self.is_valid():
            queries = [
                item.counts(self.filter_queryset(self.queryset.all(), without=name))
                for name, item in self.facet_filters.items()
            ]
            for name, value, n in queries[0].union(*queries[1:], all=True):
                counts[name][value] = n
        return counts

    @cached_property
    def facets(self):
        """Return the facets for the form, each with its counted choices and its errors."""
        return [
            Facet(
                name=name,
                label=item.label,
                choices=[
                    Choice(value, label, self._counts[name].get(value, 0), value in self._given(name))
                    for value, label in item.extra["choices"]
                ],
                help_text=item.extra["help_text"],
                errors=self.errors.get(name, []),
            )
            for name, item in self.facet_filters.items()
        ]

    def _given(self, name):
        return self.data.getlist(name) if hasattr(self.data, "getlist") else []

    @cached_property
    def chips(self):
        """Return the active filters in words, each with the query string that takes it away."""
        chips = []
        for name, item in self.filters.items():
            if isinstance(item, SortFilter):
                continue
            labels = dict(item.extra.get("choices", ()))
            for value in dict.fromkeys(self._given(name)):
                if value.strip():
                    words = str(labels.get(value, value)).replace("\0", "�")
                    chips.append(Chip(item.label, words[:60], self.query_string(without=(name, value))))
        return chips

    def query_string(self, without=None, **changes):
        """Return the query string, without ``page``, with the changes; ``without`` is a (name, value)."""
        query = self.data.copy()
        query.pop("page", None)
        if without:
            name, value = without
            query.setlist(name, [given for given in query.getlist(name) if given != value])
        for name, value in changes.items():
            query.setlist(name, value if isinstance(value, list) else [value])
        for name in [name for name in query if not any(query.getlist(name))]:
            del query[name]
        return query.urlencode()
