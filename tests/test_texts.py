"""Every text of the interface goes through gettext: templates mark theirs, and scripts are handed theirs."""

import re

import pytest
from django.conf import settings

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
SCRIPTS = sorted((settings.BASE_DIR / "static" / "js").rglob("*.js"))
# Longer ones hide what they say, and what changed in them.
MAX_LINE = 160
# Not language: units and signs that stay as they are.
KEPT = {"CSV", "JSON", "csv", "json", "geojson"}
# Names in scripts that browsers gave, and that of a library that wants to be named.
NAMES = {"Enter", "Escape", "Tab", "Home", "End", "Leaflet"}
STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"|\'((?:[^\'\\\n]|\\.)*)\'|`((?:[^`\\]|\\.)*)`')
# What shows its text, or speaks it.
SHOWN = re.compile(
    r"(?:\b(?:textContent|innerText|innerHTML|ariaLabel|title|alt|placeholder|label)\s*[=:]|[\"']aria-label[\"'],"
    r"|\b(?:append|prepend|replaceChildren|setContent|createTextNode)\()\s*$"
)


def bare_words(template):
    """Return the words of a template that no translation tag holds."""
    text = re.sub(r"{% blocktrans(late)?\b.*?{% endblocktrans(late)? %}", "", template, flags=re.DOTALL)
    text = re.sub(r"{% comment %}.*?{% endcomment %}|{#.*?#}", "", text, flags=re.DOTALL)
    # An expression or tag is one whole, also when a text in it holds a brace or a percent sign.
    text = re.sub(r"{%.*?%}|{{(?:\"[^\"]*\"|[^}\"]|}(?!}))*}}", "", text, flags=re.DOTALL)
    labels = re.findall(r'(?:aria-label|title|alt|placeholder|data-label)="([^"]+)"', text)
    text = re.sub(r"<code>.*?</code>|<!--.*?-->|<[^>]*>|&\w+;", " ", text, flags=re.DOTALL)
    return [word for word in re.findall(r"[A-Za-z가-힣]{2,}", " ".join([text, *labels])) if word not in KEPT]


def bare_texts(script):
    """Return the strings of a script that are language: shown or spoken, several words, or with a capital."""
    script = re.sub(r"/\*.*?\*/|(?<![:\w\"'])//[^\n]*", "", script, flags=re.DOTALL)
    found = []
    for match in STRING.finditer(script):
        text = next(part for part in match.groups() if part is not None)
        text = re.sub(r"\${[^}]*}|{\w+}|<[^>]*>", "\0", text)
        words = [word for word in re.findall(r"(?<![\w-])[A-Za-z가-힣]+(?![\w-])", text) if word not in NAMES]
        several = re.search(r"(?<![\w.#\[-])[a-z]{2,} [a-z]{2,}(?![\w\]=-])", text)
        named = any(re.fullmatch(r"[A-Z][a-z]+|[가-힣]+", word) for word in words)
        shown = SHOWN.search(script[: match.start()]) and any(len(word) > 1 for word in words)
        if text != "use strict" and (several or named or shown):
            found.append(text)
    return found


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_templates_have_no_bare_words(path):
    assert bare_words(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_scripts_have_no_bare_texts(path):
    assert bare_texts(path.read_text(encoding="utf-8")) == []


def test_the_checks_find_bare_words():
    found = bare_words('<p title="Bare">{% translate "not this" %} {{ nor.this }} but <b>this</b></p>')
    assert found == ["but", "this", "Bare"]
    found = bare_texts("""
        // "Not this", nor what names a class, a selector or an event:
        node("div", { className: "aside layer-note", textContent: "bare" });
        page.querySelector("input[type=text], .chips a").addEventListener("keydown", closed);
        if (key === "Escape") button.setAttribute("aria-label", `zoom ${place}`);
        map.say(`${n} mini clusters`, "none left", "Copied", words.copied.replace("{n}", n), "구미");
    """)
    assert found == ["bare", "zoom \0", "\0 mini clusters", "none left", "Copied", "구미"]


@pytest.mark.parametrize(
    "path",
    [*TEMPLATES, settings.BASE_DIR / "templates/public/map/picture.svg"],
    ids=lambda path: str(path.relative_to(settings.BASE_DIR / "templates")),
)
def test_no_line_of_a_template_is_too_long(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [number for number, line in enumerate(lines, 1) if len(line) > MAX_LINE] == []
