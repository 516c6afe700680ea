"""What a parameter means: sorting, facets over plain fields, and what cannot be read."""

import re

import pytest
from django.http import QueryDict

from complexes.models import Hub, IndustrialComplex
from portal.base.filters import FacetFilter
from portal.base.filterset import PortalFilterSet
from tests.filtering import FILTERSETS, filterset

pytestmark = pytest.mark.django_db


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
