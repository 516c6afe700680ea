"""What a line of Figure 16 answers to a question: a table of questions and answers."""

from fractions import Fraction

import pytest

from support_programs.finder.rules import MAX_COST, Verdict, assess, merged_clauses, read_amount
from tests.finding import line, question

MET, NOT_MET, NOT_STATED = Verdict.MET, Verdict.NOT_MET, Verdict.NOT_STATED


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


def test_a_line_without_its_print_is_not_said_to_be_merged():
    assert merged_clauses(line("prototype")) == set()
