"""The admins of support programmes and of the programme's story."""

from django.contrib import admin

from portal.base.admin import NamedAdmin, RecordAdmin

from .models import (
    ClusterProgramme,
    Discrepancy,
    Organisation,
    ProgrammeEvent,
    ProgrammePassage,
    SupportProgram,
)
from .tables import admin as tables_admin  # noqa: F401 - registers the admins of printed tables


@admin.register(SupportProgram)
class SupportProgramAdmin(RecordAdmin):
    list_display = [
        "programme",
        "item",
        "category",
        "purpose",
        "cap_krw",
        "per_case",
        "rate_sme",
        "rate_middle",
        "rate_large",
        "min_companies",
    ]
    search_fields = ["programme", "item", "details", "slug", "as_printed", "note"]
    list_filter = ["category", "purpose", "per_case", "min_companies", "document"]
    prepopulated_fields = {"slug": ["programme", "item"]}


@admin.register(ProgrammePassage)
class ProgrammePassageAdmin(RecordAdmin):
    list_display = ["title", "part", "period", "order", "document"]
    search_fields = ["title", "text", "slug", "as_printed", "note"]
    list_filter = ["part", "document"]
    list_select_related = ["document"]
    prepopulated_fields = {"slug": ["title"]}


@admin.register(ProgrammeEvent)
class ProgrammeEventAdmin(RecordAdmin):
    list_display = ["title", "date", "date_as_printed", "kind", "document"]
    search_fields = ["title", "text", "slug", "date_as_printed", "as_printed", "note"]
    list_filter = ["kind", "document", "year"]
    list_select_related = ["document"]
    prepopulated_fields = {"slug": ["title"]}


@admin.register(ClusterProgramme)
class ClusterProgrammeAdmin(RecordAdmin):
    list_display = ["name", "kind", "budget_usd_million", "budget_year", "start_year", "end_year", "order"]
    search_fields = ["name", "text", "place", "slug", "as_printed", "note"]
    list_filter = ["kind"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Organisation)
class OrganisationAdmin(NamedAdmin):
    list_display = ["name", "acronym", "name_ko", "kind", "url", "document"]
    search_fields = [*NamedAdmin.search_fields, "acronym", "other_names", "role", "url", "note"]
    list_filter = ["kind", "document"]
    list_select_related = ["document"]


@admin.register(Discrepancy)
class DiscrepancyAdmin(RecordAdmin):
    list_display = ["title", "kind", "document", "locator", "other_document", "other_locator"]
    search_fields = ["title", "slug", "as_printed", "other_as_printed", "note"]
    list_filter = ["kind", "document"]
    list_select_related = ["document", "other_document"]
    prepopulated_fields = {"slug": ["title"]}
