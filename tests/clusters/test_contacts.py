"""Whom to ring about a mini cluster: a number of the same one in any edition, else the office of its hub."""

import pytest

from clusters.contacts import Contact, contacts
from clusters.models import Continuation, MiniCluster
from tests.reading import words_of

pytestmark = pytest.mark.django_db


def contact(slug):
    cluster = MiniCluster.objects.get(slug=slug)
    return contacts([cluster]).get(cluster.pk)


@pytest.mark.parametrize(
    ("slug", "expected"),
    [
        # Its own, and that of the same one in the list of 2010, under the same name or another.
        ("2010-gumi-mobile", Contact("+82-70-8895-7719", 2010)),
        ("2016-gumi-mobile", Contact("+82-70-8895-7719", 2010)),
        ("2009-gumi-mobiles", Contact("+82-70-8895-7719", 2010, "Mobile")),
        ("2016-gwangju-optical-convergence", Contact("+82-70-8895-7915", 2010, "Photonics application")),
    ],
)
def test_a_number_of_the_same_one(slug, expected):
    assert contact(slug) == expected


def test_of_merged_ones_no_number_is_taken_and_the_office_stands_in():
    found = contact("2016-gyeongsan-jillyang-machinery-and-automobiles")
    assert (found.telephone, found.office, found.year) == ("", "KICOX Daegu Branch", 2010)
    assert found.address.startswith("Room 411, Daegu Machinery Part Institute")


def test_without_number_and_office_there_is_nobody():
    assert contact("2016-seongnam-smart-convergence") is None


def test_the_newest_number_of_a_line_counts():
    newer = MiniCluster.objects.get(slug="2016-gumi-mobile")
    newer.telephone = "+82-54-469-0000"
    newer.save()
    for slug in ("2009-gumi-mobiles", "2010-gumi-mobile", "2016-gumi-mobile"):
        assert (contact(slug).telephone, contact(slug).year) == ("+82-54-469-0000", 2016)
    Continuation.objects.filter(later=newer).update(kind="merged")
    assert contact("2010-gumi-mobile").telephone == "+82-70-8895-7719"


@pytest.mark.parametrize("number", [1, 187])
def test_it_takes_three_queries_however_many_they_are(number, django_assert_num_queries):
    clusters = list(MiniCluster.objects.listed()[:number])
    with django_assert_num_queries(3):
        contacts(clusters)


def test_lists_cards_and_the_shortlist_say_it_with_its_year(client):
    number = "+82-70-8895-7915 2010, as “Photonics application”"
    for address in (
        "/clusters/?hub=gwangju",
        "/clusters/?slug=2016-gwangju-optical-convergence",
        "/map/hub/gwangju/?edition=2016",
        "/clusters/2016-gwangju-optical-convergence/",
    ):
        assert number in words_of(client.get(address)), address
    assert "KICOX Daebul Branch 2010" in words_of(client.get("/clusters/?hub=daebul&edition=2016"))
