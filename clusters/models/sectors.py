"""Sectors, our own taxonomy, and what the documents tell of them: market, cooperation, policy."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from portal.base.addresses import address
from portal.base.querysets import SlugQuerySet
from portal.models import Named, SlugKey, Sourced

from ..contrast import readable_on_dark, readable_on_light
from ..shapes import Shape, path


class Family(Named):
    """A family of sectors: what gives their marks colour and shape on a map. Editorial.

    A mark is told by colour and by shape, so that neither alone carries the meaning.
    """

    colour = models.CharField(
        _("colour"),
        max_length=7,
        validators=[readable_on_light],
        help_text=_("On light ground and on paper, as #1e4c9c."),
    )
    colour_dark = models.CharField(
        _("colour in the dark scheme"),
        max_length=7,
        validators=[readable_on_dark],
        help_text=_("As #93b6f6."),
    )
    shape = models.CharField(_("shape"), max_length=10, choices=Shape.choices, unique=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = SlugQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["order", "name"]
        verbose_name = _("family of sectors")
        verbose_name_plural = _("families of sectors")

    def path(self, radius):
        """Return the "d" attribute that draws a mark of the family as large as a circle of this radius."""
        return path(self.shape, radius)


class Sector(Named):
    """One of our own sectors: editorial, many-to-many over mini clusters and complexes."""

    family = models.ForeignKey(
        Family,
        on_delete=models.PROTECT,
        null=True,
        related_name="sectors",
        verbose_name=_("family"),
    )
    description = models.TextField(_("what it covers"), blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = SlugQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["order", "name"]
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")

    def get_absolute_url(self):
        return address("clusters:sector", self.slug)


class SectorPassage(SlugKey, Sourced):
    """What a document says of sectors, in our own words."""

    class Kind(models.TextChoices):
        MARKET = "market", _("Market")
        COOPERATION = "cooperation", _("Cooperation with Europe")
        POLICY = "policy", _("Policy")

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    sectors = models.ManyToManyField(Sector, related_name="passages", verbose_name=_("sectors"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    text = models.TextField(_("text"), help_text=_("In our own words; a blank line between paragraphs."))
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = SlugQuerySet.as_manager()
    history = HistoricalRecords(m2m_fields=[sectors])

    class Meta:
        ordering = ["kind", "order", "slug"]
        verbose_name = _("passage on a sector")
        verbose_name_plural = _("passages on sectors")

    def __str__(self):
        return self.slug


class NaceDivision(SlugKey, models.Model):
    """A division of NACE Rev. 2 that comes nearest to one of our sectors. Editorial."""

    slug = models.SlugField(_("slug"), max_length=20, unique=True)
    code = models.CharField(_("code"), max_length=5)
    name = models.CharField(_("name"), max_length=200)
    sectors = models.ManyToManyField(Sector, related_name="nace_divisions", verbose_name=_("sectors"))

    objects = SlugQuerySet.as_manager()
    history = HistoricalRecords(m2m_fields=[sectors])

    class Meta:
        ordering = ["code"]
        verbose_name = _("NACE division")
        verbose_name_plural = _("NACE divisions")

    def __str__(self):
        return f"{self.code} {self.name}"
