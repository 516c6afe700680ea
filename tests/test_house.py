"""The floors of the house: a room imports only from the floors below it."""

import ast
import re

import pytest
from django.conf import settings

# From the ground up. Settings, addresses and management commands stand outside the rule.
FLOORS = [
    r"portal\.(base|models|korea|checks|jinja|storage|apps|admin)\b",
    r"support_programs\b",
    r"complexes\b",
    r"clusters\b",
    r"portal\b",
]
OURS = re.compile(r"(portal|support_programs|complexes|clusters)\b")
OUTSIDE = re.compile(r"portal\.(settings|urls|management|wsgi|serve)\b|.*\.(migrations|urls)\b")


def floor_of(module):
    return next(floor for floor, rooms in enumerate(FLOORS) if re.match(rooms, module))


def imports(path, package):
    """Return the names of the modules of ours that a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*base, *filter(None, [node.module])])
            yield from (f"{module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


@pytest.mark.parametrize("app", ["portal", "support_programs", "complexes", "clusters"])
def test_no_room_imports_from_a_floor_above(app):
    up = []
    for path in sorted((settings.BASE_DIR / app).rglob("*.py")):
        module = ".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts)
        if OUTSIDE.match(module):
            continue
        up += [
            f"{module} imports {name}"
            for name in imports(path, module.rpartition(".")[0])
            if OURS.match(name) and floor_of(name) > floor_of(module)
        ]
    assert not up
