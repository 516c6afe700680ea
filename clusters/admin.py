"""The admins of sectors and mini clusters."""

from django.contrib import admin

from portal.base_admin import NamedAdmin

from .models import MiniCluster, Sector


@admin.register(Sector)
class SectorAdmin(NamedAdmin):
    list_display = ["name", "name_ko", "slug", "description", "order"]
    search_fields = [*NamedAdmin.search_fields, "description"]


@admin.register(MiniCluster)
class MiniClusterAdmin(NamedAdmin):
    list_display = ["name", "name_ko", "edition", "number", "hub", "telephone", "office"]
    search_fields = [
        *NamedAdmin.search_fields,
        "hub__name",
        "hub__name_ko",
        "complexes__name",
        "telephone",
        "url",
        "as_printed",
        "note",
    ]
    list_filter = ["edition", "sectors", "hub__seat__province__zone", "hub", "document"]
    list_select_related = ["hub", "office"]
