"""Finished answers: what was made once for a version of the data is not made again.

``answers`` is what this process keeps. The gate (portal/gate.py) answers from it before anything else; the
middleware, which stands before all other middleware, fills it. A public answer is known by the
``Cache-Control`` that its view gives; whatever else is answered anew each time. A view is asked with what
stands in the key and nothing else, so that what is kept for a key is right for everyone who asks by it.
"""

import gzip
import logging
import re
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from threading import Lock
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

import brotli
from cachetools import LRUCache
from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

from .version import known_version

log = logging.getLogger(__name__)

# Whoever keeps a public answer asks whether it still holds; where nothing answers, for a day it does.
PUBLIC = "public, no-cache, stale-if-error=86400"
# What a public answer depends on, beside its address and the version of the data: to htmx a page is its part.
VARY = "Accept-Encoding, HX-Request"
# What mailers and social networks add to an address, which no page reads.
TRACKING = re.compile(r"utm_\w+|mtm_\w+|(?:fb|g|ms|tt|tw|yandex)clid|mc_[ce]id|_hs(?:enc|mi)|igshid")
# A longer query string is not put in order: no link of ours is nearly as long, but for a shortlist.
MAX_ORDERED = 2_000
# Shorter bodies grow when they are compressed.
MIN_COMPRESSED = 200
# Bytes that an answer takes beside its body and its address.
OVERHEAD = 3_000
WARNING = '111 - "The database does not answer"'
# Where the admin is; nothing below it is public.
ADMIN = "/admin/"
# So many of the answers most asked for are made again after a change.
WARMED = 40


class Key(NamedTuple):
    """What an answer depends on, beside the version of the data; ``is_part`` is that htmx asks for a part."""

    scheme: str
    host: str
    path: str
    query: str
    is_part: bool
    encoding: str


class Answer:
    """A finished answer, and how often it was asked for; ``raw_headers`` are those that go over the wire."""

    __slots__ = ("asked", "body", "headers", "raw_headers", "size", "status")

    def __init__(self, status: int, headers: dict[str, str], body: bytes = b"") -> None:
        self.status = status
        self.headers = headers
        self.raw_headers = [(name.lower().encode(), text.encode("latin-1")) for name, text in headers.items()]
        self.body = body
        self.asked = 0
        self.size = len(body) + OVERHEAD

    def response(self) -> HttpResponse:
        response = HttpResponse(self.body, status=self.status, headers=self.headers)
        if self.status == 304:
            del response["Content-Type"]
        return response


@lru_cache(maxsize=500)
def in_order(query: str) -> str:
    """Return a query string with its parameters sorted, and without those that are empty or only track."""
    with suppress(UnicodeError):
        query = query.encode("latin-1").decode()  # as WSGI hands on what is not ASCII
    pairs = parse_qsl(query, keep_blank_values=True)
    given = {name for name, value in pairs if value and not TRACKING.fullmatch(name)}
    # Stable, and with an empty one beside others: of several values of one parameter the last may count.
    wanted = sorted((pair for pair in pairs if pair[0] in given), key=lambda pair: pair[0])
    return urlencode(wanted, errors="replace")


@lru_cache(maxsize=500)
def encoding_of(accepted: str) -> str:
    """Return the best encoding that an Accept-Encoding header allows: "br", "gzip", or "" for none."""
    weights = {}
    for part in accepted.lower().split(","):
        name, _semicolon, parameter = part.partition(";")
        found = re.fullmatch(r"\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*", parameter)
        weights[name.strip()] = float(found[1]) if found else 1.0 if not parameter.strip() else 0.0
    for name in ("br", "gzip"):
        if weights.get(name, weights.get("*", 0.0)) > 0:
            return name
    return ""


def compressed(body: bytes, encoding: str) -> bytes:
    """Return a body in "br" or "gzip"."""
    if encoding == "br":
        return brotli.compress(body, quality=5)
    return gzip.compress(body, compresslevel=6, mtime=0)


def etag_of(version: str, key: Key) -> str:
    """Return what names the answer of this key while the data have this version."""
    return f'"{sha256(repr((version, *key)).encode()).hexdigest()[:32]}"'


def is_known(given: str, etag: str) -> bool:
    """Return whether an If-None-Match header says that the reader has the answer of this ETag already."""
    if not given or len(given) > 1_000:
        return False
    # A proxy that compresses makes a strong validator a weak one.
    return given == etag or etag in [known.removeprefix("W/") for known in parse_etags(given)]


def key_of(scheme: str, host: str, path: str, query: str, part: str, accepted: str) -> Key:
    """Return the key of the answer to a request; the last two are HX-Request and Accept-Encoding."""
    query = in_order(query) if len(query) <= MAX_ORDERED else query
    return Key(scheme, host, path, query, part == "true", encoding_of(accepted[:200]))


def not_modified(etag: str) -> Answer:
    """Return the answer to a reader who has it already."""
    return Answer(304, {"ETag": etag, "Cache-Control": PUBLIC, "Vary": VARY})


def is_ours(method: str, path: str) -> bool:
    """Return whether the answer to this may be one that is kept."""
    return method in ("GET", "HEAD") and not path.startswith((settings.STATIC_URL, ADMIN))


class Answers:
    """The answers of one version of the data, within ``settings.ANSWERS_MB``; the least asked for goes first.

    Safe for threads.
    """

    def __init__(self) -> None:
        self.kept: LRUCache[Key, Answer] = LRUCache(self.limit, lambda answer: answer.size)
        self.version = ""
        # {key: how often it was asked for} of what was asked for most before the data changed.
        self.asked_before: dict[Key, int] = {}
        self.lock = Lock()

    @property
    def limit(self) -> int:
        """In bytes."""
        return int(settings.ANSWERS_MB * 1024 * 1024)

    def find(self, key: Key, known: str) -> Answer | None:
        """Return what is kept for a key, or that the reader has it; ``known`` is If-None-Match."""
        with self.lock:
            answer = self.kept.get(key)
        if known:
            etag = answer.headers["ETag"] if answer else etag_of(self.version, key)
            if is_known(known, etag) or (answer and known == "*"):
                return not_modified(etag)
        if answer:
            answer.asked += 1
        return answer

    def keep(self, key: Key, version: str, answer: Answer) -> None:
        """Keep an answer that was made of this version of the data."""
        # The address takes up to four bytes a character.
        answer.size += 4 * sum(map(len, (key.host, key.path, key.query)))
        # An eighth at most: a file of everything must not put out all pages.
        if answer.size <= self.limit // 8:
            with self.lock:
                # While it was made, the data may have changed.
                if version == self.version:
                    answer.asked = self.asked_before.pop(key, 0) // 2
                    self.kept[key] = answer

    def move(self, version: str) -> None:
        """Forget the answers of another version; ``to_warm`` then says which to make again."""
        with self.lock:
            if version != self.version:
                asked = {key: count // 2 for key, count in self.asked_before.items()}
                asked |= {key: answer.asked for key, answer in self.kept.items()}
                common = sorted(asked.items(), key=lambda item: -item[1])[:WARMED]
                self.asked_before = dict(common)
                self.kept = LRUCache(self.limit, lambda answer: answer.size)
                self.version = version

    def to_warm(self) -> list[Key]:
        """Return what was asked for most before the last change and is not made again yet, by how often."""
        with self.lock:
            return list(self.asked_before)

    def forget(self, key: Key) -> None:
        """Do not make this one again."""
        with self.lock:
            self.asked_before.pop(key, None)


answers = Answers()


class AnswersMiddleware:
    """Answers from what is kept, and keeps what is made."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if settings.DEBUG:  # templates are read anew at each request
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_ours(request.method or "", request.path):
            return self.get_response(request)
        meta = request.META
        # Who is logged in has perhaps just changed something.
        version = known_version.ask(now=settings.SESSION_COOKIE_NAME in meta.get("HTTP_COOKIE", ""))
        answers.move(version)
        if not version:
            return self.get_response(request)
        key = key_of(
            request.scheme or "",
            # A host that was sent has no space in it.
            meta["HTTP_HOST"] if "HTTP_HOST" in meta else f"{meta['SERVER_NAME']} {meta['SERVER_PORT']}",
            request.path,
            meta.get("QUERY_STRING", ""),
            meta.get("HTTP_HX_REQUEST", ""),
            meta.get("HTTP_ACCEPT_ENCODING", ""),
        )
        known = meta.get("HTTP_IF_NONE_MATCH", "")
        if not (answer := answers.find(key, known)):
            return self.made(request, key, version)
        response = answer.response()
        if known_version.away:
            response["Warning"] = WARNING
        return response

    def made(self, request: HttpRequest, key: Key, version: str) -> HttpResponseBase:
        """Return the answer as the view makes it, compressed; a public one is kept."""
        meta = request.META
        meta["QUERY_STRING"] = key.query
        # django-htmx also reads a header that is percent-encoded, where another says so.
        for name in ("HTTP_ACCEPT_ENCODING", "HTTP_HX_REQUEST", "HTTP_HX_REQUEST_URI_AUTOENCODED"):
            meta.pop(name, None)
        if key.is_part:
            meta["HTTP_HX_REQUEST"] = "true"
        response = self.get_response(request)
        if response.streaming:
            return response
        if len(response.content) >= MIN_COMPRESSED:
            # Of a page of errors too: whoever keeps it must not hand it to one who cannot read it.
            patch_vary_headers(response, ["Accept-Encoding"])
        if key.encoding and len(response.content) >= MIN_COMPRESSED:
            response.content = compressed(response.content, key.encoding)
            response["Content-Encoding"] = key.encoding
            response["Content-Length"] = str(len(response.content))
        is_public = response.get("Cache-Control") == PUBLIC and not response.cookies
        # A page that lacks what the database could not give is shown, and forgotten.
        if response.status_code != 200 or not is_public or getattr(request, "incomplete", False):
            return response
        response["ETag"] = etag = etag_of(version, key)
        if request.method == "GET" and len(key.query) <= MAX_ORDERED:
            answers.keep(key, version, Answer(200, dict(response.items()), response.content))
        # Wanted only if there was none.
        return not_modified(etag).response() if meta.get("HTTP_IF_NONE_MATCH") == "*" else response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer 503 where the database does not answer; it is asked again at the next request."""
        if not isinstance(exception, (OperationalError, InterfaceError)):
            return None
        log.error("The database does not answer.", exc_info=exception)
        response = render(request, "503.html", status=503)
        response["Retry-After"] = "5"
        return response
