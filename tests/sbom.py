"""``make sbom``: what is shipped, as a CycloneDX document, in var/sbom.json.

The packages come out of a fresh environment that holds nothing but what requirements.txt locks; cyclonedx-py
reads it. What it cannot know is added: what the wheels say is compiled in, the parts for browsers, the data.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from .parts import named, table
from .serving import ROOT

PATH = ROOT / "var" / "sbom.json"
VERSION = SchemaVersion.V1_6


def environment_document(folder):
    """Return the document of an environment made in this folder, and the folder of its packages."""
    run = {"check": True, "cwd": ROOT}
    uv = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "venv", "--quiet", "--python", sys.executable, folder], **run)
    install = ("pip", "install", "--quiet", "--python", folder, "--require-hashes", "-r", "requirements.txt")
    subprocess.run([*uv, *install], **run)
    # Without a time and a number of its own, two documents of the same parts are the same.
    command = (
        "cyclonedx_py",
        "environment",
        "--pyproject",
        "pyproject.toml",
        "--output-reproducible",
        folder,
    )
    written = subprocess.run([sys.executable, "-m", *command], stdout=subprocess.PIPE, **run)
    return json.loads(written.stdout), next(Path(folder).glob("[Ll]ib/**/site-packages"))


def compiled_in(packages):
    """Return {name of a package: components} that wheels say are compiled into them (PEP 770)."""
    found = {}
    for path in sorted(packages.glob("*.dist-info/sboms/*.json")):
        name = path.parent.parent.name.partition("-")[0].replace("_", "-").lower()
        for component in json.loads(path.read_text())["components"]:
            kept = {
                key: component[key]
                for key in ("type", "name", "version", "purl", "licenses")
                if key in component
            }
            # A wheel names itself, too, and a library once for each of its files.
            if kept["name"].replace("_", "-").lower() != name and kept not in found.setdefault(name, []):
                found[name].append(kept)
    return found


def added_components():
    """Return what docs/licences.md lists besides packages, as components."""
    for part, version, licence, package, files in table("For browsers"):
        component = {"type": "library", "name": part, "licenses": [{"expression": licence}]}
        held = f"static files {' '.join(named(files))}, out of {named(package)[0]}"
        yield component | ({"version": version} if version else {}) | {"description": held}
    for files, source, terms in table("Data"):
        held = f"{source.replace('`', '')}: {terms}"
        yield {"type": "data", "name": " ".join(named(files)), "description": held}


def add_to(document, compiled):
    """Add to a document of an environment what this does not tell."""
    for component in document["components"]:
        if inner := compiled.get(component["name"].replace("_", "-").lower()):
            component["components"] = inner
    for number, component in enumerate(added_components()):
        document["components"].append({"bom-ref": f"part-{number}"} | component)
    return document


def main():
    with tempfile.TemporaryDirectory(prefix="portal-sbom-") as folder:
        document, packages = environment_document(os.path.join(folder, "venv"))
        text = json.dumps(
            add_to(document, compiled_in(packages)), indent=2, sort_keys=True, ensure_ascii=False
        )
    if error := JsonStrictValidator(VERSION).validate_str(text):
        sys.exit(f"What was made is no CycloneDX document: {error}")
    PATH.parent.mkdir(exist_ok=True)
    PATH.write_text(text + "\n", encoding="utf-8")
    inner = sum(len(component.get("components", [])) for component in document["components"])
    print(f"{PATH.relative_to(ROOT)}: {len(document['components'])} parts, and {inner} compiled into them.")


if __name__ == "__main__":
    main()
