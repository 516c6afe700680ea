"""What every record shares: its source, its place, and how a printed list compares with its heading."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from portal.base.querysets import PrintedListQuerySet, SlugQuerySet
from portal.korea import LATITUDE_RANGE, LONGITUDE_RANGE, NAMES

PERCENT = [MinValueValidator(0), MaxValueValidator(100)]
YEAR = [MinValueValidator(1900), MaxValueValidator(2100)]
MONTH = [MinValueValidator(1), MaxValueValidator(12)]


class DataVersion(models.Model):
    """The state of the public data, in one record; the database moves it (``portal/base/version.py``)."""

    token = models.CharField(_("token"), max_length=32)
    moved_at = models.DateTimeField(_("moved at"))

    class Meta:
        default_permissions = ()
        verbose_name = _("version of the data")
        verbose_name_plural = _("versions of the data")

    def __str__(self) -> str:
        return self.token


class Prepared(models.Model):
    """What a part of the database was last made from: a fingerprint, which ``manage.py prepare`` compares."""

    name = models.CharField(_("name"), max_length=20, unique=True)
    fingerprint = models.CharField(_("fingerprint"), max_length=64)

    class Meta:
        default_permissions = ()
        verbose_name = _("prepared part")
        verbose_name_plural = _("prepared parts")

    def __str__(self) -> str:
        return self.name


def related(record: models.Model, name: str) -> models.Model | None:
    """Return the record that a field names, or None: none is given, or it is gone.

    Not by its key: in the form of a new record, that of a related one is not saved yet.
    """
    try:
        return getattr(record, name)
    except ObjectDoesNotExist:
        return None


class SlugKey:
    """A record that fixtures and files name by its slug."""

    # The fields that name a record, in fixtures, imported files and history.
    key_fields: tuple[str, ...] = ("slug",)
    slug: Any

    def natural_key(self) -> tuple[str]:
        return (self.slug,)


class PairKey:
    """A record that fixtures and files name by the two records that it joins, its ``key_fields``."""

    key_fields: tuple[str, ...] = ()

    def natural_key(self) -> tuple[str | None, ...]:
        # While fixtures are loaded, either may be one that an editor deleted.
        return tuple(
            getattr(self, name).slug if getattr(self, f"{name}_id") else None for name in self.key_fields
        )


class Named(SlugKey, models.Model):
    """A record with an address of its own: slug, English name and Hangul name."""

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=200)
    name_ko = models.CharField(_("Hangul name"), max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Document(SlugKey, models.Model):
    """A source. All that the portal states is read in one of them."""

    slug = models.SlugField(_("slug"), unique=True)
    title = models.CharField(_("title"), max_length=200)
    authors = models.CharField(_("authors"), max_length=300)
    publisher = models.CharField(_("publisher"), max_length=300)
    published = models.CharField(_("published"), max_length=40, help_text=_("Month and year, as printed."))
    year = models.PositiveSmallIntegerField(_("year"), validators=YEAR)
    mention = models.CharField(
        _("in running text"),
        max_length=200,
        blank=True,
        help_text=_("As in a sentence: “the European briefing of 2016”. Empty: its title."),
    )
    description = models.TextField(_("what it is"), blank=True)

    objects = SlugQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-year"]
        verbose_name = _("document")
        verbose_name_plural = _("documents")

    def __str__(self) -> str:
        return self.title

    @property
    def in_text(self) -> str:
        """Return what it is called within a sentence."""
        return self.mention or self.title


class Sourced(models.Model):
    """Where a fact is printed, how it is printed, and what an editor had to decide."""

    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, related_name="+", verbose_name=_("document")
    )
    locator = models.CharField(
        _("locator"), max_length=200, help_text=_("Where in the document: “Figure 15, Seoul Zone”.")
    )
    as_printed = models.TextField(_("as printed"), blank=True)
    note = models.TextField(_("editor’s note"), blank=True)

    class Meta:
        abstract = True


# The public columns that every exported model ends its list with: where the record was read.
SOURCE_COLUMNS = {
    "document": "document__slug",
    "locator": "locator",
    "as_printed": "as_printed",
    "note": "note",
}


class LocationPrecision(models.TextChoices):
    """How good a coordinate is. None is printed in the documents; all are editorial."""

    SITE = "site", _("site")
    NEIGHBOURHOOD = "neighbourhood", _("neighbourhood")
    MUNICIPALITY = "municipality", _("municipality")
    PROVINCE = "province", _("province")


class Located(models.Model):
    """A point in WGS84 degrees with its precision, and the divisions it lies in."""

    province = models.ForeignKey("complexes.Province", on_delete=models.PROTECT, verbose_name=_("province"))
    municipality = models.CharField(_("municipality"), max_length=100, blank=True)
    municipality_ko = models.CharField(_("municipality (Hangul)"), max_length=100, blank=True)
    neighbourhood_ko = models.CharField(
        _("neighbourhood (Hangul)"), max_length=100, blank=True, help_text=_("읍, 면 or 법정동.")
    )
    latitude = models.DecimalField(_("latitude"), max_digits=7, decimal_places=4, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=7, decimal_places=4, null=True, blank=True)
    location_precision = models.CharField(
        _("location precision"), max_length=20, choices=LocationPrecision.choices, blank=True
    )

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        clean_point(self.latitude, self.longitude)
        if (self.latitude is not None) != bool(self.location_precision):
            raise ValidationError(
                {"location_precision": _("A point needs its precision, and a precision needs a point.")}
            )


def point_columns(prefix: str = "") -> dict[str, str]:
    """Return the public columns of a point; ``prefix`` leads to the Located record ("hub__seat__")."""
    return {name: prefix + name for name in ("latitude", "longitude", "location_precision")}


def clean_point(latitude: Decimal | None, longitude: Decimal | None) -> None:
    """Raise ValidationError, naming the field, unless both are None or the point lies in the country."""
    if latitude is None and longitude is None:
        return
    if latitude is None or longitude is None:
        missing = "latitude" if latitude is None else "longitude"
        raise ValidationError({missing: _("Give both latitude and longitude, or neither.")})

    def inside(value: Decimal, bounds: tuple[float, float]) -> bool:
        return bounds[0] <= value <= bounds[1]

    if inside(latitude, LONGITUDE_RANGE) and inside(longitude, LATITUDE_RANGE):
        raise ValidationError({"latitude": _("Latitude and longitude look swapped.")})
    bounds = {"latitude": (latitude, LATITUDE_RANGE), "longitude": (longitude, LONGITUDE_RANGE)}
    errors = {
        field: _("Outside %(country)s: expected %(low)s to %(high)s degrees.")
        % {**NAMES, "low": low, "high": high}
        for field, (value, (low, high)) in bounds.items()
        if not low <= value <= high
    }
    if errors:
        raise ValidationError(errors)


def clean_period(start: tuple[int | None, int | None], end: tuple[int | None, int | None]) -> None:
    """Raise ValidationError if ``end`` lies before ``start``: (year, month), either of which may be None."""
    (year, month), (end_year, end_month) = start, end
    if year and end_year and (end_year, end_month or 12) < (year, month or 1):
        raise ValidationError({"end_year": _("The end lies before the beginning.")})


# SQLite keeps a decimal as a float, of which so many digits are exact; one more, and it may not come back.
MAX_DIGITS = 15


def clean_value(value: Decimal | None) -> None:
    """Raise ValidationError for the field "value" if it has more digits than every database keeps."""
    if value is not None and len(value.normalize().as_tuple().digits) > MAX_DIGITS:
        raise ValidationError({"value": _("Give at most %(most)d digits.") % {"most": MAX_DIGITS}})


class PrintedList(SlugKey, Sourced):
    """A list or table of a document: the number its text states beside the number it prints."""

    slug = models.SlugField(_("slug"), unique=True)
    title = models.CharField(_("title"), max_length=200)
    unit = models.CharField(_("what is counted"), max_length=100)
    stated = models.PositiveIntegerField(_("stated"), null=True, blank=True)
    stated_where = models.CharField(_("where it is stated"), max_length=300, blank=True)
    printed = models.PositiveIntegerField(_("printed"), help_text=_("Entries legible in the document."))
    on_front_page = models.BooleanField(
        _("on the front page"), default=False, help_text=_("Whether its figures stand there.")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = PrintedListQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["order", "slug"]
        verbose_name = _("printed list")
        verbose_name_plural = _("printed lists")

    def __str__(self) -> str:
        return self.title

    @property
    def differs(self) -> bool:
        """Return whether the document states another number than it prints."""
        return self.stated is not None and self.stated != self.printed
