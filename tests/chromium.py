"""``python -m tests.chromium``: see to it that there is a Chromium for the browser tests."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium():
    """Return the path of the system's Chromium, else of Playwright's own, else None."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", Path.home() / ".cache" / "ms-playwright"))
    return next((str(path) for path in sorted(cache.glob("chromium-*/chrome-linux*/chrome"))), None)


def run(*command):
    """Run a command quietly and return whether it worked."""
    try:
        return subprocess.run(command, capture_output=True, timeout=900).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def install():
    """Try Debian's package (with a font that has Hangul), then Playwright's own browser."""
    if shutil.which("apt-get"):
        root = [] if os.geteuid() == 0 else ["sudo", "-n"]
        run(*root, "apt-get", "update", "-qq")
        run(*root, "apt-get", "install", "-y", "-qq", "chromium", "fonts-noto-cjk")
    if find_chromium() is None:
        run(sys.executable, "-m", "playwright", "install", "chromium")


def main():
    if find_chromium() is None:
        print("No Chromium yet: installing one for the browser tests ...", flush=True)
        install()
    if find_chromium() is None:
        print("!" * 12, "NO CHROMIUM COULD BE HAD: THE BROWSER TESTS WILL BE SKIPPED", "!" * 12)
        if os.environ.get("REQUIRE_BROWSER"):
            sys.exit(1)


if __name__ == "__main__":
    main()
