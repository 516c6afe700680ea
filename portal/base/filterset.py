"""The one filter behind list, map, counts and files: what a query string means, and how it reads in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlencode

import django_filters
from django.db import models
from django.db.models import Count
from django.utils.functional import cached_property
from django.utils.translation import ngettext

from .filters import MAX_TEXT, Choice, FacetFilter, Label, SlugsFilter, SortFilter, shown

# They say how the large map is drawn: they stay in links, and filter nothing.
DRAWING_PARAMETERS = ("show", "regions", "layers", "in_view")
# More active filters than that are not listed one by one.
MAX_CHIPS = 40
# A facet offers no more choices than that; of more, those with the most records.
MAX_CHOICES = 200


@dataclass
class Facet:
    """A filter with its choices, ready for the form."""

    name: str
    label: Label
    choices: list[Choice]
    help_text: Label
    errors: list[str]
    # How many choices with records are not offered.
    left_out: int = 0

    @property
    def selected(self) -> list[Choice]:
        return [choice for choice in self.choices if choice.selected]


@dataclass
class Chip:
    """An active filter by its name and in words, with the query string that removes it."""

    name: str
    label: str
    value: str
    remove: str

    def __str__(self) -> str:
        return f"{self.label}: {self.value}"


class PortalFilterSet(django_filters.FilterSet):
    """Base of every filterset: declared facets, their counts, chips in words and the removal links."""

    @property
    def facet_filters(self) -> dict[str, FacetFilter]:
        return {name: item for name, item in self.filters.items() if isinstance(item, FacetFilter)}

    def filter_queryset(self, queryset: models.QuerySet, without: str | None = None) -> models.QuerySet:
        """Return ``queryset`` with every filter applied, except the one named ``without``."""
        for name, value in self.form.cleaned_data.items():
            if name != without:
                queryset = self.filters[name].filter(queryset, value)
        return self.apply_default(queryset, without)

    def apply_default(self, queryset: models.QuerySet, without: str | None = None) -> models.QuerySet:
        """Apply what holds when nothing is chosen (a default edition, for instance)."""
        return queryset

    def wider(self) -> str:
        """Return the part of a query string that sets the default aside; empty where there is none."""
        return ""

    @cached_property
    def _together(self) -> dict[str, list[str]]:
        """Return, by their verb, the facets that can be counted off one table.

        Nothing is chosen in them, so that all filters hold for each, and a record has one value in each.
        Those of a verb stand apart, as their values cost the most and are not always asked for.
        """
        chosen = self.form.cleaned_data
        together: dict[str, list[str]] = {"": []}
        for name, item in self.facet_filters.items():
            if not (item.many or item.has_default or chosen.get(name)):
                together.setdefault(item.verb, []).append(name)
        return together

    @cached_property
    def _tables(self) -> dict[str, list[tuple]]:
        """Return what ``_combinations`` has asked for, by the first of the facets."""
        return {}

    def _combinations(self, names: list[str]) -> list[tuple]:
        """Return the combinations of values that occur in these facets, each with its number of records."""
        first = names[0] if names else ""
        if first not in self._tables:
            columns = [column for name in names for column in self.facet_filters[name].columns]
            self._tables[first] = list(self._grouped(columns, without=first))
        return self._tables[first]

    @cached_property
    def total(self) -> int:
        """Return how many records pass all filters."""
        return sum(n for *_values, n in self._combinations(self._together[""]))

    @cached_property
    def _counts(self) -> dict[str, dict[str, Choice]]:
        """Return what ``_counted`` has counted: {facet: {value: Choice}}."""
        self.is_valid()
        return {}

    def _counted(self, name: str) -> dict[str, Choice]:
        """Return {value: Choice} of a facet, counted under all the *other* filters.

        What cannot be read is left out of account, so that the form stays usable to correct it.
        """
        if name not in self._counts:
            together = self._together.get(self.facet_filters[name].verb, [])
            names = together if name in together else [name]
            items = [(self._counts.setdefault(each, {}), self.facet_filters[each]) for each in names]
            for *values, n in self._combinations(names):
                rest = iter(values)
                for counts, item in items:
                    item.tally(counts, list(islice(rest, len(item.columns))), n)
        return self._counts[name]

    def _grouped(self, columns: list[str], without: str | None = None) -> Iterable[tuple]:
        """Return the combinations of these columns that occur, each with its number of records."""
        records = self.filter_queryset(self._meta.model.objects.all(), without).order_by()
        if not columns:
            return [(records.count(),)]
        for item in self.facet_filters.values():
            if item.lookup in columns:
                records = item.prepared(records)
        return records.values_list(*columns).annotate(n=Count("pk"))

    @cached_property
    def facets(self) -> list[Facet]:
        """Return the facets for the form, each with the choices that would show a record or are chosen."""
        return [self.facet(name) for name in self.facet_filters]

    def facet(self, name: str) -> Facet:
        """Return one of the facets, for which the database need not count all of them."""
        item, errors = self.facet_filters[name], self.errors.get(name, [])
        choices, left_out = self._choices(name)
        return Facet(name, item.label, choices, item.extra["help_text"], errors, left_out)

    def _choices(self, name: str) -> tuple[list[Choice], int]:
        """Return the choices to offer in their order, and the number of those that are too many."""
        choices = dict(self._counted(name))
        for value, label in self.form.fields[name].labels.items():
            if value in self._given(name):
                choices.setdefault(value, Choice(value, label)).selected = True
        offered = list(choices.values())
        if len(offered) > MAX_CHOICES:
            offered.sort(key=lambda choice: (not choice.selected, -choice.count, choice.label))
            offered = offered[:MAX_CHOICES]
        offered.sort(key=lambda choice: (choice.count == 0, choice.order, choice.label))
        return offered, len(choices) - len(offered)

    def _given(self, name: str) -> list[str]:
        """Return the values that count: all of a facet or of a selection, of anything else the last."""
        values = self.data.getlist(name)
        several = isinstance(self.filters.get(name), (FacetFilter, SlugsFilter))
        return values if several or name not in self.filters else values[-1:]

    @cached_property
    def chips(self) -> list[Chip]:
        """Return the active filters in words, each with the query string that takes it away."""
        self.is_valid()  # the fields learn the labels of their values
        chips = []
        for name, item in self.filters.items():
            if isinstance(item, SortFilter):
                continue
            if isinstance(item, SlugsFilter):
                if slugs := self.form.cleaned_data.get(name):
                    words = ngettext("%(n)d record", "%(n)d records", len(slugs)) % {"n": len(slugs)}
                    chips.append(Chip(name, item.label, words, self.query_string(None, **{name: ""})))
                continue
            labels = getattr(self.form.fields[name], "labels", None) or dict(item.extra.get("choices", ()))
            for value in dict.fromkeys(self._given(name)):
                if value.strip() and len(chips) < MAX_CHIPS:
                    words = str(labels.get(value) or shown(value))
                    chips.append(Chip(name, item.label, words, self.query_string(without=(name, value))))
        return chips

    def query_string(self, without: tuple[str, str] | None = None, **changes: str) -> str:
        """Return the query string, without ``page``, with the changes; ``without`` is a (name, value)."""
        # By hand: QueryDict copies deeply, and a page needs a dozen of these.
        known = (*self.filters, *DRAWING_PARAMETERS)
        given = {name: self._given(name) for name in self.data if name in known}
        given |= {name: [value] for name, value in changes.items()}
        # Each once, and nothing that no filter knows: a page has a hundred links with the query in each.
        pairs = dict.fromkeys((name, value) for name, values in given.items() for value in values)
        return urlencode(
            [pair for pair in pairs if pair[1] and pair != without and not self._hopeless(*pair)]
        )

    def query_string_of(self, names: Iterable[str]) -> str:
        """Return the query string of these parameters alone."""
        pairs = [(name, value) for name in names for value in dict.fromkeys(self._given(name)) if value]
        return urlencode([pair for pair in pairs if not self._hopeless(*pair)])

    def _hopeless(self, name: str, value: str) -> bool:
        """Return whether it is refused, and so long or so often given that a page must not repeat it."""
        long = len(value) > MAX_TEXT or len(self._given(name)) > MAX_CHIPS
        return long and (name in self.errors or name not in self.filters)
