"""The support finder: page, files and detail pages that answer alike."""

import re

import pytest
from django.http import QueryDict

from support_programs.finder.filters import SupportProgramFilterSet
from support_programs.finder.rules import assess
from support_programs.finder.words import answer_text
from support_programs.models import SupportProgram
from tests.reading import rows_of, words_of

pytestmark = pytest.mark.django_db

ERRAND = "companies=2&size=sme&purpose=prototype&cost=30+million"


def test_the_errand_two_firms_a_prototype_and_30_million(client):
    """It reads the subsidy it could get, its own share, and the clause that rules a line out."""
    words = words_of(client.get(f"/support/?{ERRAND}"))
    assert "1 support programme " in words and "Prototype production" in words
    assert "Paid at most KRW 18,000,000 Own share at least KRW 12,000,000" in words
    assert "60% of KRW 30,000,000 is KRW 18,000,000; below the cap of KRW 20,000,000 a year" in words
    assert "printed as “or less”" in words
    words = words_of(client.get("/support/?companies=2&size=sme&cost=30+million"))
    assert "3 companies or more are asked for; 1 more company would meet it." in words


def test_nothing_asked_leaves_the_answers_empty(client):
    records = client.get("/support.json").json()["results"]
    answers = ("verdict", "unmet_clauses", "unstated_clauses", "reasons", "subsidy_krw", "own_share_krw")
    assert {record[name] for record in records for name in answers} == {None}
    assert {bool(record["purpose"]) for record in records} == {True}
    words = words_of(client.get("/support/"))
    assert "Does it fit" not in words and "Show only what" not in words


QUESTIONS = [
    "companies=2",
    "size=large",
    "cost=30,000,000",
    "companies=3&size=middle&cost=0.5+billion",
    "companies=1&cost=101&verdict=met&verdict=not-stated",
    "companies=2&purpose=marketing&size=sme&cost=9999999&sort=-cap",
    ERRAND,
]


@pytest.mark.parametrize("query", QUESTIONS)
def test_page_csv_json_and_detail_pages_answer_alike(client, query, lines):
    records = client.get(f"/support.json?{query}").json()["results"]
    rows = rows_of(client, "support", query)
    assert rows == [{k: "" if v is None else str(v) for k, v in record.items()} for record in records]
    words = words_of(client.get(f"/support/?{query}"))
    asked = SupportProgramFilterSet(QueryDict(query)).question
    place = 0
    for record in records:
        assert record["verdict"] == assess(lines[record["slug"]], asked).verdict
        assert isinstance(record["subsidy_krw"], int | str | None)
        detail = words_of(client.get(f"/support/{record['slug']}/?{query}"))
        answer = answer_text(lines[record["slug"]], asked, assess(lines[record["slug"]], asked))
        place = words.index(str(lines[record["slug"]]), place)  # in this order
        for said in (
            *(clause.reason for clause in answer.clauses),
            *(one.arithmetic for one in answer.sums),
            *(f"KRW {one.amount:,} Own share at least KRW {one.own_share:,}" for one in answer.sums),
        ):
            assert words.find(said, place) > 0, said
            assert said in detail, said
            assert said in record["reasons"] + (record["arithmetic"] or "") or said.startswith("KRW")


def test_what_fits_comes_first_and_sort_still_sorts(client):
    def verdicts(query):
        return [record["verdict"] for record in client.get(f"/support.json?{query}").json()["results"]]

    found = verdicts("companies=2&size=sme&cost=1000000")
    assert found == ["met"] * 15 + ["not-stated"] * 2 + ["not-met"] * 3
    records = client.get("/support.json?companies=2").json()["results"]
    slugs = list(SupportProgram.objects.values_list("slug", flat=True))
    for verdict in ("met", "not-met"):
        places = [slugs.index(record["slug"]) for record in records if record["verdict"] == verdict]
        assert places == sorted(places)
    records = client.get("/support.json?companies=2&sort=-cap").json()["results"]
    caps = [record["cap_krw"] for record in records]
    assert caps == sorted(caps, reverse=True)


def test_a_merged_cell_is_said_at_the_clause_it_affects(client):
    page = client.get("/support/marketing-market-expansion-overseas/?companies=2&size=sme").content.decode()
    companies, size = re.findall(r"<li>.*?</li>", page[page.index('class="clauses"') :], re.DOTALL)[:2]
    assert "Read as a merged cell." not in companies
    assert "Read as a merged cell." in size
    assert "How the merged cells were read:" in page
    assert (
        "Read as a merged cell." not in client.get("/support/prototype-production/?size=sme").content.decode()
    )


def test_bad_input_is_named_and_stays_in_the_form(client):
    response = client.get("/support/?companies=two&size=sme&cost=-5&purpose=idea")
    text = response.content.decode()
    assert response.status_code == 400
    assert 'value="two"' in text and 'value="-5"' in text
    assert 'value="sme" selected' in text and 'value="idea" checked' in text
    assert text.count('aria-invalid="true"') == 2
    for path in ("/support.json", "/support.csv"):
        response = client.get(f"{path}?companies=two&cost=-5")
        assert response.status_code == 400
        assert set(response.json()["errors"]) == {"companies", "cost"}


@pytest.mark.parametrize("query", ["cost=-5", "companies=0", "size=huge", "purpose=fun"])
def test_a_detail_page_says_what_it_cannot_read(client, query):
    response = client.get(f"/support/prototype-production/?{query}")
    assert response.status_code == 400
    words = words_of(response)
    assert "What was asked cannot be read" in words and "KRW 20 million a year" in words
    assert "What was asked, clause by clause" not in words


def test_a_detail_page_without_a_question_offers_the_finder(client):
    response = client.get("/support/prototype-production/?utm_source=mail")
    assert response.status_code == 200
    assert "Does it fit? Answer four questions." in words_of(response)


def test_a_verdict_without_a_question_says_what_to_give(client):
    words = words_of(client.get("/support/?verdict=met"))
    assert "Without a number of companies, a size or a cost no line has a verdict." in words


@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/support/", 4),
        ("/support/?purpose=marketing", 5),
        (f"/support/?{ERRAND}", 6),
        (f"/support/?{ERRAND}&verdict=met", 7),
        ("/support.json", 1),
        (f"/support.json?{ERRAND}", 2),
        (f"/support.csv?{ERRAND}&verdict=met", 2),
        ("/support/prototype-production/", 3),
        (f"/support/prototype-production/?{ERRAND}", 3),
    ],
)
def test_the_number_of_queries_is_fixed(client, address, queries, django_assert_num_queries):
    for _more in range(2):
        with django_assert_num_queries(queries):
            assert client.get(address).status_code == 200
        for n in range(30):
            SupportProgram.objects.create(
                slug=f"more-{_more}-{n}",
                category="rbd-support",
                programme="More",
                purpose="prototype",
                document=SupportProgram.objects.first().document,
            )


def test_the_support_page_reads_out_what_an_errand_needs(client):
    """Two firms, a prototype: what is paid, at most, at which rate, for how many companies."""
    text = client.get("/support/?companies=2&q=prototype&size=sme").content.decode()
    for words in ("Prototype production", "KRW\xa020\xa0million", "up to 60%", "1 company or more"):
        assert words in text, words
