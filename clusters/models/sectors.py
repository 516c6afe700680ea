"""What the documents tell of a sector: its market, cooperation in it, and the other clusters they name."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from portal.models import SOURCE_COLUMNS, Located, Named, SlugKey, Sourced, point_columns
from portal.querysets import Many, SlugQuerySet

from ..querysets import NamedClusterQuerySet
from .mini_clusters import Sector


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


class NamedCluster(Named, Sourced, Located):
    """A cluster that a document names beside the mini clusters: Foodpolis, Osong, Daedeok Innopolis.

    Its point is editorial, as all are.
    """

    place = models.CharField(_("place as printed"), max_length=200, blank=True)
    text = models.TextField(_("what is told of it"), blank=True)
    url = models.URLField(
        _("web address"),
        max_length=300,
        blank=True,
        help_text=_("As printed; an address of that time. It is never fetched."),
    )
    sectors = models.ManyToManyField(
        Sector, blank=True, related_name="named_clusters", verbose_name=_("sectors")
    )

    public_columns = {
        "slug": "slug",
        "name": "name",
        "name_ko": "name_ko",
        "place": "place",
        "province": "province__slug",
        "municipality": "municipality",
        "sectors": Many("sectors__slug", ("sectors__order",)),
        "text": "text",
        "url": "url",
        **point_columns(),
        **SOURCE_COLUMNS,
    }
    objects = NamedClusterQuerySet.as_manager()
    history = HistoricalRecords(m2m_fields=[sectors])

    class Meta:
        ordering = ["name", "slug"]
        verbose_name = _("other cluster")
        verbose_name_plural = _("other clusters")

    def get_absolute_url(self):
        return reverse("clusters:named", args=[self.slug])
