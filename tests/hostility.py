"""What a hostile client may send, made by chance from a seed, and what no answer to it may hold."""

import random
import re
from typing import NamedTuple
from urllib.parse import quote, unquote_to_bytes

from django.apps import apps
from django.urls import NoReverseMatch, get_resolver

MARKUP = ("text/html", "image/svg+xml", "application/vnd.google-earth.kml+xml", "application/xml", "text/xml")
SECURITY = {"x-content-type-options": "nosniff", "referrer-policy": "", "cross-origin-opener-policy": ""}
# What the server answers by itself to what is no HTTP, without a body.
OF_THE_SERVER = {400, 408, 413, 414, 431, 501, 505}
CANARY = "<i id=canary>"
LONG = 10_000
METHODS = ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "HEAD", "PROPFIND", "gET", "X" * 300]
# Parameters that no filterset names.
PARAMETERS = [
    *("page", "sort", "show", "bbox", "zoom", "lat", "lon", "layers", "regions", "slug", "year", "letter"),
    *("utm_source", "next", "format", "callback", "_method", "csrfmiddlewaretoken", "x", "", "%00", "page[]"),
    *("__proto__", CANARY, "é", "q;drop", "DEBUG"),
]
# Values as they stand in an address, before they are percent-encoded.
VALUES = [
    *(
        "",
        "0",
        "-1",
        "1",
        "2",
        "1.5",
        "1e999",
        "-1e999",
        "nan",
        "inf",
        "-0",
        "+1",
        " 1 ",
        "0x10",
        "1_000",
        "007",
    ),
    *("9" * 20, "9" * 400, "9223372036854775808", "-9223372036854775809", "2147483648", "٢٠١٠", "²", "½"),
    *(
        "true",
        "null",
        "None",
        "undefined",
        "[]",
        "{}",
        '{"a":1}',
        "a,b,c",
        ",",
        ",,,",
        ";",
        "&",
        "=",
        "?",
        "#",
    ),
    *(
        "\0",
        "a\0b",
        "\r\nX-Canary: 1",
        "\r\n\r\n" + CANARY,
        "\x1b[31m",
        "\x7f",
        "\ufeff",
        "\u202e",
        "\ud7ff",
        "💩",
    ),
    *(
        CANARY,
        f'"{CANARY}',
        f"'{CANARY}",
        f"</script>{CANARY}",
        f"--><!--{CANARY}",
        f"]]>{CANARY}",
        f"</title>{CANARY}",
    ),
    *(
        "{{7*7}}",
        "{% debug %}",
        "${7*7}",
        "#{7*7}",
        "%(x)s",
        "%s%s%n",
        "{0}",
        "{request}",
        "\\",
        "\\\\",
        "\\u0000",
    ),
    *(
        "' OR 1=1--",
        '";--',
        "1;SELECT pg_sleep(9)",
        "%",
        "_",
        "%%",
        "*",
        "a*",
        ".*",
        "(a+)+$",
        "[",
        "(",
        "^" * 50,
    ),
    *(
        "../../etc/passwd",
        "..\\..\\x",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "//127.0.0.1/",
        "http://127.0.0.1/",
    ),
    *(
        "=1+1",
        "@SUM(1)",
        "+1",
        "-1+1",
        "\t=1",
        "gumi",
        "구미",
        "바",
        "ㄱ" * 60,
        "a" * 200,
        "a b " * 60,
        "-name",
        "-",
    ),
    *(
        "124,33,132,39",
        "-181,-91,181,91",
        "nan,nan,nan,nan",
        "1,2,3",
        "132,39,124,33",
        "1e308,1,2,-1e308",
        "36.5",
        "99",
    ),
    *(
        "2005",
        "2016",
        "2016-13-45",
        "automotive",
        "seoul",
        "sme",
        "hub",
        "clusters",
        "complexes",
        "offices,complexes",
    ),
]
# What is no percent-encoding, and no UTF-8; it goes into the address as it stands.
BROKEN = [
    "%",
    "%z",
    "%zz",
    "%0",
    "%ff%fe",
    "%c0%ae",
    "%e2%28%a1",
    "%ed%a0%80",
    "%u0041",
    "%25%",
    "%%35%63",
    "%F0%9F",
]
PATHS = [
    *(
        "/..",
        "/../../etc/passwd",
        "/static/../../settings.py",
        "/static/%2e%2e/%2e%2e/portal/settings.py",
        "//",
        "///",
    ),
    *(
        "/%2e%2e/%2e%2e/etc/passwd",
        "/static/..%5c..%5cx",
        "/./",
        "/.git/config",
        "/.env",
        "/wp-login.php",
        "/%00",
    ),
    *(
        "/admin",
        "/admin//",
        "//admin/",
        "/ADMIN/",
        "/admin/%00",
        "/admin/..;/",
        "/clusters/..%2fadmin/",
        "/%61dmin/",
    ),
    *(
        "/static/",
        "/static/%00",
        "/static/css/",
        "/static/css/portal.css/",
        "/healthz/x",
        "/readyz%00",
        "/metrics/",
    ),
    *(
        "/clusters//",
        "/clusters/%20/",
        "/clusters/a/b/c/",
        "/clusters.json/",
        "/clusters.%00",
        "/clusters.csv.gz",
    ),
    *(
        "/" + "a" * 5000,
        "/" + "a/" * 2000,
        "/" + "%2e" * 500,
        "/map/data.json;x=1",
        "/map.svg%0a",
        "/?",
        "/??",
        "/#x",
    ),
    *(
        "http://127.0.0.1/",
        "http://elsewhere.example/clusters/",
        "https://[::1",
        "*",
        "clusters/",
        "\\",
        "/\\..\\",
    ),
]
HEADERS = [
    *(("Accept", value) for value in ("*/*;q=x", "," * 500, CANARY, "application/json", "text/html;q=0")),
    *(
        ("Accept-Encoding", v)
        for v in ("br;q=0, gzip", "gzip;q=9", "*;q=0", ",,,", "zstd, x" * 100, "br", "identity;q=0")
    ),
    *(("Accept-Language", v) for v in ("ko", "*", "xx-" + "x" * 500, CANARY, "ko;q=nan", "../../etc")),
    *(("If-None-Match", v) for v in ("*", '"', 'W/"x"', CANARY, '"a",' * 500, "\xff")),
    *(
        ("If-Modified-Since", v)
        for v in ("yesterday", "Thu, 99 Foo 9999 99:99:99 GMT", "0", "Mon, 01 Jan 0001 00:00:00 GMT")
    ),
    *(
        ("Range", v)
        for v in ("bytes=0-", "bytes=9-1", "bytes=-99999999999999999999", "lines=1", "bytes=0-0," * 200)
    ),
    *(("X-Forwarded-For", v) for v in ("127.0.0.1", "1.2.3.4, x", CANARY, "::1%lo", "," * 100, "999.1.1.1")),
    *(("X-Forwarded-Proto", v) for v in ("https", "javascript", CANARY)),
    *(("X-Forwarded-Host", v) for v in ("elsewhere.example", CANARY)),
    *(("HX-Request", v) for v in ("true", "TRUE", "false", CANARY)),
    *(
        ("HX-Current-URL", v)
        for v in ("http://[", "\xff", CANARY, "http://127.0.0.1/%zz", "http://127.0.0.1:x/")
    ),
    *(("HX-Target", v) for v in (CANARY, "%00")),
    *(("HX-Boosted", v) for v in ("true", CANARY)),
    *(("HX-Current-URL-URI-AutoEncoded", v) for v in ("true", CANARY)),
    *(("Origin", v) for v in ("null", "https://elsewhere.example", "http://[")),
    *(("Referer", v) for v in ("http://[", CANARY, "https://elsewhere.example/", "\xff")),
    *(("User-Agent", v) for v in ("", "a" * 4000, CANARY, "\xe9")),
    *(("X-Request-ID", v) for v in (CANARY, "a" * 4000, "\xff", "1 2 3")),
    *(
        ("Content-Type", v)
        for v in ("text/html", "multipart/form-data", "multipart/form-data; boundary=" + "b" * 300)
    ),
    *(("Authorization", v) for v in ("Basic !!!", "Basic Og==", "Bearer x", "\xff")),
    *(("Upgrade", v) for v in ("h2c", "websocket", "x")),
    *(("Expect", v) for v in ("100-continue", "200-ok")),
    *(
        ("X-HTTP-Method-Override", "DELETE"),
        ("Te", "trailers"),
        ("Via", "1.1 x" * 100),
        ("Max-Forwards", "-1"),
    ),
    *(
        ("Forwarded", "for=1.2.3.4;proto=https;host=elsewhere.example"),
        ("X-Original-URL", "/admin/"),
        ("", "x"),
    ),
    *(("Connection", "keep-alive, host"), ("Cache-Control", "only-if-cached"), ("Purpose", "prefetch")),
]
COOKIES = [
    *(
        "sessionid=x",
        "sessionid=" + "a" * 5000,
        "sessionid=\xff",
        "csrftoken=<>",
        "messages=x",
        "=;=;=",
        ";" * 500,
    ),
    *(
        "sessionid=a; sessionid=b",
        f"a={CANARY}",
        '"' * 300,
        "messages=W10:1:x",
        "a=b\x01c",
        "$Version=1; x=y",
        "\x00=1",
    ),
    *(
        "messages=" + "x$[[]]",
        "csrftoken=" + "a" * 64,
        "sessionid=../../x",
        "sessionid={}",
        ",".join(["a=b"] * 300),
    ),
]
HOSTS = [
    *(
        "elsewhere.example",
        "127.0.0.1:99999",
        "127.0.0.1:0",
        "127.0.0.1:x",
        "[::1",
        "[::1]:8",
        "127.0.0.1@x",
        "",
        "a" * 3000,
    ),
    *(
        CANARY,
        "127.0.0.1, x",
        "localhost.",
        "LOCALHOST",
        "127.1",
        "2130706433",
        "127.0.0.1\t",
        "..",
        "xn--",
        "\xff",
        "*",
    ),
]
BODIES = [
    *(
        b"",
        b"a=b",
        b"a=" + b"x" * 20_000,
        b"&" * 5000,
        b"\0" * 100,
        b"\xff\xfe",
        b'{"a":' * 2000,
        b"<?xml version='1.0'?><!DOCTYPE",
    ),
    *(
        b'--b\r\nContent-Disposition: form-data; name="a"; filename="../x"\r\n\r\nx\r\n--b--\r\n',
        b"--b",
        b"a=1&" * 3000,
    ),
    *(
        b"username=%00&password=%00",
        b"username=" + b"a" * 9000 + b"&password=x",
        quote(CANARY).encode() + b"=1",
    ),
]
TYPES = [
    *(
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=utf-7",
        "application/json",
    ),
    *(
        "multipart/form-data; boundary=b",
        "multipart/form-data; boundary=",
        "text/plain; charset=none",
        "\xff",
        "",
    ),
]


class Sent(NamedTuple):
    """A request: ``is_whole`` is that a server has to answer it; ``seconds`` how long to wait for that."""

    method: str
    target: str
    raw: bytes
    is_whole: bool
    seconds: float = 20

    def family(self):
        """Return what kind of address was asked for: its method and the beginning of its path."""
        parts = self.target.partition("?")[0].split("/")[1:3]
        method = self.method if self.method.isalpha() and len(self.method) < 9 else "odd"
        return f"{method} /{'/'.join(part[:20] for part in parts)}"

    def short(self):
        text = repr(self.raw)[2:-1]
        return text if len(text) < 420 else f"{text[:400]} … ({len(self.raw):,} bytes)"


def faults(sent, answer, side):
    """Return what must not be in an answer, in words."""
    if not answer.body and answer.status in OF_THE_SERVER and not answer.header("content-type"):
        return []
    found = []
    of_admin = unquote_to_bytes(sent.target).lstrip(b"/.").startswith(b"admin")
    # A limit is no failure, if it says when to come again.
    if answer.status >= 500 and not (answer.status == 503 and answer.header("retry-after")):
        found.append(f"answered {answer.status}")
    kind, text = answer.header("content-type"), answer.text().lower()
    if kind.startswith(MARKUP) and b"<i id=canary" in text:
        found.append("markup of ours in an answer")
    if b"traceback (most recent" in text:
        found.append("a traceback in an answer")
    names = {name for name, _value in answer.headers}
    if "x-canary" in names:
        found.append("a header of ours in an answer")
    if "set-cookie" in names and (side == "public" or not of_admin):
        found.append("a cookie outside the admin")
    if side == "public" and of_admin and answer.status in (200, 302):
        found.append("an admin on the public side")
    if answer.status != 304:
        missing = [name for name, value in SECURITY.items() if value not in answer.header(name, "-")]
        missing += [name for name in SECURITY if name not in names and name not in missing]
        if kind.startswith("text/html") and "content-security-policy" not in names:
            missing.append("content-security-policy")
        found += [f"no {name}" for name in missing]
    return found


def routes(patterns, before=""):
    """Yield each address of a URLconf as Django writes it, its parameters in angle brackets."""
    for pattern in patterns:
        route = before + re.sub(r"\(\?P(<\w+>)[^)]*\)|[\^$\\]|\\Z", r"\1", str(pattern.pattern))
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


def known_addresses():
    """Return (addresses without a parameter, those with, those of all records, all slugs, all parameters)."""
    # Here, as settings are not there yet where this module is imported.
    from portal.base.filterset import PortalFilterSet

    own, slugs, parameters = [], [], set(PARAMETERS)
    for model in apps.get_models():
        if model.__module__.split(".")[0] in ("portal", "clusters", "complexes", "support_programs"):
            for record in model.objects.all()[:2000] if hasattr(model, "objects") else []:
                slugs.append(str(getattr(record, "slug", record.pk)))
                if hasattr(record, "get_absolute_url"):
                    try:
                        own.append(record.get_absolute_url())
                    except NoReverseMatch:
                        continue
    every = ["/" + route for route in routes(get_resolver().url_patterns)]
    for filterset in PortalFilterSet.__subclasses__():
        parameters |= set(filterset.base_filters)
    plain = [route for route in every if "<" not in route]
    return plain, [route for route in every if "<" in route], own, sorted(set(slugs)), sorted(parameters)


class Hostility:
    """Makes requests: the same ones in the same order for the same seed and data."""

    def __init__(self, seed):
        self.random = random.Random(seed)  # noqa: S311 - the same requests again are wanted
        plain, self.open, self.own, self.slugs, self.parameters = known_addresses()
        # The admin has far more addresses than the pages.
        self.of_admin = [route for route in plain if route.startswith("/admin")]
        self.public = [route for route in plain if not route.startswith("/admin")]
        self.open = [route for route in self.open if not route.startswith("/admin")] * 8 + self.open
        kinds = {
            self.questions: 62,
            self.odd_path: 9,
            self.odd_method: 6,
            self.odd_host: 4,
            self.odd_cookie: 6,
            self.form: 6,
            self.broken_head: 4,
            self.smuggled: 3,
        }
        self.kinds, self.weights = list(kinds), list(kinds.values())

    def request(self, port):
        """Return the next request, as Sent."""
        self.port = port
        return self.random.choices(self.kinds, self.weights)[0]()

    # --- Its pieces

    def value(self):
        """Return a value as it stands in an address."""
        pick = self.random.random()
        if pick < 0.08:
            return self.random.choice(BROKEN)
        if pick < 0.11:
            return quote(self.random.choice(["x", CANARY, "가", "a ", "1,"])) * (LONG // 40)
        if pick < 0.13:
            return ",".join(self.random.choices(self.slugs, k=199))
        if pick < 0.40:
            return quote(self.random.choice(self.slugs))
        return quote(self.random.choice(VALUES), safe=self.random.choice(["", "/,:;*'()!~"]))

    def query(self):
        if self.random.random() < 0.02:
            return "&".join(f"{self.random.choice(self.parameters)}={self.value()[:9]}" for _ in range(700))
        count = self.random.choice([0, 1, 1, 1, 2, 2, 3, 5, 8])
        pairs = [
            f"{quote(self.random.choice(self.parameters), safe='%')}={self.value()}" for _ in range(count)
        ]
        return self.random.choice(["&", "&", "&", ";", "&&"]).join(pairs)

    def filled(self):
        """Return an address with a parameter: anybody's slug in it, or what is none."""
        route = self.random.choice(self.open)
        whose = (lambda: quote(self.random.choice(self.slugs))) if self.random.random() < 0.6 else self.value
        return re.sub(r"<[^>]+>", lambda _found: whose(), route)

    def path(self):
        pick = self.random.random()
        if pick < 0.4:
            return self.random.choice(self.of_admin if self.random.random() < 0.1 else self.public)
        return self.random.choice(self.own) if pick < 0.75 else self.filled()

    def headers(self):
        """Return some odd headers; none twice, as that would be no whole request for some of them."""
        count = self.random.choice([0, 0, 1, 2, 4])
        return list(
            {name: (name, value) for name, value in self.random.choices(HEADERS, k=count) if name}.values()
        )

    def made(self, method, target, headers=(), body=b"", host=None, is_whole=True):
        # Neither may be in the first line of a request; whoever sends them sends no HTTP.
        is_whole = is_whole and not re.search(r"[\x00-\x20\x7f]", target + method)
        host = f"127.0.0.1:{self.port}" if host is None else host
        lines = [
            f"{method} {target} HTTP/1.1",
            f"Host: {host}",
            *(f"{name}: {value}" for name, value in headers),
        ]
        if body or method in ("POST", "PUT", "PATCH"):
            lines.append(f"Content-Length: {len(body)}")
        text = "\r\n".join([*lines, "", ""])
        upgrades = any(name in ("Upgrade", "Expect", "Connection") for name, _value in headers)
        controls = any(re.search(r"[\x00-\x08\x0a-\x1f\x7f]", value) for _name, value in headers)
        raw = text.encode("utf-8" if max(text) > "\xff" else "latin-1")
        # hyper takes no address that is not ASCII, and no head beyond a size.
        is_whole = is_whole and target.isascii() and target[:1] == "/" and len(raw) < 60_000
        return Sent(method, target, raw + body, is_whole and not (upgrades or controls))

    # --- Kinds of requests

    def questions(self):
        """A page or file with any question."""
        query = self.query()
        target = self.path() + (f"?{query}" if query else "")
        return self.made(self.random.choice(["GET"] * 12 + ["HEAD"]), target, self.headers())

    def odd_path(self):
        target = self.random.choice(PATHS)
        if self.random.random() < 0.4:
            target = self.path().rstrip("/") + self.random.choice(
                ["/../", "/%2e%2e/", ".json", "//", "/" + self.value()]
            )
        return self.made("GET", target, self.headers())

    def odd_method(self):
        method = self.random.choice(METHODS)
        return self.made(method, self.path(), self.headers(), is_whole=method.isupper() and len(method) < 20)

    def odd_host(self):
        return self.made("GET", self.path(), self.headers(), host=self.random.choice(HOSTS), is_whole=False)

    def odd_cookie(self):
        cookie = ("Cookie", self.random.choice(COOKIES))
        return self.made("GET", self.path(), [*self.headers(), cookie])

    def form(self):
        """A body of any kind, to anybody: the admin's login among them."""
        target = "/admin/login/?next=" + self.value() if self.random.random() < 0.2 else self.path()
        kind = ("Content-Type", self.random.choice(TYPES))
        headers = [pair for pair in self.headers() if pair[0] != "Content-Type"]
        method = self.random.choice(["POST"] * 6 + ["PUT", "DELETE", "GET"])
        return self.made(method, target, [*headers, kind], self.random.choice(BODIES))

    def broken_head(self):
        """What is no HTTP, or only nearly."""
        line = f"GET {self.path()} HTTP/1.1\r\n"
        host = f"Host: 127.0.0.1:{self.port}\r\n"
        raw = self.random.choice(
            [
                line + host + "no colon\r\n\r\n",
                line + host + " folded: x\r\n y\r\n\r\n",
                line + host + "Bad Name: x\r\n\r\n",
                line + host + "X-Nul: a\0b\r\n\r\n",
                line + host + "X-Cr: a\rb\r\n\r\n",
                line + host + "X: " + "y" * 300_000 + "\r\n\r\n",
                line + host + "".join(f"X-{n}: y\r\n" for n in range(500)) + "\r\n",
                line + "\r\n",
                line + host + host + "\r\n",
                line.replace("HTTP/1.1", "HTTP/1.0") + "\r\n",
                line.replace("HTTP/1.1", "HTTP/3.7") + host + "\r\n",
                line.replace(" HTTP/1.1", "") + host + "\r\n",
                line.replace("\r\n", "\n") + host.replace("\r\n", "\n") + "\n",
                "GET\t" + line[4:] + host + "\r\n",
                "\r\n\r\n\r\n" + line + host + "\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
                "\0" * 200,
                "A" * 100_000,
                f"GET /?q={'x' * 200_000} HTTP/1.1\r\n" + host + "\r\n",
            ]
        )
        return Sent("GET", "/", raw.encode("latin-1"), False, 1)

    def smuggled(self):
        """A body whose end is told in two ways, or in none that holds."""
        target = self.path()
        inner = f"GET /admin/ HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n\r\n".encode()
        length = f"Content-Length: {len(inner)}\r\n"
        framing, body = self.random.choice(
            [
                (length + "Transfer-Encoding: chunked\r\n", b"0\r\n\r\n" + inner),
                ("Transfer-Encoding: chunked\r\n" + length, inner),
                ("Transfer-Encoding: xchunked\r\n" + length, inner),
                ("Transfer-Encoding : chunked\r\n" + length, b"0\r\n\r\n" + inner),
                ("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", b"0\r\n\r\n" + inner),
                ("Transfer-Encoding: chunked, chunked\r\n", b"0\r\n\r\n"),
                (length + "Content-Length: 0\r\n", inner),
                ("Content-Length: -1\r\n", inner),
                ("Content-Length: 0x10\r\n", inner),
                ("Content-Length: +5\r\n", inner),
                ("Content-Length: 99999999999999999999999\r\n", inner),
                ("Content-Length: 5, 5\r\n", b"aaaaa"),
                ("Transfer-Encoding: chunked\r\n", b"zz\r\nabc\r\n0\r\n\r\n"),
                ("Transfer-Encoding: chunked\r\n", b"ffffffffffffffffff\r\nabc"),
                ("Transfer-Encoding: chunked\r\n", b"3;" + b"x" * 20_000 + b"\r\nabc\r\n0\r\n\r\n"),
                (
                    "Transfer-Encoding: chunked\r\nTrailer: Host\r\n",
                    b"0\r\nHost: elsewhere.example\r\nX-Canary: 1\r\n\r\n",
                ),
            ]
        )
        method = self.random.choice(["POST", "GET"])
        head = f"{method} {target} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n{framing}\r\n"
        return Sent("POST", target, head.encode("latin-1", "replace") + body, False, 1)
