"""The columns in memory: what they count, and which version of the data they may speak for."""

from types import SimpleNamespace

import numpy
import pytest
from django.db import transaction

from clusters.filters import MiniClusterFilterSet, SuccessStoryFilterSet
from clusters.models import MiniCluster, Sector, SuccessStory
from portal.base import column_store
from portal.base.column_store import Column, ColumnStore, Stores, Texts, current_token, stores
from portal.base.filters import Offered
from tests.editing import as_if_committed
from tests.filtering import filterset

CHOICES = [Offered("a", "Anna", 0), Offered("b", "Bert", 1), Offered("c", "Carl", 2)]


def mask(*values):
    return numpy.array(values, bool)


def test_a_column_of_one_value_each():
    column = Column(CHOICES, [1, 2, 0, 2])
    assert column.counts(mask(1, 1, 1, 1)).tolist() == [1, 2, 0]
    assert column.counts(mask(0, 0, 1, 1)).tolist() == [0, 1, 0]
    assert column.matching(["b", "unknown"], 4).tolist() == [False, True, False, True]


def test_a_column_of_several_values_counts_each_record_once_a_value():
    column = Column(CHOICES, [1, 2, 2], numpy.array([0, 0, 3]))
    assert column.counts(mask(1, 1, 1, 1)).tolist() == [1, 2, 0]
    assert column.counts(mask(0, 1, 1, 1)).tolist() == [0, 1, 0]
    assert column.matching(["a", "b"], 4).tolist() == [True, False, False, True]


def test_of_many_choices_those_with_the_highest_counts_come_first_of_equals_by_label():
    column = Column([Offered("x", "Zoe", 0), *CHOICES], [])
    counts = numpy.array([5, 0, 5, 1])
    assert column.first(counts, 2) == [2, 0]
    assert column.first(counts, 4) == [0, 2, 3]


def test_texts_are_searched_record_by_record():
    texts = Texts(["GUMI\nGUMI", "", "NATIONAL GUMI", "GU\nMI"])
    assert texts.rows("GUMI").tolist() == [0, 2]
    assert texts.rows("NATIONAL").tolist() == [2]
    assert texts.rows("ZZZ").tolist() == []
    assert texts.among(numpy.array([1, 2]), "GUMI").tolist() == [2]
    assert texts.among(numpy.array([0, 3]), "MI").tolist() == [0, 3]


@pytest.mark.django_db
def test_what_the_capitals_of_other_letters_are_only_the_database_knows():
    store = stores.get(MiniClusterFilterSet)
    assert store.search("é") is None and store.search("ß gumi") is None
    assert numpy.count_nonzero(store.search("구미")) == numpy.count_nonzero(store.search("gUMI")) > 0


@pytest.mark.django_db
def test_a_change_ends_a_store_and_its_undoing_brings_it_back():
    before = stores.get(SuccessStoryFilterSet)
    assert before.token == current_token()
    with transaction.atomic():
        SuccessStory.objects.filter(slug="ito-film").update(title="Another title")
        as_if_committed()
        # Within a transaction the version moves but once, so that none is read.
        assert stores.get(SuccessStoryFilterSet) is None
        transaction.set_rollback(True)
    assert stores.get(SuccessStoryFilterSet) is before


@pytest.mark.django_db
def test_what_changed_while_it_was_read_is_not_kept(monkeypatch):
    tokens = iter(["later"])
    monkeypatch.setattr(column_store, "current_token", lambda: next(tokens))
    fresh = Stores()
    assert fresh.read(SuccessStoryFilterSet, "sooner") is None
    assert fresh.kept == {}


@pytest.mark.django_db
def test_a_record_that_goes_while_it_is_read_is_a_change_and_no_error(monkeypatch):
    monkeypatch.setattr(column_store, "current_token", lambda: "later")

    def gone(filterset_class, token):
        raise KeyError

    monkeypatch.setattr(column_store, "ColumnStore", gone)
    assert Stores().read(SuccessStoryFilterSet, "sooner") is None
    with pytest.raises(KeyError):
        Stores().read(SuccessStoryFilterSet, "later")


@pytest.mark.django_db
def test_very_many_records_are_read_in_the_background_once(monkeypatch):
    started = []

    class Thread:
        def __init__(self, target, args, daemon):
            self.start = lambda: started.append(args)

    monkeypatch.setattr(column_store, "Thread", Thread)
    monkeypatch.setattr(column_store, "MAX_AT_ONCE", 10)
    monkeypatch.setattr(column_store, "connection", SimpleNamespace(in_atomic_block=False))
    monkeypatch.setattr(column_store, "current_token", lambda: "now")
    fresh = Stores()
    # Meanwhile the database is asked.
    assert fresh.get(MiniClusterFilterSet) is None
    assert fresh.get(MiniClusterFilterSet) is None
    assert started == [(MiniClusterFilterSet, "now")]
    fresh.read(*started[0])
    assert len(fresh.get(MiniClusterFilterSet)) == MiniCluster.objects.count()


@pytest.mark.django_db
def test_a_fact_is_read_once_a_version():
    store = ColumnStore(SuccessStoryFilterSet, current_token())
    asked = []
    for _turn in range(2):
        assert store.once("titles", lambda: asked.append(1) or "read") == "read"
    assert len(asked) == 1
    SuccessStory.objects.filter(slug="ito-film").update(title="Another title")
    as_if_committed()
    for _turn in range(2):  # what is read now may be of another version
        store.once("more", lambda: asked.append(1))
    assert len(asked) == 3 and "more" not in store.facts


@pytest.mark.django_db
def test_a_record_that_is_newer_than_the_store_has_no_row():
    store = stores.get(MiniClusterFilterSet)
    with pytest.raises(LookupError):
        store.rows_of([store.keys.tolist()[0], 10**9])
    asked = filterset("clusters", "")
    newer = MiniCluster.objects.get(slug="2016-gumi-mobile")
    newer.pk, newer.slug, newer.number = None, "2016-newer", 1000
    newer.save()
    newer.sectors.set(Sector.objects.all()[:1])
    assert asked.matches.sector_names(MiniCluster.objects.filter(slug="2016-newer"))[newer.pk]


@pytest.mark.django_db
def test_a_model_without_records_has_a_store_too():
    SuccessStory.objects.all().delete()
    store = ColumnStore(SuccessStoryFilterSet, current_token())
    assert len(store) == 0
    assert store.search("gumi").tolist() == []
    assert store.columns["sector"].counts(store.default).tolist() == []
