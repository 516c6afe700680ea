"""``python -m tests.debian NAME …``: see to it that programs of Debian's packages of that name are there."""

import os
import shutil
import sys

from .chromium import run


def find(name):
    """Return the path of a program, those of the system's administrator among them, or None."""
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")


def install(names):
    if shutil.which("apt-get"):
        root = [] if os.geteuid() == 0 else ["sudo", "-n"]
        run(*root, "apt-get", "update", "-qq")
        run(*root, "apt-get", "install", "-y", "-qq", "--no-install-recommends", *names)


def main():
    missing = [name for name in sys.argv[1:] if find(name) is None]
    if missing:
        print(f"No {', '.join(missing)} yet: installing for the tests of deploy/ ...", flush=True)
        install(missing)
    if missing := [name for name in missing if find(name) is None]:
        print("!" * 12, f"NO {', '.join(missing).upper()} COULD BE HAD: TESTS WILL BE SKIPPED", "!" * 12)
        if os.environ.get("REQUIRE_BROWSER"):
            sys.exit(1)


if __name__ == "__main__":
    main()
