"""The support finder: a table of questions and answers; and page, files and detail page that agree."""

import csv
import html
import io
import re
from fractions import Fraction

import pytest
from django.http import QueryDict
from playwright.sync_api import expect

from support_programs.finder.filters import SupportProgramFilterSet
from support_programs.finder.rules import MAX_COST, Question, Verdict, assess, merged_clauses, read_amount
from support_programs.finder.words import in_columns, told
from support_programs.models import SupportProgram

from .browsing import settle

MET, NOT_MET, NOT_STATED = Verdict.MET, Verdict.NOT_MET, Verdict.NOT_STATED

# Lines of Figure 16, and what it might have printed: (cap, per case, SME, middle, large, companies, purpose).
LINES = {
    "development": (200_000_000, False, 75, 66, 33, 2, "development"),
    "prototype": (20_000_000, False, 60, 60, 60, 1, "prototype"),
    "patent": (2_000_000, True, 70, 70, 70, 1, "property"),
    "overseas": (5_000_000, False, 70, 70, 70, 3, "marketing"),
    "transfer": (7_000_000, False, None, None, None, 1, "transfer"),
    "idea": (3_000_000, False, 70, 70, 70, 5, "idea"),
    "SMEs only": (10_000_000, False, 50, None, None, None, ""),
    "two sizes": (10_000_000, False, 50, 50, None, 1, ""),
    "no cap": (None, False, 60, 60, 60, 1, "training"),
    "nothing printed": (None, False, None, None, None, None, ""),
}
FIELDS = ("cap_krw", "per_case", "rate_sme", "rate_middle", "rate_large", "min_companies", "purpose")


def line(name):
    return SupportProgram(**dict(zip(FIELDS, LINES[name], strict=True)))


def question(**asked):
    return Question(**asked | {"purposes": tuple(asked.get("purposes", ()))})


# (line, what is asked, the verdict on the line, its clauses, [(subsidy, own share)] in KRW)
CASES = [
    # Nothing asked: no verdict. A purpose alone chooses, and asks nothing of a line.
    ("prototype", {}, None, {}, []),
    ("nothing printed", {}, None, {}, []),
    ("prototype", {"purposes": ["training"]}, None, {}, []),
    # Companies: below, equal, above, none printed.
    ("overseas", {"companies": 1}, NOT_MET, {"companies": NOT_MET}, []),
    ("overseas", {"companies": 2}, NOT_MET, {"companies": NOT_MET}, []),
    ("overseas", {"companies": 3}, MET, {"companies": MET}, []),
    ("overseas", {"companies": 4}, MET, {"companies": MET}, []),
    ("idea", {"companies": 4}, NOT_MET, {"companies": NOT_MET}, []),
    ("idea", {"companies": 5}, MET, {"companies": MET}, []),
    ("prototype", {"companies": 1}, MET, {"companies": MET}, []),
    ("prototype", {"companies": 9999}, MET, {"companies": MET}, []),
    ("SMEs only", {"companies": 1}, NOT_STATED, {"companies": NOT_STATED}, []),
    # Size: one rate for all, a rate for each, a rate for some, none.
    ("prototype", {"size": "sme"}, MET, {"size": MET}, []),
    ("prototype", {"size": "large"}, MET, {"size": MET}, []),
    ("development", {"size": "middle"}, MET, {"size": MET}, []),
    ("SMEs only", {"size": "sme"}, MET, {"size": MET}, []),
    ("SMEs only", {"size": "middle"}, NOT_MET, {"size": NOT_MET}, []),
    ("two sizes", {"size": "middle"}, MET, {"size": MET}, []),
    ("two sizes", {"size": "large"}, NOT_MET, {"size": NOT_MET}, []),
    ("transfer", {"size": "sme"}, NOT_STATED, {"size": NOT_STATED}, []),
    # Purpose, beside another question: met, not met, none given.
    (
        "overseas",
        {"companies": 3, "purposes": ["training", "marketing"]},
        MET,
        {"companies": MET, "purpose": MET},
        [],
    ),
    ("overseas", {"companies": 3, "purposes": ["idea"]}, NOT_MET, {"companies": MET, "purpose": NOT_MET}, []),
    (
        "two sizes",
        {"companies": 1, "purposes": ["idea"]},
        NOT_STATED,
        {"companies": MET, "purpose": NOT_STATED},
        [],
    ),
    # Cost: the rate of it; the cap exactly reached, one won below and above, and where fractions begin.
    ("prototype", {"cost": 30_000_000}, MET, {"cost": MET}, [(18_000_000, 12_000_000)]),
    ("no cap", {"cost": 90_000_000}, MET, {"cost": MET}, [(54_000_000, 36_000_000)]),
    ("no cap", {"cost": MAX_COST}, MET, {"cost": MET}, [(600_000_000_000_000, 400_000_000_000_000)]),
    (
        "two sizes",
        {"cost": 20_000_000, "size": "sme"},
        MET,
        {"size": MET, "cost": MET},
        [(10_000_000, 10_000_000)],
    ),
    (
        "two sizes",
        {"cost": 19_999_998, "size": "sme"},
        MET,
        {"size": MET, "cost": MET},
        [(9_999_999, 9_999_999)],
    ),
    (
        "two sizes",
        {"cost": 20_000_002, "size": "sme"},
        MET,
        {"size": MET, "cost": MET},
        [(10_000_000, 10_000_002)],
    ),
    (
        "two sizes",
        {"cost": 19_999_999, "size": "sme"},
        MET,
        {"size": MET, "cost": MET},
        [(9_999_999, 10_000_000)],
    ),
    (
        "two sizes",
        {"cost": 20_000_001, "size": "sme"},
        MET,
        {"size": MET, "cost": MET},
        [(10_000_000, 10_000_001)],
    ),
    ("prototype", {"cost": 33_333_333}, MET, {"cost": MET}, [(19_999_999, 13_333_334)]),
    ("prototype", {"cost": 33_333_334}, MET, {"cost": MET}, [(20_000_000, 13_333_334)]),
    # Fractions of a won are dropped, and what is left of them is the applicant's.
    ("prototype", {"cost": 1}, MET, {"cost": MET}, [(0, 1)]),
    ("prototype", {"cost": 2}, MET, {"cost": MET}, [(1, 1)]),
    ("prototype", {"cost": 5}, MET, {"cost": MET}, [(3, 2)]),
    ("development", {"cost": 101, "size": "large"}, MET, {"size": MET, "cost": MET}, [(33, 68)]),
    ("development", {"cost": 101, "size": "middle"}, MET, {"size": MET, "cost": MET}, [(66, 35)]),
    ("development", {"cost": 101, "size": "sme"}, MET, {"size": MET, "cost": MET}, [(75, 26)]),
    # A float would make 118 of it.
    ("patent", {"cost": 170}, MET, {"cost": MET}, [(119, 51)]),
    # The largest cost: everything above the cap is the applicant's.
    ("prototype", {"cost": MAX_COST}, MET, {"cost": MET}, [(20_000_000, 999_999_980_000_000)]),
    # Size left open: one sum for each rate, unless one holds for all.
    (
        "development",
        {"cost": 100_000_000},
        MET,
        {"cost": MET},
        [(75_000_000, 25_000_000), (66_000_000, 34_000_000), (33_000_000, 67_000_000)],
    ),
    (
        "development",
        {"cost": 300_000_000},
        MET,
        {"cost": MET},
        [(200_000_000, 100_000_000), (198_000_000, 102_000_000), (99_000_000, 201_000_000)],
    ),
    ("two sizes", {"cost": 1000}, MET, {"cost": MET}, [(500, 500), (500, 500)]),
    ("SMEs only", {"cost": 1000}, MET, {"cost": MET}, [(500, 500)]),
    # Per case: the cost is one case.
    ("patent", {"cost": 2_000_000}, MET, {"cost": MET}, [(1_400_000, 600_000)]),
    ("patent", {"cost": 10_000_000}, MET, {"cost": MET}, [(2_000_000, 8_000_000)]),
    # No rate printed: only the cap is known, or not even that; no rate for this size.
    ("transfer", {"cost": 30_000_000}, NOT_STATED, {"cost": NOT_STATED}, []),
    ("transfer", {"cost": 1}, NOT_STATED, {"cost": NOT_STATED}, []),
    ("nothing printed", {"cost": 1}, NOT_STATED, {"cost": NOT_STATED}, []),
    ("SMEs only", {"cost": 1000, "size": "large"}, NOT_MET, {"size": NOT_MET, "cost": NOT_STATED}, []),
    # What is not met outweighs what is not stated, and that what is met.
    ("transfer", {"companies": 2, "cost": 5}, NOT_STATED, {"companies": MET, "cost": NOT_STATED}, []),
    (
        "overseas",
        {"companies": 2, "cost": 1000},
        NOT_MET,
        {"companies": NOT_MET, "cost": MET},
        [(700, 300)],
    ),
    # The errand: two firms, a prototype, KRW 30 million.
    (
        "prototype",
        {"companies": 2, "size": "sme", "purposes": ["prototype"], "cost": 30_000_000},
        MET,
        {"companies": MET, "size": MET, "purpose": MET, "cost": MET},
        [(18_000_000, 12_000_000)],
    ),
]


@pytest.mark.parametrize(("name", "asked", "verdict", "clauses", "sums"), CASES)
def test_what_a_line_answers(name, asked, verdict, clauses, sums):
    answer = assess(line(name), question(**asked))
    assert answer.verdict == verdict
    assert answer.clauses == clauses
    assert [(one.amount, one.own_share) for one in answer.subsidies] == sums
    assert all(type(amount) is int for pair in sums for amount in pair)


def test_the_table_of_cases_is_long_enough():
    assert len(CASES) >= 45


@pytest.mark.parametrize(
    ("name", "asked", "arithmetic"),
    [
        (
            "prototype",
            {"cost": 30_000_000},
            "60% of KRW 30,000,000 is KRW 18,000,000; below the cap of KRW 20,000,000 a year; "
            "own share KRW 12,000,000.",
        ),
        (
            "two sizes",
            {"cost": 20_000_000, "size": "sme"},
            "SME: 50% of KRW 20,000,000 is KRW 10,000,000; exactly the cap of KRW 10,000,000 a year; "
            "own share KRW 10,000,000.",
        ),
        (
            "patent",
            {"cost": 10_000_000},
            "Taken as one case, 70% of KRW 10,000,000 is KRW 7,000,000; above the cap of KRW 2,000,000 per "
            "case, so no more than the cap is paid; own share KRW 8,000,000.",
        ),
        (
            "development",
            {"cost": 101, "size": "large"},
            "Large corporation: 33% of KRW 101 is KRW 33.33; below the cap of KRW 200,000,000 a year; "
            "rounded down to KRW 33; own share KRW 68.",
        ),
        # Above the cap by a fraction of a won: nothing is rounded.
        (
            "prototype",
            {"cost": 33_333_334},
            "60% of KRW 33,333,334 is KRW 20,000,000.40; above the cap of KRW 20,000,000 a year, so no "
            "more than the cap is paid; own share KRW 13,333,334.",
        ),
        ("no cap", {"cost": 5}, "60% of KRW 5 is KRW 3; no cap is printed; own share KRW 2."),
        ("transfer", {"cost": 5}, None),
    ],
)
def test_the_arithmetic_is_spelled_out(name, asked, arithmetic):
    assert in_columns(line(name), question(**asked))["arithmetic"] == arithmetic


@pytest.mark.parametrize(
    ("name", "asked", "reasons"),
    [
        (
            "overseas",
            {"companies": 2},
            "Companies: not met. 3 companies or more are asked for; 1 more company would meet it.",
        ),
        (
            "idea",
            {"companies": 1},
            "Companies: not met. 5 companies or more are asked for; 4 more companies would meet it.",
        ),
        ("prototype", {"companies": 2}, "Companies: met. 1 company or more is asked for, 2 apply."),
        (
            "SMEs only",
            {"companies": 2},
            "Companies: not stated in the source. No number of companies is printed.",
        ),
        ("SMEs only", {"size": "large"}, "Size: not met. A rate is printed for other applicants only: SME."),
        ("development", {"size": "sme"}, "Size: met. 75% or less is printed for this size, SME."),
        ("prototype", {"size": "sme"}, "Size: met. One rate is printed, and no size: 60% or less."),
        ("transfer", {"size": "sme"}, "Size: not stated in the source. No rate is printed for any size."),
        (
            "transfer",
            {"cost": 5},
            "Cost: not stated in the source. "
            "No rate is printed; only the cap is known: KRW 7,000,000 a year.",
        ),
        ("nothing printed", {"cost": 5}, "Cost: not stated in the source. Neither rate nor cap is printed."),
        ("no cap", {"cost": 5}, "Cost: met. The rate is printed, a cap is not."),
        ("development", {"cost": 5}, "Cost: met. Rates and cap are printed; the rate depends on the size."),
        (
            "prototype",
            {"companies": 1, "purposes": ["idea"]},
            "Companies: met. 1 company or more is asked for, 1 applies. "
            "What for: not met. The line is for: Making a prototype.",
        ),
    ],
)
def test_each_clause_says_why_and_what_would_meet_it(name, asked, reasons):
    assert in_columns(line(name), question(**asked))["reasons"] == reasons


def test_the_columns_of_a_file():
    columns = in_columns(line("overseas"), question(companies=2, size="sme", cost=1000))
    assert columns["verdict"] == "not-met"
    assert columns["unmet_clauses"] == "companies" and columns["unstated_clauses"] == ""
    assert (columns["subsidy_krw"], columns["own_share_krw"]) == (700, 300)
    columns = in_columns(line("transfer"), question(companies=1, size="sme", cost=1000))
    assert columns["unstated_clauses"] == "size; cost"
    assert columns["subsidy_krw"] is columns["own_share_krw"] is columns["arithmetic"] is None
    # One sum a size where the size is left open and matters.
    columns = in_columns(line("development"), question(cost=100_000_000))
    assert columns["subsidy_krw"] == "75000000; 66000000; 33000000"
    assert columns["own_share_krw"] == "25000000; 34000000; 67000000"
    assert set(in_columns(line("development"), question()).values()) == {None}


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("30000000", 30_000_000),
        ("30,000,000", 30_000_000),
        ("30 000 000", 30_000_000),
        ("30_000_000", 30_000_000),
        ("  30,000,000  ", 30_000_000),
        ("30 million", 30_000_000),
        ("30 Million", 30_000_000),
        ("0.5 billion", 500_000_000),
        ("1.25 million", 1_250_000),
        ("KRW 30,000,000", 30_000_000),
        ("KRW\xa030\xa0million", 30_000_000),  # as the pages write it
        ("₩30,000,000", 30_000_000),
        ("30 million won", 30_000_000),
        ("3천만원", 30_000_000),
        ("3억 5천만원", 350_000_000),
        ("₩ 1억 2,500만", 125_000_000),
        ("1조 2억 3천만 4천 원", 1_000_230_004_000),
        ("1억", 100_000_000),
        ("３０，０００，０００", 30_000_000),  # full width, as a Korean keyboard may give it
        ("0", 0),
        ("-5", -5),
        ("−5 million", -5_000_000),
        ("0.0000001 million", Fraction(1, 10)),
        ("9" * 190, int("9" * 190)),
    ],
)
def test_an_amount_is_read_as_people_write_it(text, amount):
    assert read_amount(text) == amount


@pytest.mark.parametrize(
    "text",
    ["", "much", "1e7", "nan", "inf", "30.000", "30.5", "1,5 million", "30,00", "1,000,0000",
     "30,000 000", "5천만 3억", "1억 2억", "3억 5억원", "3억 5", "30 million 5", "1 2", "--5", "٣٠", "0x10",
     "30\0", "million", "30 dollars"],
)  # fmt: skip
def test_what_is_ambiguous_or_no_amount_is_not_read(text):
    with pytest.raises(ValueError):
        read_amount(text)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("a lot", "This is no amount in KRW. Write it like 30,000,000 or 30 million."),
        ("30.000", "This is no amount in KRW. Write it like 30,000,000 or 30 million."),
        ("9" * 300, "This is no amount in KRW. Write it like 30,000,000 or 30 million."),
        ("0", "The cost must be more than zero."),
        ("-30 million", "The cost must be more than zero."),
        ("0.0000001 million", "The cost must be in whole won."),
        ("1,000,000,000,000,001", "The cost can be KRW 1,000,000,000,000,000 at most."),
        ("9" * 100, "The cost can be KRW 1,000,000,000,000,000 at most."),
    ],
)
def test_a_cost_that_cannot_be_says_why(typed, said):
    query = QueryDict(mutable=True)
    query["cost"] = typed
    assert SupportProgramFilterSet(query).errors == {"cost": [said]}


@pytest.mark.parametrize("typed", ["1", "1,000,000,000,000,000", "1000 trillion", "   ", ""])
def test_a_cost_that_can_be(typed):
    query = QueryDict(mutable=True)
    query["cost"] = typed
    assert SupportProgramFilterSet(query).errors == {}


# --- With the transcribed lines


@pytest.fixture
def lines(db):
    return {line.slug: line for line in SupportProgram.objects.all()}


# Whose value is no word of their own row, so that the editor read it as a merged cell (see the notes).
MERGED = {
    "commercialization-of-transferred-technologies": {"companies", "size", "cost"},
    "bolstering-maverick-companies": {"companies", "size", "cost"},
    "property-rights-foreign-patent": {"companies", "size", "cost"},
    "property-rights-pct": {"companies", "size", "cost"},
    "marketing-domestic-exhibitions": {"companies", "size", "cost"},
    "marketing-foreign-exhibitions": {"companies", "size", "cost"},
    "marketing-market-expansion-overseas": {"size", "cost"},
    "marketing-overseas": {"companies", "size", "cost"},
    "marketing-certificates-from-foreign-authorities": {"size", "cost"},
    "technology-transfers-use-of-technologies": {"size", "cost"},
    "technology-transfers-deferment-of-license-fees": {"companies", "size", "cost"},
}


def test_which_clauses_rest_on_a_merged_cell(lines):
    assert {slug: merged for slug, line in lines.items() if (merged := merged_clauses(line))} == MERGED
    assert all("merged" in lines[slug].note for slug in MERGED)


def test_a_value_that_only_a_merged_cell_could_give_is_said_to_be_perhaps_there(lines):
    reasons = in_columns(lines["technology-transfers-use-of-technologies"], question(companies=1, size="sme"))
    assert reasons["reasons"] == (
        "Companies: met. 1 company or more is asked for, 1 applies. "
        "Size: not stated in the source. No rate is printed for any size. Perhaps a merged cell."
    )


def test_sums_of_a_line_that_does_not_fit_say_so():
    columns = in_columns(line("overseas"), question(companies=2, cost=1000))
    assert columns["arithmetic"].startswith("If all clauses were met: 70% of KRW 1,000 is KRW 700;")


def test_a_line_without_its_print_is_not_said_to_be_merged():
    assert merged_clauses(line("prototype")) == set()


def test_every_line_has_a_purpose(lines):
    counts = {}
    for one in lines.values():
        counts[one.purpose] = counts.get(one.purpose, 0) + 1
    assert counts == {
        "development": 3, "transfer": 3, "prototype": 1, "property": 4, "marketing": 5, "certificates": 1,
        "training": 1, "planning": 1, "idea": 1,
    }  # fmt: skip


ERRAND = "companies=2&size=sme&purpose=prototype&cost=30+million"


def words_of(response):
    """Return the text of a page, without markup and with plain spaces."""
    text = re.sub(r"<[^>]*>", " ", response.content.decode())
    return " ".join(html.unescape(text).split())


@pytest.mark.django_db
def test_the_errand_two_firms_a_prototype_and_30_million(client):
    """It reads the subsidy it could get, its own share, and the clause that rules a line out."""
    words = words_of(client.get(f"/support/?{ERRAND}"))
    assert "1 support programme " in words and "Prototype production" in words
    assert "Paid at most KRW 18,000,000 Own share at least KRW 12,000,000" in words
    assert "60% of KRW 30,000,000 is KRW 18,000,000; below the cap of KRW 20,000,000 a year" in words
    assert "printed as “or less”" in words
    words = words_of(client.get("/support/?companies=2&size=sme&cost=30+million"))
    assert "3 companies or more are asked for; 1 more company would meet it." in words


@pytest.mark.django_db
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


@pytest.mark.django_db
@pytest.mark.parametrize("query", QUESTIONS)
def test_page_csv_json_and_detail_pages_answer_alike(client, query, lines):
    records = client.get(f"/support.json?{query}").json()["results"]
    text = client.get(f"/support.csv?{query}").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows == [{k: "" if v is None else str(v) for k, v in record.items()} for record in records]
    words = words_of(client.get(f"/support/?{query}"))
    asked = SupportProgramFilterSet(QueryDict(query)).question
    place = 0
    for record in records:
        assert record["verdict"] == assess(lines[record["slug"]], asked).verdict
        assert isinstance(record["subsidy_krw"], int | str | None)
        detail = words_of(client.get(f"/support/{record['slug']}/?{query}"))
        answer = told(lines[record["slug"]], asked)
        place = words.index(str(lines[record["slug"]]), place)  # in this order
        for said in (
            *(clause.reason for clause in answer.clauses),
            *(one.arithmetic for one in answer.sums),
            *(f"KRW {one.amount:,} Own share at least KRW {one.own_share:,}" for one in answer.sums),
        ):
            assert words.find(said, place) > 0, said
            assert said in detail, said
            assert said in record["reasons"] + (record["arithmetic"] or "") or said.startswith("KRW")


@pytest.mark.django_db
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


@pytest.mark.django_db
def test_a_merged_cell_is_said_at_the_clause_it_affects(client):
    page = client.get("/support/marketing-market-expansion-overseas/?companies=2&size=sme").content.decode()
    companies, size = re.findall(r"<li>.*?</li>", page[page.index('class="clauses"') :], re.DOTALL)[:2]
    assert "Read as a merged cell." not in companies
    assert "Read as a merged cell." in size
    assert "How the merged cells were read:" in page
    assert (
        "Read as a merged cell." not in client.get("/support/prototype-production/?size=sme").content.decode()
    )


@pytest.mark.django_db
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


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["cost=-5", "companies=0", "size=huge", "purpose=fun"])
def test_a_detail_page_says_what_it_cannot_read(client, query):
    response = client.get(f"/support/prototype-production/?{query}")
    assert response.status_code == 400
    words = words_of(response)
    assert "What was asked cannot be read" in words and "KRW 20 million a year" in words
    assert "What was asked, clause by clause" not in words


@pytest.mark.django_db
def test_a_detail_page_without_a_question_offers_the_finder(client):
    response = client.get("/support/prototype-production/?utm_source=mail")
    assert response.status_code == 200
    assert "Does it fit? Answer four questions." in words_of(response)


@pytest.mark.django_db
def test_a_verdict_without_a_question_says_what_to_give(client):
    words = words_of(client.get("/support/?verdict=met"))
    assert "Without a number of companies, a size or a cost no line has a verdict." in words


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/support/", 3),
        ("/support/?purpose=marketing", 4),
        (f"/support/?{ERRAND}", 5),
        (f"/support/?{ERRAND}&verdict=met", 6),
        ("/support.json", 1),
        (f"/support.json?{ERRAND}", 2),
        (f"/support.csv?{ERRAND}&verdict=met", 2),
        ("/support/prototype-production/", 2),
        (f"/support/prototype-production/?{ERRAND}", 2),
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


# --- In a browser


@pytest.mark.browser
def test_the_form_answers_without_a_reload_and_keeps_what_is_being_typed(page, portal):
    page.goto(f"{portal}/support/")
    settle(page)
    page.get_by_label("How many companies apply together?").fill("2")
    page.get_by_label("What does the whole project cost, in KRW?").fill("30 million")
    with page.expect_response(re.compile(r"/support/\?")):
        page.get_by_label("Making a prototype").check()
    expect(page.locator("#results-heading")).to_have_text("1 support programme")
    expect(page.get_by_label("How many companies apply together?")).to_have_value("2")
    expect(page.locator(".verdict")).to_contain_text("fits")
    page.get_by_label("How many companies apply together?").fill("1")
    page.keyboard.press("Enter")
    expect(page.locator(".clauses li").first).to_contain_text("1 company or more is asked for, 1 applies.")
    expect(page.get_by_label("How many companies apply together?")).to_be_focused()


@pytest.mark.browser
def test_the_finder_works_without_javascript(plain, portal):
    plain.goto(f"{portal}/support/")
    plain.get_by_label("How many companies apply together?").fill("2")
    plain.get_by_label("What size is the applicant?").select_option("sme")
    plain.get_by_label("What does the whole project cost, in KRW?").fill("30 million")
    plain.get_by_label("Making a prototype").check()
    plain.get_by_role("button", name="Find support").click()
    expect(plain.locator(".sum dd").first).to_have_text("KRW\xa018,000,000")
    plain.get_by_role("link", name="Prototype production").click()
    expect(plain.locator("h1")).to_have_text("Prototype production")
    expect(plain.locator(".sum dd").last).to_have_text("KRW\xa012,000,000")
    plain.get_by_role("link", name="Back to what was asked").click()
    expect(plain.get_by_label("What does the whole project cost, in KRW?")).to_have_value("30 million")
    plain.get_by_label("What does the whole project cost, in KRW?").fill("-1")
    plain.get_by_role("button", name="Find support").click()
    expect(plain.get_by_role("alert")).to_contain_text("The cost must be more than zero.")
    expect(plain.get_by_label("What does the whole project cost, in KRW?")).to_have_value("-1")
