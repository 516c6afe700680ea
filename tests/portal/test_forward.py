"""What the public side hands on to the admin over its socket, and what it hands back."""

import asyncio
import socketserver
import threading
from http.server import BaseHTTPRequestHandler

import pytest

from portal import forward as module
from portal import gate as gate_module
from portal.forward import Forward
from portal.gate import Gate
from tests.gating import Silence, Worker, ask, part, scope


class Admin(BaseHTTPRequestHandler):
    """Answers with what it was told."""

    def answer(self):
        length = int(self.headers.get("Content-Length", 0))
        self.server.asked.append(
            (self.command, self.path, list(self.headers.items()), self.rfile.read(length))
        )
        status, headers, body = self.server.answers.pop(0)
        self.send_response(status)
        for name, text in headers:
            self.send_header(name, text)
        self.end_headers()
        if body:
            self.wfile.write(body)

    do_GET = do_HEAD = do_POST = answer

    def log_message(self, *_arguments):
        pass

    def address_string(self):
        return ""


@pytest.fixture
def admin(tmp_path):
    """An admin that listens, and keeps what it was asked."""
    path = str(tmp_path / "admin")
    with socketserver.ThreadingUnixStreamServer(path, Admin) as server:
        server.asked, server.answers, server.path = [], [], path
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def forwarded(admin, body=b"", **of_scope):
    return Forward(admin.path).answer(scope(**of_scope), body)


def test_method_address_headers_and_body_arrive(admin):
    admin.answers.append((302, [("Location", "/admin/"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")], b""))
    status, headers, body = forwarded(
        admin,
        b"username=x",
        method="POST",
        path="/admin/구미 a/",
        query=b"next=/admin/%3F",
        content_type="application/x-www-form-urlencoded",
        cookie="sessionid=1",
        connection="keep-alive",
        x_forwarded_for="203.0.113.1",
    )
    assert (status, body) == (302, b"")
    assert [text for name, text in headers if name == b"set-cookie"] == [b"a=1", b"b=2"]
    assert dict(headers)[b"content-length"] == b"0" and b"server" not in dict(headers)
    ((method, path, given, sent),) = admin.asked
    assert (method, path, sent) == ("POST", "/admin/%EA%B5%AC%EB%AF%B8%20a/?next=/admin/%3F", b"username=x")
    names = {name.lower(): text for name, text in given}
    assert names["host"] == "testserver" and names["cookie"] == "sessionid=1"
    assert (names["x-forwarded-for"], names["x-forwarded-proto"]) == ("192.0.2.1", "http")
    assert "connection" not in names and len(names) == len(given)


@pytest.mark.parametrize(
    "path", ["/admin/\r\nX-Evil: 1", "/admin/\0", "/admin/?x", "/admin/#x", "/admin//x/../y"]
)
def test_an_address_stays_one_address(admin, path):
    admin.answers.append((200, [("Content-Length", "2")], b"ok"))
    assert forwarded(admin, path=path)[2] == b"ok"
    ((_method, asked, given, _body),) = admin.asked
    assert "?" not in asked and "#" not in asked and "x-evil" not in {name.lower() for name, _text in given}


def test_head_and_not_modified_have_no_body(admin):
    admin.answers += [(200, [("Content-Length", "512")], b""), (304, [("ETag", '"e"')], b"")]
    status, headers, body = forwarded(admin, method="HEAD")
    assert (status, dict(headers)[b"content-length"], body) == (200, b"512", b"")
    status, headers, body = forwarded(admin)
    assert (status, dict(headers), body) == (304, {b"etag": b'"e"'}, b"")


@pytest.fixture
def gate(settings, monkeypatch, admin):
    settings.SIDE, settings.ADMIN_SOCKET = "public", admin.path
    monkeypatch.setattr(gate_module, "Django", Worker)
    monkeypatch.setattr(gate_module, "ask_version", lambda now: None)
    return Gate()


@pytest.mark.parametrize("path", ["/admin", "/admin/", "/admin/login/"])
def test_the_gate_asks_the_admin_and_no_thread_of_the_public_side(gate, admin, path):
    admin.answers.append((200, [("Content-Type", "text/html")], b"the admin"))
    told = {"method": "POST", "content_length": "3"}
    status, _headers, body = asyncio.run(ask(gate, Silence(part(b"a=b")), path=path, **told))
    assert (status, body, gate.django.asked) == (200, b"the admin", [])
    assert admin.asked[0][3] == b"a=b"


def test_what_only_looks_like_the_admin_is_public(gate, admin):
    asyncio.run(ask(gate, path="/administration/"))
    assert [path for path, _query, _body in gate.django.asked] == ["/administration/"] and not admin.asked


def test_an_admin_that_is_gone_is_told_in_words(gate, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MAX_START", 0.05)
    gate.admin = Forward(str(tmp_path / "nothing"))
    status, headers, body = asyncio.run(ask(gate, path="/admin/"))
    assert (status, headers[b"retry-after"]) == (502, b"5") and b"The admin does not answer" in body
    assert not gate.work.present
