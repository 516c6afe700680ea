"""What became of a mini cluster between the editions: judged for every one, filtered by, and shown."""

from collections import Counter

import pytest
from django.core.exceptions import ValidationError

from clusters.lineage import After, Before, statuses_in_words, steps
from clusters.models import Continuation, Edition, MiniCluster
from tests.reading import words_of

pytestmark = pytest.mark.django_db

LINKED = {"same", "renamed", "merged", "split"}
# How many have which status, by edition: 58 of 2009, 81 of 2010, 48 of 2016.
COUNTS = {
    "status_before": {
        2009: {None: 58},
        2010: {
            "same": 18, "renamed": 15, "merged": 4, "new": 17, "not-listed-before": 12,
            "hub-not-listed-before": 15,
        },
        2016: {"same": 23, "renamed": 9, "merged": 5, "new": 6, "hub-not-listed-before": 5},
    },
    "status_after": {
        2009: {"same": 18, "renamed": 15, "merged": 8, "gone": 17},
        2010: {"same": 23, "renamed": 9, "merged": 11, "gone": 8, "hub-not-listed-after": 2, "unknown": 28},
        2016: {None: 48},
    },
}  # fmt: skip


def status(slug):
    cluster = MiniCluster.objects.with_statuses().get(slug=slug)
    return cluster.status_before, cluster.status_after


@pytest.mark.parametrize("column", COUNTS)
@pytest.mark.parametrize("year", [2009, 2010, 2016])
def test_every_mini_cluster_has_one_status_towards_each_neighbour(column, year):
    records = MiniCluster.objects.with_statuses().filter(edition__year=year)
    found = Counter(records.values_list(column, flat=True))
    assert found == COUNTS[column][year]
    assert set(found) <= {*(Before if column == "status_before" else After).values, None}


def test_continuations_lead_to_the_edition_before_and_stay_at_the_hub():
    found = Continuation.objects.select_related(
        "later__hub", "earlier__hub", "later__edition", "earlier__edition"
    )
    assert len(found) == 84
    years = Counter((step.earlier.edition.year, step.later.edition.year) for step in found)
    assert years == {(2009, 2010): 41, (2010, 2016): 43}
    # Printed beside Iksan, where the column of hubs slid.
    elsewhere = {step.later.slug for step in found if step.later.hub != step.earlier.hub}
    assert elsewhere == {"2016-daebul-naju-agro-industrial", "2016-daebul-jeju-agro-industrial-bio"}
    assert all(len(step.note) > 20 for step in found)


def test_merged_and_split_ones_come_in_groups_and_all_others_alone():
    found = list(Continuation.objects.values_list("kind", "later", "earlier"))
    into, out_of = (Counter(step[place] for step in found) for place in (1, 2))
    for kind, later, earlier in found:
        assert (kind == "merged") == (into[later] > 1)
        assert (kind == "split") == (out_of[earlier] > 1)


@pytest.mark.parametrize(
    ("slug", "before", "after"),
    [
        ("2009-changwon-molds", None, "gone"),
        ("2009-gumi-it", None, "merged"),
        ("2010-gumi-mobile", "same", "same"),
        ("2010-seoul-ict", "hub-not-listed-before", "same"),
        ("2010-yangsan-eogok-transportation-machine", "hub-not-listed-before", "hub-not-listed-after"),
        # Agro-industrial: left out in 2009, whether the hub stood there (Gumi) or not (Donghae).
        ("2010-gumi-agro-industrial", "not-listed-before", "merged"),
        ("2010-donghae-gangwon-agro-industrial", "not-listed-before", "unknown"),
        # Its hub's zone is legible in 2016, that of its complex is a picture.
        ("2010-daebul-gimje-agro-industrial", "not-listed-before", "unknown"),
        ("2016-bupyeong-juan-smt", "new", None),
        ("2016-seongnam-smart-convergence", "hub-not-listed-before", None),
    ],
)
def test_what_the_documents_allow_to_say(slug, before, after):
    assert status(slug) == (before, after)


def test_of_several_kinds_merged_and_split_come_before_renamed_and_that_before_same():
    later = MiniCluster.objects.get(slug="2016-gumi-mobile")
    expected = "same"
    for kind, slug in (("renamed", "it-equipment"), ("split", "energy-display"), ("merged", "e-and-h")):
        assert status(later.slug)[0] == expected
        earlier = MiniCluster.objects.get(slug=f"2010-gumi-{slug}")
        Continuation.objects.create(later=later, earlier=earlier, kind=kind, note="test")
        expected = kind
    assert status(later.slug)[0] == "merged"


def test_an_edition_that_skips_a_zone_says_nothing_of_it():
    edition = Edition.objects.get(slug="2016")
    newer = Edition.objects.create(slug="2020", year=2020, document=edition.document, locator="x")
    newer.zones.set(edition.zones.filter(slug="seoul"))
    assert status("2016-gumi-mobile")[1] is None
    assert status("2016-seoul-ict")[1] == "hub-not-listed-after"
    newer.pictured_zones.set(edition.zones.filter(slug="daegu-north-gyeongsang"))
    assert status("2016-gumi-mobile")[1] == "unknown"


@pytest.mark.parametrize("parameter", ["status_before", "status_after"])
def test_lists_are_filtered_by_status_as_the_column_says_it(client, parameter):
    every = "edition=2009&edition=2010&edition=2016"
    records = client.get(f"/clusters.json?{every}").json()["results"]
    assert len(records) == 187
    for value in {record[parameter] for record in records} - {None}:
        wanted = {record["slug"] for record in records if record[parameter] == value}
        found = client.get(f"/clusters.json?{every}&{parameter}={value}").json()["results"]
        assert {record["slug"] for record in found} == wanted, value
    assert client.get(f"/clusters.json?{parameter}=nonsense").status_code == 400


def test_columns_name_both_ends_of_each_continuation(client):
    query = "edition=2009&edition=2010&edition=2016"
    records = {record["slug"]: record for record in client.get(f"/clusters.json?{query}").json()["results"]}
    pairs = set(Continuation.objects.values_list("later__slug", "earlier__slug"))
    assert pairs == {
        (later, earlier)
        for later, record in records.items()
        for earlier in filter(None, record["continues"].split("; "))
    }
    assert pairs == {
        (later, earlier)
        for earlier, record in records.items()
        for later in filter(None, record["continued_by"].split("; "))
    }
    for record in records.values():
        assert (record["status_before"] in LINKED) == bool(record["continues"]), record["slug"]
        assert (record["status_after"] in LINKED) == bool(record["continued_by"]), record["slug"]


def test_a_record_shows_its_line_through_all_editions(client):
    words = words_of(client.get("/clusters/2010-gwangju-photonics-application/"))
    line = words.partition("Through the editions")[2]
    assert "2016: Optical convergence 2010: Photonics application renamed" in line
    assert "2010: Photonics application 2009: Optical application same" in line
    words = words_of(client.get("/clusters/2010-wonju-measuring-medical-instruments/"))
    assert "New: the list of 2009 has this hub, and no name that this one continues." in words
    assert "What became of it is unknown: the list of 2016 is a picture here." in words


def test_every_status_without_a_continuation_is_said_in_words():
    for cluster in MiniCluster.objects.with_statuses():
        without = [
            value for value in (cluster.status_before, cluster.status_after) if value and value not in LINKED
        ]
        assert len(statuses_in_words(cluster)) == len(without), cluster.slug


def test_a_circle_ends():
    one, other = (MiniCluster.objects.get(slug=f"2010-gumi-{name}") for name in ("mobile", "e-and-h"))
    for later, earlier in ((one, other), (other, one)):
        Continuation.objects.create(later=later, earlier=earlier, kind="renamed", note="test")
    earlier, later = steps(one)
    assert len(earlier) == len(set(earlier)) and len(later) == len(set(later))


def test_only_an_earlier_edition_is_continued():
    newer, older = (MiniCluster.objects.get(slug=f"{year}-gumi-mobile") for year in (2016, 2010))
    step = Continuation(later=older, earlier=newer, kind="same", note="test")
    with pytest.raises(ValidationError) as refused:
        step.full_clean()
    assert list(refused.value.message_dict) == ["earlier"]
