"""What the finder says of a line: its arithmetic and its reasons, spelled out."""

import pytest

from tests.finding import columns_of, line, question


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
    assert columns_of(line(name), question(**asked))["arithmetic"] == arithmetic


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
    assert columns_of(line(name), question(**asked))["reasons"] == reasons


def test_the_columns_of_a_file():
    columns = columns_of(line("overseas"), question(companies=2, size="sme", cost=1000))
    assert columns["verdict"] == "not-met"
    assert columns["unmet_clauses"] == "companies" and columns["unstated_clauses"] == ""
    assert (columns["subsidy_krw"], columns["own_share_krw"]) == (700, 300)
    columns = columns_of(line("transfer"), question(companies=1, size="sme", cost=1000))
    assert columns["unstated_clauses"] == "size; cost"
    assert columns["subsidy_krw"] is columns["own_share_krw"] is columns["arithmetic"] is None
    # One sum a size where the size is left open and matters.
    columns = columns_of(line("development"), question(cost=100_000_000))
    assert columns["subsidy_krw"] == "75000000; 66000000; 33000000"
    assert columns["own_share_krw"] == "25000000; 34000000; 67000000"
    assert set(columns_of(line("development"), question()).values()) == {None}


def test_a_value_that_only_a_merged_cell_could_give_is_said_to_be_perhaps_there(lines):
    reasons = columns_of(lines["technology-transfers-use-of-technologies"], question(companies=1, size="sme"))
    assert reasons["reasons"] == (
        "Companies: met. 1 company or more is asked for, 1 applies. "
        "Size: not stated in the source. No rate is printed for any size. Perhaps a merged cell."
    )


def test_sums_of_a_line_that_does_not_fit_say_so():
    columns = columns_of(line("overseas"), question(companies=2, cost=1000))
    assert columns["arithmetic"].startswith("If all clauses were met: 70% of KRW 1,000 is KRW 700;")
