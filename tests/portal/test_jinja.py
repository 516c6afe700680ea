"""What the public templates call: amounts, numbers, paragraphs, runs, and the query string of an address."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from portal.jinja import environment, number, paragraphs, querystring, runs


@pytest.mark.parametrize(
    ("value", "written"),
    [("50050", "50,050"), ("0.700000", "0.7"), ("1E+3", "1,000"), ("100", "100"), ("-2.50", "-2.5")],
)
def test_a_number_has_no_zeros_that_nobody_printed(value, written):
    assert number(Decimal(value)) == written


def test_a_blank_line_parts_paragraphs():
    assert paragraphs(" One\nline. \r\n\r\n\r\n\r\nTwo.\n\n") == ["One\nline.", "Two."]


def test_runs_are_of_neighbours():
    records = [SimpleNamespace(kind=kind) for kind in "aab"] + [SimpleNamespace(kind="a")]
    assert [(kind, len(run)) for kind, run in runs(records, "kind")] == [("a", 2), ("b", 1), ("a", 1)]


def test_the_query_string_keeps_what_is_not_changed(rf):
    request = rf.get("/?zone=seoul&zone=busan&page=2")
    assert querystring(request, page=3) == "?zone=seoul&zone=busan&page=3"
    assert querystring(request, page=None) == "?zone=seoul&zone=busan"


def test_values_put_into_a_text_are_escaped():
    template = environment(autoescape=True).from_string('{{ _("<b>%(name)s</b>") % {"name": name} }}')
    assert template.render(name="<i>") == "<b>&lt;i&gt;</b>"
