"""How the server is started; tests/served/ starts it."""

import os
import signal
import socket
import sys
import tempfile
import threading
import time

import pytest

from portal.serve import Sides, command, folder_of_socket, free


def test_the_command_says_what_bounds_it():
    line = " ".join(command(("--uds", "/x"), 3))
    for part in ("--interface asgi", "--http 1", "--no-ws", "--workers 3", "--uds /x", "--respawn-failed"):
        assert part in line


def test_a_port_is_free_until_something_listens():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        port = server.getsockname()[1]
        server.listen()
        assert not free("127.0.0.1", port)
    assert free("127.0.0.1", port)


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="this machine has no IPv6")
def test_a_port_of_ipv6_is_one_too():
    with socket.socket(socket.AF_INET6) as server:
        try:
            server.bind(("::1", 0))
        except OSError:
            pytest.skip("this machine has no address ::1")
        port = server.getsockname()[1]
        server.listen()
        assert not free("::1", port)
    assert free("::1", port)


def test_an_address_of_another_machine_is_not_said_to_be_taken():
    with pytest.raises(OSError):
        free("192.0.2.1", 8000)


@pytest.mark.parametrize("length", [10, 200])
def test_the_private_socket_has_a_path_that_a_socket_can_have(monkeypatch, tmp_path, length):
    folder = tmp_path / ("x" * length)
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    with tempfile.TemporaryDirectory(dir=folder_of_socket()) as made, socket.socket(socket.AF_UNIX) as server:
        server.bind(f"{made}/admin")


@pytest.fixture
def handlers():
    """Signals as they were before."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.fixture
def notes(tmp_path):
    return tmp_path / "notes"


def side(notes, name, lasts):
    """The command of a side that notes its start and every hang-up, and ends after so many seconds."""
    code = (
        "import os, signal, sys, time\n"
        f"note = lambda what: open({str(notes)!r}, 'a').write(f'{name} {{what}}\\n')\n"
        "signal.signal(signal.SIGHUP, lambda *_: note('reloads'))\n"
        "note(f'starts {os.environ[\"SIDE\"]} {os.nice(0)}')\n"
        f"end = time.monotonic() + {lasts}\n"
        "while time.monotonic() < end: time.sleep(0.05)\n"
    )
    return [sys.executable, "-c", code]


def noted(notes, count, what):
    """Wait until something was noted so often."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if notes.exists() and notes.read_text().count(what) >= count:
            return True
        time.sleep(0.02)
    return False


def test_a_side_that_ends_is_started_again_and_signals_reach_both(handlers, notes, capsys):
    niceness = os.nice(0)
    sides = Sides(
        [
            (side(notes, "public", 60), {"SIDE": "public"}, 0),
            (side(notes, "admin", 0.3), {"SIDE": "admin"}, 1),
        ]
    )
    seen = []

    def drive():
        seen.append(noted(notes, 1, "public starts public") and noted(notes, 2, "admin starts admin"))
        sides.tell(signal.SIGHUP)
        seen.append(noted(notes, 1, "public reloads"))
        sides.end()

    driver = threading.Thread(target=drive)
    driver.start()
    sides.run()
    driver.join()
    assert seen == [True, True]
    assert f"public starts public {niceness}\n" in notes.read_text()
    assert f"admin starts admin {niceness + 1}\n" in notes.read_text()
    assert all(process.poll() is not None for process in sides.processes)
    assert "A side ended (0) and is started again." in capsys.readouterr().err


def test_a_side_that_was_killed_leaves_no_socket_in_the_way(tmp_path):
    path = tmp_path / "admin"
    code = "import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[2])"
    each = [sys.executable, "-c", code, "--uds", str(path)], {}, 0
    sides = Sides([each])
    # The first leaves its file as what is killed does.
    assert [sides.start(*each).wait(), path.exists(), sides.start(*each).wait()] == [0, True, 0]
