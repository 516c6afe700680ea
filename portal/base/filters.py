"""The filters and their fields: what one parameter of a query string means."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F
from django.db.models.expressions import OrderBy
from django.db.models.functions import Lower
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

# A longer query or value is refused with a message; no name in the documents is nearly as long.
MAX_TEXT = 200
MAX_WORDS = 12
# More values than any facet has, and than a shortlist needs.
MAX_VALUES = 200
SLUG = re.compile(r"[-a-zA-Z0-9_]{1,80}")

# What people read: a text, or one that is translated where it is shown.
Label = str | Promise
# {value: label}
Labels = dict[str, Label]


@dataclass
class Choice:
    """One offered value of a facet, in words, how many records it would show, and whether it is chosen."""

    value: str
    label: Label
    order: Any = 0
    count: int = 0
    selected: bool = False


class Offered(NamedTuple):
    """A choice of a facet, whatever the filter: its value in the address, its label, what sorts it."""

    value: str
    label: Label
    order: Any


class FacetField(forms.Field):
    """Slugs that the facet knows. An unknown one is an error that repeats only its start.

    After validation ``labels`` holds the labels of the given slugs. Not Django's MultipleChoiceField: that
    would load every choice of every facet to check the one that was given.
    """

    widget = forms.SelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        # The filterset says it: {slug: label} of those of these slugs that there are.
        self.known: Callable[[list[str]], Labels] = lambda slugs: {}
        self.labels: Labels = {}

    def to_python(self, value: list[str] | None) -> list[str]:
        # A form without JavaScript sends its empty selects too.
        return [slug for slug in value or [] if slug]

    def validate(self, value: list[str]) -> None:
        if len(value) > MAX_VALUES:
            raise forms.ValidationError(_("That is more than %(most)d values."), params={"most": MAX_VALUES})
        slugs = [slug for slug in value if SLUG.fullmatch(slug)]
        self.labels = self.known(slugs) if slugs else {}
        for slug in value:
            if slug not in self.labels:
                raise forms.ValidationError(
                    _("There is no “%(value)s” here."), code="invalid_choice", params={"value": shown(slug)}
                )


class FacetFilter(django_filters.Filter):
    """A repeatable filter by slug: any of the values given (OR), with a count beside each choice.

    ``path`` leads from the filtered model to what offers the choices: a relation to a model with slug, the
    field ``label_from`` and perhaps order; a field with choices; or any other, a year for instance, whose
    values are their own labels. Only a value that the queryset computes needs its ``choices`` named, and the
    ``verb`` of the queryset that adds it.
    """

    field_class = FacetField
    model: Any

    def __init__(
        self,
        path: str,
        *,
        label: Label,
        label_from: str = "name",
        choices: Iterable[tuple[Any, Label]] = (),
        verb: str = "",
        help_text: Label = "",
    ) -> None:
        super().__init__(field_name=path, label=label, help_text=help_text)
        self.path = path
        self.label_from = label_from
        self.choices = choices
        self.verb = verb

    @cached_property
    def fields(self) -> list[Any]:
        """Return the model fields along the path, from that of the filtered model on."""
        fields, model = [], self.model
        for name in () if self.choices else self.path.split("__"):
            fields.append(model._meta.get_field(name))
            model = fields[-1].related_model
        return fields

    @cached_property
    def table(self) -> Any:
        """Return the model whose records are the choices; None where a field's own choices are."""
        return self.fields[-1].related_model if self.fields else None

    @cached_property
    def labels(self) -> dict[str, tuple[Label, int]]:
        """Return {value: (label, order)} of the choices of a field; all others come with the counts."""
        choices = self.choices or ([] if self.table else self.fields[-1].choices or [])
        return {str(choice): (label, order) for order, (choice, label) in enumerate(choices)}

    @cached_property
    def many(self) -> bool:
        """Return whether a record can have several values."""
        return any(field.many_to_many or field.one_to_many for field in self.fields)

    @cached_property
    def lookup(self) -> str:
        """Return what leads to the value: a slug, or a field's own value."""
        return f"{self.path}__slug" if self.table else self.path

    @property
    def key(self) -> str:
        """Return what leads to the primary key of the choice, or to a field's own value."""
        # Not the path alone: among selected columns "edition" would also be what the records are sorted by.
        return f"{self.path}__pk" if self.table else self.path

    @cached_property
    def columns(self) -> list[str]:
        """Return what is grouped by: the value and, from a table, what labels and sorts it."""
        return [self.lookup, *(f"{self.path}__{name}" for name in self.label_columns)]

    @cached_property
    def label_columns(self) -> list[str]:
        """Return the columns of the table of choices that label and sort them; none without a table."""
        names = {field.name for field in self.table._meta.fields} if self.table else ()
        return [name for name in (self.label_from, "order") if name in names]

    def offered(self, values: Iterable[Any]) -> list[Offered]:
        """Return the choices that these values of ``key`` are, in their order; of a table, in one query."""
        if not self.table:
            return [self._offered(value) for value in values]
        rows = self.table.objects.order_by().values_list("pk", "slug", *self.label_columns)
        wanted = set(values)
        found = {key: self._offered(*columns) for key, *columns in rows if key in wanted}
        return [found[key] for key in values]

    def _offered(self, value: Any, *columns: Any) -> Offered:
        """Return the choice that the value and, of a table, its ``label_columns`` are."""
        of_table = (columns[0], columns[-1]) if columns else (str(value), value)
        return Offered(str(value), *(self.labels.get(str(value)) or of_table))

    def known(self, slugs: list[str]) -> Labels:
        """Return {slug: label} of those of these slugs that there are."""
        if self.table:
            return dict(self.table.objects.filter(slug__in=slugs).values_list("slug", self.label_from))
        if self.labels:
            return {slug: self.labels[slug][0] for slug in slugs if slug in self.labels}
        there = self.model.objects.filter(**{f"{self.lookup}__in": self.readable(slugs)}).order_by()
        return {str(value): str(value) for value in there.values_list(self.lookup, flat=True).distinct()}

    def readable(self, slugs: list[str]) -> list[str]:
        """Return those that a plain field could hold: "2016" and not "x" of a year."""
        found = []
        for slug in slugs:
            try:
                self.fields[-1].clean(slug, None)
            except ValidationError:
                continue
            found.append(slug)
        return found

    def filter(self, queryset: models.QuerySet, values: Sequence[str]) -> models.QuerySet:
        if not values:
            return queryset
        queryset = self.prepared(queryset)
        matching = {f"{self.lookup}__in": values}
        if self.many:
            # A subquery, because a join would give a record once for each of its matching values.
            return queryset.filter(pk__in=queryset.model.objects.filter(**matching).order_by().values("pk"))
        return queryset.filter(**matching)

    def prepared(self, queryset: models.QuerySet) -> models.QuerySet:
        """Return the queryset with the value, where its verb has to add it."""
        return getattr(queryset, self.verb)() if self.verb else queryset

    def tallied(self, groups: Iterable[Sequence[Any]]) -> dict[str, Choice]:
        """Return {value: Choice} of grouped ``columns``, each with its number of records behind it."""
        counts: dict[str, Choice] = {}
        for *columns, n in groups:
            if columns[0] not in (None, ""):
                offered = self._offered(*columns)
                counts.setdefault(offered.value, Choice(*offered)).count += n
        return counts


def shown(value: str) -> str:
    """Return a visitor's own value as it may be repeated to them: short and printable."""
    return (value if len(value) <= 40 else value[:40] + "…").replace("\0", "�")


class SearchField(forms.CharField):
    """Words to search for; each asks the database for more, so that their number has a bound."""

    def validate(self, value: str) -> None:
        super().validate(value)
        if len(value.split()) > MAX_WORDS:
            raise forms.ValidationError(_("Search for at most %(most)d words."), params={"most": MAX_WORDS})


class SearchFilter(django_filters.CharFilter):
    """Full-text search by ``QuerySet.search``."""

    field_class = SearchField

    def __init__(self, *, label: Label, help_text: Label = "") -> None:
        super().__init__(label=label, help_text=help_text, max_length=MAX_TEXT)

    def filter(self, queryset: Any, value: str) -> models.QuerySet:
        return queryset.search(value) if value else queryset


class SlugsField(forms.Field):
    """Any number of slugs, repeated or separated by commas; unknown ones simply match nothing."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: list[str] | None) -> list[str]:
        return [slug for part in value or [] for slug in part.split(",") if slug]

    def validate(self, value: list[str]) -> None:
        if len(value) > MAX_VALUES or not all(SLUG.fullmatch(slug) for slug in value):
            raise forms.ValidationError(_("That is no list of record names."))


class SlugsFilter(django_filters.Filter):
    """The records named one by one: a visitor's own selection."""

    field_class = SlugsField

    def filter(self, queryset: models.QuerySet, values: Sequence[str]) -> models.QuerySet:
        return queryset.filter(slug__in=values) if values else queryset


class SortFilter(django_filters.OrderingFilter):
    """``sort=name`` or ``sort=-name``. The last word is the slug, so that pages never overlap.

    On every database capitals sort with small letters, and what is not printed comes last either way.
    """

    def filter(self, queryset: models.QuerySet, values: Sequence[str]) -> models.QuerySet:
        if not values:
            return queryset
        names = super().filter(queryset, values).query.order_by
        return queryset.order_by(*(ordering(name, queryset.model) for name in names), "slug")


def ordering(name: str, model: type[models.Model]) -> OrderBy:
    """Return an ordering by a path or its reverse ("-path"), in any case, with empty values last."""
    path = name.removeprefix("-")
    nulls: dict[str, Any] = {}
    found: Any = model
    for step in path.split("__"):
        field = found._meta.get_field(step)
        found = field.related_model
        if field.null:
            nulls = {"nulls_last": True}
    value = Lower(path) if isinstance(field, models.CharField) else F(path)
    return value.desc(**nulls) if name.startswith("-") else value.asc(**nulls)
