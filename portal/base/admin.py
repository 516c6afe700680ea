"""What every admin of ours shares: forms in three parts, files in and out, history, rights."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from import_export.admin import ImportExportModelAdmin
from import_export.forms import ExportForm
from import_export.resources import modelresource_factory
from import_export.results import Result
from simple_history.admin import SimpleHistoryAdmin
from simple_history.utils import get_m2m_reverse_field_name

from portal.models import Located, Sourced

from .resources import CSVFile, RecordResource, XLSXFile, failures, one_history_entry
from .uploads import NOT_UTF_8, KeptFiles, UnreadableFile, UploadForm
from .widgets import FIELD_OPTIONS

# Latitude and longitude share a row, above their map.
PLACE = [
    "province",
    "municipality",
    "municipality_ko",
    "neighbourhood_ko",
    ("latitude", "longitude"),
    "location_precision",
]
SOURCE = ["document", "locator", "as_printed", "note"]

# From so many characters on, a line is given the width of a text.
WIDE = 200
# Of a confirmed import that failed after all, so many reasons are said.
MAX_FAILURES = 5


class RecordForm(forms.ModelForm):
    """A form that, shown an entry of the history, also holds the relations of that time."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if past := getattr(self.instance, "_history", None):
            for field in past._history_m2m_fields:
                related = f"{get_m2m_reverse_field_name(field)}_id"
                self.initial[field.name] = list(getattr(past, field.name).values_list(related, flat=True))


class FieldOptionsMixin(BaseModelAdmin):
    """The form fields of admins and inlines: room for what is in them, and the options by field name."""

    formfield_overrides = {models.TextField: {"widget": AdminTextareaWidget(attrs={"rows": 3})}}
    # Whether a long line has room; in a table of rows it has not.
    wide = True

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        options = dict(FIELD_OPTIONS.get(db_field.name, {}))
        if self.wide and type(db_field) is models.CharField and (db_field.max_length or 0) >= WIDE:
            options["widget"] = AdminTextInputWidget(attrs={"class": "vLargeTextField"})
        return super().formfield_for_dbfield(db_field, request, **(options | kwargs))


class RecordAdmin(FieldOptionsMixin, ImportExportModelAdmin, SimpleHistoryAdmin):
    """A model's admin. A subclass adds what to list, filter and search."""

    form = RecordForm
    list_per_page = 100
    formats = [CSVFile, XLSXFile]
    # Excel reads Hangul in a CSV file only after a byte order mark.
    to_encoding = "utf-8-sig"
    # The library's form with a box for each column relies on inline script.
    export_form_class = ExportForm
    import_template_name = "admin/import_records.html"
    import_form_class = UploadForm
    tmp_storage_class = KeptFiles
    object_history_list_template = "admin/object_history_list.html"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = {"import_id_fields": self.model.key_fields}
        self.resource_classes = [modelresource_factory(self.model, RecordResource, options)]

    def get_autocomplete_fields(self, request: HttpRequest) -> list[str]:
        """Return every relation: none is so short that it may not grow."""
        options = self.model._meta
        return [field.name for field in (*options.fields, *options.many_to_many) if field.related_model]

    def get_fieldsets(self, request: HttpRequest, obj: models.Model | None = None) -> list:
        """Return the facts, then the place and the source of a model that has them."""
        place = PLACE if issubclass(self.model, Located) else []
        source = SOURCE if issubclass(self.model, Sourced) else []
        apart = {*place, *source, "latitude", "longitude"}
        facts = [name for name in self.get_fields(request, obj) if name not in apart]
        parts = [(None, facts), (_("Place (WGS84 degrees)"), place), (_("Source"), source)]
        return [(title, {"fields": fields}) for title, fields in parts if fields]

    # Rights: the library lets every member of staff import and export.

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) and self.has_change_permission(request)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    # History: one entry a change, and none where nothing changed, as any entry keeps the record from
    # later loads of the documents.

    def save_model(self, request: HttpRequest, obj: models.Model, form: RecordForm, change: bool) -> None:
        reverting = hasattr(obj, "_history")
        if change and not form.has_changed() and not reverting:
            return
        with one_history_entry(obj):
            super().save_model(request, obj, form, change)
            # Django calls this again later, where it finds nothing left to change.
            form.save_m2m()

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: dict | None = None
    ) -> HttpResponse:
        """Show a past version to those who may put it back; for others the library's page would fail."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        return super().history_form_view(request, object_id, version_id, extra_context)

    # Import: all rows or none.

    def get_import_data_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_import_data_kwargs(**kwargs) | {"rollback_on_validation_errors": True}

    def add_data_read_fail_error_to_form(self, form: forms.Form, error: Exception) -> None:
        if isinstance(error, UnicodeDecodeError):
            form.add_error("import_file", NOT_UTF_8)
        elif isinstance(error, UnreadableFile):
            form.add_error("import_file", str(error))
        else:
            raise error

    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Bring the confirmed file in. What names no file that can be read is no confirmation of ours."""
        if request.POST.get("format") not in [str(n) for n in range(len(self.formats))]:
            return self.ask_again(request, _("Choose the format of the file."))
        try:
            return super().process_import(request, **kwargs)
        except (UnicodeDecodeError, UnreadableFile, FileNotFoundError):
            return self.ask_again(request, _("This file has been imported already, or is gone."))

    def process_dataset(self, *args: Any, **kwargs: Any) -> Result:
        """Bring the rows in. That the database is busy is no fault of a row: the admin's site says so."""
        result = super().process_dataset(*args, **kwargs)
        for row in result.error_rows:
            for found in row.errors:
                if isinstance(found.error, OperationalError):
                    raise found.error
        return result

    def process_result(self, result: Result, request: HttpRequest) -> HttpResponse:
        if found := failures(result):
            said = _(
                "Nothing was imported: records changed after the preview, or two rows exclude each other."
            )
            return self.ask_again(request, " ".join([str(said), *found[:MAX_FAILURES]]))
        return super().process_result(result, request)

    def ask_again(self, request: HttpRequest, message: str | Promise) -> HttpResponse:
        """Return to the upload, saying why."""
        messages.error(request, str(message))
        return HttpResponseRedirect(reverse("admin:{}_{}_import".format(*self.get_model_info())))


class NamedAdmin(RecordAdmin):
    """The admin of a model with slug, name and Hangul name."""

    list_display = ["name", "name_ko", "slug"]
    search_fields = ["name", "name_ko", "slug"]
    prepopulated_fields = {"slug": ["name"]}


class FixedSlugMixin:
    """Of a model whose slugs are named elsewhere, as those of areas on the base map: one stays as made."""

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[str]:
        readonly = super().get_readonly_fields(request, obj)  # type: ignore[misc]  # of the admin's class
        return [*readonly, *(["slug"] if obj else [])]


class FixedSlugAdmin(FixedSlugMixin, NamedAdmin):
    """Of a named record whose slug stays as made."""

    prepopulated_fields = {}


class RecordInline(FieldOptionsMixin, admin.StackedInline):
    """Rows of another model in a record's form."""

    extra = 0
    show_change_link = True

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField:
        field: Any = super().formfield_for_foreignkey(db_field, request, **kwargs)
        # A list, read once: as a query it would be run again for every row.
        field.choices = list(field.choices)
        return field


class RecordTable(FieldOptionsMixin, admin.TabularInline):
    """Rows of another model in a record's form, one line each; its relations are looked up as one types."""

    extra = 0
    wide = False
    show_change_link = True
