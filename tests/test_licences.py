"""docs/licences.md against what is installed and collected."""

import re
from fnmatch import fnmatch
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from .parts import installed, locked, named, table

PACKAGES = {named(name)[0]: licence for name, licence in table("Packages")}
PARTS = [
    (part, version, licence, named(files)) for part, version, licence, _of, files in table("For browsers")
]
PATTERNS = [pattern for *_part, files in PARTS for pattern in files]

# What a package may declare in the free words of old metadata, and which licence that can be.
DECLARED = {
    "apache software license": ["Apache-2.0"],
    "bsd": ["BSD-2-Clause", "BSD-3-Clause"],
    "bsd license": ["BSD-2-Clause", "BSD-3-Clause"],
    "gnu library or lesser general public license (lgpl)": ["LGPL-3.0-or-later"],
    "lgpl with exceptions": ["LGPL-3.0-or-later"],
    "mit license": ["MIT"],
    "psfl": ["PSF-2.0"],
}
# By which words the text of a licence that a package brings is known.
TEXTS = {
    "0BSD": "permission to use, copy, modify",
    "CC0-1.0": "cc0",
    "Apache-2.0": "apache license",
    "BSD-2-Clause": "redistributions in binary form",
    "BSD-3-Clause": "to endorse or promote products",
    "LGPL-3.0-only": "lesser general public license",
    "LGPL-3.0-or-later": "lesser general public license",
    "PSF-2.0": "python software foundation license version 2",
    "Zlib": "altered source versions must be plainly marked",
    "Unlicense": "released into the public domain",
    "MIT": "permission is hereby granted, free of charge",
}
NAMED_IN_A_NOTICE = {("prometheus-client", "BSD-2-Clause")}


def declared(distribution):
    """Return the SPDX names that a package's metadata allow for, each in lower case."""
    data = distribution.metadata
    if expression := data.get("License-Expression"):
        return {expression.lower()}
    classes = [
        name.split(" :: ")[-1] for name in data.get_all("Classifier", []) if name.startswith("License")
    ]
    # A "License" of several lines is the text itself.
    words = [word for word in [data.get("License", ""), *classes] if word and "\n" not in word]
    return {name.lower() for word in words for name in DECLARED.get(word.lower(), [word])}


def texts(distribution):
    """Return all that a package's licence files say, in lower case and without line breaks."""
    files = [
        path
        for path in distribution.files
        if path.suffix != ".py"
        and ".dist-info" in path.parts[0]
        and re.search("LICEN[CS]E", str(path).upper())
    ]
    return " ".join(" ".join(path.read_text().split()) for path in files).lower()


def test_every_locked_package_is_in_the_table_and_no_other():
    assert sorted(PACKAGES) == sorted(locked())


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_declares_and_brings_the_licence_of_the_table(name):
    distribution = installed(name)
    if distribution is None:
        pytest.skip("for another system")
    licences = re.split(" OR | AND ", PACKAGES[name])
    # An expression, or one classifier each.
    assert PACKAGES[name].lower() in declared(distribution) or (
        len(licences) > 1 and {each.lower() for each in licences} == declared(distribution)
    )
    # What a package bundles has its text beside the code, and is named in a notice.
    assert all(
        TEXTS[each] in texts(distribution) for each in licences if (name, each) not in NAMED_IN_A_NOTICE
    )
    # What has two clauses lacks the third.
    assert (PACKAGES[name] == "BSD-2-Clause") <= (TEXTS["BSD-3-Clause"] not in texts(distribution))


def foreign_files():
    """Return {path: storage} of the static files that come out of installed packages."""
    found = {}
    for finder in finders.get_finders():
        for path, storage in finder.list([]):
            if Path(storage.location) != settings.BASE_DIR / "static":
                found.setdefault(path, storage)
    return found


def test_every_static_file_of_a_package_is_in_the_table():
    files = foreign_files()
    assert [path for path in files if not any(fnmatch(path, pattern) for pattern in PATTERNS)] == []
    assert [pattern for pattern in PATTERNS if not any(fnmatch(path, pattern) for path in files)] == []


@pytest.mark.parametrize(("part", "version", "files"), [(p, v, f) for p, v, _licence, f in PARTS if v])
def test_a_part_for_browsers_has_the_version_of_the_table(part, version, files):
    scripts = [
        Path(storage.path(path)).read_text(encoding="utf-8")
        for path, storage in foreign_files().items()
        if path.endswith(".js") and any(fnmatch(path, pattern) for pattern in files)
    ]
    assert any(re.search(rf"(?<![\d.]){re.escape(version)}(?![\d.])", text) for text in scripts)


def test_every_file_of_the_base_map_names_its_source():
    patterns = [pattern for files, _source, _terms in table("Data") for pattern in named(files)]
    paths = [f"static/map/{path.name}" for path in (settings.BASE_DIR / "static/map").iterdir()]
    assert [path for path in paths if not any(fnmatch(path, pattern) for pattern in patterns)] == []
