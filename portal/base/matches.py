"""The records that pass a filterset, and how many have each choice: as the database has them, or the store.

Both say the same. The store is asked where there is one, as it has its answer in microseconds.
"""

from collections.abc import Callable, Iterable
from copy import copy
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy
from django.db.models import Count

from portal.models import Document

from .column_store import ColumnStore, Mask, Numbers
from .filters import Choice, FacetFilter, Labels, SearchFilter, SortFilter
from .querysets import BBox

if TYPE_CHECKING:
    from .filterset import PortalFilterSet

# A facet offers no more choices than that; of more, those with the most records.
MAX_CHOICES = 200
# So many records are asked for by their keys, which costs less than to filter once more.
MAX_KEYS = 500


def with_counts(records: Iterable[Any], **counts: dict[str, int]) -> list[Any]:
    """Return the records, each with these names: its number in a {slug: number} of ``Matches.counts``."""
    found = list(records)
    for record in found:
        for name, number in counts.items():
            setattr(record, name, number.get(record.slug, 0))
    return found


class Matches:
    """The records that pass a filterset, as the database has them."""

    def __init__(self, filterset: "PortalFilterSet") -> None:
        self.filterset = filterset
        self.narrow = lambda records: records
        self.records: Any = filterset._meta.model._default_manager

    @cached_property
    def total(self) -> int:
        """Return how many there are."""
        if self._together:
            return sum(n for *_values, n in self._table)
        return self.narrow(self.filterset.filter_queryset(self.records.order_by())).count()

    def all(self) -> Any:
        """Return them in the order asked for, with what the queryset of the filterset fetches."""
        return self.narrow(self.filterset.filter_queryset(self.filterset.queryset.all()))

    def part(self, first: int, last: int) -> Any:
        """Return those of one page."""
        return self.all()[first:last]

    def documents(self) -> Iterable[Document]:
        """Return the documents that they were read in."""
        return Document.objects.filter(pk__in=self.all().order_by().values("document"))

    def in_view(self, bbox: BBox | None = None) -> Self:
        """Return those of them with a point; of these, with ``bbox``, those inside (``PlacedQuerySet``)."""
        matches = copy(self)
        for known in ("total", "_table"):
            matches.__dict__.pop(known, None)
        matches.narrow = lambda records: records.in_view(bbox)
        return matches

    def unplaced(self) -> int:
        """Return how many have no point."""
        return self.all().order_by().unplaced().count()

    def cells(self, width: float, height: float) -> Iterable[tuple]:
        """Return the rows of ``PlacedQuerySet.in_cells``; for those in view."""
        return self.all().in_cells(width, height)

    def counts(self, name: str) -> dict[str, int]:
        """Return {value: number} of those that have each value of a facet that occurs."""
        item = self.filterset.filters[name]
        groups = self.all().order_by().values_list(item.lookup).annotate(n=Count("pk"))
        return {str(value): n for value, n in groups if value not in (None, "")}

    def once(self, name: Any, read: Callable[[], Any]) -> Any:
        """Return what ``read`` gives, which hangs on nothing but the data."""
        return read()

    def sector_names(self, records: Any) -> dict[int, str]:
        """Return {primary key: "Automotive, Machinery"} of some of them."""
        return records.sector_names()

    def known(self, name: str, slugs: list[str]) -> Labels:
        """Return {slug: label} of those of these slugs that the facet has."""
        return self.filterset.filters[name].known(slugs)

    def counted(self, name: str) -> tuple[dict[str, Choice], int]:
        """Return {value: Choice} of a facet, counted under all *other* filters, and how many more there are.

        Only choices with records, and at most so many as are offered.
        """
        item = self.filterset.filters[name]
        if name not in self._together:
            return item.tallied(self._grouped(item.columns, name)), 0
        start = sum(
            len(self.filterset.filters[each].columns) for each in self._together[: self._together.index(name)]
        )
        end = start + len(item.columns)
        return item.tallied((*group[start:end], group[-1]) for group in self._table), 0

    @cached_property
    def _together(self) -> list[str]:
        """Return the facets that can be counted off one table.

        All filters hold for each, as nothing is chosen in them, and a record has one value in each. Those of
        a verb are not among them, as their values cost the most and are not always asked for.
        """
        facets = self.filterset.facet_filters.items()
        return [name for name, item in facets if not (item.many or item.verb or self.narrows(name))]

    @cached_property
    def _table(self) -> list[tuple]:
        """Return the combinations of values that occur in these facets, each with its number of records."""
        return self._grouped(
            [column for name in self._together for column in self.filterset.filters[name].columns]
        )

    def _grouped(self, columns: list[str], without: str | None = None) -> list[tuple]:
        """Return the combinations of these columns, each with its number of records; one query."""
        records = self.narrow(self.filterset.filter_queryset(self.records.all(), without)).order_by()
        item = self.filterset.filters.get(without)
        records = item.prepared(records) if item else records
        return list(records.values_list(*columns).annotate(n=Count("pk")))

    def narrows(self, name: str) -> bool:
        """Return whether other records pass without the filter of this name."""
        default = self.filterset.default_applies
        return bool(self.filterset.given.get(name)) or default() != default(name)


class StoredMatches(Matches):
    """The same out of a store."""

    def __init__(self, filterset: "PortalFilterSet", store: ColumnStore) -> None:
        super().__init__(filterset)
        self.store = store

    @cached_property
    def _masks(self) -> dict[str, Mask]:
        """Return the mask of each filter that is asked for."""
        return {
            name: self._mask_of(name, value)
            for name, value in self.filterset.given.items()
            if value and not isinstance(self.filterset.filters[name], SortFilter)
        }

    def _mask_of(self, name: str, value: Any) -> Mask:
        """Return the mask of a filter; of one that the columns do not know, in a query."""
        item, mask = self.filterset.filters[name], None
        if isinstance(item, FacetFilter):
            mask = self.store.columns[name].matching(value, len(self.store))
        elif isinstance(item, SearchFilter):
            mask = self.store.search(value)
        return self.store.mask_of(item.filter(self.records.all(), value)) if mask is None else mask

    def mask(self, without: str | None = None) -> Mask:
        """Return the mask of the records that pass all filters, except the one named ``without``."""
        masks = [mask for name, mask in self._masks.items() if name != without]
        if self.filterset.default_applies(without):
            masks.append(self.store.default)
        return numpy.logical_and.reduce(masks) if masks else numpy.ones(len(self.store), bool)

    @cached_property
    def whole(self) -> Mask:
        """Return the mask of all that pass."""
        return self.mask()

    @cached_property
    def total(self) -> int:
        return int(numpy.count_nonzero(self.whole))

    def all(self) -> Any:
        return super().all() if self.total > MAX_KEYS else self._fetched(numpy.flatnonzero(self.whole))

    def part(self, first: int, last: int) -> Any:
        rows = self._rows()
        return super().part(first, last) if rows is None else self._fetched(rows[first:last])

    def _rows(self) -> Numbers | None:
        """Return the rows that pass, in the order asked for; None where only the database knows it."""
        item, values = self.filterset.sorting
        if not values:
            return numpy.flatnonzero(self.whole)
        if len(values) > 1:  # of which there are too many to keep the order of each
            return None
        order = self.once(tuple(values), lambda: self.store.order(item.filter(self.records.all(), values)))
        return None if order is None else order[self.whole[order]]

    def _fetched(self, rows: Numbers) -> Any:
        """Return the records of these rows."""
        fetched = self.filterset.queryset.filter(pk__in=self.store.keys[rows].tolist())
        item, values = self.filterset.sorting
        return item.filter(fetched, values) if values else fetched

    def documents(self) -> Iterable[Document]:
        column = self.store.documents
        keys = {
            column.choices[place].value for place in numpy.flatnonzero(column.counts(self.whole)).tolist()
        }
        every = self.once("documents", lambda: list(Document.objects.all()))
        return [document for document in every if document.pk in keys]

    def in_view(self, bbox: BBox | None = None) -> Self:
        matches = super().in_view(bbox)
        matches.whole = self.whole & self.store.in_view(bbox)
        return matches

    def unplaced(self) -> int:
        return self.total - self.in_view().total

    def cells(self, width: float, height: float) -> Iterable[tuple]:
        return self.store.cells(self.whole, width, height)

    def counts(self, name: str) -> dict[str, int]:
        column = self.store.columns[name]
        counts = column.counts(self.whole)
        return {
            column.choices[place].value: int(counts[place]) for place in numpy.flatnonzero(counts).tolist()
        }

    def once(self, name: Any, read: Callable[[], Any]) -> Any:
        return self.store.once(name, read)

    def sector_names(self, records: Any) -> dict[int, str]:
        try:
            return self.store.labels("sector", [record.pk for record in records])
        except LookupError:  # one is newer than the store
            return super().sector_names(records)

    def known(self, name: str, slugs: list[str]) -> Labels:
        """Return {slug: label}: of what occurs out of the store, of anything else in a query."""
        column = self.store.columns[name]
        labels = {
            slug: column.choices[column.code_of[slug] - 1].label for slug in slugs if slug in column.code_of
        }
        others = [slug for slug in slugs if slug not in labels]
        return labels | (super().known(name, others) if others else {})

    def counted(self, name: str) -> tuple[dict[str, Choice], int]:
        column = self.store.columns[name]
        counts = column.counts(self.mask(without=name) if self.narrows(name) else self.whole)
        chosen = [
            place
            for value in self.filterset.given.get(name) or ()
            if (place := column.code_of.get(value, 0) - 1) >= 0 and counts[place]
        ]
        places = dict.fromkeys([*column.first(counts, MAX_CHOICES), *chosen])
        choices = {
            column.choices[place].value: Choice(*column.choices[place], int(counts[place]))
            for place in places
        }
        return choices, int(numpy.count_nonzero(counts)) - len(choices)
