"""Mini clusters: the list and the page of one."""

import pytest

from tests.reading import page_of

pytestmark = pytest.mark.django_db


def test_a_zone_that_is_a_picture_says_so_and_offers_2010(client):
    text = client.get("/clusters/?edition=2016&zone=ulsan").content.decode()
    assert "as a picture only" in text
    assert 'href="/clusters/?edition=2010&amp;zone=ulsan"' in text
    assert "as a picture only" in client.get("/regions/zones/ulsan/").content.decode()
    assert "as a picture only" not in client.get("/clusters/?edition=2016&zone=seoul").content.decode()


def test_a_detail_page_shows_its_source_and_whom_to_ring(client):
    text = page_of(client, "/clusters/2010-gunsan-industrial-machines/")
    for words in (
        "MINI CLUSTER LIST",
        "As printed",
        "Editor’s note",
        "+82-70-8895-7912",
        "KICOX Gunsan Branch",
    ):
        assert words in text, words
