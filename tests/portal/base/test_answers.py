"""Finished answers are kept by the version of the data, and are the very ones that the views make."""

import gzip

import brotli
import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.db import OperationalError
from django.test import Client, RequestFactory
from django.urls import resolve

from clusters.models import MiniCluster
from portal.base import answers as module
from portal.base.answers import Answers, encoding_of, in_order
from portal.base.version import known_version
from portal.models import DataVersion, Document
from portal.views import AboutView

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(monkeypatch):
    """What the process keeps, empty at first."""
    monkeypatch.setattr(module, "answers", answers := Answers())
    return answers


@pytest.fixture
def keeping(settings, monkeypatch, kept):
    """A client of a portal that keeps answers, and looks for a new version at each request."""
    settings.ANSWERS_MB = 8
    monkeypatch.setattr(known_version, "every", 0)
    monkeypatch.setattr(known_version, "every_while_away", 0)
    yield Client()
    monkeypatch.undo()
    known_version.away = False
    known_version.ask(now=True)


def change(name="Changed by an editor"):
    MiniCluster.objects.filter(slug="2016-gumi-mobile").update(name=name)
    # On PostgreSQL it moves once a transaction, and a test is one.
    DataVersion.objects.update(token=name)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("sector=ict&edition=2016", "edition=2016&sector=ict"),
        ("zone=seoul&zone=busan", "zone=seoul&zone=busan"),
        ("q=b&page=2&q=a", "page=2&q=b&q=a"),
        ("q=&zone=&sort=name", "sort=name"),
        ("page=2&page=", "page=2&page="),  # of which the last counts
        ("q=\udce9", "q=%3F"),
        ("utm_source=a&q=x&fbclid=1&gclid=2&mc_cid=3", "q=x"),
        ("unknown=1&utmost=2", "unknown=1&utmost=2"),
        ("q=a+b&q=c%20d", "q=a+b&q=c+d"),
        ("q=%EA%B5%AC%EB%AF%B8", "q=%EA%B5%AC%EB%AF%B8"),
        ("q=구미".encode().decode("latin-1"), "q=%EA%B5%AC%EB%AF%B8"),
        ("q=%00", "q=%00"),
        ("", ""),
    ],
)
def test_an_address_is_brought_into_order(given, expected):
    assert in_order(given) == expected


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("GZIP;q=0.5", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br; q=0.0, gzip;q=0", ""),
        ("*", "br"),
        ("*;q=0", ""),
        ("identity", ""),
        ("br;q=x", ""),
        ("", ""),
    ],
)
def test_the_encoding_is_one_that_the_reader_takes(accepted, expected):
    assert encoding_of(accepted) == expected


@pytest.mark.parametrize(
    "address", ["/", "/clusters/?sector=ict", "/map/", "/clusters.csv", "/map/data.json"]
)
def test_what_was_made_once_asks_the_database_for_its_version_alone(
    keeping, address, django_assert_num_queries
):
    first = keeping.get(address)
    with django_assert_num_queries(1):
        again = keeping.get(address)
    assert (again.status_code, again.content, dict(again.items())) == (
        200,
        first.content,
        dict(first.items()),
    )


def test_a_reader_who_has_it_is_told_so_before_anything_is_made(keeping, kept, django_assert_num_queries):
    etag = keeping.get("/map/")["ETag"]
    kept.kept.clear()
    with django_assert_num_queries(1):
        response = keeping.get("/map/", headers={"If-None-Match": f'"other", W/{etag}'})
    assert (response.status_code, response.content, response["ETag"]) == (304, b"", etag)
    assert response["Vary"] == "Accept-Encoding, HX-Request" and "Content-Type" not in response


def test_a_change_is_shown_at_the_next_look(keeping):
    page, file = "/clusters/?hub=gumi", "/clusters.json?hub=gumi"
    etags = [keeping.get(address)["ETag"] for address in (page, file)]
    change()
    for address, etag in zip((page, file), etags, strict=True):
        response = keeping.get(address, headers={"If-None-Match": etag})
        assert response.status_code == 200 and "Changed by an editor" in response.content.decode()


def test_encodings_parts_and_hosts_are_answers_of_their_own(keeping, settings):
    settings.ALLOWED_HOSTS = ["testserver", "korea.example"]
    page = keeping.get("/clusters/")
    brotlied = keeping.get("/clusters/", headers={"Accept-Encoding": "br"})
    gzipped = keeping.get("/clusters/", headers={"Accept-Encoding": "gzip"})
    part = keeping.get("/clusters/", headers={"HX-Request": "true"})
    elsewhere = keeping.get("/clusters/", headers={"Host": "korea.example"})
    assert brotli.decompress(brotlied.content) == gzip.decompress(gzipped.content) == page.content
    assert len(brotlied.content) < len(gzipped.content) < len(page.content) / 3
    assert "<html" not in part.content.decode() and "http://korea.example/" in elsewhere.content.decode()
    assert len({each["ETag"] for each in (page, brotlied, gzipped, part, elsewhere)}) == 5
    for each in (page, brotlied, gzipped, part, elsewhere):
        assert int(each["Content-Length"]) == len(each.content)


def test_one_question_is_one_answer_however_it_is_put(keeping):
    first = keeping.get("/clusters/?sector=ict&zone=seoul")
    assert keeping.get("/clusters/?utm_source=mail&zone=seoul&q=&sector=ict")["ETag"] == first["ETag"]
    assert keeping.get("/clusters/?zone=seoul&sector=machinery")["ETag"] != first["ETag"]


@pytest.mark.parametrize(
    "address", ["/nowhere/", "/clusters/?zone=atlantis", "/clusters/?page=99", "/admin/"]
)
def test_what_is_no_public_answer_is_not_kept(keeping, address):
    for _turn in range(2):
        response = keeping.get(address)
        assert response.status_code in (302, 400, 404) and "ETag" not in response


def test_what_does_not_fit_goes_and_one_never_takes_all(keeping, settings, kept):
    settings.ANSWERS_MB = 0.5
    keeping.get("/about/")
    assert [key.path for key in kept.kept] == ["/about/"]
    keeping.get("/map/?show=complexes")  # more than an eighth
    assert [key.path for key in kept.kept] == ["/about/"]
    for n in range(60):
        assert keeping.get(f"/about/?n={n}").status_code == 200
        assert kept.kept.currsize <= kept.limit
    assert len(kept.kept) > 5 and "n=59" in [key.query for key in kept.kept]
    assert "" not in [key.query for key in kept.kept]  # the oldest


@pytest.mark.parametrize("query", ["page=2&page=", "sort=name&sort=", "q=mobile&q=", "edition=&q=gumi&x=1"])
def test_a_page_is_that_of_its_own_question(keeping, query):
    """As without what is kept: of a parameter given twice the last counts, be it empty."""
    address = f"/clusters.json?{query}"
    plain = WSGIRequest(RequestFactory().get(address).environ)
    view = resolve("/clusters.json")
    expected = view.func(plain, **view.kwargs).content
    assert [keeping.get(address).content for _turn in range(2)] == [expected, expected]


def test_nobody_can_put_a_part_in_the_place_of_a_page(keeping):
    """django-htmx takes a percent-encoded header for the same."""
    keeping.get("/clusters/", headers={"HX-Request": "%74rue", "HX-Request-URI-AutoEncoded": "true"})
    assert "<html" in keeping.get("/clusters/").content.decode()
    assert "<html" not in keeping.get("/clusters/", headers={"HX-Request": "true"}).content.decode()


def test_what_is_made_while_the_data_change_is_not_kept(keeping, kept, monkeypatch):
    context = AboutView.get_context_data

    def changed(view, **kwargs):
        kept.move("another version")
        return context(view, **kwargs)

    keeping.get("/sectors/")
    monkeypatch.setattr(AboutView, "get_context_data", changed)
    keeping.get("/about/")
    assert not kept.kept


def test_if_there_is_any_is_answered_alike_each_time(keeping):
    found = [keeping.get("/about/", headers={"If-None-Match": "*"}).status_code for _turn in range(2)]
    assert found == [304, 304]
    assert keeping.get("/nowhere/", headers={"If-None-Match": "*"}).status_code == 404


def test_what_is_not_kept_is_compressed_too(keeping):
    response = keeping.get("/clusters/?zone=atlantis", headers={"Accept-Encoding": "br"})
    assert (response.status_code, response["Content-Encoding"]) == (400, "br")
    assert "There is no “atlantis” here." in brotli.decompress(response.content).decode()


@pytest.mark.parametrize("encoding", ["br", ""])
def test_what_is_perhaps_compressed_says_that_it_varies(keeping, encoding):
    headers = {"Accept-Encoding": encoding}
    for address, status in (("/nowhere/", 404), ("/clusters/?zone=atlantis", 400), ("/clusters/", 200)):
        response = keeping.get(address, headers=headers)
        assert response.status_code == status and "Accept-Encoding" in response["Vary"].split(", ")


def test_a_long_address_counts_too(keeping, kept):
    keeping.get("/about/?x=" + "y" * 1_900)
    keeping.get("/about/?x=" + "y" * 2_100)  # too long to be kept
    ((key, answer),) = kept.kept.items()
    assert answer.size > len(answer.body) + 4 * len(key.query)


def test_head_and_get_have_the_same_headers(keeping):
    for _turn in range(2):
        head, got = keeping.head("/clusters/"), keeping.get("/clusters/")
        assert head.content == b"" and dict(head.items()) == dict(got.items())


# --- Without a database


def fail(*_args, **_options):
    raise OperationalError("gone")


def test_without_a_database_what_is_known_is_served_and_says_so(keeping, monkeypatch):
    known = keeping.get("/about/")
    monkeypatch.setattr(DataVersion.objects, "values_list", fail)
    response = keeping.get("/about/")
    assert (response.status_code, response.content) == (200, known.content)
    assert response["Warning"].startswith("111 ")
    monkeypatch.setattr(AboutView, "get_context_data", fail)
    response = keeping.get("/about/?n=1")
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "Please try again in a moment" in response.content.decode()
    assert "ETag" not in response and "Cache-Control" not in response


def test_a_page_that_lacks_its_documents_is_not_kept(keeping, monkeypatch):
    with monkeypatch.context() as locked:
        locked.setattr(Document.objects, "order_by", fail)
        response = keeping.get("/sectors/")
        assert response.status_code == 200 and "ETag" not in response
    assert "ETag" in keeping.get("/sectors/")


# --- After a change


def test_what_is_asked_for_most_is_to_be_made_again_after_a_change(keeping, kept):
    for address in ("/about/", "/sectors/", "/sectors/", "/sectors/", "/clusters/?hub=gumi"):
        keeping.get(address, headers={"Accept-Encoding": "br"})
    assert kept.to_warm() == []
    change("one")
    keeping.get("/support/")
    assert [key.path for key in kept.to_warm()] == ["/sectors/", "/about/", "/clusters/"]
    keeping.get("/sectors/", headers={"Accept-Encoding": "br"})
    kept.forget(kept.to_warm()[0])
    # What has not been made by the next change is still asked for; what is made keeps half of its fame.
    change("two")
    keeping.get("/about/", headers={"Accept-Encoding": "br"})
    assert [key.path for key in kept.to_warm()] == ["/sectors/", "/clusters/", "/support/"]


def test_no_more_is_made_again_than_is_common(keeping, kept, monkeypatch):
    monkeypatch.setattr(module, "WARMED", 2)
    for address in ("/about/", "/about/", "/sectors/", "/support/", "/support/"):
        keeping.get(address)
    change()
    keeping.get("/stories/")
    assert {key.path for key in kept.to_warm()} == {"/about/", "/support/"}
