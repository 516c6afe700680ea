"""``make audit``: fail if a locked version is known to be vulnerable; say so if no source is reached."""

import json
import subprocess
import sys

from .serving import ROOT

# The services that pip-audit knows: the index's own advisories, and those of the open-source database.
SERVICES = ("pypi", "osv")
LOCKS = ("requirements.txt", "requirements-dev.txt")


def ask(service):
    """Return what pip-audit found of every locked package, or None if the service was not reached."""
    locks = [argument for lock in LOCKS for argument in ("--requirement", lock)]
    options = (
        "--disable-pip",
        "--require-hashes",
        "--progress-spinner",
        "off",
        "--format",
        "json",
        "--timeout",
        "10",
    )
    command = [sys.executable, "-m", "pip_audit", *locks, *options, "--vulnerability-service", service]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    try:
        return json.loads(answer.stdout)["dependencies"]
    except (ValueError, KeyError):
        return None


def judge(found):
    """Return (exit status, what to say) of what a source knows of the packages; None: it was not reached."""
    # An index without advisories knows no package at all; nothing was audited then.
    audited = [package for package in found or [] if "skip_reason" not in package]
    if not audited:
        return 0, "NOT AUDITED: no source of advisories was reached."
    lines = [
        f"{package['name']} {package['version']}: {each['id']}, mended by {', '.join(each['fix_versions'])}"
        for package in audited
        for each in package["vulns"]
    ]
    if skipped := [package["name"] for package in found if "skip_reason" in package]:
        lines.append(f"Not known to the source, and so not audited: {', '.join(skipped)}.")
    vulnerable = sum(bool(package["vulns"]) for package in audited)
    return int(vulnerable > 0), "\n".join(
        [*lines, f"{len(audited)} packages audited, {vulnerable} vulnerable."]
    )


def main():
    for service in SERVICES:
        status, said = judge(ask(service))
        if not said.startswith("NOT AUDITED"):
            break
    print(said)
    return status


if __name__ == "__main__":
    sys.exit(main())
