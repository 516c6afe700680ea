"""Mini clusters, as the printed editions have them."""

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from simple_history.models import HistoricalRecords

from portal.base.addresses import address
from portal.base.querysets import Many
from portal.models import SOURCE_COLUMNS, Named, Sourced, point_columns, related

from ..querysets import MiniClusterQuerySet
from .editions import Edition
from .sectors import Sector


class MiniCluster(Named, Sourced):
    """A small industry-university-institute alliance at a hub, as one edition prints it.

    It has no place of its own: region and point are those of its hub's seat.
    """

    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, related_name="mini_clusters", verbose_name=_("edition")
    )
    number = models.PositiveSmallIntegerField(
        _("number"), help_text=_("Its place in the printed list, from 1.")
    )
    hub = models.ForeignKey(
        "complexes.Hub", on_delete=models.PROTECT, related_name="mini_clusters", verbose_name=_("hub")
    )
    complexes = models.ManyToManyField(
        "complexes.IndustrialComplex",
        blank=True,
        related_name="mini_clusters",
        verbose_name=_("complexes"),
    )
    sectors = models.ManyToManyField(Sector, related_name="mini_clusters", verbose_name=_("sectors"))
    agro_industrial = models.BooleanField(
        _("agro-industrial"),
        default=False,
        help_text=_("Whether it is printed as one of an agro-industrial complex."),
    )
    url = models.URLField(_("web address"), blank=True, help_text=_("As printed; an address of that time."))
    telephone = models.CharField(_("telephone"), max_length=30, blank=True)
    office = models.ForeignKey(
        "complexes.Office",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="mini_clusters",
        verbose_name=_("office"),
    )

    noun = ngettext_lazy("%(count)d mini cluster", "%(count)d mini clusters", "count")
    public_columns = {
        "slug": "slug",
        "edition": "edition__year",
        "name": "name",
        "name_ko": "name_ko",
        "zone": "hub__seat__province__zone__slug",
        "pan_region": "hub__seat__province__pan_region__slug",
        "province": "hub__seat__province__slug",
        "hub": "hub__slug",
        "complexes": Many("complexes__slug", ("complexes__name", "complexes__slug")),
        "sectors": Many("sectors__slug", ("sectors__order",)),
        "url": "url",
        "telephone": "telephone",
        "office": "office__name",
        "address": "office__address",
        **point_columns("hub__seat__"),
        **SOURCE_COLUMNS,
        "continues": Many(
            "predecessors__earlier__slug", ("predecessors__earlier__edition", "predecessors__earlier__number")
        ),
        "continued_by": Many(
            "successors__later__slug", ("successors__later__edition", "successors__later__number")
        ),
        # What the queryset computes, see ``with_statuses``.
        "status_before": "status_before",
        "status_after": "status_after",
    }
    objects = MiniClusterQuerySet.as_manager()
    history = HistoricalRecords(m2m_fields=[complexes, sectors])

    class Meta:
        # The newest edition first, as editions are ordered.
        ordering = ["edition", "number"]
        verbose_name = _("mini cluster")
        verbose_name_plural = _("mini clusters")
        constraints = [models.UniqueConstraint(fields=["edition", "number"], name="one_number_per_edition")]

    def get_absolute_url(self):
        return address("clusters:detail", self.slug)

    def clean(self):
        """Raise ValidationError for "hub" if the edition does not cover its zone: no page would show it."""
        super().clean()
        edition, hub = (related(self, name) for name in ("edition", "hub"))
        if edition and hub and not edition.zones.filter(provinces=hub.seat.province_id).exists():
            zone = hub.seat.province.zone
            raise ValidationError(
                {
                    "hub": _("The edition %(edition)s does not cover its zone, %(zone)s.")
                    % {"edition": edition, "zone": zone}
                }
            )

    def get_map_url(self):
        return f"{reverse('map')}?hub={self.hub.slug}&edition={self.edition.slug}"

    @property
    def citation_title(self):
        return f"{self.name}, {self.hub.name} ({self.edition})"
