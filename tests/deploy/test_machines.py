"""Several machines: what is edited is seen everywhere, and what fails is not seen by readers of what is kept.

The tests stand on one set of machines and follow each other; each but the last leaves it as it found it.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.debian import find
from tests.serving import free_port

from .machines import Portal, make_primary, make_replica, wait_until
from .proxies import Caddy, Nginx
from .visitors import Editor, Readers

# What readers read: pages, a file, the map's data.
KEPT = ["/", "/clusters/", "/clusters/?sector=automotive", "/complexes/", "/map/data.json", "/sectors/"]
NEW_NAME = "Automobiles, as edited"


@pytest.fixture(scope="module")
def machines():
    """A primary and its replica, an admin on the one, two public portals on the other, nginx before all."""
    if find("nginx") is None:
        message = "NO NGINX COULD BE HAD: THE MACHINES WERE NOT TRIED"
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail(message)
        pytest.skip(message)
    with tempfile.TemporaryDirectory(prefix="portal-machines-", dir=place_in_memory()) as name:
        folder = Path(name)
        folder.chmod(0o755)
        started = []
        try:
            yield make(folder, started)
        except BaseException:
            for path in (*folder.glob("*.log"), *folder.glob("*/server.log")):
                print(f"== {path.name}\n{path.read_text()[-3000:]}")
            raise
        finally:
            for each in reversed(started):
                each.stop()


def place_in_memory():
    """Return where files reach no disk, as two databases write much; None where there is no such place."""
    path = Path("/dev/shm")  # noqa: S108 - what is made in it is private
    return path if os.access(path, os.W_OK) else None


def make(folder, started):
    primary = make_primary(folder / "primary", free_port())
    started.append(primary)
    (folder / "admin").mkdir()
    admin = Portal(
        folder,
        "admin",
        free_port(),
        {"VAR_DIR": str(folder / "admin"), "DATABASE_URL": primary.url("portal")},
    )
    admin.manage("prepare")
    admin.manage("grant_public", "portal_public")
    admin.environment |= {"DJANGO_SUPERUSER_PASSWORD": "correct horse battery staple"}
    admin.manage("createsuperuser", "--noinput", "--username", "chief", "--email", "chief@example.org")
    replica = make_replica(folder / "replica", free_port(), primary)
    started.append(replica)
    portals = []
    for name in ("one", "two"):
        # Collecting takes seconds, so that it is done once here, and not by SIDE=public manage.py prepare.
        shutil.copytree(folder / "admin" / "static", folder / name / "static")
        given = {
            "SIDE": "public",
            "VAR_DIR": str(folder / name),
            "DATABASE_URL": replica.url("portal_public"),
        }
        portals.append(Portal(folder, "public", free_port(), given))
    # A file that only the newer of two versions has.
    (folder / "two" / "static" / "new.12345678.css").write_text("p { color: red }\n")
    for portal in (admin, *portals):
        portal.start()
        started.append(portal)
    one, two = portals
    nginx = Nginx(
        folder / "nginx",
        {
            "server 127.0.0.1:8000;": f"server 127.0.0.1:{admin.port};",
            "127.0.0.1:8001": f"127.0.0.1:{one.port}",
            "127.0.0.1:8002": f"127.0.0.1:{two.port}",
        },
    )
    assert nginx.check()[0] == 0, nginx.check()[1]
    nginx.start()
    started.append(nginx)
    for portal in (admin, one, two):
        wait_until(portal.is_ready, 60)
    return SimpleNamespace(
        folder=folder, primary=primary, replica=replica, admin=admin, one=one, two=two, nginx=nginx
    )


@pytest.fixture
def kept(machines):
    """All is well, and what readers read is kept by both portals and by nginx."""
    for portal in (machines.one, machines.two):
        wait_until(portal.is_ready)
        for path in KEPT:
            wait_until(lambda portal=portal, path=path: portal.get(path)[0] == 200, every=0.3)
    for path in KEPT:
        assert machines.nginx.get(path)[0] == 200, path
    return machines


def shows(portal, text, path="/sectors/"):
    return text in portal.get(path)[2].decode()


def edit_twice(machines, database):
    """Rename a sector and name it as before; return the seconds until all show it, at most."""
    editor = Editor(machines.nginx)
    editor.log_in()
    pk = database.ask("SELECT id FROM clusters_sector WHERE slug = 'automotive'")
    name = database.ask("SELECT name FROM clusters_sector WHERE slug = 'automotive'")
    longest = 0
    for new in (NEW_NAME, name):
        assert not shows(machines.nginx, new)
        editor.save(f"/admin/clusters/sector/{pk}/change/", name=new)
        begun = time.monotonic()
        for place in (machines.one, machines.two, machines.nginx):
            wait_until(lambda place=place, new=new: shows(place, new))
        longest = max(longest, time.monotonic() - begun)
    # No copy of nginx's is older than what the portals say.
    assert not any(shows(machines.nginx, NEW_NAME) for _again in range(6))
    return longest


def test_an_edit_is_public_on_all_machines_within_two_seconds(kept):
    took = edit_twice(kept, kept.primary)
    print(f"Seconds until an edit is public: {took:.2f}")
    assert took < 2


def test_what_is_kept_by_nginx_is_asked_for_again_and_sent_as_the_portal_would(kept):
    for headers in (
        {},
        {"Accept-Encoding": "gzip"},
        {"Accept-Encoding": "br;q=0, gzip"},
        {"HX-Request": "true"},
    ):
        for path in KEPT:
            asked = [kept.nginx.get(path, **headers) for _again in range(2)]
            portal = kept.one.get(path, **headers)
            for status, given, body in asked:
                assert (status, body) == (200, portal[2]), (path, headers)
                for name in ("ETag", "Cache-Control", "Content-Encoding", "Vary", "Referrer-Policy"):
                    assert given[name] == portal[1][name], (path, name)
                assert "X-Accel-Expires" not in given
            assert asked[0][1]["X-Request-ID"] != asked[1][1]["X-Request-ID"]
            etag = asked[0][1]["ETag"]
            assert kept.nginx.get(path, **headers, **{"If-None-Match": etag})[0] == 304
    statuses = [line.split()[-2] for line in (kept.nginx.folder / "access.log").read_text().splitlines()]
    assert statuses.count("REVALIDATED") > 20 and "HIT" not in statuses


def test_nothing_but_public_answers_is_kept(kept):
    for path in ("/admin/login/", "/healthz", "/nowhere/", "/clusters/?sector=nothing"):
        for _again in range(2):
            kept.nginx.get(path)
    lines = (kept.nginx.folder / "access.log").read_text().splitlines()
    found = {
        line.split()[-2] for line in lines if line.split()[3] in ("/admin/login/", "/healthz", "/nowhere/")
    }
    assert found <= {"-", "MISS"}


def test_a_file_that_only_one_version_has_is_found(kept):
    statuses = [kept.nginx.get("/static/new.12345678.css")[0] for _again in range(6)]
    assert statuses == [200] * 6


def test_another_name_and_too_many_requests_are_refused(kept):
    with pytest.raises(OSError):
        kept.nginx.get("/", Host="elsewhere.example.org")
    statuses = [kept.nginx.get("/sectors/", source="127.0.0.3")[0] for _again in range(160)]
    assert 429 in statuses and statuses[:100] == [200] * 100
    assert kept.nginx.get("/sectors/", source="127.0.0.4")[0] == 200


def test_a_replica_that_is_away_is_missed_only_by_what_is_not_kept(kept):
    with Readers(kept.nginx, KEPT) as readers:
        kept.replica.stop("immediate")
        try:
            for portal in (kept.one, kept.two):
                wait_until(lambda portal=portal: portal.get("/readyz")[0] == 503)
                assert portal.get("/healthz")[0] == 200
                wait_until(lambda portal=portal: portal.get(KEPT[0])[1]["Warning"])
                for path in KEPT:
                    status, headers, _body = portal.get(path)
                    assert (status, headers["Warning"][:3]) == (200, "111"), path
                status, headers, _body = portal.get("/clusters/?q=never-asked")
                assert (status, headers["Retry-After"]) == (503, "5")
            assert kept.nginx.get("/clusters/?q=never-asked-either")[0] == 503
            # The primary too may be read from, by the address that portal.env shows.
            ports, names = f"{kept.replica.port},{kept.primary.address}:{kept.primary.port}", "prefer-standby"
            url = kept.replica.url("portal_public").replace(str(kept.replica.port), ports)
            assert reads(kept.one, f"{url}?target_session_attrs={names}") == "False"
        finally:
            kept.replica.start()
        took = wait_until(lambda: kept.one.is_ready() and kept.two.is_ready())
        wait_until(lambda: all(p.get("/clusters/?q=asked-after")[0] == 200 for p in (kept.one, kept.two)))
    print(f"Replica away: {told(readers)}; back after {took:.1f} s")
    assert len(readers.statuses) > 50 and not readers.lost()
    wait_until(lambda: all(kept.nginx.get(path)[1]["Warning"] is None for path in KEPT), 10)


def test_a_replica_that_hangs_is_waited_for_once(kept):
    with Readers(kept.nginx, KEPT) as readers, kept.replica.hanging():
        wait_until(lambda: kept.one.get("/readyz")[0] == 503)
        wait_until(lambda: kept.one.get(KEPT[0])[1]["Warning"])
        for _again in range(3):
            assert {kept.nginx.get(path)[0] for path in KEPT} == {200}
    took = wait_until(lambda: kept.one.is_ready() and kept.two.is_ready())
    print(f"Replica hangs: {told(readers)}; back after {took:.1f} s")
    assert not readers.lost() and readers.slowest < 2
    wait_until(lambda: kept.nginx.get("/clusters/?q=asked-after-it-hung")[0] == 200)


def told(readers):
    return f"{len(readers.statuses)} answers, lost {readers.lost()}, slowest {readers.slowest:.2f} s"


def reads(portal, url):
    """Return whether a process of the public side reads from a replica, as that database says."""
    code = (
        "import django; django.setup(); from django.db import connection as c; k = c.cursor();"
        "from clusters.models import Sector; assert Sector.objects.exists();"
        "k.execute('SELECT pg_is_in_recovery()'); print(k.fetchone()[0])"
    )
    environment = portal.environment | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "portal.settings"}
    run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    return run.stdout.strip() or run.stderr


def test_a_primary_that_is_away_is_missed_only_by_editors(kept):
    editor = Editor(kept.nginx)
    editor.log_in()
    with Readers(kept.nginx, [*KEPT, "/clusters/?q=first-asked-now"]) as readers:
        kept.primary.stop("immediate")
        try:
            for path in ("/admin/", "/admin/clusters/sector/", "/admin/login/"):
                status, headers, page = editor.ask(path)
                assert (path, status) == (path, 503), page
                assert headers["Retry-After"]
            assert kept.one.is_ready() and kept.two.is_ready()
        finally:
            kept.primary.start()
        took = wait_until(lambda: editor.ask("/admin/clusters/sector/")[0] == 200)
        wait_until(lambda: kept.primary.ask("SELECT count(*) FROM pg_stat_replication") == 1)
    print(f"Primary away: {told(readers)}; back after {took:.1f} s")
    assert len(readers.statuses) > 50 and not readers.lost()


def test_a_portal_that_is_killed_is_missed_by_nobody(kept):
    with Readers(kept.nginx, KEPT, new=True) as readers:
        kept.one.kill()
        time.sleep(1)
        kept.one.start()
        wait_until(kept.one.is_ready)
    print(f"Portal killed: {told(readers)}")
    assert len(readers.statuses) > 50 and not readers.lost()


def test_one_portal_after_the_other_is_started_anew_without_losing_an_answer(kept):
    with Readers(kept.nginx, [*KEPT, "/static/new.12345678.css"], new=True) as readers:
        for portal in (kept.one, kept.two):
            portal.restart()
            wait_until(portal.is_ready)
            # So long nginx still leaves alone the one that was away; docs/operate.md says so.
            time.sleep(3)
    print(f"Rolling: {told(readers)}")
    assert len(readers.statuses) > 100 and not readers.lost()


@pytest.mark.skipif(find("caddy") is None, reason="there is no caddy")
def test_caddy_does_as_well_but_for_the_copies(kept):
    ports = {"8000": kept.admin.port, "8001": kept.one.port, "8002": kept.two.port}
    caddy = Caddy(
        kept.folder / "caddy", {f"127.0.0.1:{old}": f"127.0.0.1:{new}" for old, new in ports.items()}
    )
    caddy.start()
    try:
        wait_until(lambda: answers(caddy))
        status, headers, body = caddy.get("/clusters/", **{"Accept-Encoding": "br"})
        assert (status, headers["Content-Encoding"]) == (200, "br")
        assert body == kept.one.get("/clusters/", **{"Accept-Encoding": "br"})[2]
        assert (
            caddy.get("/clusters/", **{"Accept-Encoding": "br", "If-None-Match": headers["ETag"]})[0] == 304
        )
        assert caddy.get("/admin/login/")[0] == 200
        with Readers(caddy, KEPT, new=True) as readers:
            # All readers here have one address, and so one process: it is killed, whichever it is.
            for portal in (kept.one, kept.two):
                portal.kill()
                time.sleep(0.5)
                portal.start()
                wait_until(portal.is_ready)
        print(f"Caddy, each portal killed: {told(readers)}")
        assert len(readers.statuses) > 50 and not readers.lost()
    finally:
        caddy.stop()


def answers(proxy):
    try:
        return proxy.get("/")[0] == 200
    except OSError:
        return False


def test_with_no_portal_at_all_copies_are_shown_and_say_so(kept):
    kept.one.stop()
    kept.two.stop()
    try:
        for path in KEPT:
            status, headers, _body = kept.nginx.get(path)
            assert (status, headers["Warning"][:3]) == (200, "110"), path
        assert kept.nginx.get("/clusters/?q=asked-of-nobody")[0] == 502
    finally:
        kept.one.start()
        kept.two.start()
    wait_until(lambda: kept.one.is_ready() and kept.two.is_ready(), 60)
    wait_until(lambda: kept.nginx.get("/")[1]["Warning"] is None, 10)


def test_a_replica_takes_the_place_of_a_primary_that_is_lost(kept):
    with Readers(kept.nginx, KEPT) as readers:
        kept.primary.stop("immediate")
        assert kept.replica.ask("SELECT pg_promote()")
        kept.admin.environment |= {"DATABASE_URL": kept.replica.url("portal")}
        kept.admin.restart()
        wait_until(kept.admin.is_ready, 60)
        assert edit_twice(kept, kept.replica) < 2
    print(f"Primary lost: {told(readers)}")
    assert not readers.lost()
