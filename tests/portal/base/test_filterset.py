"""What a query string means: one table of queries and expectations, and counts that keep their word."""

import pytest

from tests.filtering import filterset, slugs

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("stem", "query", "count"),
    [
        ("clusters", "", 77),  # 48 of 2016, and 29 of 2010 in the five zones that are pictures
        ("clusters", "edition=2009", 58),
        ("clusters", "edition=2010", 81),
        ("clusters", "edition=2016", 48),
        ("clusters", "edition=2009&edition=2010&edition=2016", 187),
        ("clusters", "edition=2016&zone=ulsan", 0),
        ("clusters", "zone=ulsan", 4),
        ("clusters", "zone=seoul", 5),
        ("clusters", "zone=seoul&zone=ulsan", 9),
        ("clusters", "zone=seoul&sector=shipbuilding-marine", 0),
        ("clusters", "sector=automotive&zone=daegu-north-gyeongsang", 2),
        ("clusters", "pan_region=jeju", 0),
        ("clusters", "province=busan&edition=2010", 4),
        ("clusters", "complex=gumi&edition=2016", 6),
        ("clusters", "hub=gumi&edition=2016", 7),
        ("clusters", "q=mobile&edition=2010", 2),  # "Automobile module" too
        ("clusters", "q=MOBILE gumi&edition=2010", 1),
        ("clusters", "q=구미&edition=2016", 7),
        ("clusters", "q=zzzz", 0),
        ("clusters", "zone=&sector=&q=", 77),
        ("clusters", "slug=2016-gumi-mobile,2010-gumi-mobile", 2),
        ("clusters", "slug=2016-gumi-mobile&slug=2010-gumi-mobile", 2),
        ("clusters", "utm_source=mail", 77),
        ("complexes", "", 161),
        ("complexes", "role=listed-2016", 46),
        ("complexes", "role=pilot-2005", 7),
        ("complexes", "role=pilot-2005&role=expansion-2008", 12),
        ("complexes", "role=hub-2010", 26),
        ("complexes", "role=connected-2010", 114),
        ("complexes", "kind=foreign-investment", 9),
        ("complexes", "kind=national&role=listed-2016", 24),
        ("complexes", "q=kumsan", 1),  # the printed spelling finds Geumsan
        ("complexes", "q=geumsan", 1),
        ("complexes", "hub=iksan&role=hub-2010", 2),
        ("complexes", "municipality=Gangseo-gu&province=busan", 3),
        ("complexes", "municipality=Gangseo", 0),
        ("support", "", 20),
        ("support", "category=rbd-support", 4),
        ("support", "companies=1", 20),  # a question narrows nothing; its verdict does
        ("support", "companies=1&verdict=met", 8),
        ("support", "companies=2&verdict=met", 17),
        ("support", "companies=2&verdict=not-met", 3),
        ("support", "companies=5&verdict=met", 20),
        ("support", "size=sme", 20),
        ("support", "size=sme&verdict=met", 18),
        ("support", "size=sme&verdict=met&verdict=not-stated", 20),
        ("support", "size=large&companies=1&verdict=met", 6),
        ("support", "size=large&companies=1&verdict=not-stated", 2),
        ("support", "cost=30+million&verdict=not-stated", 2),
        ("support", "verdict=met", 0),  # without a question there is no verdict
        ("support", "purpose=marketing", 5),
        ("support", "purpose=marketing&purpose=training", 6),
        ("support", "purpose=marketing&companies=2&verdict=not-met", 2),
        ("support", "q=prototype", 1),
    ],
)
def test_how_many_records_a_query_gives(stem, query, count):
    found = slugs(stem, query)
    assert len(found) == count
    assert len(set(found)) == count


@pytest.mark.parametrize(
    ("stem", "query"),
    [
        ("clusters", ""),
        ("clusters", "zone=seoul"),
        ("clusters", "sector=automotive&edition=2010"),
        ("clusters", "edition=2009&pan_region=dongnam"),
        ("clusters", "q=parts"),
        ("complexes", ""),
        ("complexes", "kind=national&role=hub-2010"),
        ("complexes", "province=busan&sector=machinery"),
        ("support", ""),
        ("support", "companies=2"),
        ("support", "companies=2&verdict=met"),
        ("support", "purpose=marketing&companies=2&size=sme&verdict=not-met"),
        ("support", "category=rbd-promotion&cost=30000000&purpose=transfer"),
    ],
)
def test_the_count_beside_a_choice_is_what_choosing_it_alone_gives(stem, query):
    """Under all other filters: the choice is put in place of what is chosen in its own facet."""
    asked = filterset(stem, query)
    empty = {facet.name for facet in asked.facets if not facet.choices}
    # Without a question no line has a verdict, and nothing came before the first edition or after the last.
    assert empty <= {"verdict", "status_before", "status_after"}
    assert ("verdict" in empty) == ((stem, query) == ("support", ""))
    for facet in asked.facets:
        for choice in facet.choices:
            instead = asked.query_string(**{facet.name: choice.value})
            assert len(slugs(stem, instead)) == choice.count, (facet.name, choice.value)


def test_a_chosen_choice_stays_on_offer_though_it_gives_nothing():
    (zone,) = [
        facet for facet in filterset("clusters", "edition=2016&zone=ulsan").facets if facet.name == "zone"
    ]
    assert [(choice.label, choice.count) for choice in zone.selected] == [("Ulsan", 0)]


def test_chips_say_the_filters_in_words_and_each_removes_itself():
    asked = filterset("clusters", "zone=ulsan&zone=busan&q=parts&page=3&sort=name")
    words = [(str(chip.label), chip.value, chip.remove) for chip in asked.chips]
    assert words == [
        ("Search", "parts", "zone=ulsan&zone=busan&sort=name"),
        ("Zone (2016)", "Ulsan", "zone=busan&q=parts&sort=name"),
        ("Zone (2016)", "Busan", "zone=ulsan&q=parts&sort=name"),
    ]
