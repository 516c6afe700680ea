"""The admins of regions, industrial complexes with their designations, hubs and offices."""

from django.contrib import admin

from portal.base.admin import FixedSlugAdmin, NamedAdmin, RecordAdmin, RecordInline

from .models import Designation, Hub, IndustrialComplex, Office, PanRegion, Province, Role, Zone


@admin.register(PanRegion)
class PanRegionAdmin(FixedSlugAdmin):
    list_display = ["name", "name_ko", "population", "grdp_usd_billion", "vision", "order"]
    search_fields = [*NamedAdmin.search_fields, "vision", "specialised_industries", "as_printed", "note"]


@admin.register(Zone)
class ZoneAdmin(FixedSlugAdmin):
    list_display = ["name", "name_ko", "document", "order"]
    search_fields = [*NamedAdmin.search_fields, "as_printed", "note"]
    list_select_related = ["document"]


@admin.register(Province)
class ProvinceAdmin(FixedSlugAdmin):
    list_display = ["name", "name_ko", "pan_region", "zone", "order"]
    search_fields = [*NamedAdmin.search_fields, "as_printed", "note"]
    list_filter = ["pan_region", "zone"]
    list_select_related = ["pan_region", "zone"]


@admin.register(Hub)
class HubAdmin(NamedAdmin):
    list_display = ["name", "name_ko", "seat", "province", "order"]
    search_fields = [*NamedAdmin.search_fields, "seat__name", "as_printed", "note"]
    list_filter = ["seat__province"]
    list_select_related = ["seat__province"]

    @admin.display(description=Province._meta.verbose_name, ordering="seat__province__order")
    def province(self, hub):
        return hub.seat.province


class DesignationInline(RecordInline):
    model = Designation
    fields = [("role", "year", "industry"), ("document", "locator"), ("as_printed", "note")]

    def get_queryset(self, request):
        # The heading of each row names the complex.
        return super().get_queryset(request).select_related("complex", "role")


@admin.register(IndustrialComplex)
class IndustrialComplexAdmin(NamedAdmin):
    list_display = ["name", "name_ko", "kind", "province", "municipality", "hub", "location_precision"]
    search_fields = [
        *NamedAdmin.search_fields,
        "aliases",
        "municipality",
        "municipality_ko",
        "neighbourhood_ko",
        "as_printed",
        "note",
    ]
    list_filter = [
        "kind",
        "designations__role",
        "location_precision",
        "sectors",
        "province__zone",
        "province__pan_region",
        "province",
        "hub",
        "document",
    ]
    list_select_related = ["province", "hub"]
    inlines = [DesignationInline]


@admin.register(Designation)
class DesignationAdmin(RecordAdmin):
    list_display = ["complex", "role", "year", "industry", "document", "locator"]
    search_fields = [
        "complex__name",
        "complex__name_ko",
        "complex__aliases",
        "industry",
        "locator",
        "as_printed",
        "note",
    ]
    list_filter = ["role", "complex__kind", "complex__province", "document"]
    list_select_related = ["complex", "role", "document"]


@admin.register(Role)
class RoleAdmin(NamedAdmin):
    list_display = ["name", "name_ko", "year", "kind", "document", "order", "slug"]
    list_filter = ["kind", "document"]
    list_select_related = ["document"]


@admin.register(Office)
class OfficeAdmin(NamedAdmin):
    list_display = ["name", "name_ko", "province", "municipality", "address", "location_precision"]
    search_fields = [*NamedAdmin.search_fields, "address", "municipality", "municipality_ko", "note"]
    list_filter = ["province", "location_precision"]
    list_select_related = ["province"]
