"""How records are read from, and written to, the CSV and XLSX files of the admin."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import tablib
from diff_match_patch import diff_match_patch
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.signals import post_save
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.formats.base_formats import CSV, XLSX, Format
from import_export.instance_loaders import BaseInstanceLoader
from import_export.resources import Diff, ModelResource
from import_export.results import Result
from import_export.widgets import CachedForeignKeyWidget, ManyToManyWidget, Widget

from .exports import FORMULA_STARTS
from .querysets import SEPARATOR
from .uploads import csv_rows, read_rows, workbook_rows
from .widgets import FIELD_OPTIONS


@contextmanager
def one_history_entry(record: Any) -> Iterator[None]:
    """Write one history entry for all that is saved inside, relations included.

    django-simple-history would write one for the save and one or two for each relation that changes.
    """
    created = record.pk is None
    record.skip_history_when_saving = True
    try:
        yield
    finally:
        del record.skip_history_when_saving
    # The signal alone: it reaches django-simple-history, and the record is not saved again.
    post_save.send(type(record), instance=record, created=created, raw=False, using="default")


class PlainFile(Format):
    """What both formats share: no cell that a spreadsheet would run, and bounds to what is read."""

    risky: tuple[str, ...] = FORMULA_STARTS

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> str | bytes:
        def neutralise(cell: Any) -> Any:
            return f"'{cell}" if isinstance(cell, str) and cell.startswith(self.risky) else cell

        dataset.add_formatter(None, neutralise)
        return super().export_data(dataset, **kwargs)

    def rows(self, content: Any) -> Iterator[Sequence[Any]]:
        """Yield the rows of an uploaded file."""
        raise NotImplementedError

    def create_dataset(self, in_stream: str | bytes, **kwargs: Any) -> tablib.Dataset:
        """Return what an uploaded file holds; raises ``UnreadableFile``."""

        def restore(cell: Any) -> Any:
            risky = isinstance(cell, str) and cell[:1] == "'" and cell[1:].startswith(self.risky)
            return cell[1:] if risky else cell

        return read_rows([restore(cell) for cell in row] for row in self.rows(in_stream))


class CSVFile(PlainFile, CSV):
    """CSV that Excel shows rightly and that comes back unchanged."""

    def rows(self, content: str) -> Iterator[Sequence[Any]]:
        return csv_rows(content)


class XLSXFile(PlainFile, XLSX):
    """In a workbook a text is a text: only what begins as a formula would be one."""

    risky = ("=",)

    def rows(self, content: bytes) -> Iterator[Sequence[Any]]:
        return workbook_rows(content)


class SlugsField(Field):
    """Several related records; of a previewed record those that its row names, as they are not saved."""

    def export(self, instance: Any, **kwargs: Any) -> Any:
        named = getattr(instance, "named", {})
        return named[self.attribute] if self.attribute in named else super().export(instance, **kwargs)


class FieldWidget(Widget):
    """Reads a cell as the admin's form reads the field, so that both say the same of a wrong value."""

    def __init__(self, field: models.Field) -> None:
        super().__init__()
        self.field = field
        self.form_field: Any = field.formfield(required=False, **FIELD_OPTIONS.get(field.name, {}))

    def clean(self, value: Any, row: dict | None = None, **kwargs: Any) -> Any:
        text = "" if value is None else str(value).strip()
        # ValidationError is no ValueError, which alone is reported with the name of its column.
        try:
            if isinstance(self.field, models.BooleanField):
                # A form takes any word for yes. Excel writes TRUE.
                return self.field.to_python(text.capitalize())
            return self.form_field.clean(text)
        except ValidationError as error:
            raise ValueError(" ".join(error.messages)) from error

    def render(
        self, value: Any, obj: models.Model | None = None, force_native_type: bool = False, **kwargs: Any
    ) -> Any:
        if value is None:
            return ""
        if isinstance(self.field, models.DecimalField):
            # 35.8 and 35.8000 are the same number, and no change.
            value = value.normalize() + 0
            return value if force_native_type else f"{value:f}"
        return value if force_native_type else str(value)


class SlugWidget(CachedForeignKeyWidget):
    """A related record by its slug."""

    def __init__(self, model: type[models.Model]) -> None:
        super().__init__(model, field="slug")

    def clean(self, value: Any, row: dict | None = None, **kwargs: Any) -> models.Model | None:
        try:
            return super().clean(value, row, **kwargs)
        except self.model.DoesNotExist as error:
            raise ValueError(unknown(self.model, [value])) from error


class SlugsWidget(ManyToManyWidget):
    """Related records by their slugs, separated as in every other export."""

    def __init__(self, field: models.ManyToManyField) -> None:
        super().__init__(field.related_model, separator=SEPARATOR, field="slug")
        self.required = not field.blank

    @cached_property
    def records(self) -> dict[str, models.Model]:
        """Return {slug: record} of all that can be named, fetched once a file as ``SlugWidget`` does."""
        return {record.slug: record for record in self.model.objects.all()}

    def clean(self, value: Any, row: dict | None = None, **kwargs: Any) -> list[models.Model]:
        slugs = {slug.strip() for slug in str(value or "").split(";")} - {""}
        if self.required and not slugs:
            raise ValueError(_("This field is required."))
        if missing := slugs - set(self.records):
            raise ValueError(unknown(self.model, sorted(missing)))
        # In the order of all records, so that naming the same in another order is no change.
        return [record for slug, record in self.records.items() if slug in slugs]


def unknown(model: type[models.Model], slugs: Iterable[str]) -> str:
    """Return the words that say which slugs name nothing."""
    return _("There is no %(model)s with the slug %(slugs)s.") % {
        "model": model._meta.verbose_name,
        "slugs": get_text_list([f"“{slug}”" for slug in slugs], _("or")),
    }


def repeated(values: Iterable[str]) -> list[str]:
    """Return the values that occur more than once."""
    return [value for value, n in Counter(values).items() if n > 1 and value]


def failures(result: Result) -> list[str]:
    """Return what is wrong with the rows of an import, one sentence each."""
    found = [str(error.error) for error in result.base_errors]
    for row in result.error_rows:
        found += [_("Row %(number)d: %(said)s") % {"number": row.number, "said": e.error} for e in row.errors]
    for row in result.invalid_rows:
        said = " ".join(row.error.messages)
        found.append(_("Row %(number)d: %(said)s") % {"number": row.number, "said": said})
    return found


class PlainDiff(Diff):
    """The preview of a change, in elements; the library's own has inline styles, which the policy forbids."""

    tags = {-1: "<del>{}</del>", 0: "{}", 1: "<ins>{}</ins>"}

    def as_html(self) -> list[SafeString]:
        differ = diff_match_patch()
        # Seconds a cell: of two long texts that have little in common, the preview shows both whole.
        differ.Diff_Timeout = 0.05
        cells = []
        for old, new in zip(self.left, self.right, strict=True):
            parts = differ.diff_main("" if self.new else str(old), str(new))
            differ.diff_cleanupSemantic(parts)
            cells.append(
                format_html_join("", "{}", ((format_html(self.tags[sign], text),) for sign, text in parts))
            )
        return cells


class RecordLoader(BaseInstanceLoader):
    """Finds the record of each row among all there are, which are fetched at once with what they name."""

    def __init__(self, resource: Any, dataset: tablib.Dataset | None = None) -> None:
        super().__init__(resource, dataset)
        self.keys = [resource.fields[name] for name in resource.get_import_id_fields()]
        records = resource.filter_export(resource.get_queryset())
        self.records = {tuple(key.get_value(record) for key in self.keys): record for record in records}

    def get_instance(self, row: dict) -> models.Model | None:
        return self.records.get(tuple(key.clean(row) for key in self.keys))


class RecordResource(ModelResource):
    """Columns by field name, relations by slug, each row held to the rules of the form."""

    class Meta:
        instance_loader_class = RecordLoader
        exclude = ("id",)
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = False

    @classmethod
    def field_from_django_field(cls, field_name: str, django_field: Any, readonly: bool) -> Field:
        if django_field.many_to_many:
            return SlugsField(field_name, field_name, SlugsWidget(django_field), readonly=readonly)
        if django_field.many_to_one:
            widget = SlugWidget(django_field.related_model)
        else:
            widget = FieldWidget(django_field)
        return Field(field_name, field_name, widget, django_field.default, readonly)

    @classmethod
    def get_diff_class(cls) -> type[Diff]:
        return PlainDiff

    def before_import(self, dataset: tablib.Dataset, **kwargs: Any) -> None:
        """Refuse a file with a column that is missing or unknown: a misspelt one would go unread."""
        headers = [header for header in dataset.headers or () if header]
        if missing := [name for name in self.get_import_id_fields() if name not in headers]:
            raise ValueError(_("The file lacks the column: %s.") % ", ".join(missing))
        if strange := [header for header in headers if header not in self.fields]:
            raise ValueError(_("There is no such column: %s.") % ", ".join(map(str, strange)))
        if twice := repeated(headers):
            raise ValueError(_("The file has this column twice: %s.") % ", ".join(twice))
        keys = zip(*(map(str, dataset[name]) for name in self.get_import_id_fields()), strict=True)
        if twice := repeated(" ".join(key) for key in keys):
            raise ValueError(_("The file has this record twice: %s.") % ", ".join(twice[:5]))

    def import_data(self, dataset: tablib.Dataset, dry_run: bool = False, **kwargs: Any) -> Result:
        """Bring in all rows or none; of a dry run, only read and validate them.

        The library would save the rows of a dry run too, and take that back: with SQLite every other writer
        would wait for as long as the file takes.
        """
        if not dry_run:
            return super().import_data(dataset, **kwargs)
        kwargs.pop("rollback_on_validation_errors", None)
        return self.import_data_inner(
            dataset, True, kwargs.pop("raise_errors", False), False, False, **kwargs
        )

    def save_instance(self, instance: Any, is_create: bool, row: dict, **kwargs: Any) -> None:
        if kwargs["dry_run"]:
            instance.named = {
                field.attribute: SEPARATOR.join(record.slug for record in field.clean(row))
                for field in self.get_import_fields()
                if isinstance(field, SlugsField) and field.column_name in row
            }
            return
        instance._change_reason = (_("Imported from %s") % kwargs.get("file_name"))[:100]
        with one_history_entry(instance):
            super().save_instance(instance, is_create, row, **kwargs)
            # The library calls this again outside, where it finds nothing left to change.
            self.save_m2m(instance, row, **kwargs)

    def filter_export(self, queryset: models.QuerySet, **kwargs: Any) -> models.QuerySet:
        """Fetch what the cells name in a fixed number of queries."""
        options = self._meta.model._meta
        return queryset.select_related(
            *(field.name for field in options.fields if field.many_to_one)
        ).prefetch_related(*(field.name for field in options.many_to_many))
