"""What a query string means: one table of queries and expectations, and counts that keep their word."""

import re

import pytest
from django.http import QueryDict

from clusters.filters import MiniClusterFilterSet, NamedClusterFilterSet, SuccessStoryFilterSet
from complexes.filters import IndustrialComplexFilterSet
from complexes.models import Hub, IndustrialComplex
from portal.base.filters import FacetFilter, PortalFilterSet
from support_programs.finder.filters import SupportProgramFilterSet
from support_programs.programme.filters import ClusterProgrammeFilterSet, OrganisationFilterSet
from support_programs.tables.filters import PrintedTableFilterSet

pytestmark = pytest.mark.django_db

FILTERSETS = {
    "clusters": MiniClusterFilterSet,
    "complexes": IndustrialComplexFilterSet,
    "support": SupportProgramFilterSet,
    "stories": SuccessStoryFilterSet,
    "other-clusters": NamedClusterFilterSet,
    "programme/cluster-programmes": ClusterProgrammeFilterSet,
    "organisations": OrganisationFilterSet,
    "statistics": PrintedTableFilterSet,
}


def filterset(stem, query):
    filterset_class = FILTERSETS[stem]
    return filterset_class(QueryDict(query), queryset=filterset_class._meta.model.objects.listed())


def slugs(stem, query):
    asked = filterset(stem, query)
    assert asked.is_valid(), asked.errors
    return [record.slug for record in asked.qs]


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
    ("stem", "query", "name"),
    [
        ("clusters", "zone=atlantis", "zone"),
        ("clusters", "edition=1999", "edition"),
        ("clusters", "edition=x", "edition"),
        ("clusters", "zone=seoul&zone=x", "zone"),
        ("clusters", "zone=%00", "zone"),
        ("clusters", "q=%00", "q"),
        ("clusters", "q=" + "x" * 10_000, "q"),
        ("clusters", "q=" + "+".join("abcdefghijklm"), "q"),
        ("clusters", "sort=password", "sort"),
        ("clusters", "slug=a%00b", "slug"),
        ("clusters", "zone=" + "x" * 10_000, "zone"),
        ("clusters", "&".join(["zone=seoul"] * 1000), "zone"),
        ("complexes", "role=king", "role"),
        ("complexes", "kind=national'--", "kind"),
        ("complexes", "municipality=%00", "municipality"),
        ("complexes", "municipality=" + "x" * 10_000, "municipality"),
        ("support", "companies=two", "companies"),
        ("support", "companies=0", "companies"),
        ("support", "companies=-1", "companies"),
        ("support", "companies=99999999999999999999", "companies"),
        ("support", "size=huge", "size"),
        ("support", "cost=a+lot", "cost"),
        ("support", "cost=-1", "cost"),
        ("support", "cost=0", "cost"),
        ("support", "cost=%00", "cost"),
        ("support", "cost=" + "9" * 10_000, "cost"),
        ("support", "purpose=fun", "purpose"),
        ("support", "verdict=maybe", "verdict"),
    ],
)
def test_what_cannot_be_read_is_an_error_that_names_its_parameter(stem, query, name):
    asked = filterset(stem, query)
    assert not asked.is_valid()
    assert list(asked.errors) == [name]
    assert all(len(str(error)) < 200 for error in asked.errors[name])


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


SORTS = [
    (stem, path, sort)
    for stem, filterset_class in FILTERSETS.items()
    for sort, path in filterset_class.base_filters["sort"].param_map.items()
]


def in_order(value):
    """Return what all collations agree on: a number, or the letters that begin a text, in any case."""
    return re.match("[a-z]*", value.lower())[0] if isinstance(value, str) else value


@pytest.mark.parametrize(("stem", "path", "sort"), SORTS)
@pytest.mark.parametrize("way", ["", "-"])
def test_sorting_both_ways(stem, path, sort, way):
    found = list(filterset(stem, f"sort={way}{sort}").qs.values_list(path, flat=True))
    printed = [value for value in found if value is not None]
    assert len({*map(in_order, printed)}) > 1
    assert found == printed + [None] * (len(found) - len(printed))
    assert [*map(in_order, printed)] == sorted(map(in_order, printed), reverse=way == "-")


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("name", ["ab", "AC", "Ad", "ae", "none"]),
        ("-name", ["none", "ae", "Ad", "AC", "ab"]),
        # The one without a hub comes last either way.
        ("hub", ["ab", "AC", "Ad", "ae", "none"]),
        ("-hub", ["ae", "Ad", "AC", "ab", "none"]),
    ],
)
def test_capitals_sort_with_small_letters(sort, expected):
    lone = IndustrialComplex.objects.filter(hub=None).first()
    IndustrialComplex.objects.filter(pk=lone.pk).update(name="none")
    chosen = [lone.slug]
    for hub, name in zip(Hub.objects.select_related("seat"), ["ae", "AC", "ab", "Ad"], strict=False):
        IndustrialComplex.objects.filter(pk=hub.seat_id).update(name=name, hub=hub)
        Hub.objects.filter(pk=hub.pk).update(name=name)
        chosen.append(hub.seat.slug)
    found = filterset("complexes", f"sort={sort}&slug={','.join(chosen)}").qs
    assert [record.name for record in found] == expected


@pytest.mark.parametrize("sort", ["budget", "-budget"])
def test_what_is_not_printed_comes_last_in_either_order(client, sort):
    found = client.get("/programme/cluster-programmes.json", {"sort": sort}).json()["results"]
    budgets = [record["budget_usd_million"] for record in found]
    printed = [budget for budget in budgets if budget is not None]
    assert 0 < len(printed) < len(budgets)
    assert budgets[: len(printed)] == sorted(printed, reverse=sort.startswith("-"))


class YearFilterSet(PortalFilterSet):
    """A facet over a plain field, one relation away: no choices, and no table with slugs."""

    year = FacetFilter("designations__year", label="Year")

    class Meta:
        model = IndustrialComplex
        fields = []


def test_a_plain_field_is_a_facet_too():
    asked = YearFilterSet(QueryDict("year=2005"), queryset=IndustrialComplex.objects.all())
    assert asked.is_valid() and asked.qs.count() == 7
    assert [(choice.value, choice.count) for choice in asked.facet("year").choices] == [
        ("2005", 7),
        ("2008", 5),
        ("2010", 140),
        ("2016", 46),
    ]
    for value in ("x", "1999", "99999999999999999999", "-1"):
        refused = YearFilterSet(QueryDict(f"year={value}"), queryset=IndustrialComplex.objects.all())
        assert "year" in refused.errors, value
