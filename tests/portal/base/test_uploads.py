"""Uploaded files: refused in words where they are too much, read in little memory, and forgotten in time."""

import io
import os
import resource
import subprocess
import sys
import time
import zipfile

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clusters.models import Family
from clusters.shapes import Shape
from complexes.models import IndustrialComplex, Province
from portal.base import uploads
from portal.base.resources import XLSXFile
from portal.base.uploads import KeptFiles, UnreadableFile, kept_files
from tests.editing import address, confirm, export, upload, words
from tests.reading import read_csv
from tests.workbooks import BOMBS, HEADING, SHEET, cell, sheet, workbook

pytestmark = pytest.mark.django_db

TOO_LARGE = "The file is too large"
NO_WORKBOOK = "This is no XLSX file."
DAMAGED = "This workbook cannot be read"


# --- Bounds

# A worker may hold this much more, in MB, whatever is uploaded.
MAX_MEMORY = 400
READ = """
import pathlib, sys
import django
django.setup()
from portal.base.resources import XLSXFile
from portal.base.uploads import UnreadableFile
def peak():
    return int(next(line for line in open("/proc/self/status") if "VmHWM" in line).split()[1]) / 1024
before = peak()
for path in pathlib.Path(sys.argv[1]).iterdir():
    try:
        XLSXFile().create_dataset(path.read_bytes())
    except UnreadableFile:
        pass
    print(path.name, peak() - before)
"""


@pytest.mark.skipif(connection.vendor != "sqlite", reason="The same whatever the tests run on.")
@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="there the peak of memory is read")
def test_no_workbook_takes_much_memory(tmp_path):
    """The reader may take 3 GB of addresses, so that a failure kills it alone; it says what it took."""

    def bound():
        resource.setrlimit(resource.RLIMIT_AS, (3 * 1024**3, 3 * 1024**3))

    for name, bomb in BOMBS.items():
        (tmp_path / name).write_bytes(bomb())
    read = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", READ, tmp_path],
        capture_output=True,
        text=True,
        preexec_fn=bound,
        timeout=120,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
    )
    assert read.returncode == 0, read.stdout + read.stderr[-500:]
    assert len(read.stdout.splitlines()) == len(BOMBS)
    assert float(read.stdout.split()[-1]) < MAX_MEMORY, read.stdout


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a long text", f"{TOO_LARGE}: 16 MB unpacked at most."),
        ("packed otherwise", DAMAGED),
        ("many empty cells", f"{TOO_LARGE}: 2000 rows and 100 columns at most."),
        ("entities", DAMAGED),
        ("a row far below", TOO_LARGE),
        ("a cell far to the right", TOO_LARGE),
        ("many rows", TOO_LARGE),
        ("many styles", TOO_LARGE),
        ("the largest sheet there can be", "No valid data to import."),
    ],
)
def test_a_workbook_that_is_too_much_is_refused_in_words(editing, name, said):
    assert said in words(upload(editing, IndustrialComplex, BOMBS[name](), "xlsx"))


def part_missing(name):
    return workbook(HEADING, **{name: None})


def spoiled():
    """Return a workbook, a part of which cannot be unpacked."""
    content = bytearray(workbook(HEADING + f"<row>{cell('gumi' * 500)}</row>"))
    at = content.index(SHEET.encode()) + len(SHEET)
    content[at : at + 30] = b"\xff" * 30
    return bytes(content)


@pytest.mark.parametrize(
    ("file", "kind", "said"),
    [
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
            "xlsx",
            "an XLS file or a workbook with a password",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
            "csv",
            "an XLS file or a workbook with a password",
        ),
        (b"slug,name\ngumi,Gumi\n", "xlsx", NO_WORKBOOK),
        (workbook(HEADING), "csv", "This is no CSV file but, it seems, a workbook."),
        (workbook(HEADING)[:400], "xlsx", DAMAGED),
        (spoiled(), "xlsx", DAMAGED),
        (part_missing("xl/workbook.xml"), "xlsx", DAMAGED),
        (part_missing("[Content_Types].xml"), "xlsx", DAMAGED),
        (part_missing(SHEET), "xlsx", DAMAGED),
        (workbook(**{SHEET: "<worksheet"}), "xlsx", DAMAGED),
        (workbook(HEADING + "<row><c t='s'><v>9</v></c></row>"), "xlsx", DAMAGED),
        (workbook(), "xlsx", "No valid data to import."),
        (workbook("<row/>" + HEADING), "xlsx", "its first row is empty"),
        (workbook(HEADING + f"<row>{cell('gumi') * 3}</row>"), "xlsx", "Row 1 has more or fewer cells"),
        (b"slug,name\ngumi\0,Gumi\n", "csv", "characters that no text has (NUL)"),
        (b'slug,name\ngumi,"' + b"x" * 200_000, "csv", "A cell is too long"),
        (b"slug,name\ngumi,Gumi,more\n", "csv", "Row 1 has more or fewer cells than the heading."),
        (b"\n\nslug,name\n", "csv", "its first row is empty"),
        ("slug,name\ngumi,Gumi\n".encode("utf-16"), "csv", "The file is not in UTF-8."),
        (b"," * 200 + b"\n", "csv", f"{TOO_LARGE}: 2000 rows and 100 columns at most."),
        (b"slug,name\n" + b"gumi,Gumi\n" * 2001, "csv", f"{TOO_LARGE}: 2000 rows and 100 columns at most."),
        (b"slug,name\n" + b" " * (5 * 1024 * 1024), "csv", f"{TOO_LARGE}: 5 MB at most."),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)
def test_what_cannot_be_read_is_said_in_words(editing, file, kind, said):
    page = upload(editing, IndustrialComplex, file, kind)
    assert page.status_code == 200
    assert said in words(page)


def test_a_workbook_as_other_spreadsheets_write_it_is_read_whole():
    """Google Sheets writes no dimension, WPS a wrong one, and empty cells at the end are left out."""
    rows = HEADING + f"<row>{cell('gumi')}</row><row/><row>{cell('juan')}{cell('Juan')}<c/></row>"
    for before in ("", '<dimension ref="A1"/>'):
        read = XLSXFile().create_dataset(workbook(**{SHEET: sheet(rows, before)}))
        assert list(read.headers) == ["slug", "name"]
        assert list(read) == [("gumi", None), ("juan", "Juan")]


def test_an_ordinary_workbook_with_a_date_is_read():
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["slug", "n"])
    book.active.append(["gumi", 1.5])
    book.save(file)
    assert list(XLSXFile().create_dataset(file.getvalue())) == [("gumi", 1.5)]


def test_sizes_that_the_archive_only_claims_are_not_believed():
    content = bytearray(workbook(HEADING + f"<row>{cell('x' * 20_000_000)}</row>"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = archive.getinfo(SHEET).file_size.to_bytes(4, "little")
    content = content.replace(size, (100).to_bytes(4, "little"))
    with pytest.raises(UnreadableFile):
        XLSXFile().create_dataset(bytes(content))


# --- The preview


WRITES = ("INSERT", "UPDATE", "DELETE", "BEGIN", "SAVEPOINT", "SELECT FOR UPDATE")


def test_a_preview_writes_nothing_and_shows_relations_too(editing, complex):
    rows = [
        {"slug": "gumi", "name": "Gumi National", "sectors": "electronics; automotive"},
        {"slug": "brand-new", "name": "Brand New", "sectors": "automotive"},
    ]
    known = read_csv(export(editing, IndustrialComplex, q="gumi"))
    new = next(row for row in known if row["slug"] == "gumi") | rows[1]
    upload(editing, IndustrialComplex, [new])  # what is asked once and remembered
    with CaptureQueriesContext(connection) as queries:
        preview = upload(editing, IndustrialComplex, [new | rows[0], new])
    assert [query["sql"] for query in queries if query["sql"].startswith(WRITES)] == []
    assert "New: 1. Changed: 1." in words(preview)
    assert "<ins>automotive; </ins>electronics" in preview.content.decode()
    assert "<ins>automotive</ins>" in preview.content.decode()
    assert not IndustrialComplex.objects.filter(slug="brand-new").exists()
    confirm(editing, IndustrialComplex, preview)
    complex.refresh_from_db()
    assert {sector.slug for sector in complex.sectors.all()} == {"electronics", "automotive"}
    assert IndustrialComplex.objects.get(slug="brand-new").history.count() == 1


def test_the_same_relations_in_another_order_are_no_change(editing, complex):
    complex.sectors.set(complex.sectors.model.objects.filter(slug__in=["automotive", "electronics"]))
    for named in ("electronics; automotive", "automotive; electronics"):
        page = upload(editing, IndustrialComplex, [{"slug": "gumi", "sectors": named}])
        assert "Changed: 0. Unchanged, and not shown: 1." in words(page)


def test_rows_that_exclude_each_other_are_said_when_confirmed(editing):
    """A preview that writes nothing cannot see it: both families would have one shape, that no other has."""
    row = read_csv(export(editing, Family))[0]
    free = next(shape for shape in Shape.values if not Family.objects.filter(shape=shape).exists())
    rows = [row | {"slug": f"new-{n}", "name": f"New {n}", "shape": free} for n in range(2)]
    said = words(confirm(editing, Family, upload(editing, Family, rows)))
    assert "Nothing was imported" in said and "Row 2" in said and "already exists" in said
    assert not Family.objects.filter(slug__startswith="new-").exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"format": "7"},
        {"format": "x"},
        {"format": "1"},  # a CSV file as a workbook
        {"import_file_name": ".."},
        {"import_file_name": "../secret_key"},
        {"import_file_name": "0" * 32},
    ],
)
def test_a_confirmation_that_is_not_ours_is_refused(editing, changes):
    preview = upload(editing, Province, [{"slug": "seoul", "name": "Seoul!"}])
    sent = preview.context["confirm_form"].initial | changes
    response = editing.post(address(Province, "process_import"), sent, follow=True)
    assert response.status_code == 200
    assert response.redirect_chain == [(address(Province, "import"), 302)]
    assert not Province.objects.filter(name="Seoul!").exists()


# --- Abandoned files


@pytest.fixture
def folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    return kept_files()


def kept(folder):
    return {path.name for path in folder.iterdir()}


def test_what_waits_is_private_and_what_is_abandoned_is_removed(editing, folder):
    abandoned = [upload(editing, Province, [{"slug": "seoul", "name": f"S{n}"}]) for n in range(2)]
    names = [page.context["confirm_form"].initial["import_file_name"] for page in abandoned]
    assert kept(folder) == set(names)
    assert folder.stat().st_mode & 0o777 == 0o700
    past = time.time() - uploads.MAX_AGE - 1
    os.utime(folder / names[0], (past, past))
    newest = upload(editing, Province, [{"slug": "seoul", "name": "Seoul!"}])
    assert kept(folder) == {names[1], newest.context["confirm_form"].initial["import_file_name"]}
    confirm(editing, Province, newest)
    assert kept(folder) == {names[1]}
    assert "or is gone" in words(confirm(editing, Province, abandoned[0]))


def test_many_at_once_push_the_oldest_out(folder, monkeypatch):
    monkeypatch.setattr(uploads, "MAX_KEPT", 3)
    names = []
    for n in range(5):
        file = KeptFiles(read_mode="rb")
        file.save(b"x")
        os.utime(file.path, (time.time() - 100 + n,) * 2)
        names.append(file.name)
    assert kept(folder) == set(names[2:])


def test_a_refused_file_of_another_field_breaks_nothing(editing):
    file = SimpleUploadedFile("records.csv", b"slug,name\n")
    response = editing.post(address(Province, "import"), {"import_file": file})
    assert response.status_code == 200 and "This field is required." in words(response)
