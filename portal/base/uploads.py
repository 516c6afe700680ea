"""What an editor uploads: held to bounds before memory is taken, read, and kept until it is confirmed.

A few kilobytes may unpack to gigabytes, and a parser takes many times the size of what it reads. So a file is
counted first, in small pieces, and parsed only within these bounds.
"""

import csv
import io
import time
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import openpyxl
import tablib
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.forms import ImportForm
from import_export.tmp_storages import BaseStorage

MB = 1024 * 1024
MAX_FILE = 5 * MB
# Of a workbook, all that is packed in it.
MAX_UNPACKED = 16 * MB
# Of a workbook: what makes an element or an attribute, of which the parser makes an object each.
MAX_MARKUP = 500_000
# Of its styles, each of which costs the parser ten times as much as a cell.
MAX_STYLES = 50_000
# An import writes about 3.5 ms a row, and every other writer of an SQLite database waits for as long.
MAX_ROWS = 2_000
MAX_COLUMNS = 100
# Of a workbook, with those that are blank: a sheet may claim a row that is far below.
MAX_LINES = 10 * MAX_ROWS
# A preview that nobody confirms within an hour is abandoned. More than these at once are not kept either.
MAX_AGE = 60 * 60
MAX_KEPT = 50

PIECE = 64 * 1024
STYLES = "xl/styles.xml"
# What XLSX files (and other archives) begin with, and what XLS files and encrypted workbooks do.
ARCHIVE, COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class UnreadableFile(ValueError):
    """What is wrong with an uploaded file, in words for whoever chose it."""


NOT_UTF_8 = gettext_lazy("The file is not in UTF-8. In Excel, save it as “CSV UTF-8” or as XLSX.")
NO_WORKBOOK = gettext_lazy("This is no XLSX file. Choose the format that it has, or save it as XLSX.")
DAMAGED = gettext_lazy(
    "This workbook cannot be read: it is damaged, or no XLSX file. Open it in a spreadsheet and save it anew."
)
LOCKED_OR_OLD = gettext_lazy(
    "This is an XLS file or a workbook with a password. Save it as XLSX, without a password."
)
BOUNDS = lazy(
    lambda: _("%(rows)d rows and %(columns)d columns at most") % {"rows": MAX_ROWS, "columns": MAX_COLUMNS},
    str,
)()


def too_much(what: str | Promise) -> UnreadableFile:
    """Return the error that names the bound which a file passes."""
    return UnreadableFile(_("The file is too large: %s. Bring it in in parts.") % what)


# --- Reading


def csv_rows(text: str) -> Iterator[list[str]]:
    """Yield the rows of a CSV file; raises ``UnreadableFile``."""
    if "\0" in text:
        raise UnreadableFile(_("The file has characters that no text has (NUL). Save it as “CSV UTF-8”."))
    try:
        yield from csv.reader(io.StringIO(text))
    except csv.Error as error:
        raise UnreadableFile(
            _("A cell is too long, perhaps for want of a closing quotation mark, or the file is no CSV.")
        ) from error


def workbook_rows(content: bytes) -> Iterator[tuple]:
    """Yield the rows of a workbook's active sheet, values alone, as wide as the first or as what is in them.

    Raises ``UnreadableFile``.
    """
    measure_workbook(content)
    width = 0
    # Of a hostile file the parser raises whatever it comes upon: KeyError, IndexError, struct.error, ...
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet: Any = book.active
        # The size that a sheet claims may be wrong, or that of the largest sheet there can be.
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(max_row=MAX_LINES + 1, values_only=True)):
            beyond = row[MAX_COLUMNS:]
            if number == MAX_LINES or beyond.count(None) < len(beyond):
                raise too_much(BOUNDS)
            filled = len(row) - len(beyond)
            while filled and row[filled - 1] is None:
                filled -= 1
            width = width or filled
            yield (*row, *[None] * width)[: max(width, filled)]
    except UnreadableFile:
        raise
    except Exception as error:
        raise UnreadableFile(DAMAGED) from error


def measure_workbook(content: bytes) -> None:
    """Unpack a workbook piece by piece, keep nothing, and raise ``UnreadableFile`` where it is too much."""
    if content.startswith(COMPOUND):
        raise UnreadableFile(LOCKED_OR_OLD)
    size = markup = 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for part in archive.infolist():
                most = markup + MAX_STYLES if part.filename == STYLES else MAX_MARKUP
                # Whatever else there is, the standard library unpacks at once and not piece by piece.
                if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    raise UnreadableFile(DAMAGED)
                with archive.open(part) as unpacked:
                    # Counted as unpacked: what the archive says of its sizes may be wrong.
                    while piece := unpacked.read(PIECE):
                        size += len(piece)
                        markup += piece.count(b"<") + piece.count(b"=")
                        if size > MAX_UNPACKED:
                            raise too_much(_("%d MB unpacked at most") % (MAX_UNPACKED // MB))
                        if markup > min(most, MAX_MARKUP):
                            raise too_much(BOUNDS)
    except UnreadableFile:
        raise
    except zipfile.BadZipFile as error:
        raise UnreadableFile(DAMAGED if content.startswith(ARCHIVE) else NO_WORKBOOK) from error
    except Exception as error:  # a part with a password, or cut off
        raise UnreadableFile(DAMAGED) from error


def read_rows(rows: Iterable[Sequence[Any]]) -> tablib.Dataset:
    """Return the rows as a dataset, the first as its heading, without those that are blank.

    Raises ``UnreadableFile`` where there are more than ``MAX_ROWS`` or ``MAX_COLUMNS``, or of unequal width.
    """
    dataset = tablib.Dataset()
    for number, row in enumerate(rows):
        if len(row) > MAX_COLUMNS:
            raise too_much(BOUNDS)
        blank = all(cell in (None, "") for cell in row)
        if number == 0:
            if blank:
                raise UnreadableFile(_("The file has no heading: its first row is empty."))
            dataset.headers = row
        elif not blank:
            if len(row) != len(dataset.headers):
                raise UnreadableFile(_("Row %d has more or fewer cells than the heading.") % number)
            if dataset.height == MAX_ROWS:
                raise too_much(BOUNDS)
            dataset.append(row)
    return dataset


# --- Keeping


class KeptFiles(BaseStorage):
    """Files between preview and confirmation, in a folder of the portal's own; what is abandoned goes.

    The library's would lie in the machine's folder for temporary files for ever.
    """

    @property
    def path(self) -> Path:
        # The name comes back with the confirmation, out of a form.
        return kept_files() / (self.name if self.name.isalnum() else "none")

    def save(self, data: bytes) -> None:
        folder = kept_files()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        forget_abandoned()
        self.name = uuid4().hex
        self.path.write_bytes(data)

    def read(self) -> str | bytes:
        with self.path.open(self.read_mode, encoding=self.encoding) as file:
            return file.read()

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)


def kept_files() -> Path:
    """Return the folder of files that wait for a confirmation."""
    return Path(settings.VAR_DIR) / "imports"


def forget_abandoned() -> None:
    """Remove the files that waited for longer than ``MAX_AGE``, and the oldest beyond ``MAX_KEPT``."""
    # Another process may remove one at the same time.
    found = []
    for path in kept_files().iterdir():
        with suppress(FileNotFoundError):
            found.append((path.stat().st_mtime, path))
    found.sort(reverse=True)
    for place, (written, path) in enumerate(found, 1):
        # One more is about to be kept.
        if place >= MAX_KEPT or written < time.time() - MAX_AGE:
            path.unlink(missing_ok=True)


# --- Choosing


class UploadForm(ImportForm):
    """Refuses a file that is too large, or plainly not of the format that was chosen, before it is read."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        file = cleaned.get("import_file")
        if file and (said := self.unfit(file)):
            self.add_error("import_file", said)
        return cleaned

    def unfit(self, file: UploadedFile) -> str | Promise | None:
        """Return what is wrong with a file, if anything is."""
        if (file.size or 0) > MAX_FILE:
            return str(too_much(_("%d MB at most") % (MAX_FILE // MB)))
        beginning = file.read(len(COMPOUND))
        file.seek(0)
        if beginning.startswith(COMPOUND):
            return LOCKED_OR_OLD
        chosen = dict(self.fields["format"].choices).get(self.cleaned_data.get("format"))
        if chosen == "csv" and beginning.startswith(ARCHIVE):
            return _("This is no CSV file but, it seems, a workbook. Choose the format that it has.")
        return None
