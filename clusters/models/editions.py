"""Editions: the printed lists of mini clusters, one after the other."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from portal.models import YEAR, PrintedList, SlugKey, Sourced

from ..querysets import EditionQuerySet


class Edition(SlugKey, Sourced):
    """One printed list of the mini clusters: its year, where it is printed, which zones can be read in it.

    The newest is that of the latest year and, within a year, of the highest order. For every zone, the newest
    edition that is legible there is what lists and maps show unless asked otherwise.
    """

    slug = models.SlugField(_("slug"), max_length=40, unique=True, help_text=_("As in addresses: “2016”."))
    year = models.PositiveSmallIntegerField(_("year"), validators=YEAR)
    order = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("Of several lists of one year, the highest is the newest.")
    )
    printed_list = models.ForeignKey(
        PrintedList,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="editions",
        verbose_name=_("printed list"),
        help_text=_("Where the stated number of mini clusters stands beside the printed one."),
    )
    zones = models.ManyToManyField(
        "complexes.Zone",
        related_name="editions",
        verbose_name=_("zones"),
        help_text=_("Those whose mini clusters the list covers and that can be read."),
    )
    pictured_zones = models.ManyToManyField(
        "complexes.Zone",
        blank=True,
        related_name="pictured_editions",
        verbose_name=_("zones printed as a picture"),
        help_text=_("Those whose list is a picture only, so that its names are lost."),
    )
    lists_agro_industrial = models.BooleanField(
        _("lists agro-industrial mini clusters"),
        default=True,
        help_text=_("Off where the list leaves them out although there were some."),
    )

    objects = EditionQuerySet.as_manager()
    history = HistoricalRecords(m2m_fields=[zones, pictured_zones])

    class Meta:
        # The newest first.
        ordering = ["-year", "-order", "slug"]
        constraints = [models.UniqueConstraint(fields=["year", "order"], name="one_edition_a_year_and_order")]
        verbose_name = _("edition")
        verbose_name_plural = _("editions")

    def __str__(self):
        return self.slug

    @property
    def age(self):
        """Return what sorts editions: the newer has the higher."""
        return self.year, self.order

    def is_before(self, other):
        """Return whether this edition is older than the other."""
        return self.age < other.age
