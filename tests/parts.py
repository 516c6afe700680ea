"""What is shipped: the tables of docs/licences.md, and the packages that requirements.txt locks."""

import re
from importlib.metadata import PackageNotFoundError, distribution

from .serving import ROOT

LICENCES = ROOT / "docs" / "licences.md"


def table(heading):
    """Return the rows below a heading of docs/licences.md, as lists of cells."""
    section = LICENCES.read_text(encoding="utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" |")] for line in lines[2:]]


def named(cell):
    """Return what stands between backticks in a cell."""
    return re.findall(r"`([^`]+)`", cell)


def locked():
    """Return {name of a package: its version} of requirements.txt."""
    return dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / "requirements.txt").read_text(), re.MULTILINE))


def installed(name):
    """Return an installed distribution, or None, as one that another system needs."""
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None
