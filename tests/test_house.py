"""The house: a room imports only from the floors below it, and its tests are found by its name."""

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
OUTSIDE = re.compile(r"portal\.(settings|urls|management|asgi|gate|forward|serve)\b|.*\.(migrations|urls)\b")
# A module with so many functions has tests of its own.
MANY_FUNCTIONS = 6
# Except these: addresses and queries, of which the tests of the pages that ask them say more; and what
# commands share, of which the tests of the commands do.
UNMIRRORED = {
    "clusters/querysets.py",
    "complexes/models.py",
    "complexes/querysets.py",
    "portal/management/archive.py",
    "portal/management/databases.py",
    "support_programs/querysets.py",
}


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


def modules(app):
    """Return the modules of an app, migrations apart, as paths from the top of the repository."""
    paths = sorted(path.relative_to(settings.BASE_DIR) for path in (settings.BASE_DIR / app).rglob("*.py"))
    return [path for path in paths if "migrations" not in path.parts]


def functions(path):
    tree = ast.parse((settings.BASE_DIR / path).read_text(encoding="utf-8"))
    return [node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


each_app = pytest.mark.parametrize("app", ["portal", "support_programs", "complexes", "clusters"])


@each_app
def test_no_room_imports_from_a_floor_above(app):
    up = []
    for path in modules(app):
        module = ".".join(path.with_suffix("").parts)
        if OUTSIDE.match(module):
            continue
        up += [
            f"{module} imports {name}"
            for name in imports(settings.BASE_DIR / path, module.rpartition(".")[0])
            if OURS.match(name) and floor_of(name) > floor_of(module)
        ]
    assert not up


@each_app
def test_a_module_has_its_tests_where_its_name_says(app):
    """portal/base/filters.py is tested by tests/portal/base/test_filters.py."""
    tests = settings.BASE_DIR / "tests"
    missing = [
        str(path)
        for path in modules(app)
        if len(functions(path)) >= MANY_FUNCTIONS
        and str(path) not in UNMIRRORED
        and not (tests / path.parent / f"test_{path.name}").exists()
    ]
    assert missing == []


@each_app
def test_tests_are_named_like_a_module(app):
    """Or like one and what of it they test: test_data_thousands.py of data.py."""
    names = {(path.parent, path.stem) for path in modules(app)}
    strange = []
    for path in sorted((settings.BASE_DIR / "tests" / app).rglob("test_*.py")):
        room, name = path.parent.relative_to(settings.BASE_DIR / "tests"), path.stem.removeprefix("test_")
        if not any(where == room and f"{name}_".startswith(f"{stem}_") for where, stem in names):
            strange.append(str(path))
    assert strange == []


def test_no_test_imports_another():
    """What several tests need stands in a helper, and what bench/ needs of it too."""
    found = []
    for folder in ("tests", "bench"):
        for path in sorted((settings.BASE_DIR / folder).rglob("*.py")):
            package = ".".join(path.relative_to(settings.BASE_DIR).parent.parts)
            found += [f"{path}: {name}" for name in imports(path, package) if re.search(r"\btest_\w+", name)]
            if folder == "tests":
                found += [f"{path}: {name}" for name in imports(path, package) if name.startswith("bench")]
    assert found == []


def test_no_test_empties_the_database():
    """One that is not a transaction leaves empty tables, and the documents are loaded once a run."""
    tests = (settings.BASE_DIR / "tests").rglob("*.py")
    marked = re.compile(r"django_db\(.*transaction=True|transactional_" "db")
    assert [path.name for path in tests if marked.search(path.read_text(encoding="utf-8"))] == []
