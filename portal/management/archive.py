"""A backup is one file, a ZIP: what it holds in ``manifest.json``, and beside that the database itself.

SQLite is copied by its own online copy, PostgreSQL by its own ``pg_dump``; both while others go on writing.
"""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import zipfile
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote, urlencode

from django.core.management.base import CommandError
from django.db import connection

from portal.base.version import FUNCTION
from portal.management import databases
from portal.models import DataVersion

MANIFEST = "manifest.json"
# The version of this form.
FORM = 1
# The database inside, by vendor.
MEMBERS = {"sqlite": "portal.sqlite3", "postgresql": "portal.dump"}
CHUNK = 1024 * 1024
VERSION = DataVersion._meta.db_table


def digest_of(stream):
    """Return the SHA-256 of what a stream still holds."""
    digest = sha256()
    while chunk := stream.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def counts():
    """Return {table: number of its rows} of the whole database."""
    with connection.cursor() as cursor:
        return {
            name: databases.one(cursor, f"SELECT count(*) FROM {connection.ops.quote_name(name)}")  # noqa: S608
            for name in sorted(connection.introspection.table_names(cursor))
        }


# --- Writing and reading the file


def write(path, manifest, copy):
    """Write a backup whole or not at all."""
    made = path.with_name(f"{path.name}.part")
    try:
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as file:
            file.writestr(MANIFEST, json.dumps(manifest, indent=1))
            file.write(copy, MEMBERS[manifest["database"]])
        with made.open("rb") as written:
            os.fsync(written.fileno())
        made.replace(path)
    finally:
        made.unlink(missing_ok=True)


def unpack(path, copy):
    """Write the database of a backup to ``copy``, and return the manifest.

    Raises CommandError if the file is no backup, damaged, or in a form that is not known here.
    """
    damaged = f"{path} is damaged, or no backup of the portal"
    try:
        with zipfile.ZipFile(path) as file:
            manifest = json.loads(file.read(MANIFEST))
            if manifest["form"] != FORM:
                raise CommandError(f"{path} was written by another version, in a form not known here.")
            with file.open(MEMBERS[manifest["database"]]) as member, copy.open("wb") as target:
                shutil.copyfileobj(member, target, CHUNK)
    except (zipfile.BadZipFile, EOFError, KeyError, TypeError, ValueError, NotImplementedError) as error:
        raise CommandError(f"{damaged}: {error}") from error
    except zipfile.zlib.error as error:
        raise CommandError(f"{damaged}: {error}") from error
    with copy.open("rb") as stream:
        if digest_of(stream) != manifest["sha256"]:
            raise CommandError(f"{damaged}: the checksum does not fit.")
    return manifest


# --- The tools of PostgreSQL


def tool(name):
    """Return the path of a tool of PostgreSQL, which must not be older than the server.

    Raises CommandError where it is not on PATH, or older.
    """
    needed = connection.cursor().connection.server_version // 10_000
    found = shutil.which(name)
    if not found:
        raise CommandError(
            f"{name} is not on PATH. Install the client of PostgreSQL {needed} (Debian: postgresql-client)."
        )
    text = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603
    major = int(re.search(r"(\d+)[.\d]* ?", text.partition(")")[2])[1])
    if major < needed:
        raise CommandError(
            f"{found} is of version {major}, the server of {needed}: put the tools of {needed} first on PATH."
        )
    return found


def parameters():
    """Return what is known of the server: host, port, user and so on, as the driver names them."""
    return connection.get_connection_params()


def environment():
    """Return the environment in which the tools find the server.

    Not in their arguments, which everyone on the machine may read.
    """
    names = {"dbname": "DATABASE", "sslcert": "SSLCERT", "sslkey": "SSLKEY", "sslrootcert": "SSLROOTCERT"}
    names |= {name: name.upper() for name in ("host", "port", "user", "password", "sslmode", "passfile")}
    given = {
        f"PG{names[name]}": str(value) for name, value in parameters().items() if name in names and value
    }
    return os.environ | {"PGCONNECT_TIMEOUT": "10"} | given


def url_of(name):
    """Return the DATABASE_URL of another database on the same server."""
    known = parameters()
    user = ":".join(quote(known.get(part) or "", safe="") for part in ("user", "password"))
    names = ("host", "port", "sslmode", "sslcert", "sslkey", "sslrootcert", "passfile")
    return f"postgres://{user}@/{name}?{urlencode({part: known[part] for part in names if known.get(part)})}"


def run(command, **options):
    """Run a tool of PostgreSQL and return what it writes; raises CommandError with its words if it fails."""
    done = subprocess.run(command, env=environment(), text=True, capture_output=True, **options)  # noqa: S603
    if done.returncode:
        raise CommandError(f"{Path(command[0]).name}: {done.stderr.strip()}")
    return done.stdout


# --- Copies of the database of the settings, and back


@contextmanager
def snapshot():
    """Let this connection see the database as it is now, and yield what names that to PostgreSQL's tools.

    Others go on writing meanwhile.
    """
    is_sqlite = databases.is_sqlite()
    with connection.cursor() as cursor:
        # Not atomic(), which on SQLite would keep all others from writing.
        cursor.execute("BEGIN" if is_sqlite else "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        try:
            # The first reading fixes what SQLite lets the transaction see.
            query = "SELECT count(*) FROM django_migrations" if is_sqlite else "SELECT pg_export_snapshot()"
            yield databases.one(cursor, query)
        finally:
            cursor.execute("ROLLBACK")


def copy_to(target, seen):
    """Copy the database, as the snapshot ``seen`` shows it, to a file."""
    if databases.is_sqlite():
        with closing(sqlite3.connect(target)) as copy:
            connection.connection.backup(copy)
        return
    run(
        [
            *(tool("pg_dump"), "--format=custom", "--compress=0", "--no-owner", "--no-privileges"),
            *(f"--snapshot={seen}", f"--file={target}"),
        ]
    )


def is_damaged(path):
    """Return whether a file is no database of SQLite, or one that cannot be read whole."""
    try:
        with closing(sqlite3.connect(path)) as database:
            return database.execute("PRAGMA quick_check").fetchone()[0] != "ok"
    except sqlite3.OperationalError:  # locked, or the disk is full: it may be whole
        raise
    except sqlite3.DatabaseError:
        return True


def copy_back(source, manifest, token):
    """Replace the content of the database by that of a copy, in one transaction below those who read it.

    The version of the data becomes ``token``, so that nobody goes on serving what was kept before.
    """
    if databases.is_sqlite():
        with closing(sqlite3.connect(source)) as copy:
            if (said := copy.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
                raise CommandError(f"The copy is damaged: {said}")
            there = {
                name: copy.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608
                for name in manifest["counts"]
            }
            if there != manifest["counts"]:
                raise CommandError("The copy does not have the rows that its manifest counts.")
            if VERSION in manifest["counts"]:
                copy.execute(f"UPDATE {VERSION} SET token = ?", [token])  # noqa: S608
            copy.commit()
            connection.close()
            with closing(sqlite3.connect(databases.sqlite_path(), timeout=10)) as target:
                copy.backup(target)
                target.execute("PRAGMA journal_mode=WAL")
        return
    restored = run(
        [
            *(tool("pg_restore"), "--no-owner", "--no-privileges", f"--schema={manifest['schema']}"),
            *("--file=-", source),
        ]
    )
    run(
        [tool("psql"), "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"],
        input="\n".join(["SET lock_timeout = '30s';", *dropped(), restored, *checked(manifest, token)]),
    )


def dropped():
    """Return the statements that remove all tables, and the function that moves the version."""
    with connection.cursor() as cursor:
        schema = databases.one(cursor, "SELECT quote_ident(current_schema())")
        names = connection.introspection.table_names(cursor)
    tables = [f"{schema}.{connection.ops.quote_name(name)}" for name in names]
    if tables:
        yield f"DROP TABLE {', '.join(tables)} CASCADE;"
    yield f"DROP FUNCTION IF EXISTS {schema}.{FUNCTION}() CASCADE;"


def checked(manifest, token):
    """Return the statements that count the rows, give back the rights on tables, and move the version."""
    schema = manifest["schema"]
    for name, count in manifest["counts"].items():
        table = f'"{schema}"."{name}"'
        yield (
            f"DO $$ BEGIN IF (SELECT count(*) FROM {table}) <> {int(count)} THEN "  # noqa: S608
            f"RAISE EXCEPTION '{name} does not have the rows that the manifest counts'; END IF; END $$;"
        )
        if name == VERSION:
            yield f"UPDATE {table} SET token = '{token}';"  # noqa: S608
    with connection.cursor() as cursor:
        # Those of others than the owner, as of the role that only reads; they are not in the backup.
        cursor.execute(
            "SELECT table_name, privilege_type, quote_ident(grantee) "
            "FROM information_schema.role_table_grants "
            "WHERE table_schema = current_schema() AND grantee <> current_user AND grantor = current_user"
        )
        for table, right, role in cursor.fetchall():
            if table in manifest["counts"]:
                yield f'GRANT {right} ON "{schema}"."{table}" TO {role};'
