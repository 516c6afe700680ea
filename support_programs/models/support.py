"""Support programmes: the lines of the briefing's Figure 16."""

from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy
from simple_history.models import HistoricalRecords

from portal.korea import named
from portal.models import PERCENT, SOURCE_COLUMNS, SlugKey, Sourced

from ..querysets import SupportProgramQuerySet


class SupportProgram(SlugKey, Sourced):
    """A line of Figure 16: what is paid, how much (KRW), at which rate (percent), on what condition."""

    class Category(models.TextChoices):
        RBD_SUPPORT = "rbd-support", _("R&BD support")
        RBD_PROMOTION = "rbd-promotion", _("R&BD promotion")

    class Size(models.TextChoices):
        SME = "sme", _("SME")
        MIDDLE = "middle", _("middle-standing company")
        LARGE = "large", _("large corporation")

    class Purpose(models.TextChoices):
        """What a firm wants the money for: our own grouping of the lines, not the document's."""

        DEVELOPMENT = "development", _("Developing a product, technology or brand")
        TRANSFER = "transfer", _("Taking over a technology")
        PROTOTYPE = "prototype", _("Making a prototype")
        PROPERTY = "property", _("Patents and utility models")
        MARKETING = "marketing", _("Marketing and exhibitions")
        CERTIFICATES = "certificates", _("Certificates from abroad")
        TRAINING = "training", _("Training employees")
        PLANNING = "planning", _("Planning an R&D project, with consulting")
        IDEA = "idea", _("An idea of a mini cluster")

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    category = models.CharField(_("category"), max_length=20, choices=Category.choices)
    programme = models.CharField(_("programme"), max_length=200)
    item = models.CharField(_("item"), max_length=200, blank=True)
    details = models.CharField(_("details"), max_length=300, blank=True)
    cap_krw = models.PositiveBigIntegerField(named(_("cap (%(currency)s)")), null=True, blank=True)
    per_case = models.BooleanField(_("per case"), default=False, help_text=_("Otherwise per year."))
    rate_sme = models.PositiveSmallIntegerField(
        _("rate for SMEs (%)"), null=True, blank=True, validators=PERCENT
    )
    rate_middle = models.PositiveSmallIntegerField(
        _("rate for middle-standing companies (%)"), null=True, blank=True, validators=PERCENT
    )
    rate_large = models.PositiveSmallIntegerField(
        _("rate for large corporations (%)"), null=True, blank=True, validators=PERCENT
    )
    min_companies = models.PositiveSmallIntegerField(
        _("required number of companies"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    purpose = models.CharField(
        _("what for"),
        max_length=20,
        choices=Purpose.choices,
        blank=True,
        help_text=_("Editorial: what the finder asks."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    noun = ngettext_lazy("%(count)d support programme", "%(count)d support programmes", "count")
    # ``cap_krw`` is in won, the rates are percent of the cost; None where the figure prints nothing.
    public_columns = {
        name: name
        for name in (
            "slug",
            "category",
            "programme",
            "item",
            "details",
            "cap_krw",
            "per_case",
            "rate_sme",
            "rate_middle",
            "rate_large",
            "min_companies",
        )
    } | {**SOURCE_COLUMNS, "purpose": "purpose"}
    objects = SupportProgramQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["order", "slug"]
        verbose_name = _("support programme")
        verbose_name_plural = _("support programmes")

    def __str__(self):
        return f"{self.programme}: {self.item}" if self.item else self.programme

    def get_absolute_url(self):
        return reverse("support_programs:detail", args=[self.slug])

    @property
    def companies_in_words(self):
        """Return how many firms must apply together; empty where no number is printed."""
        if self.min_companies is None:
            return ""
        return ngettext(
            "%(n)d company or more", "%(n)d companies or more, applying together", self.min_companies
        ) % {"n": self.min_companies}

    @property
    def has_one_rate(self):
        """Return whether one printed rate holds for companies of every size."""
        return self.rate_sme is not None and self.rate_sme == self.rate_middle == self.rate_large
