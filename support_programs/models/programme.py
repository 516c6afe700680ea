"""The programme's story: what it is, how it came about, what else there was, and who took part."""

import calendar
import re

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from simple_history.models import HistoricalRecords

from portal.korea import named
from portal.models import MONTH, SOURCE_COLUMNS, YEAR, Named, SlugKey, Sourced, clean_period

from ..querysets import (
    ClusterProgrammeQuerySet,
    OrganisationQuerySet,
    ProgrammeEventQuerySet,
    ProgrammePassageQuerySet,
)


class ProgrammePassage(SlugKey, Sourced):
    """A piece of the programme's description in our own words: a step, a role, a phase, a law."""

    class Part(models.TextChoices):
        SUMMARY = "summary", _("In short")
        OVERVIEW = "overview", _("The programme")
        BACKGROUND = "background", _("Where it came from")
        STRATEGY = "strategy", _("Vision and strategies")
        PHASES = "phases", _("Phases")
        PROCESS = "process", _("Steps")
        ROLES = "roles", _("Who does what")
        PROJECTS = "projects", _("Kinds of projects")
        LAW = "law", _("Legal basis")
        EVALUATION = "evaluation", _("Evaluation")
        OUTCOME = "outcome", _("What it brought")
        DIRECTION = "direction", _("Where it was to go")
        COOPERATION = "cooperation", _("The programme and its clusters abroad")
        EUROPE = "europe", named(_("%(country_short)s and Europe"))

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    part = models.CharField(_("part"), max_length=20, choices=Part.choices)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    title = models.CharField(_("title"), max_length=200)
    period = models.CharField(_("period"), max_length=60, blank=True, help_text=_("As printed."))
    text = models.TextField(_("text"), help_text=_("In our own words; a blank line between paragraphs."))

    objects = ProgrammePassageQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["part", "order", "slug"]
        verbose_name = _("passage on the programme")
        verbose_name_plural = _("passages on the programme")

    def __str__(self):
        return self.title


class ProgrammeEvent(SlugKey, Sourced):
    """A dated event that a document tells. Two documents that date it differently make two records."""

    class Kind(models.TextChoices):
        POLICY = "policy", _("policy")
        LAW = "law", _("law")
        PROGRAMME = "programme", _("programme")
        COMPLEXES = "complexes", _("complexes and clusters")
        ORGANISATION = "organisation", _("organisation")
        PROJECT = "project", _("project")
        COOPERATION = "cooperation", _("international cooperation")
        ECONOMY = "economy", _("economy and trade")

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"), blank=True)
    year = models.PositiveSmallIntegerField(_("year"), validators=YEAR)
    month = models.PositiveSmallIntegerField(_("month"), null=True, blank=True, validators=MONTH)
    day = models.PositiveSmallIntegerField(
        _("day"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    end_year = models.PositiveSmallIntegerField(_("last year"), null=True, blank=True, validators=YEAR)
    end_month = models.PositiveSmallIntegerField(_("last month"), null=True, blank=True, validators=MONTH)
    date_as_printed = models.CharField(_("date as printed"), max_length=100)
    dated_otherwise = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("dated otherwise"),
        help_text=_("The same event, as another passage dates it."),
    )

    noun = ngettext_lazy("%(count)d event", "%(count)d events", "count")
    public_columns = {
        name: name
        for name in (
            "slug",
            "kind",
            "title",
            "text",
            "year",
            "month",
            "day",
            "end_year",
            "end_month",
            "date_as_printed",
        )
    } | {"dated_otherwise": "dated_otherwise__slug", **SOURCE_COLUMNS}
    objects = ProgrammeEventQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        # An event of which only the year is known comes first in it, on every database.
        ordering = [
            "year",
            models.F("month").asc(nulls_first=True),
            models.F("day").asc(nulls_first=True),
            "slug",
        ]
        verbose_name = _("event")
        verbose_name_plural = _("events")

    def __str__(self):
        return self.title

    def clean(self):
        super().clean()
        clean_period((self.year, self.month), (self.end_year, self.end_month))
        if self.day and not self.month:
            raise ValidationError({"day": _("A day needs its month.")})
        # What is no year or month at all is said beside that field.
        dated = self.day and self.year and self.month in MONTHS
        if dated and self.day > calendar.monthrange(self.year, self.month)[1]:
            words = {"month": in_words(self.year, self.month)}
            raise ValidationError({"day": _("%(month)s has no such day.") % words})

    @property
    def date(self):
        """Return the date in words, as exactly as it is known: "April 2005", "2002–2008"."""
        start = in_words(self.year, self.month, self.day)
        return f"{start}–{in_words(self.end_year, self.end_month)}" if self.end_year else start

    @property
    def decade(self):
        """Return the first year of the decade in which it began: 1990."""
        return self.year // 10 * 10

    @property
    def printed_date(self):
        """Return the date as printed, if it says anything else than ``date``: "since 2008", "4-8 July"."""
        printed = set(re.findall(r"[a-z]+|\d+", self.date_as_printed.lower())) - JOINING_WORDS
        end = as_written(self.end_year, self.end_month) if self.end_year else set()
        same = printed <= as_written(self.year, self.month, self.day) | end and (not end or printed & end)
        return "" if same else self.date_as_printed


JOINING_WORDS = {"and", "between", "from", "in", "to"}


def as_written(year, month=None, day=None):
    """Return every way in which the documents write these: {"2005", "05", "april", "apr", "4", "04"}."""
    ways = {str(year), f"{year % 100:02}"}
    if month:
        ways |= {calendar.month_name[month].lower(), calendar.month_abbr[month].lower()}
    return ways.union(*((str(part), f"{part:02}") for part in (month, day) if part))


def in_words(year, month=None, day=None):
    """Return "2010", "April 2010" or "4 July 2010"."""
    words = f"{MONTHS[month]} {year}" if month else str(year)
    return f"{day} {words}" if day else words


class ClusterProgramme(SlugKey, Sourced):
    """One of Korea's cluster programmes (report-2010, [The Cluster programs in Korea]; Figure 11)."""

    class Kind(models.TextChoices):
        GOVERNMENT = "government-supported", _("government-supported")
        PRIVATE = "privately-led", _("privately led")

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=30, choices=Kind.choices)
    text = models.TextField(_("what it does"))
    budget_usd_million = models.DecimalField(
        _("budget (USD million)"), max_digits=8, decimal_places=1, null=True, blank=True
    )
    budget_year = models.PositiveSmallIntegerField(_("budget of"), null=True, blank=True, validators=YEAR)
    start_year = models.PositiveSmallIntegerField(_("from"), null=True, blank=True, validators=YEAR)
    end_year = models.PositiveSmallIntegerField(_("to"), null=True, blank=True, validators=YEAR)
    place = models.CharField(_("place"), max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    noun = ngettext_lazy("%(count)d cluster programme", "%(count)d cluster programmes", "count")
    public_columns = {
        name: name
        for name in (
            "slug",
            "name",
            "kind",
            "text",
            "budget_usd_million",
            "budget_year",
            "start_year",
            "end_year",
            "place",
        )
    } | SOURCE_COLUMNS
    objects = ClusterProgrammeQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["order", "slug"]
        verbose_name = _("cluster programme")
        verbose_name_plural = _("cluster programmes")

    def __str__(self):
        return self.name

    def clean(self):
        super().clean()
        clean_period((self.start_year, None), (self.end_year, None))


class Organisation(Named, Sourced):
    """A ministry, agency, association or support body that a document names with a role."""

    class Kind(models.TextChoices):
        MINISTRY = "ministry", _("ministry or committee")
        AGENCY = "agency", _("agency or institute")
        ASSOCIATION = "association", _("association")
        SUPPORT = "support", _("support body")
        REGIONAL = "regional", _("regional body")
        EUROPEAN = "european", _("European or international body")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    acronym = models.CharField(_("acronym"), max_length=30, blank=True)
    role = models.TextField(_("role"))
    other_names = models.CharField(_("other names"), max_length=300, blank=True)
    url = models.URLField(
        _("web address"),
        max_length=300,
        blank=True,
        help_text=_("As printed; an address of that time. It is never fetched."),
    )

    noun = ngettext_lazy("%(count)d organisation", "%(count)d organisations", "count")
    public_columns = {
        name: name for name in ("slug", "name", "name_ko", "kind", "acronym", "role", "other_names", "url")
    } | SOURCE_COLUMNS
    objects = OrganisationQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = [Lower("name"), "slug"]
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")

    def get_absolute_url(self):
        """Return its place in the list of organisations."""
        return reverse("support_programs:organisations") + f"#{self.slug}"
