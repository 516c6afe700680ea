"""The querysets that all others build on: named by slug, sent as files, searched, placed, with sectors."""

from decimal import Decimal
from typing import Any, NamedTuple, Self

from django.db import models
from django.db.models import (
    Avg,
    Count,
    F,
    FloatField,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Floor

# Between several values in one cell of an export.
SEPARATOR = "; "


class Many(NamedTuple):
    """A public column of several values: the lookup path of the value, and those that sort it."""

    path: str
    order: tuple


class SlugQuerySet(models.QuerySet[Any]):
    """The base of every queryset here: a slug is the natural key in every fixture."""

    def with_count(self, name: str, records: models.QuerySet, path: str) -> Self:
        """Add ``name``: how many of the queryset ``records`` have the record at ``path``.

        A subquery and no join, so that several counts do not multiply each other.
        """
        counted = records.order_by().filter(**{path: OuterRef("pk")}).values(path).annotate(n=Count("pk"))
        return self.annotate(**{name: Coalesce(Subquery(counted.values("n")), 0)})

    def get_by_natural_key(self, slug: str) -> models.Model:
        """Return the record that has this slug, or had it before an editor renamed it.

        Raises DoesNotExist.
        """
        try:
            return self.get(slug=slug)
        except self.model.DoesNotExist:
            return self.get(pk__in=self.model.history.filter(slug=slug).values("id"))


class PairQuerySet(models.QuerySet[Any]):
    """The queryset of a model with PairKey: two records are the natural key in every fixture."""

    def get_by_natural_key(self, *slugs: str) -> models.Model:
        """Return the record that joins the records with these slugs; raises DoesNotExist."""
        names = (f"{name}__slug" for name in self.model.key_fields)
        return self.get(**dict(zip(names, slugs, strict=True)))


class ExportQuerySet(SlugQuerySet):
    """A queryset whose records go out as CSV, JSON, GeoJSON and KML.

    The model's ``public_columns`` is the one field list, in order: {column: lookup path, Many, or None for
    one that is not in the database and that its own ``exported`` fills}.
    """

    def exported(self) -> list[dict[str, Any]]:
        """Return the records as dicts of the public columns, in the order of the queryset.

        Text, numbers (degrees as floats), or None where nothing is printed or related. One query, and one
        more for each column of several values; to make records of the rows would take twenty times as long.
        """
        columns = self.model.public_columns
        single = {name: path for name, path in columns.items() if isinstance(path, str)}
        many = {name: self.joined(path) for name, path in columns.items() if isinstance(path, Many)}
        records = []
        for key, *values in self.values_list("pk", *single.values()):
            record = dict(zip(single, map(plain, values), strict=True))
            record |= {name: joined.get(key, "") for name, joined in many.items()}
            records.append({name: record.get(name) for name in columns})
        return records

    def joined(self, column: Many, separator: str = SEPARATOR) -> dict[int, str]:
        """Return {primary key: "one; two"} of a column of several values, in one query."""
        cells: dict[int, list[str]] = {}
        related = self.order_by("pk", *column.order).filter(**{f"{column.path}__isnull": False})
        for key, value in related.values_list("pk", column.path):
            cells.setdefault(key, []).append(value)
        return {key: separator.join(values) for key, values in cells.items()}


def plain(value: Any) -> Any:
    """Return a value as JSON has it: degrees are decimals in the database."""
    return float(value) if isinstance(value, Decimal) else value


class PrintedListQuerySet(SlugQuerySet):
    def on_front_page(self) -> Self:
        """Return the lists whose figures stand on the front page, in the printed order."""
        return self.filter(on_front_page=True).select_related("document")

    def differing(self) -> Self:
        """Return the lists of which the document states another number than it prints."""
        return self.filter(stated__isnull=False).exclude(stated=F("printed"))


class SearchQuerySet(ExportQuerySet):
    """A queryset that answers a search box."""

    # Lookup paths that are searched; those that may give several rows a record go to ``search_related``.
    search_fields: tuple[str, ...] = ()
    search_related: tuple[str, ...] = ()

    def search(self, text: str) -> Self:
        """Return the records in which every word of ``text`` occurs, in any searched field, in any case."""
        queryset = self
        for word in text.split():
            match = Q()
            for field in self.search_fields:
                match |= Q(**{f"{field}__icontains": word})
            for field in self.search_related:
                # A subquery, because a join would give the record once for each match.
                related = self.model.objects.filter(**{f"{field}__icontains": word})
                match |= Q(pk__in=related.order_by().values("pk"))
            queryset = queryset.filter(match)
        return queryset


# West, south, east, north; degrees WGS84.
BBox = tuple[float, float, float, float]


class PlacedQuerySet(SearchQuerySet):
    """A queryset of records with a point: their own, or that of the record to which ``point_path`` leads."""

    # "hub__seat__", for instance.
    point_path = ""

    def in_view(self, bbox: BBox | None = None) -> Self:
        """Return those with a point; of these, with ``bbox``, those inside or on its edge."""
        latitude, longitude = f"{self.point_path}latitude", f"{self.point_path}longitude"
        if bbox is None:
            return self.filter(**{f"{latitude}__isnull": False, f"{longitude}__isnull": False})
        west, south, east, north = bbox
        return self.filter(**{f"{latitude}__range": (south, north), f"{longitude}__range": (west, east)})

    def unplaced(self) -> Self:
        """Return those without a point."""
        return self.filter(**{f"{self.point_path}latitude__isnull": True})

    def in_cells(self, width: float, height: float) -> models.QuerySet:
        """Return a row for each cell of a grid of ``width`` by ``height`` degrees that is not empty.

        A row is (column, row, n, longitude, latitude, west, south, east, north): the number of the cell's
        records, their mean point and their bounds. Only for records with a point.
        """
        longitude, latitude = (
            Cast(F(f"{self.point_path}{name}"), FloatField()) for name in ("longitude", "latitude")
        )
        cells = self.order_by().values_list(
            # Floor first: PostgreSQL's cast would round.
            Cast(Floor(longitude / Value(width, FloatField())), IntegerField()),
            Cast(Floor(latitude / Value(height, FloatField())), IntegerField()),
        )
        return cells.annotate(
            n=Count("pk"),
            mean_longitude=Avg(longitude),
            mean_latitude=Avg(latitude),
            west=Min(longitude),
            south=Min(latitude),
            east=Max(longitude),
            north=Max(latitude),
        )


class SectoredQuerySet(PlacedQuerySet):
    """A queryset of placed records that have sectors, and so know their neighbours by sector."""

    def sector_names(self) -> dict[int, str]:
        """Return {primary key: "Automotive, Machinery"} of these records, in one query.

        For lists: to prefetch the sectors as records takes as long as the rest of a list.
        """
        keys = [record.pk for record in self]
        named = self.model.objects.filter(pk__in=keys)
        return named.joined(Many("sectors__name", ("sectors__order",)), separator=", ")

    def sharing_sector_with(self, record: Any) -> Self:
        """Return the records that have a sector in common with ``record``."""
        shared = self.model.objects.filter(sectors__in=record.sectors.all()).order_by().values("pk")
        return self.filter(pk__in=shared)
