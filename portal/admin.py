"""The admin's own words, and the admins of documents and printed lists."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from portal.base.admin import RecordAdmin
from portal.korea import named

from .models import Document, PrintedList

admin.site.site_header = admin.site.site_title = named(_("%(portal)s: editing"))
admin.site.index_title = _("Records")


def name_of_site(request):
    """Give templates the name of the admin where a view of another package does not: a context processor."""
    return {"site_header": admin.site.site_header}


@admin.register(Document)
class DocumentAdmin(RecordAdmin):
    list_display = ["title", "authors", "publisher", "published", "slug"]
    search_fields = ["title", "authors", "publisher", "slug"]
    list_filter = ["year"]
    prepopulated_fields = {"slug": ["title"]}


@admin.register(PrintedList)
class PrintedListAdmin(RecordAdmin):
    list_display = ["title", "unit", "stated", "printed", "document", "locator"]
    search_fields = ["title", "unit", "slug", "locator", "as_printed", "note"]
    list_filter = ["document"]
    list_select_related = ["document"]
    prepopulated_fields = {"slug": ["title"]}
