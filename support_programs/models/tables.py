"""Every printed table, modelled once: rows, columns, values, and what they imply of each other."""

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from simple_history.models import HistoricalRecords

from portal.base.querysets import ExportQuerySet, SlugQuerySet
from portal.korea import named
from portal.models import SOURCE_COLUMNS, Document, SlugKey, Sourced, clean_value, related

from ..querysets import PrintedTableQuerySet
from .programme import ProgrammePassage

# The pages of cluster programmes and of location policy are no parts that passages tell.
CLUSTER_PROGRAMMES = "cluster-programmes"
LOCATION_POLICY = "location-policy"


class PrintedTable(SlugKey, Sourced):
    """A table of a document, or the figures that its text gives where the table was a picture."""

    class Content(models.TextChoices):
        FIGURES = "figures", _("figures")
        WORDS = "words", _("words")

    class Topic(models.TextChoices):
        BUDGET = "budget", _("Money spent")
        NETWORKS = "networks", _("Mini clusters and networks")
        SUPPORT = "support", _("Support given")
        OUTCOME = "outcome", _("Outcome")
        REGIONS = "regions", _("Regions")
        STORIES = "stories", _("Success stories")
        MANAGEMENT = "management", _("Management and evaluation")
        POLICY = "policy", _("Location and cluster policy")
        ECONOMY = "economy", _("Economy and trade")
        SECTORS = "sectors", _("Markets by sector")
        GREEN = "green", _("Green growth")

    class Chart(models.TextChoices):
        NONE = "none", _("none")
        BARS = "bars", _("bars")
        LINES = "lines", _("lines")
        SHARES = "shares", _("shares of a whole")

    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=200, help_text=_("As printed, unless it is ours."))
    title_is_ours = models.BooleanField(_("the title is ours"), default=False)
    content = models.CharField(_("content"), max_length=10, choices=Content.choices, default=Content.FIGURES)
    topic = models.CharField(_("topic"), max_length=20, choices=Topic.choices)
    row_heading = models.CharField(
        _("heading of the rows"), max_length=100, blank=True, help_text=_("The first cell of the heading.")
    )
    unit = models.CharField(
        _("unit"),
        max_length=100,
        blank=True,
        help_text=_("Of every value, unless its row or column has its own."),
    )
    remark = models.TextField(
        _("remark"), blank=True, help_text=_("What is printed below: exchange rate, base year, source.")
    )
    chart = models.CharField(_("chart"), max_length=10, choices=Chart.choices, default=Chart.NONE)
    sectors = models.ManyToManyField(
        "clusters.Sector", blank=True, related_name="tables", verbose_name=_("sectors")
    )
    part = models.CharField(
        _("part of the programme’s story"),
        max_length=20,
        choices=[
            *ProgrammePassage.Part.choices,
            (CLUSTER_PROGRAMMES, named(_("Cluster programmes of %(country_short)s"))),
            (LOCATION_POLICY, _("Location policy, by decades as columns")),
        ],
        blank=True,
        help_text=_("Below which the pages on the programme show it."),
    )
    story = models.ForeignKey(
        "clusters.SuccessStory",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="tables",
        verbose_name=_("success story"),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    noun = ngettext_lazy("%(count)d table", "%(count)d tables", "count")
    public_columns = {
        name: name for name in ("slug", "title", "title_is_ours", "content", "topic", "unit", "remark")
    } | SOURCE_COLUMNS
    objects = PrintedTableQuerySet.as_manager()
    history = HistoricalRecords(m2m_fields=[sectors])

    class Meta:
        ordering = ["order", "slug"]
        verbose_name = _("printed table")
        verbose_name_plural = _("printed tables")

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("support_programs:table", args=[self.slug])

    def clean(self):
        super().clean()
        if "--" in self.slug:
            raise ValidationError({"slug": _("Two hyphens part the table from its lines; use one.")})


class TableLine(SlugKey, models.Model):
    """What a row and a column share. The slug is the table's, two hyphens, and a key: "budget--2005"."""

    slug = models.SlugField(_("slug"), max_length=120, unique=True)
    group = models.CharField(_("group"), max_length=200, blank=True, help_text=_("A heading over several."))
    label = models.CharField(_("label"), max_length=300, help_text=_("As printed."))
    unit = models.CharField(_("unit"), max_length=100, blank=True)
    charted = models.BooleanField(_("in the chart"), default=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    complex = models.ForeignKey(
        "complexes.IndustrialComplex",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("complex"),
    )
    pan_region = models.ForeignKey(
        "complexes.PanRegion",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("pan-region"),
    )

    class Meta:
        abstract = True
        ordering = ["table", "order"]

    def __str__(self):
        return f"{self.group}: {self.label}" if self.group else self.label

    def clean(self):
        """Raise ValidationError if the key is not the line's alone, or if its values would stay behind."""
        super().clean()
        table = related(self, "table")
        if table is None:
            return
        if not self.key or self.slug != f"{table.slug}--{self.key}":
            expected = {"slug": table.slug}
            raise ValidationError({"slug": _("Expected a slug that begins with “%(slug)s--”.") % expected})
        stored = type(self).objects.filter(pk=self.pk, values__isnull=False)
        if self.pk and stored.exclude(table=table).exists():
            raise ValidationError({"table": _("The line has values, which cross lines of its own table.")})

    @property
    def key(self):
        """Return what names the line within its table."""
        return self.slug.partition("--")[2]


class TableRow(TableLine):
    table = models.ForeignKey(
        PrintedTable, on_delete=models.CASCADE, related_name="rows", verbose_name=_("table")
    )

    objects = SlugQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta(TableLine.Meta):
        verbose_name = _("row")
        verbose_name_plural = _("rows")


class TableColumn(TableLine):
    table = models.ForeignKey(
        PrintedTable, on_delete=models.CASCADE, related_name="columns", verbose_name=_("table")
    )

    objects = SlugQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta(TableLine.Meta):
        verbose_name = _("column")
        verbose_name_plural = _("columns")


class TableValue(SlugKey, models.Model):
    """One cell: the print, and the number that it is. The unit is the row's, the column's or the table's."""

    slug = models.SlugField(_("slug"), max_length=180, unique=True)
    row = models.ForeignKey(TableRow, on_delete=models.CASCADE, related_name="values", verbose_name=_("row"))
    column = models.ForeignKey(
        TableColumn, on_delete=models.CASCADE, related_name="values", verbose_name=_("column")
    )
    as_printed = models.TextField(_("as printed"))
    value = models.DecimalField(
        _("value"), max_digits=20, decimal_places=6, null=True, blank=True, help_text=_("Empty for words.")
    )
    note = models.TextField(_("editor’s note"), blank=True)

    objects = ExportQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["row__order", "column__order"]
        verbose_name = _("value")
        verbose_name_plural = _("values")
        constraints = [models.UniqueConstraint(fields=["row", "column"], name="one_value_a_cell")]

    def __str__(self):
        return self.as_printed

    def clean(self):
        super().clean()
        clean_value(self.value)
        row, column = (related(self, name) for name in ("row", "column"))
        if row and column and row.table_id != column.table_id:
            raise ValidationError({"column": _("Row and column belong to two tables.")})


class TableRelation(SlugKey, models.Model):
    """What a table implies of itself: that a line is the sum, difference, ratio or share of others.

    ``result`` and ``operands`` name lines of one axis by their keys; the relation holds in every line of the
    other axis, or in those that ``only`` names.
    """

    class Axis(models.TextChoices):
        ROWS = "rows", _("a row of other rows")
        COLUMNS = "columns", _("a column of other columns")

    class Kind(models.TextChoices):
        SUM = "sum", _("sum of the operands")
        DIFFERENCE = "difference", _("first operand less second")
        RATIO = "ratio", _("first operand over second")
        PERCENTAGE = "percentage", _("first operand in percent of second")
        GROWTH = "growth", _("growth in percent from first operand to second")
        SHARE = "share", _("operand in percent of its own value in the line “whole”")

    table = models.ForeignKey(
        PrintedTable, on_delete=models.CASCADE, related_name="relations", verbose_name=_("table")
    )
    slug = models.SlugField(_("slug"), max_length=120, unique=True)
    axis = models.CharField(_("axis"), max_length=10, choices=Axis.choices)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    result = models.CharField(_("result"), max_length=60, help_text=_("The key of a line."))
    operands = models.CharField(
        _("operands"), max_length=500, help_text=_("Keys of lines, separated by spaces.")
    )
    whole = models.CharField(
        _("whole"),
        max_length=60,
        blank=True,
        help_text=_("For a share: the key of a line of the other axis."),
    )
    only = models.CharField(
        _("only in"),
        max_length=500,
        blank=True,
        help_text=_("Keys of lines of the other axis; empty for all."),
    )
    note = models.TextField(_("explanation"), blank=True)

    objects = SlugQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["table", "slug"]
        verbose_name = _("relation")
        verbose_name_plural = _("relations")

    def __str__(self):
        return f"{self.result} = {self.get_kind_display()} ({self.operands})"

    def clean(self):
        """Raise ValidationError, naming the field, if a key is not one of the table's, or one too many."""
        super().clean()
        if self.table_id is None:
            raise ValidationError(_("Save the table with its rows and columns first."))
        if related(self, "table") is None:
            return
        lines = (self.table.rows.all(), self.table.columns.all())
        unknown = self.unknown_keys(*({line.key for line in part} for part in lines))
        errors = {
            field: _("The table has no such line: %(keys)s") % {"keys": ", ".join(keys)}
            for field, keys in unknown.items()
        }
        number = len(self.operands.split())
        if self.kind == self.Kind.SUM and number < 2:
            errors.setdefault("operands", _("Name two lines or more, separated by spaces."))
        elif self.kind == self.Kind.SHARE and number != 1:
            errors.setdefault("operands", _("Name one line."))
        elif self.kind not in (self.Kind.SUM, self.Kind.SHARE) and number != 2:
            errors.setdefault("operands", _("Name two lines, separated by a space."))
        if self.result in self.operands.split():
            errors.setdefault("operands", _("A line cannot be made of itself."))
        if self.kind == self.Kind.SHARE and not self.whole:
            errors["whole"] = _("A share needs the line of its whole.")
        if errors:
            raise ValidationError(errors)

    def unknown_keys(self, rows, columns):
        """Return {field: keys} of the keys it names that are none of these row and column keys."""
        along, across = (rows, columns) if self.axis == self.Axis.ROWS else (columns, rows)
        named = {
            "result": ([self.result], along),
            "operands": (self.operands.split(), along),
            "whole": (self.whole.split(), across),
            "only": (self.only.split(), across),
        }
        return {
            field: sorted({*keys} - known)
            for field, (keys, known) in named.items()
            if not known.issuperset(keys)
        }


class Discrepancy(SlugKey, Sourced):
    """Two readings that do not fit: what one place prints and another. Nothing is corrected in silence.

    ``document``, ``locator`` and ``as_printed`` are the first reading, ``note`` the explanation.
    """

    class Kind(models.TextChoices):
        TOTAL = "total", _("totals that do not add up")
        COUNT = "count", _("counts that differ from their list")
        FIGURE = "figure", _("figures that differ")
        DATE = "date", _("dates that differ")
        NAME = "name", _("names and spellings")
        LAYOUT = "layout", _("rows that slid, cells that merged")
        LOST = "lost", _("printed as a picture only")

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=200)
    other_document = models.ForeignKey(
        Document,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("document of the other reading"),
    )
    other_locator = models.CharField(_("locator of the other reading"), max_length=200, blank=True)
    other_as_printed = models.TextField(_("other reading as printed"), blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    public_columns = {
        "slug": "slug",
        "kind": "kind",
        "title": "title",
        "other_document": "other_document__slug",
        "other_locator": "other_locator",
        "other_as_printed": "other_as_printed",
        **SOURCE_COLUMNS,
    }
    objects = ExportQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["kind", "order", "slug"]
        verbose_name = _("discrepancy")
        verbose_name_plural = _("discrepancies")

    def __str__(self):
        return self.title
