"""Figures of several processes are added up, and shown to those who may see them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as portal_settings
from django.contrib.auth.models import User

from portal.accounts.models import Requirement
from portal.base import metrics
from portal.base.metrics import FILES, metrics_view, prepare, rendered

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
# A process as the server starts them: it counts, says that it did, and lives until its input ends.
WORKER = """
import sys
from portal.base import metrics
for n in range(3):
    metrics.answered("GET", 200, kept=True, seconds=0.0004, size=1000)
metrics.answered("POST", 418, kept=False, seconds=0.2, size=10)
metrics.answered("HACK", 499, kept=False, seconds=20, size=0)
metrics.refused(429)
metrics.version_moved()
metrics.waiting(2)
metrics.busy(1)
metrics.keeping(5, 5000)
print(bool(metrics.own.get()), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path, settings):
    """A folder as serve prepares it."""
    settings.METRICS_DIR = prepare(tmp_path / "metrics")[VARIABLE]
    return tmp_path / "metrics"


def worker(folder):
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER],
        cwd=portal_settings.BASE_DIR,
        env=os.environ
        | {VARIABLE: str(folder), "SIDE": "public", "DJANGO_SETTINGS_MODULE": "tests.settings"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    process.told = process.stdout.readline().strip()
    return process


def end(process):
    process.stdin.close()
    process.wait(timeout=20)
    process.stdout.close()


def figures():
    """Return the figures that are shown, by name with labels."""
    lines = [line for line in rendered().decode().splitlines() if not line.startswith("#")]
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines}


def test_processes_are_added_up_and_the_dead_keep_what_they_counted(folder):
    workers = [worker(folder), worker(folder)]
    try:
        assert [process.told for process in workers] == ["True", "True"]
        found = figures()
        requests = 'portal_requests_total{answer="%s",method="%s",side="public",status="%s"}'
        assert found[requests % ("kept", "get", "200")] == 6
        assert found[requests % ("made", "post", "4xx")] == 2
        assert found[requests % ("made", "other", "499")] == 2
        assert found['portal_request_seconds_bucket{answer="kept",le="0.001",side="public"}'] == 6
        assert found['portal_request_seconds_bucket{answer="made",le="0.25",side="public"}'] == 2
        assert found['portal_request_seconds_count{answer="made",side="public"}'] == 4
        assert found['portal_sent_bytes_total{answer="kept",side="public"}'] == 6000
        assert found['portal_refused_total{reason="429",side="public"}'] == 2
        assert found['portal_version_moves_total{side="public"}'] == 2
        assert found['portal_requests_waiting{side="public"}'] == 4
        assert found['portal_threads_busy{side="public"}'] == 2
        assert found['portal_answers_kept{side="public"}'] == 10
        assert found['portal_answers_kept_bytes{side="public"}'] == 10_000
        for process in workers:
            assert found[f'portal_start_time_seconds{{pid="{process.pid}",side="public"}}'] > 1e9
            assert found[f'portal_memory_bytes{{pid="{process.pid}"}}'] > 1e6
        end(workers[0])
        found = figures()
        assert found[requests % ("kept", "get", "200")] == 6
        assert found['portal_answers_kept{side="public"}'] == 5
        assert not [name for name in found if f'pid="{workers[0].pid}"' in name]
    finally:
        for process in workers:
            process.kill()
            end(process)
    # What a process may write is set aside at its start.
    sizes = {path.stat().st_size for path in folder.glob("counter_*.db")}
    assert sizes == {metrics.FILE_SIZE}


def test_a_process_started_again_goes_on_in_the_files_of_the_dead(folder):
    for n in range(1, 4):
        process = worker(folder)
        try:
            found = figures()
        finally:
            process.kill()
            end(process)
        assert found['portal_version_moves_total{side="public"}'] == n
        assert found['portal_request_seconds_count{answer="kept",side="public"}'] == 3 * n
        assert found['portal_threads_busy{side="public"}'] == 1
    assert len(list(folder.iterdir())) == len(FILES)


# Above the highest that Linux gives (PID_MAX_LIMIT).
DEAD = 2**22 + 1


def test_a_start_forgets_the_figures_of_the_last(folder):
    for name in FILES:
        (folder / f"{name}_{DEAD}.db").write_bytes(b"old")
    (folder / "notes.txt").write_text("not ours")
    prepare(folder)
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]


def test_a_start_leaves_the_figures_of_what_runs(folder):
    process = worker(folder)
    try:
        prepare(folder)
        assert figures()['portal_version_moves_total{side="public"}'] == 1
    finally:
        process.kill()
        end(process)


def test_a_folder_that_cannot_be_made_is_said_once_and_stops_nothing(tmp_path, caplog):
    (tmp_path / "file").write_text("in the way")
    assert prepare(tmp_path / "file" / "metrics") == {}
    assert len(caplog.records) == 1 and "No metrics are kept" in caplog.text


def test_a_process_that_finds_no_room_counts_nothing_and_goes_on(tmp_path):
    process = worker(tmp_path / "gone")
    end(process)
    assert process.told == "False" and process.returncode == 0


def test_every_type_of_file_has_its_place_set_aside(folder):
    process = worker(folder)
    end(process)
    assert {path.name.rpartition("_")[0] for path in folder.iterdir()} == set(FILES)


# --- Who may see them

TOKEN = "a-long-one-that-nobody-guesses"


@pytest.fixture
def shown(monkeypatch):
    monkeypatch.setattr(metrics, "rendered", lambda: b"figures 1\n")


@pytest.mark.parametrize(
    ("user", "given", "token", "status"),
    [
        (None, "", "", 401),
        ({"is_staff": True}, "", "", 401),
        ({"is_superuser": True}, "", "", 401),
        ({"is_staff": True, "is_superuser": True}, "", "", 200),
        ({"is_staff": True, "is_superuser": True, "is_active": False}, "", "", 401),
        (None, f"Bearer {TOKEN}", TOKEN, 200),
        (None, f"bearer {TOKEN}", TOKEN, 200),
        (None, f"Bearer {TOKEN}x", TOKEN, 401),
        (None, f"Basic {TOKEN}", TOKEN, 401),
        (None, TOKEN, TOKEN, 401),
        (None, "Bearer é구미", TOKEN, 401),
        (None, "Bearer ", "", 401),
        (None, f"Bearer {TOKEN}", "", 401),
    ],
)
@pytest.mark.django_db
def test_superusers_see_them_and_who_has_the_token(shown, settings, client, user, given, token, status):
    settings.METRICS_TOKEN = token
    if user is not None:
        client.force_login(User.objects.create(username="someone", **user))
    response = client.get("/admin/metrics", headers={"Authorization": given} if given else {})
    assert response.status_code == status
    assert response["Cache-Control"] == "no-store"
    assert (b"figures" in response.content) is (status == 200)


@pytest.mark.django_db
def test_a_second_factor_that_is_required_is_required_here_too(shown, client, admin_user):
    Requirement.objects.create(user=admin_user)
    client.force_login(admin_user)
    assert client.get("/admin/metrics").status_code == 401


def test_where_none_are_kept_that_is_said(settings, monkeypatch, rf):
    settings.METRICS_TOKEN = TOKEN
    monkeypatch.setattr(metrics, "rendered", lambda: b"")
    response = metrics_view(rf.get("/", headers={"Authorization": f"Bearer {TOKEN}"}))
    assert response.status_code == 503


@pytest.mark.django_db
def test_they_are_at_an_address_of_the_admin(client, admin_user, shown):
    assert client.get("/admin/metrics").status_code == 401
    client.force_login(admin_user)
    response = client.get("/admin/metrics")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert client.post("/admin/metrics").status_code == 405


def test_nothing_is_counted_where_nothing_is_prepared(monkeypatch, settings):
    settings.METRICS_DIR = ""
    monkeypatch.setattr(metrics, "own", metrics.Lazily())
    metrics.answered("GET", 200, kept=True, seconds=1, size=1)
    metrics.waiting(3)
    assert metrics.own.get() is None and rendered() == b""
    assert Path(portal_settings.VAR_DIR, "metrics").exists() is False
