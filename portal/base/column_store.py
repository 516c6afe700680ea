"""What filters and counts ask of every record, in memory: for each filterset a few arrays, a row a record.

To count the choices of every facet takes microseconds there, where the database reads and groups all
records once a facet. The database stays the truth: a store holds for one version of the data, which whoever
uses it has just asked the database for. While there is none of that version, the database counts.
"""

import gc
import re
import sys
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from operator import attrgetter
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any

import numpy
from django.apps import apps
from django.db import connection, connections
from django.db.models import Model, QuerySet
from django.db.models.functions import Upper

from .filters import FacetFilter, Offered
from .querysets import BBox

if TYPE_CHECKING:
    from .filterset import PortalFilterSet

# Of more records a store is read in the background, which takes some seconds for 100,000; meanwhile the
# database is asked.
MAX_AT_ONCE = 5_000
WIDE = re.compile(r"[^\x00-\x7f]+")
# Rows that are fetched at a time.
CHUNK = 2_000

# In seconds, how long a thread keeps the interpreter while stores are read and another waits for it.
SWITCH_INTERVAL = 0.00025

# One truth value for each record, and several numbers.
Mask = Any
Numbers = Any


def current_token() -> str:
    """Return the version of the data as the database has it at this moment; empty where it has none."""
    with connection.cursor() as cursor:
        # By hand, as every page asks it: to put the words together would take longer than to answer.
        cursor.execute(f"SELECT token FROM {apps.get_model('portal.DataVersion')._meta.db_table}")  # noqa: S608
        return "".join(token for (token,) in cursor.fetchall())


class Codes:
    """Values as they come, as numbers: the first is 1, the next other one 2; 0 stands for none."""

    def __init__(self) -> None:
        self.known: dict[Any, int] = {}
        self.found = array("i")

    def add(self, value: Any) -> None:
        self.found.append(0 if value in (None, "") else self.known.setdefault(value, len(self.known) + 1))


class Column:
    """Which of the choices of a facet each record has.

    ``codes`` are places in ``choices``, the first is 1. With ``rows`` each belongs to the row beside it, as a
    record may have several values; without, there is one for each row, and 0 where it has no value.
    """

    def __init__(self, choices: Sequence[Offered], codes: Iterable[int], rows: Numbers | None = None) -> None:
        self.choices = choices
        self.codes = numpy.array(codes, numpy.int32)
        self.rows = rows
        self.code_of = {choice.value: code for code, choice in enumerate(choices, 1)}

    def counts(self, mask: Mask) -> Numbers:
        """Return for each choice how many records of the mask have it."""
        codes = self.codes[mask if self.rows is None else mask[self.rows]]
        return numpy.bincount(codes, minlength=len(self.choices) + 1)[1:]

    def matching(self, values: Iterable[str], size: int) -> Mask:
        """Return the mask of the records, ``size`` in all, that have any of these values."""
        wanted = numpy.zeros(len(self.choices) + 1, bool)
        wanted[[self.code_of[value] for value in values if value in self.code_of]] = True
        if self.rows is None:
            return wanted[self.codes]
        mask = numpy.zeros(size, bool)
        mask[self.rows[wanted[self.codes]]] = True
        return mask

    def first(self, counts: Numbers, most: int) -> list[int]:
        """Return the places of at most so many choices that have a count: the highest, of equals by label."""
        there = numpy.flatnonzero(counts)
        if len(there) > most:
            there = there[numpy.lexsort((self._ranks[there], -counts[there]))][:most]
        return there.tolist()

    @cached_property
    def _ranks(self) -> Numbers:
        """Return for each choice its place in the order of the labels."""
        ranks = numpy.empty(len(self.choices), numpy.int32)
        ranks[sorted(range(len(ranks)), key=lambda place: self.choices[place].label)] = range(len(ranks))
        return ranks


class ColumnStore:
    """The facets, documents, places and texts of all records of a filterset, in the order of its list."""

    def __init__(self, filterset_class: "type[PortalFilterSet]", token: str) -> None:
        """Read the records, of which ``token`` is the version."""
        filters = filterset_class().facet_filters
        self.model: type[Model] = filterset_class._meta.model
        self.token = token
        self.facts: dict[Any, Any] = {}
        self.columns: dict[str, Column] = {}
        self._read_single({name: item for name, item in filters.items() if not item.many})
        self.columns |= {name: self._column_of_several(item) for name, item in filters.items() if item.many}
        self.default = self._default_of(filterset_class)
        self._read_texts()

    def __len__(self) -> int:
        return len(self.keys)

    # --- Reading

    def _read_single(self, facets: dict[str, FacetFilter]) -> None:
        """Read what a record has one of: key, degrees, document, and its value in these facets; one query."""
        records: Any = self.model._default_manager.all()
        for item in facets.values():
            records = item.prepared(records)
        point = getattr(records, "point_path", None)
        degrees = [] if point is None else [f"{point}longitude", f"{point}latitude"]
        paths = [*degrees, "document", *(item.key for item in facets.values())]
        keys, places = array("q"), [array("d") for _path in degrees]
        documents, *values = codes = [Codes() for _path in paths[len(degrees) :]]
        for key, *cells in records.values_list("pk", *paths).iterator(CHUNK):
            keys.append(key)
            for place, degree in zip(places, cells, strict=False):
                place.append(float("nan") if degree is None else degree)
            for each, value in zip(codes, cells[len(degrees) :], strict=True):
                each.add(value)
        self.keys = numpy.array(keys)
        self._by_key = numpy.argsort(self.keys)
        self.longitudes: Numbers
        self.latitudes: Numbers
        self.longitudes, self.latitudes = map(numpy.array, places) if places else (None, None)
        self.documents = Column([Offered(key, "", 0) for key in documents.known], documents.found)
        for (name, item), each in zip(facets.items(), values, strict=True):
            self.columns[name] = Column(item.offered(each.known), each.found)

    def _column_of_several(self, item: FacetFilter) -> Column:
        """Read what a record may have several of: one query for the pairs, and one for their labels."""
        keys, codes = array("q"), Codes()
        records = item.prepared(self.model._default_manager.order_by())
        pairs = records.filter(**{f"{item.path}__isnull": False}).values_list("pk", item.key).distinct()
        for key, value in pairs.iterator(CHUNK):
            keys.append(key)
            codes.add(value)
        rows = self.rows_of(keys).astype(numpy.int32)
        order = numpy.argsort(rows, kind="stable")
        return Column(item.offered(codes.known), numpy.array(codes.found)[order], rows[order])

    def _default_of(self, filterset_class: "type[PortalFilterSet]") -> Mask:
        """Read which records the filterset keeps by default."""
        mask = numpy.ones(len(self), bool)
        if verb := filterset_class.default_verb:
            mask = self.mask_of(getattr(self.model._default_manager, verb)())
        return mask

    def _read_texts(self) -> None:
        """Read what a search looks through, in the database's own capitals.

        Once as far as it is of ASCII, as most words are: where no wider letter is among them, letters take
        half the memory, and are searched twice as fast.
        """
        records: Any = self.model._default_manager.order_by()
        texts, wide_texts = [""] * len(self), [""] * len(self)
        for paths in (records.search_fields, *((path,) for path in records.search_related)):
            for tuples in batches(records.values_list("pk", *map(Upper, paths))):
                rows = self.rows_of([key for key, *_cells in tuples]).tolist()
                for row, (_key, *cells) in zip(rows, tuples, strict=True):
                    for cell in filter(None, cells):
                        texts[row] += "\n" + (cell if cell.isascii() else WIDE.sub("\n", cell))
                        if not cell.isascii():
                            wide_texts[row] += "\n" + cell
        self.texts, self.wide_texts = Texts(texts), Texts(wide_texts)

    # --- Asking

    def rows_of(self, keys: Sequence[int]) -> Numbers:
        """Return the rows of these primary keys; raises LookupError if there is none of any."""
        rows = self._rows_there(keys)
        if len(rows) < len(keys):
            raise LookupError(f"{len(keys) - len(rows)} records of {self.model} are newer than {self.token}.")
        return rows

    def _rows_there(self, keys: Sequence[int]) -> Numbers:
        """Return the rows of those of these primary keys that are there."""
        if not len(self):
            return numpy.zeros(0, numpy.int64)
        wanted = numpy.array(keys, numpy.int64)
        places = numpy.searchsorted(self.keys, wanted, sorter=self._by_key)
        rows = self._by_key[numpy.minimum(places, len(self) - 1)]
        return rows[self.keys[rows] == wanted]

    def mask_of(self, records: QuerySet) -> Mask:
        """Return the mask of these records; one query. What is not in the store is left out."""
        return self._mask_at(self._rows_there(list(records.order_by().values_list("pk", flat=True))))

    def search(self, text: str) -> Mask | None:
        """Return the mask of what ``QuerySet.search`` finds; None where only the database knows.

        Of letters beyond ASCII each database has its own opinion what their capitals are.
        """
        if any(not letter.isascii() and letter.upper() != letter.lower() for letter in text):
            return None
        # The longest first, as it is the rarest: the others are looked for only where that is.
        mask = numpy.ones(len(self), bool)
        for word in sorted({*text.upper().split()}, key=len, reverse=True):
            texts, rows = self.texts if word.isascii() else self.wide_texts, numpy.flatnonzero(mask)
            found = texts.rows(word) if len(rows) > len(self) // 4 else texts.among(rows, word)
            mask &= self._mask_at(found)
        return mask

    def _mask_at(self, rows: Numbers) -> Mask:
        """Return the mask of these rows."""
        mask = numpy.zeros(len(self), bool)
        mask[rows] = True
        return mask

    def in_view(self, bbox: BBox | None) -> Mask:
        """Return the mask of the records with a point; with ``bbox``, of those inside or on its edge."""
        if bbox is None:
            return ~numpy.isnan(self.longitudes)
        west, south, east, north = bbox
        across = (self.longitudes >= west) & (self.longitudes <= east)
        return across & (self.latitudes >= south) & (self.latitudes <= north)

    def cells(self, mask: Mask, width: float, height: float) -> list[tuple]:
        """Return what ``PlacedQuerySet.in_cells`` does, of the records of a mask, all with a point."""
        longitudes, latitudes = self.longitudes[mask], self.latitudes[mask]
        across, down = (
            numpy.floor(degrees / size).astype(numpy.int64)
            for degrees, size in ((longitudes, width), (latitudes, height))
        )
        if not len(across):
            return []
        order = numpy.lexsort((down, across))
        across, down, longitudes, latitudes = (each[order] for each in (across, down, longitudes, latitudes))
        starts = numpy.flatnonzero(numpy.diff(across, prepend=across[0] - 1) | numpy.diff(down, prepend=0))
        numbers = numpy.diff(starts, append=len(across))
        sums = (numpy.add.reduceat(degrees, starts) for degrees in (longitudes, latitudes))
        bounds = (
            extreme.reduceat(degrees, starts)
            for extreme in (numpy.minimum, numpy.maximum)
            for degrees in (longitudes, latitudes)
        )
        means = (total / numbers for total in sums)
        cells = (across[starts], down[starts], numbers, *means, *bounds)
        return list(zip(*(each.tolist() for each in cells), strict=True))

    def once(self, name: Any, read: Callable[[], Any]) -> Any:
        """Return what ``read`` gives, which hangs on nothing but the data, and keep it by this name."""
        if name not in self.facts:
            fact = read()
            if current_token() != self.token:  # it may be of another version
                return fact
            self.facts[name] = fact
        return self.facts[name]

    def order(self, records: QuerySet) -> Numbers | None:
        """Return the rows in the order of all records as they come; None if they have just changed."""
        rows = self._rows_there(list(records.values_list("pk", flat=True)))
        return rows.astype(numpy.int32) if len(rows) == len(self) else None

    def labels(self, facet: str, keys: Sequence[int]) -> dict[int, str]:
        """Return {primary key: "one, two"} of these records: the labels of their choices of a facet.

        Of a facet in which a record can have several; those without any are left out. Raises LookupError if
        there is none of any key.
        """
        column, rows = self.columns[facet], self.rows_of(keys)
        starts: Numbers = column.rows
        firsts: Numbers = numpy.searchsorted(starts, rows, "left")
        ends: Numbers = numpy.searchsorted(starts, rows, "right")
        labels = {}
        for key, first, end in zip(keys, firsts.tolist(), ends.tolist(), strict=True):
            choices = [column.choices[code - 1] for code in column.codes[first:end].tolist()]
            if choices:
                choices.sort(key=attrgetter("order"))
                labels[key] = ", ".join(str(choice.label) for choice in choices)
        return labels


class Texts:
    """The texts of all records, one after the other: single ones would lie all over the memory."""

    def __init__(self, texts: Sequence[str]) -> None:
        """``texts`` are of one record each, and have no zero byte."""
        self.ends = numpy.cumsum([len(text) + 1 for text in texts])
        self.text = "".join(f"{text}\0" for text in texts)

    def rows(self, word: str) -> Numbers:
        """Return the rows that have a word, each once."""
        places, find = array("q"), self.text.find
        place = find(word)
        while place >= 0:
            places.append(place)
            place = find(word, find("\0", place))
        return numpy.searchsorted(self.ends, numpy.array(places, numpy.int64), side="right")

    def among(self, rows: Numbers, word: str) -> Numbers:
        """Return those of these rows that have a word."""
        starts = (self.ends - numpy.diff(self.ends, prepend=0))[rows].tolist()
        ends = self.ends[rows].tolist()
        found = [self.text.find(word, start, end) >= 0 for start, end in zip(starts, ends, strict=True)]
        return rows[numpy.array(found, bool)]


def batches(records: QuerySet) -> Iterator[list[Any]]:
    """Yield lists of rows, so that not all of them are in memory at once."""
    found = records.iterator(CHUNK)
    while batch := [row for row, _n in zip(found, range(CHUNK), strict=False)]:
        yield batch


class Stores:
    """The newest store of each filterset. Safe for threads: at worst two read the same."""

    def __init__(self) -> None:
        self.kept: dict[type, ColumnStore] = {}
        self.being_read: set[type] = set()
        self.interval_before = 0.0
        self.lock = Lock()

    def get(self, filterset_class: "type[PortalFilterSet]") -> ColumnStore | None:
        """Return the store of the data as they are at this moment; one query. None where there is none yet.

        Within a transaction none is read, as its changes may be undone, and move the version but once.
        """
        token = current_token()
        store = self.kept.get(filterset_class)
        if store and store.token == token:
            return store
        if not token or connection.in_atomic_block:
            return None
        if filterset_class._meta.model._default_manager.count() <= MAX_AT_ONCE:
            return self.read(filterset_class, token)
        with self.lock:
            if filterset_class not in self.being_read:
                if not self.being_read:
                    self.interval_before = sys.getswitchinterval()
                self.being_read.add(filterset_class)
                Thread(target=self.read_apart, args=(filterset_class, token), daemon=True).start()
        return None

    def read(self, filterset_class: "type[PortalFilterSet]", token: str) -> ColumnStore | None:
        """Read the store of this version; None if the data have changed meanwhile."""
        try:
            store = ColumnStore(filterset_class, token)
        except LookupError:  # what was referred to is gone
            if current_token() == token:
                raise
            return None
        if current_token() != token:
            return None
        self.kept[filterset_class] = store
        return store

    def read_apart(self, filterset_class: "type[PortalFilterSet]", token: str) -> None:
        """Read a store in a thread of its own, whose connections end with it."""
        # A request gives the interpreter away at each row that it fetches: it must get it back soon.
        sys.setswitchinterval(SWITCH_INTERVAL)
        try:
            self.read(filterset_class, token)
            # A hundred thousand choices need not be walked through by every collection.
            gc.collect()
            gc.freeze()
        finally:
            with self.lock:
                self.being_read.discard(filterset_class)
                if not self.being_read:
                    sys.setswitchinterval(self.interval_before)
            connections.close_all()


stores = Stores()
