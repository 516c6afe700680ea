"""The admins of printed tables: a table with its rows, columns and relations, a row with its values."""

from django.contrib import admin

from portal.base.admin import RecordAdmin, RecordTable
from support_programs.models import PrintedTable, TableColumn, TableRelation, TableRow, TableValue

LINE_FIELDS = ["slug", "group", "label", "unit", "charted", "order", "complex", "pan_region"]


class TableRowInline(RecordTable):
    model = TableRow
    fields = LINE_FIELDS
    autocomplete_fields = ["complex", "pan_region"]


class TableColumnInline(RecordTable):
    model = TableColumn
    fields = LINE_FIELDS
    autocomplete_fields = ["complex", "pan_region"]


class TableRelationInline(RecordTable):
    model = TableRelation
    fields = ["slug", "axis", "kind", "result", "operands", "whole", "only", "note"]


class TableValueInline(RecordTable):
    model = TableValue
    fields = ["slug", "column", "as_printed", "value", "note"]
    autocomplete_fields = ["column"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("column")


@admin.register(PrintedTable)
class PrintedTableAdmin(RecordAdmin):
    list_display = ["title", "topic", "content", "unit", "chart", "document", "order"]
    search_fields = ["title", "slug", "remark", "locator", "note"]
    list_filter = ["topic", "content", "chart", "part", "document"]
    list_select_related = ["document"]
    prepopulated_fields = {"slug": ["title"]}
    inlines = [TableColumnInline, TableRowInline, TableRelationInline]


class TableLineAdmin(RecordAdmin):
    list_display = ["label", "group", "table", "unit", "charted", "order"]
    search_fields = ["label", "group", "slug", "table__title"]
    list_filter = ["table"]
    list_select_related = ["table"]


@admin.register(TableRow)
class TableRowAdmin(TableLineAdmin):
    inlines = [TableValueInline]


@admin.register(TableColumn)
class TableColumnAdmin(TableLineAdmin):
    pass


@admin.register(TableValue)
class TableValueAdmin(RecordAdmin):
    list_display = ["as_printed", "value", "row", "column"]
    search_fields = ["as_printed", "slug", "note"]
    list_select_related = ["row", "column"]


@admin.register(TableRelation)
class TableRelationAdmin(RecordAdmin):
    list_display = ["table", "axis", "kind", "result", "operands"]
    search_fields = ["slug", "result", "operands", "table__title", "note"]
    list_filter = ["kind"]
    list_select_related = ["table"]
