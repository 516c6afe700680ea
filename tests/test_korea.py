"""What belongs to the country stands in portal/korea.py, and is repeated nowhere."""

import ast
import re

import pytest
from django.conf import settings
from django.utils.translation import override

from portal import korea

# Hangul is a word of the portal too: names in the script of the country are part of its records.
NAMES = re.compile(r"Korea|KICOX|KRW|NGII|National Geographic|Asia/Seoul|\+82|₩|원\b|\bwon\b")
NUMBERS = {
    number for box in (korea.BOUNDS, korea.DEFAULT_VIEW, korea.DRAWN) for corner in box for number in corner
}
# It makes the base map of this country out of sources about it.
MAKES_THE_MAP = "portal/management/commands/make_base_map.py"
APPS = ("portal", "clusters", "complexes", "support_programs")


def files(folders, *suffixes):
    found = (path for folder in folders for path in (settings.BASE_DIR / folder).rglob("*"))
    return sorted(
        str(path.relative_to(settings.BASE_DIR))
        for path in found
        if path.suffix in suffixes and "migrations" not in path.parts
    )


def read(name):
    return (settings.BASE_DIR / name).read_text(encoding="utf-8")


def constants(text):
    """Return the strings and numbers of a module without its docstrings."""
    tree = ast.parse(text)
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in told]


def of_the_country(values):
    return [
        value
        for value in values
        if (isinstance(value, float) and value in NUMBERS) or (isinstance(value, str) and NAMES.search(value))
    ]


def numbers_in(text):
    return [float(number) for number in re.findall(r"\b[0-9]+\.[0-9]+\b", text)]


@pytest.mark.parametrize("name", sorted({*files(APPS, ".py")} - {"portal/korea.py", MAKES_THE_MAP}))
def test_no_module_repeats_what_belongs_to_the_country(name):
    assert of_the_country(constants(read(name))) == []


@pytest.mark.parametrize("name", files(["templates"], ".html", ".svg"))
def test_no_template_repeats_it(name):
    text = re.sub(r"{#.*?#}", "", read(name), flags=re.DOTALL)
    assert of_the_country([*text.splitlines(), *numbers_in(text)]) == []


@pytest.mark.parametrize("name", files(["static/js"], ".js"))
def test_no_script_repeats_it(name):
    text = re.sub(r"/\*(?s:.*?)\*/|//.*", "", read(name))
    assert of_the_country([*text.splitlines(), *numbers_in(text)]) == []


def test_the_check_finds_names_and_numbers_but_no_docstrings():
    text = '"""Of Korea."""\nTITLE = _("Map of Korea")\nBOUNDS = (38.7, 12.5)\n'
    assert of_the_country(constants(text)) == ["Map of Korea", 38.7]
    assert of_the_country(["wonder", "%(country)s", *numbers_in("[[33.1, 5.5]]")]) == [33.1]


def test_it_imports_nothing_of_ours():
    modules = [
        node for node in ast.walk(ast.parse(read("portal/korea.py"))) if isinstance(node, ast.ImportFrom)
    ]
    assert {node.module.partition(".")[0] for node in modules} == {"django"}


def test_names_are_filled_in_when_a_text_is_translated():
    text = korea.named("%(agency)s offices")
    with override("en-gb"):
        assert str(text) == "KICOX offices"


def test_the_first_view_lies_in_the_base_map_and_holds_the_mean_latitude():
    (south, west), (north, east) = korea.DEFAULT_VIEW
    (low, left), (high, right) = korea.BASE_MAP
    assert low < south < korea.MEAN_LATITUDE < north < high
    assert left < west < east < right
