"""The admins of sectors, mini clusters, other clusters and success stories."""

from django.contrib import admin

from portal.base.admin import FixedSlugMixin, NamedAdmin, RecordAdmin, RecordTable

from .models import (
    Continuation,
    Edition,
    Family,
    MiniCluster,
    NaceDivision,
    NamedCluster,
    Sector,
    SectorPassage,
    StoryActor,
    StoryFigure,
    SuccessStory,
)


@admin.register(Family)
class FamilyAdmin(NamedAdmin):
    list_display = ["name", "name_ko", "colour", "colour_dark", "shape", "order"]


@admin.register(Edition)
class EditionAdmin(FixedSlugMixin, RecordAdmin):
    """Its slug stays as made: addresses that were cited name it."""

    list_display = ["slug", "year", "order", "document", "locator", "printed_list"]
    search_fields = ["slug", "locator", "as_printed", "note"]
    list_filter = ["document", "lists_agro_industrial"]
    list_select_related = ["document", "printed_list"]


@admin.register(Sector)
class SectorAdmin(NamedAdmin):
    list_display = ["name", "name_ko", "slug", "family", "description", "order"]
    list_filter = ["family"]
    list_select_related = ["family"]
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
    list_select_related = ["edition", "hub", "office"]


@admin.register(Continuation)
class ContinuationAdmin(RecordAdmin):
    list_display = ["later", "kind", "earlier", "note"]
    search_fields = ["later__name", "later__slug", "earlier__name", "earlier__slug", "note"]
    list_filter = ["kind", "later__edition", "later__hub"]
    list_select_related = ["later", "earlier"]


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
