"""Every text of the interface goes through gettext, in templates and in JavaScript."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
# Longer ones hide what they say, and what changed in them.
MAX_LINE = 160
# Not language: units and signs that stay as they are.
KEPT = {"CSV", "JSON", "csv", "json", "geojson"}


def bare_words(template):
    """Return the words of a template that no translation tag holds."""
    text = re.sub(r"{% blocktrans(late)?\b.*?{% endblocktrans(late)? %}", "", template, flags=re.DOTALL)
    text = re.sub(r"{% comment %}.*?{% endcomment %}|{#.*?#}", "", text, flags=re.DOTALL)
    # An expression or tag is one whole, also when a text in it holds a brace or a percent sign.
    text = re.sub(r"{%.*?%}|{{(?:\"[^\"]*\"|[^}\"]|}(?!}))*}}", "", text, flags=re.DOTALL)
    labels = re.findall(r'(?:aria-label|title|alt|placeholder|data-label)="([^"]+)"', text)
    text = re.sub(r"<code>.*?</code>|<!--.*?-->|<[^>]*>|&\w+;", " ", text, flags=re.DOTALL)
    return [word for word in re.findall(r"[A-Za-z가-힣]{2,}", " ".join([text, *labels])) if word not in KEPT]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_templates_have_no_bare_words(path):
    assert bare_words(path.read_text(encoding="utf-8")) == []


def test_the_check_finds_a_bare_word():
    found = bare_words('<p title="Bare">{% translate "not this" %} {{ nor.this }} but <b>this</b></p>')
    assert found == ["but", "this", "Bare"]


@pytest.mark.parametrize(
    "path",
    [*TEMPLATES, ROOT / "templates/public/map/picture.svg"],
    ids=lambda path: str(path.relative_to(ROOT / "templates")),
)
def test_no_line_of_a_template_is_too_long(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [number for number, line in enumerate(lines, 1) if len(line) > MAX_LINE] == []
