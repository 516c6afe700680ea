"""Regions of three kinds, industrial complexes with their printed designations, hubs, and KICOX offices."""

from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from simple_history.models import HistoricalRecords

from portal.base.addresses import address
from portal.base.querysets import Many, PairQuerySet, SlugQuerySet
from portal.models import (
    PERCENT,
    SOURCE_COLUMNS,
    YEAR,
    Document,
    Located,
    Named,
    PairKey,
    Sourced,
    point_columns,
    related,
)

from .querysets import IndustrialComplexQuerySet, RoleQuerySet


class PanRegion(Named, Sourced):
    """One of the 5+2 pan-regional economic zones of 2010 (report-2010, chapter 5.1). Figures of 2007."""

    vision = models.CharField(_("vision"), max_length=200)
    specialised_industries = models.CharField(_("specialised industries"), max_length=200)
    figures_year = models.PositiveSmallIntegerField(_("year of the figures"), default=2007, validators=YEAR)
    population = models.PositiveIntegerField(_("population"), help_text=_("Persons."))
    population_share = models.DecimalField(
        _("share of population (%)"), max_digits=4, decimal_places=1, validators=PERCENT
    )
    grdp_usd_billion = models.DecimalField(_("GRDP (USD billion)"), max_digits=7, decimal_places=2)
    grdp_share = models.DecimalField(
        _("share of GRDP (%)"), max_digits=4, decimal_places=1, validators=PERCENT
    )
    large_company_share = models.DecimalField(
        _("share of companies with more than 500 employees (%)"),
        max_digits=4,
        decimal_places=1,
        validators=PERCENT,
    )
    patent_share = models.DecimalField(
        _("share of patent registrations (%)"), max_digits=4, decimal_places=1, validators=PERCENT
    )
    researcher_share = models.DecimalField(
        _("share of researchers (%)"),
        max_digits=4,
        decimal_places=1,
        null=True,
        blank=True,
        validators=PERCENT,
        help_text=_("Empty where the document gives none (Honam)."),
    )
    space_connection = models.TextField(_("direction: space connection"), blank=True)
    agency_connection = models.TextField(_("direction: agency connection"), blank=True)
    functional_connection = models.TextField(_("direction: functional connection"), blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = SlugQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["order", "name"]
        verbose_name = _("pan-region")
        verbose_name_plural = _("pan-regions")

    def get_absolute_url(self):
        return address("pan_region", self.slug)

    @property
    def population_million(self):
        """Return the population in millions, to two places, as the report gives it."""
        return f"{self.population / 1_000_000:.2f}"


class Zone(Named, Sourced):
    """One of the 11 zones of 2016, each with one regional headquarters (briefing-2016, Figure 15)."""

    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = SlugQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["order", "name"]
        verbose_name = _("zone")
        verbose_name_plural = _("zones")

    def get_absolute_url(self):
        return address("zone", self.slug)


class Province(Named, Sourced):
    """A first-level division (시도). Both groupings of regions are sums of provinces."""

    pan_region = models.ForeignKey(
        PanRegion, on_delete=models.PROTECT, related_name="provinces", verbose_name=_("pan-region")
    )
    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="provinces", verbose_name=_("zone"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = SlugQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["order", "name"]
        verbose_name = _("province")
        verbose_name_plural = _("provinces")


class Hub(Named, Sourced):
    """A hub complex, or two printed as one ("Ochang Cheongju"), at which mini clusters are run."""

    seat = models.ForeignKey(
        "IndustrialComplex",
        on_delete=models.PROTECT,
        related_name="seat_of",
        verbose_name=_("seat"),
        help_text=_("The complex whose point and province stand for the hub."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = SlugQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["order", "name"]
        verbose_name = _("hub")
        verbose_name_plural = _("hubs")

    def get_absolute_url(self):
        """Return the address of the hub's mini clusters, newest known edition first."""
        return reverse("clusters:list") + f"?hub={self.slug}"


class IndustrialComplex(Named, Sourced, Located):
    """A site (산업단지), under one canonical name; the printed spellings are its aliases."""

    class Kind(models.TextChoices):
        NATIONAL = "national", _("national")
        GENERAL = "general", _("general")
        FOREIGN_INVESTMENT = "foreign-investment", _("foreign investment")
        AGRO_INDUSTRIAL = "agro-industrial", _("agro-industrial")

    aliases = models.TextField(
        _("aliases"), blank=True, help_text=_("Every printed spelling, separated by “; ”.")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    members = models.PositiveSmallIntegerField(
        _("members"),
        default=1,
        validators=[MinValueValidator(1)],
        help_text=_("“Haman agro-industrial 7” stands for seven complexes."),
    )
    hub = models.ForeignKey(
        Hub,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="complexes",
        verbose_name=_("hub"),
        help_text=_("The hub it is, or is tied to, in the newest list of hubs."),
    )
    sectors = models.ManyToManyField(
        "clusters.Sector", blank=True, related_name="complexes", verbose_name=_("sectors")
    )

    noun = ngettext_lazy("%(count)d industrial complex", "%(count)d industrial complexes", "count")
    public_columns = {
        "slug": "slug",
        "name": "name",
        "name_ko": "name_ko",
        "aliases": "aliases",
        "kind": "kind",
        "members": "members",
        "province": "province__slug",
        "municipality": "municipality",
        "zone": "province__zone__slug",
        "pan_region": "province__pan_region__slug",
        "hub": "hub__slug",
        "roles": Many("designations__role__slug", ("designations__year", "designations__role__slug")),
        "sectors": Many("sectors__slug", ("sectors__order",)),
        **point_columns(),
        **SOURCE_COLUMNS,
    }
    objects = IndustrialComplexQuerySet.as_manager()
    history = HistoricalRecords(m2m_fields=[sectors])

    class Meta:
        ordering = ["name", "slug"]
        verbose_name = _("industrial complex")
        verbose_name_plural = _("industrial complexes")
        # What is in view on the map.
        indexes = [models.Index(fields=["latitude", "longitude"], name="complex_point")]

    def get_absolute_url(self):
        return address("complexes:detail", self.slug)

    @property
    def kind_label(self):
        """Return the kind in words; Django's own way to say it takes ten times as long."""
        return self.Kind(self.kind).label

    def get_map_url(self):
        return f"{reverse('map')}?show=complexes&slug={self.slug}"


class Role(Named):
    """What a printed list makes of the complexes in it: that they are hubs, or pilots, or just listed."""

    class Kind(models.TextChoices):
        """What the list is of."""

        COMPLEXES = "complexes", _("complexes")
        TARGETS = "targets", _("complexes chosen for the programme")
        HUBS = "hubs", _("hubs")
        CONNECTED = "connected", _("complexes connected to a hub")

    year = models.PositiveSmallIntegerField(_("year"), validators=YEAR)
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, related_name="+", verbose_name=_("document")
    )
    kind = models.CharField(_("kind of list"), max_length=20, choices=Kind.choices)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = RoleQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["order", "year", "slug"]
        verbose_name = _("role")
        verbose_name_plural = _("roles")


class Designation(PairKey, Sourced):
    """A complex's entry in one printed list."""

    complex = models.ForeignKey(
        IndustrialComplex, on_delete=models.CASCADE, related_name="designations", verbose_name=_("complex")
    )
    role = models.ForeignKey(
        Role, on_delete=models.PROTECT, related_name="designations", verbose_name=_("role")
    )
    year = models.PositiveSmallIntegerField(_("year"), validators=YEAR)
    industry = models.CharField(_("industry"), max_length=100, blank=True)

    key_fields = ("complex", "role")
    objects = PairQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["year", "role__slug"]
        verbose_name = _("designation")
        verbose_name_plural = _("designations")
        constraints = [
            models.UniqueConstraint(fields=["complex", "role"], name="one_designation_per_complex_and_role")
        ]

    def __str__(self):
        # In the history of one that went with its complex.
        name = related(self, "complex") or _("a complex that is gone")
        return f"{name}: {related(self, 'role') or _('a role that is gone')}"


class Office(Named, Sourced, Located):
    """A KICOX office with its postal address as printed (report-2010, Mini Cluster List)."""

    address = models.TextField(_("address"))

    objects = SlugQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]
        verbose_name = _("office")
        verbose_name_plural = _("offices")
