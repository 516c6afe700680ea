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


@pytest.mark.parametrize(
    ("query", "wider"),
    [
        (
            "status_after=gone",
            "/clusters/?status_after=gone&amp;edition=2009&amp;edition=2010&amp;edition=2016",
        ),
        ("q=nothing-of-the-kind&edition=2010", None),
        ("slug=nothing-of-the-kind", None),
    ],
)
def test_an_empty_list_offers_all_editions_where_only_the_newest_were_searched(client, query, wider):
    text = page_of(client, f"/clusters/?{query}")
    assert "No record meets all of these" in text
    assert ("Search all editions" in text) == bool(wider)
    assert not wider or f'href="{wider}"' in text


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
