"""Industrial complexes: the page of one."""

import html
from urllib.parse import urlencode

import pytest

from complexes.models import IndustrialComplex
from tests.reading import page_of

pytestmark = pytest.mark.django_db


def test_a_detail_page_shows_names_roles_source_and_mini_clusters(client):
    text = page_of(client, "/complexes/gumi/")
    for words in (
        "구미국가산업단지",
        "pilot 2005",
        "hub 2010",
        "listed 2016",
        "Figure 5",
        "Its mini clusters",
    ):
        assert words in text, words


def test_a_page_names_some_neighbours_and_leads_to_all(client):
    gumi = IndustrialComplex.objects.get(slug="gumi")
    IndustrialComplex.objects.bulk_create(
        IndustrialComplex(
            slug=f"more-{n}", name=f"More {n}", kind="national", province=gumi.province,
            municipality=gumi.municipality, municipality_ko=gumi.municipality_ko, hub=gumi.hub,
            document=gumi.document, locator="test",
        )
        for n in range(60)
    )  # fmt: skip
    text = page_of(client, "/complexes/gumi/")
    inside = {"municipality": "Gumi-si", "province": "north-gyeongsang"}
    n = IndustrialComplex.objects.filter(municipality="Gumi-si", province__slug=inside["province"]).count()
    assert f'<a href="/complexes/?{html.escape(urlencode(inside))}">All {n} industrial complexes' in text
    assert client.get("/complexes.json", inside).json()["count"] == n > 60
    section = text.partition("Other complexes in Gumi-si")[2].partition("</section>")[0]
    assert section.count("<li>") == 24
    assert "All " not in page_of(client, "/complexes/daebul/").partition("<main")[2]
