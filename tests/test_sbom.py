"""What `make sbom` adds to the document of an environment."""

import json
import sysconfig
from pathlib import Path

from cyclonedx.validation.json import JsonStrictValidator

from . import sbom
from .parts import installed, named, table


def document():
    """Return a document as cyclonedx-py makes one, of two packages."""
    components = [
        {"type": "library", "bom-ref": name, "name": name, "version": installed(name).version}
        for name in ("granian", "Django")
    ]
    return {"$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json", "bomFormat": "CycloneDX",
            "specVersion": "1.6", "version": 1, "components": components}  # fmt: skip


def test_the_document_holds_what_wheels_compile_in_what_browsers_get_and_the_data():
    compiled = sbom.compiled_in(Path(sysconfig.get_path("purelib")))
    made = sbom.add_to(document(), compiled)
    assert JsonStrictValidator(sbom.VERSION).validate_str(json.dumps(made)) is None
    by_name = {component["name"]: component for component in made["components"]}
    assert {"hyper", "tokio"} <= {inner["name"] for inner in by_name["granian"]["components"]}
    assert "components" not in by_name["Django"]
    assert by_name["Leaflet"]["version"] == "1.9.3" and "django-leaflet" in by_name["Leaflet"]["description"]
    assert {row[0] for row in table("For browsers")} <= set(by_name)
    assert {" ".join(named(row[0])) for row in table("Data")} <= set(by_name)


def test_nothing_is_listed_twice_in_a_package():
    for components in sbom.compiled_in(Path(sysconfig.get_path("purelib"))).values():
        assert len({json.dumps(each, sort_keys=True) for each in components}) == len(components)
