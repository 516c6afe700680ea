"""The server as it is started: both sides behind one address, or one of them."""

import shutil
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from django.conf import settings

from tests.reading import RECORDS
from tests.ready import environment
from tests.serving import free_port, wait_for


@pytest.fixture(scope="module")
def prepared(to_serve, tmp_path_factory):
    """The environment of a portal that is ready to serve, on a database of its own."""
    folder = shutil.copytree(to_serve, tmp_path_factory.mktemp("served") / "var")
    return environment(folder, settings="portal.settings") | {"WORK_PER_ADDRESS": "0"}


@contextmanager
def serving(prepared, *arguments):
    """The port of a portal that answers, and its process."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "portal.serve", "--port", str(port), "--workers", "1", *arguments],
        cwd=settings.BASE_DIR,
        env=prepared,
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_for(port)
        yield port, server
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture(scope="module")
def both(prepared):
    with serving(prepared) as served:
        yield served


@pytest.fixture(scope="module")
def port(both):
    return both[0]


def ask(port, path, data=None, method=None, **headers):
    """Return (status, headers, body) of an answer, redirects not followed."""

    class Here(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_arguments):
            return None

    names = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data, names, method=method)
    try:
        with urllib.request.build_opener(Here).open(request, timeout=30) as response:
            return response.status, response.headers, response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


def test_what_was_collected_and_compressed_is_private(to_serve):
    paths = list(Path(to_serve).rglob("*"))
    assert any(path.suffix == ".br" for path in paths)
    for path in paths:
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path


def test_one_address_has_pages_files_and_the_admin(port):
    for path in ("/", "/clusters/?sector=ict", "/clusters.csv", "/admin/login/"):
        assert ask(port, path)[0] == 200, path
    status, headers, _body = ask(port, "/admin/")
    assert (status, headers["Location"]) == (302, "/admin/login/?next=/admin/")


@pytest.mark.django_db
def test_every_record_has_a_page(port):
    addresses = [record.get_absolute_url() for model in RECORDS for record in model.objects.all()]
    assert len(addresses) > 400
    assert [address for address in addresses if ask(port, address)[0] != 200] == []


def test_the_login_works_through_the_gate(port):
    _status, headers, body = ask(port, "/admin/login/")
    cookie = headers["Set-Cookie"].split(";")[0]
    token = body.decode().partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    data = f"csrfmiddlewaretoken={token}&username=nobody&password=wrong".encode()
    status, _headers, body = ask(port, "/admin/login/", data, Cookie=cookie)
    assert status == 200 and "Please enter the correct username" in body.decode()


@pytest.mark.parametrize("cookie", ["", "sessionid=abc; csrftoken=abc", "messages=x"])
def test_the_public_side_sets_no_cookie(port, cookie):
    for path in ("/", "/clusters/", "/support/?companies=2", "/nowhere/", "/clusters/?zone=atlantis"):
        assert "Set-Cookie" not in ask(port, path, Cookie=cookie)[1], path
    assert ask(port, "/clusters/", b"a=b", Cookie=cookie)[0] == 405


@pytest.mark.parametrize(("side", "pages", "admin"), [("--public", 200, 404), ("--admin", 200, 302)])
def test_each_side_can_be_served_alone(prepared, side, pages, admin):
    with serving(prepared, side) as (port, _server):
        assert (ask(port, "/clusters/")[0], ask(port, "/admin/")[0]) == (pages, admin)


def workers_of(server):
    """Return the processes that answer: those that have no more below them."""
    below = psutil.Process(server.pid).children(recursive=True)
    return [process for process in below if not process.children()]


def wait_until(holds, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := holds():
            return found
        time.sleep(0.05)
    raise AssertionError("It does not come to hold.")


def test_whatever_dies_is_started_again_and_all_ends_at_sigterm(prepared):
    with serving(prepared) as (port, server):
        wait_until(lambda: ask(port, "/admin/login/")[0] == 200)
        workers = workers_of(server)
        assert len(workers) == 2  # one of each side
        sides = psutil.Process(server.pid).children()
        for killed in (*workers, *sides):
            killed.kill()
            wait_for(port)
            wait_until(lambda: ask(port, "/admin/login/")[0] == 200)
        _gone, alive = psutil.wait_procs([*workers, *sides], timeout=5)
        assert not alive
        everything = psutil.Process(server.pid).children(recursive=True)
    _gone, alive = psutil.wait_procs(everything, timeout=10)
    assert not alive


def test_a_port_that_is_taken_is_said(prepared, port):
    answer = subprocess.run(
        [sys.executable, "-m", "portal.serve", "--port", str(port)],
        cwd=settings.BASE_DIR,
        env=prepared,
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 1 and f"Port {port} is taken by another program." in answer.stderr
