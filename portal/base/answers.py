"""Finished answers: what was made once for a version of the data is not made again.

This stands before all other middleware. It knows a public answer by the ``Cache-Control`` that its view
gives; whatever else is answered anew each time. A view is asked with what stands in the key and nothing else,
so that what is kept for a key is right for everyone who asks by it.
"""

import gzip
import logging
import re
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from threading import Lock, Thread
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

import brotli
from cachetools import LRUCache
from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.core.handlers.wsgi import WSGIRequest
from django.db import InterfaceError, OperationalError, connections
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse, set_script_prefix
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
# So many of the answers most asked for are made again after a change.
WARMED = 40
# What of a request is needed to ask it again.
ENVIRON = (
    "HTTP_HOST",
    "HTTP_HX_REQUEST",
    "HTTP_X_FORWARDED_PROTO",
    "PATH_INFO",
    "QUERY_STRING",
    "REQUEST_METHOD",
    "SCRIPT_NAME",
    "SERVER_NAME",
    "SERVER_PORT",
    "SERVER_PROTOCOL",
    "wsgi.url_scheme",
)


class Key(NamedTuple):
    """What an answer depends on, beside the version of the data; ``is_part`` is that htmx asks for a part."""

    scheme: str
    host: str
    path: str
    query: str
    is_part: bool
    encoding: str


class Answer:
    """A finished answer, and how often it was asked for."""

    __slots__ = ("asked", "body", "headers", "meta", "size")

    def __init__(self, key: Key, response: HttpResponse, meta: dict) -> None:
        self.body = response.content
        self.headers = dict(response.items())
        self.meta = {name: meta[name] for name in ENVIRON if name in meta}
        self.asked = 0
        # The address stands in the key and in what it was asked with, and takes up to four bytes a character.
        self.size = len(self.body) + OVERHEAD + 8 * sum(map(len, (key.host, key.path, key.query)))

    def response(self) -> HttpResponse:
        self.asked += 1
        return HttpResponse(self.body, headers=self.headers)


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


def is_known(request: HttpRequest, etag: str) -> bool:
    """Return whether the reader says to have the answer of this ETag already."""
    given = request.META.get("HTTP_IF_NONE_MATCH", "")
    if not given or len(given) > 1_000:
        return False
    # A proxy that compresses makes a strong validator a weak one.
    return given == etag or etag in [known.removeprefix("W/") for known in parse_etags(given)]


def wants_none(request: HttpRequest) -> bool:
    """Return whether the reader wants the answer only if there is none yet."""
    return request.META.get("HTTP_IF_NONE_MATCH") == "*"


def key_of(request: HttpRequest) -> Key:
    """Return the key of the answer to a request."""
    meta = request.META
    query = meta.get("QUERY_STRING", "")
    return Key(
        request.scheme or "",
        # A host that was sent has no space in it.
        meta["HTTP_HOST"] if "HTTP_HOST" in meta else f"{meta['SERVER_NAME']} {meta['SERVER_PORT']}",
        request.path,
        in_order(query) if len(query) <= MAX_ORDERED else query,
        meta.get("HTTP_HX_REQUEST") == "true",
        encoding_of(meta.get("HTTP_ACCEPT_ENCODING", "")[:200]),
    )


def not_modified(etag: str) -> HttpResponse:
    """Return the answer to a reader who has it already."""
    response = HttpResponse(status=304, headers={"ETag": etag, "Cache-Control": PUBLIC, "Vary": VARY})
    del response["Content-Type"]
    return response


class AnswersMiddleware:
    """Answers from what is kept, and keeps what is made.

    ``settings.ANSWERS_MB`` bounds what a process keeps; what was not asked for the longest goes first.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if settings.DEBUG:  # templates are read anew at each request
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.size = int(settings.ANSWERS_MB * 1024 * 1024)
        self.kept: LRUCache[Key, Answer] = LRUCache(self.size, lambda answer: answer.size)
        self.version = ""
        self.lock = Lock()
        self.elsewhere = (reverse("admin:index"), settings.STATIC_URL)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD") or request.path_info.startswith(self.elsewhere):
            return self.get_response(request)
        # Who is logged in has perhaps just changed something.
        version = known_version.ask(
            now="HTTP_COOKIE" in request.META and settings.SESSION_COOKIE_NAME in request.COOKIES
        )
        if version != self.version:
            self.move(version)
        if not version:
            return self.get_response(request)
        key = key_of(request)
        with self.lock:
            answer = self.kept.get(key)
        etag = answer.headers["ETag"] if answer else etag_of(version, key)
        if is_known(request, etag) or (answer and wants_none(request)):
            response = not_modified(etag)
        elif answer:
            response = answer.response()
        else:
            return self.made(request, key, version)
        if known_version.away:
            response["Warning"] = '111 - "The database does not answer"'
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
            self.keep(key, version, Answer(key, response, meta))
        return not_modified(etag) if wants_none(request) else response

    def keep(self, key: Key, version: str, answer: Answer) -> None:
        # An eighth at most: a file of everything must not put out all pages.
        if answer.size <= self.size // 8:
            with self.lock:
                # While it was made, the data may have changed.
                if version == self.version:
                    self.kept[key] = answer

    # --- After a change

    def move(self, version: str) -> None:
        """Forget the answers of another version, and make those most asked for again, in the background."""
        with self.lock:
            if version == self.version:  # another thread was here before
                return
            known, before = list(self.kept.items()), self.version
            self.kept.clear()
            self.version = version
        common = sorted(known, key=lambda item: -item[1].asked)[:WARMED]
        if before and version and common:
            Thread(target=self.warm_apart, args=(version, common), daemon=True).start()

    def warm_apart(self, version: str, common: list[tuple[Key, Answer]]) -> None:
        """Make answers again in a thread of its own, whose connections end with it."""
        try:
            self.warm(version, common)
        finally:
            connections.close_all()

    def warm(self, version: str, common: list[tuple[Key, Answer]]) -> None:
        """Make these answers again, unless the data have changed once more."""
        for key, answer in common:
            if version != self.version:
                return
            set_script_prefix(answer.meta.get("SCRIPT_NAME") or "/")  # as the server does, for each thread
            self.made(WSGIRequest(answer.meta | {"wsgi.input": BytesIO()}), key, version)

    # --- Without a database

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer 503 where the database does not answer; it is asked again at the next request."""
        if not isinstance(exception, (OperationalError, InterfaceError)):
            return None
        log.error("The database does not answer.", exc_info=exception)
        response = render(request, "503.html", status=503)
        response["Retry-After"] = "5"
        return response
