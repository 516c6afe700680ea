"""The store and the database say the same of any query string."""

from random import Random
from urllib.parse import urlencode

import pytest

from clusters.models import MiniCluster
from clusters.points import leading_families
from complexes.models import IndustrialComplex
from portal.base.column_store import stores
from portal.base.matches import Matches, StoredMatches, with_counts
from tests.editing import as_if_committed
from tests.filtering import filterset

pytestmark = pytest.mark.django_db

WORDS = [
    "gumi",
    "GuMi",
    "구미",
    "auto parts",
    "a",
    "e i",
    "steel",
    "zzzz",
    "é",
    "100%",
    "_",
    "\\",
    "'",
    "ß",
    "산업 1",
]
BOXES = [None, (128.7, 34.9, 129.3, 35.4), (0.0, 0.0, 1.0, 1.0)]
# How many query strings each filterset is asked.
TURNS = {
    "clusters": 80,
    "complexes": 120,
    "stories": 40,
    "other-clusters": 40,
    "organisations": 20,
    "statistics": 20,
}


def offered(stem):
    """Return {parameter: values} of what a filterset can be asked."""
    whole = filterset(stem, "")
    records = whole._meta.model.objects.order_by("pk")
    sorts = [value for value, _label in whole.filters["sort"].extra["choices"]]
    slugs = list(records.values_list("slug", flat=True)[:30])
    asked = {"q": WORDS, "sort": [*sorts, f"{sorts[0]},{sorts[-1]}"], "slug": [*slugs, "nowhere"]}
    return asked | {
        name: [choice.value for choice in whole.facet(name).choices] for name in whole.facet_filters
    }


def query_string(random, values):
    """Return a query string of up to four parameters, each with one value or, of a facet, up to three."""
    asked = []
    for name in random.sample(sorted(values), random.randint(0, 4)):
        most = 1 if name in ("q", "sort") else random.choice((1, 1, 2, 3))
        chosen = random.sample(values[name], min(most, len(values[name])))
        asked += [(name, value) for value in chosen]
    return urlencode(asked)


def told(stem, query):
    """Return all that a page, a map and a file learn of the records that pass."""
    asked = filterset(stem, query)
    matches, model = asked.matches, asked._meta.model
    page = list(matches.part(0, 20))
    found = {
        "cells": [],
        "facets": {facet.name: (facet.choices, facet.left_out, facet.errors) for facet in asked.facets},
        "total": matches.total,
        "records": [record.pk for record in matches.all()],
        "page": [record.pk for record in page],
        "next": [record.pk for record in matches.part(20, 40)],
        "chips": [str(chip) for chip in asked.chips],
        "documents": {document.pk for document in matches.documents()},
        "counts": {name: matches.counts(name) for name, item in asked.facet_filters.items() if not item.verb},
    }
    if "sector" in asked.facet_filters and hasattr(model.objects.all(), "sector_names"):
        found["sectors"] = matches.sector_names(matches.part(0, 20))
    if model in (MiniCluster, IndustrialComplex):
        found["unplaced"] = matches.unplaced()
        for box in BOXES:
            seen = matches.in_view(box)
            found[box] = seen.total, sorted(record.pk for record in seen.all())
            found["cells"].append(sorted(seen.cells(0.4, 0.32)))
    if model is MiniCluster:
        found["families"] = leading_families(matches)
    return found


@pytest.mark.parametrize("stem", TURNS)
def test_the_store_says_what_the_database_says(stem, monkeypatch):
    random, values = Random(9), offered(stem)  # noqa: S311 - nothing secret
    queries = [query_string(random, values) for _turn in range(TURNS[stem])]
    assert isinstance(filterset(stem, "").matches, StoredMatches)
    stored = {query: told(stem, query) for query in queries}
    assert len({found["total"] for found in stored.values()}) > 3
    monkeypatch.setattr(stores, "get", lambda filterset_class: None)
    assert type(filterset(stem, "").matches) is Matches
    for query, found in stored.items():
        asked = told(stem, query)
        for stored_cells, cells in zip(found.pop("cells"), asked.pop("cells"), strict=True):
            # Two sums of the same numbers may differ in the last place.
            assert stored_cells == [pytest.approx(cell) for cell in cells], query
        assert found == asked, query


@pytest.mark.parametrize(
    "query", ["zone=atlantis&sector=automotive", "q=" + "+".join("abcdefghijklm"), "sort=x"]
)
def test_what_cannot_be_read_is_left_out_of_account_by_both(query, monkeypatch):
    def counts():
        return {facet.name: facet.choices for facet in filterset("clusters", query).facets}

    stored = counts()
    monkeypatch.setattr(stores, "get", lambda filterset_class: None)
    assert stored == counts()


def test_after_a_change_no_count_is_of_the_version_before(client):
    assert filterset("clusters", "zone=seoul").total == 5
    one = MiniCluster.objects.filter(edition__slug="2016", hub__seat__province__zone__slug="seoul").first()
    one.pk, one.slug, one.number = None, "2016-one-more", 1000
    one.save()
    as_if_committed()
    assert filterset("clusters", "zone=seoul").total == 6
    text = client.get("/clusters/?zone=seoul").content.decode()
    assert "6 mini clusters" in text and "/clusters/2016-one-more/" in text


def test_where_a_sector_went_meanwhile_the_database_says_which_family_leads(monkeypatch):
    matches = filterset("clusters", "").matches
    assert isinstance(matches, StoredMatches)
    families = leading_families(matches)
    monkeypatch.setattr(matches, "once", lambda name, read: {})
    assert leading_families(matches) == families and families["gumi"]


def test_records_get_their_numbers():
    class Record:
        slug = "gumi"

    (record,) = with_counts([Record()], cluster_count={"gumi": 7}, complex_count={})
    assert (record.cluster_count, record.complex_count) == (7, 0)
