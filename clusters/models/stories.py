"""Success stories (report-2010, chapter IV), retold in our own words."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from simple_history.models import HistoricalRecords

from portal.base.addresses import address
from portal.base.querysets import Many, SlugQuerySet
from portal.models import (
    MONTH,
    SOURCE_COLUMNS,
    YEAR,
    SlugKey,
    Sourced,
    clean_period,
    clean_value,
    point_columns,
)

from ..querysets import SuccessStoryQuerySet
from .sectors import Sector


class SuccessStory(SlugKey, Sourced):
    """A project that the report tells as a success. Its place is the seat of its hub."""

    class Theme(models.TextChoices):
        NETWORKS = "networks", _("Networking")
        PAN_REGIONAL = "pan-regional", _("Innovation across pan-regions")
        GLOBAL = "global", _("Global competence")
        COLLABORATION = "collaboration", _("Working together")
        RESPONSIBILITY = "responsibility", _("Social responsibility")

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=200)
    theme = models.CharField(_("theme"), max_length=20, choices=Theme.choices)
    summary = models.CharField(_("summary"), max_length=300)
    text = models.TextField(_("text"), help_text=_("In our own words; a blank line between paragraphs."))
    period_as_printed = models.CharField(_("period as printed"), max_length=100, blank=True)
    start_year = models.PositiveSmallIntegerField(_("first year"), null=True, blank=True, validators=YEAR)
    start_month = models.PositiveSmallIntegerField(_("first month"), null=True, blank=True, validators=MONTH)
    end_year = models.PositiveSmallIntegerField(_("last year"), null=True, blank=True, validators=YEAR)
    end_month = models.PositiveSmallIntegerField(_("last month"), null=True, blank=True, validators=MONTH)
    hub = models.ForeignKey(
        "complexes.Hub", on_delete=models.PROTECT, related_name="stories", verbose_name=_("hub")
    )
    complexes = models.ManyToManyField(
        "complexes.IndustrialComplex", blank=True, related_name="stories", verbose_name=_("complexes")
    )
    sectors = models.ManyToManyField(Sector, related_name="stories", verbose_name=_("sectors"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    noun = ngettext_lazy("%(count)d success story", "%(count)d success stories", "count")
    public_columns = {
        "slug": "slug",
        "title": "title",
        "theme": "theme",
        "summary": "summary",
        "text": "text",
        "hub": "hub__slug",
        "complexes": Many("complexes__slug", ("complexes__name", "complexes__slug")),
        "sectors": Many("sectors__slug", ("sectors__order",)),
        "actors": Many("actors__name", ("actors__order",)),
        # "Employees after: 92 employees; …", which ``exported`` fills.
        "key_figures": None,
        "start_year": "start_year",
        "start_month": "start_month",
        "end_year": "end_year",
        "end_month": "end_month",
        "period_as_printed": "period_as_printed",
        **point_columns("hub__seat__"),
        **SOURCE_COLUMNS,
        # What a GeoJSON or KML reader takes for the name of a place.
        "name": "title",
    }
    objects = SuccessStoryQuerySet.as_manager()
    history = HistoricalRecords(m2m_fields=[complexes, sectors])

    class Meta:
        ordering = ["order", "slug"]
        verbose_name = _("success story")
        verbose_name_plural = _("success stories")

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return address("clusters:story", self.slug)

    def clean(self):
        super().clean()
        clean_period((self.start_year, self.start_month), (self.end_year, self.end_month))

    @property
    def years(self):
        """Return the years it lasted, as "2010" or "2009–2010"; empty where none is printed."""
        return "–".join(dict.fromkeys(str(year) for year in (self.start_year, self.end_year) if year))


class StoryActor(SlugKey, models.Model):
    """A company or institution that the story names, and what it did there."""

    class Kind(models.TextChoices):
        COMPANY = "company", _("company")
        UNIVERSITY = "university", _("university")
        INSTITUTE = "institute", _("research institute")
        AGENCY = "agency", _("agency or association")
        GOVERNMENT = "government", _("government")
        GROUP = "group", _("special interest group")
        PERSON = "person", _("expert")

    slug = models.SlugField(_("slug"), max_length=120, unique=True)
    story = models.ForeignKey(
        SuccessStory, on_delete=models.CASCADE, related_name="actors", verbose_name=_("story")
    )
    name = models.CharField(_("name"), max_length=200, help_text=_("As printed."))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    part = models.CharField(_("part in it"), max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = SlugQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["story", "order", "slug"]
        verbose_name = _("actor")
        verbose_name_plural = _("actors")

    def __str__(self):
        return self.name


class StoryFigure(SlugKey, models.Model):
    """A key figure of a story: the print, and the number that it is."""

    slug = models.SlugField(_("slug"), max_length=120, unique=True)
    story = models.ForeignKey(
        SuccessStory, on_delete=models.CASCADE, related_name="figures", verbose_name=_("story")
    )
    label = models.CharField(_("what it counts"), max_length=200)
    as_printed = models.CharField(_("as printed"), max_length=100)
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=6, null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=60, blank=True)
    expected = models.BooleanField(_("expected, not reached"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = SlugQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["story", "order", "slug"]
        verbose_name = _("key figure")
        verbose_name_plural = _("key figures")

    def __str__(self):
        return f"{self.label}: {self.as_printed} {self.unit_left_out}".rstrip()

    def clean(self):
        super().clean()
        clean_value(self.value)

    @property
    def unit_left_out(self):
        """Return the words of the unit that the print does not say: "dollars" beside "9.34 million"."""
        printed = self.as_printed.lower()
        return " ".join(word for word in self.unit.split() if word.lower().removesuffix("s") not in printed)
