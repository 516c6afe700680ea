"""The admin of support programmes."""

from django.contrib import admin

from portal.base_admin import RecordAdmin

from .models import SupportProgram


@admin.register(SupportProgram)
class SupportProgramAdmin(RecordAdmin):
    list_display = [
        "programme",
        "item",
        "category",
        "cap_krw",
        "per_case",
        "rate_sme",
        "rate_middle",
        "rate_large",
        "min_companies",
    ]
    search_fields = ["programme", "item", "details", "slug", "as_printed", "note"]
    list_filter = ["category", "per_case", "min_companies", "document"]
    prepopulated_fields = {"slug": ["programme", "item"]}
