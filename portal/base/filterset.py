"""The one filter behind list, map, counts and files: what a query string means, and how it reads in words."""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from functools import cache, cached_property, partial
from typing import Any
from urllib.parse import urlencode

import django_filters
from django.utils.translation import ngettext

from .column_store import stores
from .filters import MAX_TEXT, Choice, FacetFilter, Label, SlugsFilter, SortFilter, shown
from .matches import MAX_CHOICES, Matches, StoredMatches

# They say how the large map is drawn: they stay in links, and filter nothing.
DRAWING_PARAMETERS = ("show", "regions", "layers", "in_view")
# More active filters than that are not listed one by one.
MAX_CHIPS = 40


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


class Filters(dict[str, Any]):
    """The filters of a class, copied without their parts: each learns only its model and parent."""

    def __deepcopy__(self, memo: dict) -> dict[str, Any]:
        return {name: copy(item) for name, item in self.items()}


class PortalFilterSet(django_filters.FilterSet):
    """Base of every filterset: declared facets, their counts, chips in words and the removal links."""

    # Whether a store keeps the columns of the records, to be filtered and counted there.
    stored = True
    # The verb of the queryset that narrows what is shown while ``default_applies`` (a default edition).
    default_verb = ""

    @classmethod
    def get_filters(cls) -> Filters:
        return Filters(super().get_filters())

    @property
    def facet_filters(self) -> dict[str, FacetFilter]:
        return {name: item for name, item in self.filters.items() if isinstance(item, FacetFilter)}

    @property
    def sorting(self) -> tuple[Any, Any]:
        """Return the filter that sorts, and what it is asked for; (None, None) without one."""
        sorts = ((name, item) for name, item in self.filters.items() if isinstance(item, SortFilter))
        name, item = next(sorts, ("", None))
        return item, self.given.get(name)

    @cached_property
    def form(self) -> Any:
        form = super().form
        for name in self.facet_filters:
            form.fields[name].known = partial(self.matches.known, name)
        return form

    def get_form_class(self) -> Any:
        return self._form_class()

    @classmethod
    @cache
    def _form_class(cls) -> Any:
        """Return the class of the form, which is the same for every query string."""
        fields = {name: item.field for name, item in cls.base_filters.items()}
        return type(f"{cls.__name__}Form", (cls._meta.form,), fields)

    @property
    def given(self) -> dict[str, Any]:
        """Return what is asked for, by the name of the filter, as far as it can be read."""
        self.errors  # noqa: B018 - reads it
        return self.form.cleaned_data

    @cached_property
    def matches(self) -> Matches:
        """Return the records that pass: as a store has them or, while there is none, the database."""
        store = stores.get(type(self)) if self.stored else None
        return StoredMatches(self, store) if store else Matches(self)

    @property
    def qs(self) -> Any:
        return self.matches.all()

    @property
    def total(self) -> int:
        """Return how many records pass all filters."""
        return self.matches.total

    def filter_queryset(self, queryset: Any, without: str | None = None) -> Any:
        """Return ``queryset`` with every filter applied, except the one named ``without``."""
        for name, value in self.given.items():
            if name != without:
                queryset = self.filters[name].filter(queryset, value)
        return getattr(queryset, self.default_verb)() if self.default_applies(without) else queryset

    def default_applies(self, without: str | None = None) -> bool:
        """Return whether the default holds, with the filter named ``without`` left out of account."""
        return bool(self.default_verb)

    def wider(self) -> str:
        """Return the part of a query string that sets the default aside; empty where there is none."""
        return ""

    @cached_property
    def facets(self) -> list[Facet]:
        """Return the facets for the form, each with the choices that would show a record or are chosen."""
        return [self.facet(name) for name in self.facet_filters]

    def facet(self, name: str) -> Facet:
        """Return one of the facets, for which not all of them need be counted."""
        if name not in self._known_facets:
            item, errors = self.facet_filters[name], self.errors.get(name, [])
            choices, left_out = self._choices(name)
            help_text = item.extra["help_text"]
            self._known_facets[name] = Facet(name, item.label, choices, help_text, errors, left_out)
        return self._known_facets[name]

    @cached_property
    def _known_facets(self) -> dict[str, Facet]:
        """Return the facets that were asked for, by name."""
        return {}

    def _choices(self, name: str) -> tuple[list[Choice], int]:
        """Return the choices to offer in their order, and the number of those that are too many.

        What cannot be read is left out of account, so that the form stays usable to correct it.
        """
        choices, more = self.matches.counted(name)
        for value, label in self.form.fields[name].labels.items():
            if value in self._given(name):
                choices.setdefault(value, Choice(value, label)).selected = True
        offered = list(choices.values())
        if len(offered) > MAX_CHOICES:
            offered.sort(key=lambda choice: (not choice.selected, -choice.count, choice.label))
            offered = offered[:MAX_CHOICES]
        offered.sort(key=lambda choice: (choice.count == 0, choice.order, choice.label))
        return offered, len(choices) + more - len(offered)

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
                if slugs := self.given.get(name):
                    words = ngettext("%(n)d record", "%(n)d records", len(slugs)) % {"n": len(slugs)}
                    chips.append(Chip(name, item.label, words, self.query_string(None, **{name: ""})))
                continue
            labels = getattr(self.form.fields[name], "labels", None) or dict(item.extra.get("choices", ()))
            for value in dict.fromkeys(self._given(name)):
                if value.strip() and len(chips) < MAX_CHIPS:
                    words = str(labels.get(value) or shown(value))
                    chips.append(Chip(name, item.label, words, self.query_string(without=(name, value))))
        return chips

    @cached_property
    def _parts(self) -> dict[str, dict[str, str]]:
        """Return {name: {value: "name=value"}} of what a link may repeat: each once, and encoded once.

        Nothing that no filter knows: a page has a hundred links with the query in each.
        """
        known = (*self.filters, *DRAWING_PARAMETERS)
        return {
            name: {value: part for value in self._given(name) if (part := self._part(name, value))}
            for name in self.data
            if name in known
        }

    def _part(self, name: str, value: str) -> str:
        """Return "name=value" encoded; empty where there is no value, or none that a page may repeat."""
        return urlencode({name: value}) if value and not self._hopeless(name, value) else ""

    def query_string(self, without: tuple[str, str] | None = None, **changes: str) -> str:
        """Return the query string, without ``page``, with the changes; ``without`` is a (name, value)."""
        parts: list[str] = []
        for name in dict.fromkeys((*self._parts, *changes)):
            if name in changes:
                parts.append(self._part(name, changes[name]))
            elif without and without[0] == name:
                parts += (part for value, part in self._parts[name].items() if value != without[1])
            else:
                parts += self._parts[name].values()
        return "&".join(filter(None, parts))

    def query_string_of(self, names: Iterable[str]) -> str:
        """Return the query string of these parameters alone."""
        return "&".join(part for name in names for part in self._parts.get(name, {}).values())

    def _hopeless(self, name: str, value: str) -> bool:
        """Return whether it is refused, and so long or so often given that a page must not repeat it."""
        long = len(value) > MAX_TEXT or len(self._given(name)) > MAX_CHIPS
        return long and (name in self.errors or name not in self.filters)
