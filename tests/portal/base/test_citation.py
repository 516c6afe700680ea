"""Citations: in words and as BibTeX, of what a page shows and of nothing else."""

import pytest
from django.utils import timezone

from clusters.models import MiniCluster
from portal.base.citation import Citation, bibtex_address, bibtex_text
from portal.models import Document
from tests.reading import element, page_of

CITED = [
    "/clusters/",
    "/clusters/?edition=2010&sector=automotive",
    "/clusters/2010-gumi-mobile/",
    "/complexes/",
    "/complexes/gumi/",
    "/support/",
    "/support/prototype-production/",
    "/map/",
    "/map/?kind=national&show=complexes",
    "/regions/",
    "/regions/zones/busan/",
    "/regions/pan-regions/honam/",
]


BRIEFING, REPORT = "Preparatory Briefing on South Korea", "The Industrial Complex Cluster Program of Korea"


# --- Citation


@pytest.mark.django_db
@pytest.mark.parametrize("address", CITED)
def test_every_page_of_records_is_cited_in_words_and_as_bibtex(client, address):
    text = page_of(client, address)
    citation, bibtex = element(text, "citation"), element(text, "bibtex")
    today = timezone.localdate()
    assert f"http://testserver{address}" in citation
    assert f"{today.day} {today:%B %Y}" in citation
    assert f"url = {{http://testserver{address}}}" in bibtex
    assert f"urldate = {{{today.isoformat()}}}" in bibtex
    assert element(text, "permalink") == f"http://testserver{address}"
    for name in ("citation", "permalink", "bibtex"):
        assert f'data-copy="{name}"' in text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "named", "not_named"),
    [
        ("/clusters/", [BRIEFING, REPORT], []),
        ("/clusters/?edition=2016", [BRIEFING], [REPORT]),
        ("/clusters/?edition=2009", [REPORT], [BRIEFING]),
        ("/map/?edition=2010", [REPORT], [BRIEFING]),
        ("/support/", [BRIEFING], [REPORT]),
        ("/clusters/2010-gumi-mobile/", [REPORT], [BRIEFING]),
        ("/complexes/gumi/", [BRIEFING, REPORT], []),
        ("/clusters/?q=zzzz", [], [BRIEFING, REPORT]),
    ],
)
def test_only_the_documents_of_the_records_are_cited(client, address, named, not_named):
    text = page_of(client, address)
    for words in (element(text, "citation"), element(text, "bibtex")):
        assert all(title in words for title in named)
        assert not any(title in words for title in not_named)


@pytest.mark.django_db
def test_a_citation_says_the_filters_in_words_and_counts_all_pages(client):
    everything = "edition=2009&edition=2010&edition=2016"
    total = client.get(f"/clusters.json?{everything}").json()["count"]
    citation = element(page_of(client, f"/clusters/?{everything}&page=2"), "citation")
    assert citation.startswith("Mini clusters (Edition: 2009; Edition: 2010; Edition: 2016)")
    assert f"{total} mini clusters" in citation
    assert f"http://testserver/clusters/?{everything} " in citation


@pytest.mark.django_db
def test_a_record_is_cited_with_its_place_in_the_document(client):
    citation = element(page_of(client, "/clusters/2010-gumi-mobile/"), "citation")
    record = MiniCluster.objects.get(slug="2010-gumi-mobile")
    assert citation.startswith(record.citation_title)
    assert record.locator in citation


@pytest.mark.parametrize(
    ("words", "escaped"),
    [
        ("R&BD 100 % #1 a_b $5", r"R\&BD 100 \% \#1 a\_b \$5"),
        ("{", r"\textbraceleft{}"),
        ("}", r"\textbraceright{}"),
        (r"\input{x}", r"\textbackslash{}input\textbraceleft{}x\textbraceright{}"),
        ("~^", r"\textasciitilde{}\textasciicircum{}"),
        ("two\nlines\x00\x1b", "two lines"),
        ("구미 · Gumi", "구미 · Gumi"),
    ],
)
def test_nothing_in_bibtex_is_a_command(words, escaped):
    assert bibtex_text(words) == escaped


def test_a_bibtex_address_keeps_its_signs_but_not_its_braces():
    assert bibtex_address("http://x/?q=50%25&a=b_c") == "http://x/?q=50%25&a=b_c"
    assert bibtex_address("http://x/?q={a}\\ b") == "http://x/?q=%7Ba%7D%5C%20b"


@pytest.mark.parametrize("title", ["}, evil = {x", "{", "\\", "%", '"', "@misc{x,"])
def test_a_bibtex_entry_stays_one_entry(title):
    """Braces balance, and close only at the end: BibTeX counts them, escaped or not."""
    document = Document(title=title, authors=title, publisher=title, published=title, slug="x", year=2010)
    entry = Citation(title, "http://x/?q={", [(document, title)], filters=[title], count=title).bibtex
    depth, depths = 0, []
    for character in entry:
        depth += {"{": 1, "}": -1}.get(character, 0)
        depths.append(depth)
    assert depths[-1] == 0 and 0 not in depths[entry.index("{") : -1]
    assert entry.count("\n  ") == 6
