"""The map as a picture and as a page for an iframe: of their own, safe, and in few queries."""

import html
import json
import re
from xml.etree import ElementTree

import pytest

from complexes.models import Hub, IndustrialComplex
from tests.mapping import SVG, picture, texts
from tests.reading import element, page_of


@pytest.mark.django_db
def test_the_picture_is_a_file_of_its_own_under_the_strict_policy(client):
    response = client.get("/map.svg?show=complexes")
    assert response["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert "unsafe" not in response["Content-Security-Policy"] and not response.cookies
    assert response["X-Frame-Options"] == "DENY"
    text = response.content.decode()
    for foreign in ("<style", "style=", "<script", "href=", "<foreignObject", "<image", "<use"):
        assert foreign not in text
    assert set(re.findall(r"url\(([^)]*)", page_of(client, "/map.svg?edition=2016"))) == {"#drawn-hatch"}
    assert (
        client.get("/map.svg", headers={"If-None-Match": client.get("/map.svg")["ETag"]}).status_code == 304
    )


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "&lt;b&gt;", '"><g onload="x', "bell\x07 ]]>"])
def test_names_in_the_picture_and_embed_are_never_markup(client, name):
    Hub.objects.filter(slug="gumi").update(name=name)
    drawn = texts(picture(client, "hub=gumi"))
    assert any(text.startswith(name.replace("\x07", "")) for text in drawn)
    embed = page_of(client, "/map/embed/?hub=gumi")
    assert "<script>alert" not in embed and "<g onload" not in embed


@pytest.mark.django_db
def test_a_search_in_the_picture_is_never_markup(client):
    words = "<script>x</script>"
    svg = picture(client, "q=%3Cscript%3Ex%3C/script%3E")
    assert f"Search: {words}" in " ".join(texts(svg))
    assert not list(svg.iter(f"{SVG}script"))


@pytest.mark.django_db
def test_the_picture_of_a_bad_filter_is_its_reason(client):
    response = client.get("/map.svg?zone=atlantis")
    assert response.status_code == 400
    assert json.loads(response.content) == {"errors": {"zone": ["There is no “atlantis” here."]}}
    assert client.get("/map.svg?show=nothing").status_code == 404


@pytest.mark.django_db
def test_a_record_without_a_place_is_counted_but_not_drawn(client):
    IndustrialComplex.objects.filter(slug="gumi").update(latitude=None, longitude=None, location_precision="")
    svg = picture(client, "show=complexes&slug=gumi")
    assert "1 industrial complex, 1 without a place on the map" in texts(svg)
    assert not [group for group in svg.iter(f"{SVG}g") if (group.get("class") or "").startswith("mark")]


# --- The embed


@pytest.mark.django_db
def test_only_the_embed_may_be_framed_and_it_sets_no_cookie(client):
    response = client.get("/map/embed/?sector=automotive")
    assert "frame-ancestors *" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "X-Frame-Options" not in response
    assert not response.cookies and "Cookie" not in response.get("Vary", "")
    assert "frame-ancestors 'none'" in client.get("/map/")["Content-Security-Policy"]
    assert client.post("/map/embed/").status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["", "edition=2009&sector=automotive", "kind=national&show=complexes"])
def test_the_embed_has_the_records_of_its_query_and_leads_to_the_portal(client, query):
    text = page_of(client, f"/map/embed/?{query}")
    stem = "complexes" if "complexes" in query else "clusters"
    records = client.get(f"/{stem}.json?{query}").json()["results"]
    assert f"{len(records)} " in text
    links = [
        html.unescape(link)
        for link in re.findall(
            r'<a (?:class="spot-link" )?href="([^"]+)" target="_blank" rel="noopener"', text
        )
    ]
    *found, portal = links
    # Each mark of the map stands in the list under it too.
    found, listed = found[: len(found) // 2], found[len(found) // 2 :]
    assert found == listed
    assert portal == "http://testserver/map/" + (f"?{query}" if query else "")
    if stem == "complexes":
        assert sorted(found) == sorted(f"/complexes/{record['slug']}/" for record in records)
    else:
        counts = [client.get(link.replace("/clusters/", "/clusters.json")).json()["count"] for link in found]
        assert sum(counts) == len(records)
    assert "site-header" not in text and "site-footer" not in text


@pytest.mark.django_db
def test_the_embed_says_what_it_cannot_read_or_find(client):
    response = client.get("/map/embed/?zone=atlantis")
    assert response.status_code == 400
    assert "There is no “atlantis” here." in response.content.decode()
    assert "No record meets all of these at once." in page_of(client, "/map/embed/?q=zzzz")
    assert client.get("/map/embed/?show=nothing").status_code == 404


@pytest.mark.django_db
def test_the_map_offers_the_code_of_its_own_embed(client):
    text = page_of(client, "/map/?show=complexes&kind=national&q=%22%3E")
    code = element(text, "embed-code")
    frame = ElementTree.fromstring(code)
    assert frame.get("src") == "http://testserver/map/embed/?kind=national&q=%22%3E&show=complexes"
    assert '">' in frame.get("title")
    assert "<iframe" not in text  # it is shown, not run
    assert 'href="/map.svg?kind=national&amp;q=%22%3E&amp;show=complexes"' in text
    assert "embed-code" not in page_of(client, "/clusters/")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/map.svg", 1),
        ("/map.svg?edition=2016&zone=busan", 1),
        ("/map/embed/", 1),
        ("/map/embed/?show=complexes", 2),
    ],
)
def test_drawn_maps_take_few_queries(client, address, queries, django_assert_num_queries):
    client.get(address)  # what the stores learn once is known by now
    with django_assert_num_queries(queries):
        assert client.get(address).status_code == 200
