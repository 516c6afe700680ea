"""Portals that are made ready once a run, whatever processes it has, and copied for who would change one."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

ROOT = Path(__file__).resolve().parent.parent


def once(tmp_path_factory, name, make):
    """Return what ``make(folder)`` returned to the first process that asked; it must be plain JSON.

    The folder is the run's own, one for all of its processes, and new.
    """
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    folder, said = base / name, base / f"{name}.json"
    with (base / f"{name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not said.exists():
            shutil.rmtree(folder, ignore_errors=True)  # of a process that failed to make it
            folder.mkdir()
            said.write_text(json.dumps(make(folder)), encoding="utf-8")
    return json.loads(said.read_text(encoding="utf-8"))


def environment(folder, address="", settings="tests.uncompressed"):
    """Return the environment of commands on a folder, and on the database of an address if there is one."""
    given = os.environ | {"VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": settings}
    given.pop("DATABASE_URL", None)
    return given | ({"DATABASE_URL": address} if address else {})


def python(environment, *arguments, **more):
    """Start Python on the portal, and return the process."""
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **more,
    )


def run(environment, *arguments):
    """Run Python on the portal, and return (exit code, what it says, what it says of errors)."""
    with python(environment, *arguments) as process:
        out, errors = process.communicate(timeout=300)
        return process.returncode, out, errors


def new_database(name, template=None):
    """Make a database on the PostgreSQL of the tests, empty or a copy, and return its address."""
    server = os.environ["DATABASE_URL"]
    with closing(psycopg2.connect(server)) as made:
        made.autocommit = True
        made.cursor().execute(f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else ""))
    return urlsplit(server)._replace(path=f"/{name}").geturl()


def prepare_twice(folder, address=""):
    """Make a new portal by two starts at once; return its folder, address, and what both said."""
    var = folder / "var"
    var.mkdir(mode=0o700)
    given = environment(var, address)
    starts = [python(given, "manage.py", "prepare") for _start in range(2)]
    said = [process.communicate(timeout=300) for process in starts]
    assert [process.returncode for process in starts] == [0, 0], said
    return {"folder": str(var), "address": address, "said": [out for out, _errors in said]}


def served_portal(tmp_path_factory):
    """Return the folder of the run's portal as production has it: on SQLite, static files compressed."""

    def make(folder):
        code, out, errors = run(
            environment(folder / "var", settings="portal.settings"), "manage.py", "prepare"
        )
        assert code == 0, out + errors
        return str(folder / "var")

    return once(tmp_path_factory, "served", make)


def ready_portal(tmp_path_factory, vendor):
    """Return what is known of the run's portal on SQLite, or on the PostgreSQL of the tests."""

    def make(folder):
        address = new_database(f"ready_{os.getpid()}") if vendor == "postgresql" else ""
        return prepare_twice(folder, address)

    return once(tmp_path_factory, f"ready-{vendor}", make)


def copy_of(ready, folder, name):
    """Copy a ready portal into a folder, and on PostgreSQL into a database ``name``; return its address."""
    shutil.copytree(ready["folder"], folder, dirs_exist_ok=True)
    if ready["address"]:
        return new_database(name, urlsplit(ready["address"]).path[1:])
    return ""
