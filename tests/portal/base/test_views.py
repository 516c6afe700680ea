"""Lists: their fragment for htmx, their pages, and what they say when nothing is found."""

import pytest

pytestmark = pytest.mark.django_db


def test_htmx_gets_the_fragment_of_the_page(client):
    fragment = client.get("/clusters/?zone=seoul", headers={"HX-Request": "true"})
    page = client.get("/clusters/?zone=seoul")
    assert b"<html" not in fragment.content
    assert fragment.content.decode().strip() in page.content.decode()
    assert "HX-Request" in page["Vary"] and "HX-Request" in fragment["Vary"]


def test_an_empty_result_says_why_and_what_to_try(client):
    text = client.get("/clusters/?zone=seoul&sector=shipbuilding-marine").content.decode()
    assert "No record meets all of these at once." in text
    assert 'href="/clusters/?zone=seoul"' in text
    assert 'href="/clusters/?sector=shipbuilding-marine"' in text


def test_paging_keeps_the_filters_and_a_filter_drops_the_page(client):
    text = client.get("/clusters/?edition=2010&sort=name&page=2").content.decode()
    assert 'href="/clusters/?edition=2010&amp;page=1&amp;sort=name"' in text
    assert 'href="/clusters/?sort=name"' in text  # the chip of the edition
    assert 'name="page"' not in text
