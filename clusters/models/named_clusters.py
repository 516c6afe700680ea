"""The clusters that the documents name beside the mini clusters."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from simple_history.models import HistoricalRecords

from portal.base.addresses import address
from portal.base.querysets import Many
from portal.models import SOURCE_COLUMNS, Located, Named, Sourced, point_columns

from ..querysets import NamedClusterQuerySet
from .sectors import Sector


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

    noun = ngettext_lazy("%(count)d other cluster", "%(count)d other clusters", "count")
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
        return address("clusters:named", self.slug)
