"""The admins of sectors, mini clusters, other clusters and success stories."""

from django.contrib import admin

from portal.base.admin import FixedSlugAdmin, NamedAdmin, RecordAdmin, RecordTable

from .models import (
    MiniCluster,
    NaceDivision,
    NamedCluster,
    Sector,
    SectorPassage,
    StoryActor,
    StoryFigure,
    SuccessStory,
)


@admin.register(Sector)
class SectorAdmin(FixedSlugAdmin):
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


@admin.register(NamedCluster)
class NamedClusterAdmin(NamedAdmin):
    list_display = ["name", "name_ko", "province", "municipality", "location_precision", "url"]
    search_fields = [*NamedAdmin.search_fields, "place", "text", "url", "as_printed", "note"]
    list_filter = ["sectors", "province", "document"]
    list_select_related = ["province"]


@admin.register(SectorPassage)
class SectorPassageAdmin(RecordAdmin):
    list_display = ["slug", "kind", "document", "locator", "order"]
    search_fields = ["slug", "text", "as_printed", "note"]
    list_filter = ["kind", "sectors", "document"]
    list_select_related = ["document"]


@admin.register(NaceDivision)
class NaceDivisionAdmin(RecordAdmin):
    list_display = ["code", "name", "slug"]
    search_fields = ["code", "name", "slug"]
    list_filter = ["sectors"]


class StoryActorInline(RecordTable):
    model = StoryActor
    fields = ["slug", "name", "kind", "part", "order"]


class StoryFigureInline(RecordTable):
    model = StoryFigure
    fields = ["slug", "label", "as_printed", "value", "unit", "expected", "order"]


@admin.register(SuccessStory)
class SuccessStoryAdmin(RecordAdmin):
    list_display = ["title", "theme", "hub", "period_as_printed", "order"]
    search_fields = ["title", "summary", "text", "slug", "as_printed", "note"]
    list_filter = ["theme", "sectors", "hub"]
    list_select_related = ["hub"]
    prepopulated_fields = {"slug": ["title"]}
    inlines = [StoryActorInline, StoryFigureInline]


@admin.register(StoryActor)
class StoryActorAdmin(RecordAdmin):
    list_display = ["name", "kind", "story", "part"]
    search_fields = ["name", "slug", "part", "story__title"]
    list_filter = ["kind", "story"]
    list_select_related = ["story"]


@admin.register(StoryFigure)
class StoryFigureAdmin(RecordAdmin):
    list_display = ["label", "as_printed", "value", "unit", "expected", "story"]
    search_fields = ["label", "slug", "as_printed", "story__title"]
    list_filter = ["expected", "story"]
    list_select_related = ["story"]
