"""What is asked of the support finder: costs as people write them, read or refused with a reason."""

import pytest
from django.http import QueryDict

from support_programs.finder.filters import SupportProgramFilterSet
from tests.reading import LONG, PAYLOAD

pytestmark = pytest.mark.django_db


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


# Costs

COSTS_READ = {
    "30,000,000": 30_000_000,
    "30 million": 30_000_000,
    "３０，０００，０００": 30_000_000,
    "３０ｍｉｌｌｉｏｎ": 30_000_000,
    "￦30\u00a0million": 30_000_000,
    "+5": 5,
    "3천만 원": 30_000_000,
    "1,000 trillion": 10**15,
    "0.000001 million": 1,
}


COSTS_REFUSED = (
    "1e999",
    "inf",
    "nan",
    "0x10",
    "٣٠",
    "30 million million",
    "30 m\u0131llion",
    "30 M\u0130LLION",
    "10²",
    "½",
    "①",
    "-0",
    "0",
    "-5",
    "−5 million",
    "0.5",
    "0.0000001 million",
    "1,000,00",
    "30.",
    ".5 million",
    "30\u200b000",
    "\u202e30",
    "30\0",
    "30; 40",
    "9" * 40,
    "9" * 5000,
    LONG,
    PAYLOAD,
)


@pytest.mark.parametrize("cost", [*COSTS_READ, *COSTS_REFUSED])
@pytest.mark.parametrize("stem", ["/support/", "/support/commercialization-of-production-technologies/"])
def test_a_cost_is_read_or_refused_and_never_guessed(client, stem, cost):
    response = client.get(stem, {"cost": cost})
    assert response.status_code == (200 if cost in COSTS_READ else 400)
    text = response.content.decode()
    assert "<script>alert" not in text and len(text) < 100_000
    if cost in COSTS_READ:
        assert f"KRW {COSTS_READ[cost]:,}" in text.replace("\u00a0", " ")


def test_of_several_costs_one_is_answered_in_the_page_and_the_file_alike(client):
    query = "cost=30&cost=40,000"
    told = client.get(f"/support.json?{query}").json()["results"]
    page = client.get(f"/support/?{query}").content.decode().replace("\u00a0", " ")
    assert {record["arithmetic"].count("KRW 40,000") for record in told if record["subsidy_krw"]} != {0}
    assert "% of KRW 40,000 is" in page and "% of KRW 30 is" not in page
