"""What documentation, comments and docstrings name is there: settings, commands, files, addresses."""

import ast
import io
import os
import re
import tokenize
from fnmatch import fnmatchcase
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import get_commands, load_command_class
from django.urls import Resolver404, resolve

from portal import checks
from portal.base.health import PROBES

ROOT = settings.BASE_DIR
README = (ROOT / "README.md").read_text(encoding="utf-8")
# What is made while working, and is in no clone.
MADE = {"var", "node_modules", "__pycache__"}


def listing():
    """Return the paths of all files of the repository, relative to it."""
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name == ".ci" or (name[0] != "." and name not in MADE)]
        found += [Path(folder, name).relative_to(ROOT) for name in names]
    return sorted(found)


FILES = listing()
PATHS = {path.as_posix() for path in FILES}
FOLDERS = {parent.as_posix() for path in FILES for parent in path.parents} - {"."}
TOP = {path.parts[0] for path in FILES if len(path.parts) > 1}

# How a comment is written, by the end of the file's name.
HASH = re.compile(r"^\s*#.*", re.MULTILINE)
MARKUP = re.compile(r"\{#.*?#\}|<!--.*?-->", re.DOTALL)
COMMENTS = {
    # Not the "//" of an address.
    ".js": re.compile(r"(?<!:)//[^\n]*|/\*.*?\*/", re.DOTALL),
    ".py": None,
    ".css": re.compile(r"/\*.*?\*/", re.DOTALL),
    ".html": MARKUP,
    ".svg": MARKUP,
    ".yaml": HASH,
    ".toml": HASH,
    ".conf": HASH,
    ".env": HASH,
    ".service": HASH,
    ".sql": re.compile(r"^\s*--.*", re.MULTILINE),
    "": HASH,
    ".md": re.compile(r".+", re.DOTALL),
}


def told(path):
    """Return what a file tells its reader: its comments and docstrings; of documentation, everything."""
    if path.suffix not in COMMENTS:
        return ""
    text = (ROOT / path).read_text(encoding="utf-8")
    if path.suffix == ".py":
        documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        docstrings = [ast.get_docstring(n) for n in ast.walk(ast.parse(text)) if isinstance(n, documented)]
        tokens = tokenize.generate_tokens(io.StringIO(text).readline)
        comments = [token.string for token in tokens if token.type == tokenize.COMMENT]
        return "\n\n".join([*filter(None, docstrings), *comments])
    return "\n".join(COMMENTS[path.suffix].findall(text))


TOLD = {path.as_posix(): text for path in FILES if (text := told(path))}


def strangers(find):
    """Return {file: what ``find`` finds strange in what it tells}, of those where it finds something."""
    return {name: strange for name in TOLD if (strange := sorted(find(name)))}


def code(name):
    """Return the pieces of code in what a file tells: between backticks and, in documentation, indented."""
    # A fenced block is a drawing; its files are found as any others.
    text = re.sub(r"^```.*?^```", "", TOLD[name], flags=re.DOTALL | re.MULTILINE)
    pieces = [" ".join(piece.split()) for piece in re.findall(r"``?([^`]+?)``?", text)]
    if name.endswith(".md"):
        pieces += re.findall(r"^ {4,}(\S.*)", text, re.MULTILINE)
    return pieces


def table(text, heading):
    """Return the rows below a heading of documentation, as lists of cells."""
    section = text.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [line.strip("|").split(" | ") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def names_in(cell):
    return re.findall(r"`([^`]+)`", cell)


# Settings


def variables_of_settings():
    """Return the names that settings.py reads from the environment."""
    calls = [
        n for n in ast.walk(ast.parse((ROOT / "portal/settings.py").read_text())) if isinstance(n, ast.Call)
    ]
    return {
        call.args[0].value
        for call in calls
        if ast.unparse(call.func).split(".")[0] == "env"
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }


def test_the_table_of_settings_has_every_variable_and_no_other():
    rows = table(README, "Settings")
    assert {name for row in rows for name in names_in(row[0])} == variables_of_settings()


def test_no_module_of_the_portal_reads_the_environment_past_the_settings():
    modules = [name for name in PATHS if name.startswith("portal/") and name.endswith(".py")]
    assert not [name for name in modules if re.search(r"environ(\[|\.get)|getenv", (ROOT / name).read_text())]


def test_every_variable_set_in_a_command_is_read_somewhere():
    makefile = (ROOT / "Makefile").read_text()
    python = "".join((ROOT / path).read_text() for path in PATHS if path.endswith(".py"))

    def unread(name):
        given = {variable for piece in code(name) for variable in re.findall(r"(?:^|\s)([A-Z_]{3,})=", piece)}
        return {v for v in given if f"$({v})" not in makefile and f'"{v}"' not in python}

    assert not strangers(unread)


# Places


def test_the_table_of_places_has_every_folder_and_no_other():
    told = {place for row in table(README, "Where things are") for place in names_in(row[0])}
    assert not [place for place in told if place.rstrip("/") not in FOLDERS | PATHS]
    assert {place.split("/")[0] for place in told} >= TOP


def test_every_page_of_documentation_is_linked_from_the_readme():
    linked = set(re.findall(r"\]\(([^)#]+)", README))
    assert {name for name in PATHS if name.endswith(".md")} - {"README.md"} <= linked


# Files

SUFFIXES = "css|geojson|html|js|md|png|py|svg|toml|txt|yaml"
NAME = re.compile(rf"(?<![\w/.:*-])((?:[\w.*-]+/)*[\w*.-]*[\w*]\.(?:{SUFFIXES}))\b(?![\w(])")
# "static/map/", and ".ci/run"; only below a folder of ours, as "read/write" is no path.
FOLDER = re.compile(rf"(?<![\w/.*-])((?:{'|'.join(map(re.escape, sorted(TOP)))})/(?:[\w.*-]+/?)*)")
# In a placeholder's place any name may stand.
PLACEHOLDER = re.compile("NAME")


def is_there(named, teller):
    """Return whether a file or folder has this name: whole, seen from the teller's folder, or at its end."""
    named = PLACEHOLDER.sub("*", named).rstrip("/.")
    beside = os.path.normpath(Path(teller).parent / named)
    wanted = (named, beside, f"*/{named}")
    if any(fnmatchcase(path, pattern) for path in PATHS | FOLDERS for pattern in wanted):
        return True
    # Out of an installed package: "leaflet.css".
    return ".." not in named and bool(finders.find(f"{Path(named).stem}/{named}"))


def test_every_file_that_is_named_is_there():
    def missing(teller):
        named = {*NAME.findall(TOLD[teller]), *FOLDER.findall(TOLD[teller])}
        return {name for name in named if not is_there(name, teller)}

    assert not strangers(missing)


# Modules, and what they hold

DOTTED = re.compile(
    r"(?<![\w./-])(?:portal|clusters|complexes|support_programs|tests|bench)(?:\.\w+)+(?![\w/])"
)
NO_MODULE = re.compile(rf".*\.({SUFFIXES}|csv|env|json|kml|sqlite3)|portal\.example\.org")


def is_importable(dotted):
    """Return whether a dotted name is that of a module, of what one holds, of a model, or of a check."""
    if re.fullmatch(r"portal\.[IWE]\d{3}", dotted):
        return f'id="{dotted}"' in Path(checks.__file__).read_text()
    package, *parts = dotted.split(".")
    path = Path(package)
    while parts and {(path / parts[0]).as_posix(), (path / f"{parts[0]}.py").as_posix()} & (FOLDERS | PATHS):
        path /= parts.pop(0)
    if len(parts) == 1 and parts[0].lower() in apps.all_models[package]:
        return True
    # Only what is named inside a module must be imported for it.
    held = import_module(".".join(path.parts)) if parts else path
    for part in parts:
        held = getattr(held, part, None)
    return held is not None


def test_every_dotted_name_can_be_imported():
    def missing(teller):
        named = {dotted for dotted in DOTTED.findall(TOLD[teller]) if not NO_MODULE.fullmatch(dotted)}
        return {dotted for dotted in named if not is_importable(dotted)}

    assert not strangers(missing)


def test_the_architecture_names_classes_and_functions_that_are_there():
    trees = [ast.parse((ROOT / path).read_text()) for path in PATHS if path.endswith(".py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    classes = {node.name for node in nodes if isinstance(node, ast.ClassDef)}
    functions = {f"{node.name}()" for node in nodes if isinstance(node, ast.FunctionDef)}
    macros = {f"{name}()" for path in PATHS if path.endswith(".html") for name in macros_of(path)}
    pieces = code("docs/architecture.md")
    assert {piece for piece in pieces if re.fullmatch(r"[A-Z][a-z]\w*", piece)} <= classes
    assert {piece for piece in pieces if re.fullmatch(r"\w+\(\)", piece)} <= functions | macros


def macros_of(path):
    return re.findall(r"macro (\w+)\(", (ROOT / path).read_text(encoding="utf-8"))


# Commands

OURS = {name for name, app in get_commands().items() if app in settings.INSTALLED_APPS and "." not in app}


def options_of(command):
    parser = load_command_class(get_commands()[command], command).create_parser("manage.py", command)
    return set(parser._option_string_actions)


def test_every_command_that_is_named_is_there():
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

    def missing(teller):
        for piece in code(teller):
            for target in set(re.findall(r"(?:^|\s)make ([a-z][\w-]*)", piece)) - targets:
                yield f"make {target}"
            for module in re.findall(r"python -m ([\w.]+)", piece):
                if not find_spec(module):
                    yield f"python -m {module}"
            for command, options in re.findall(r"manage\.py (\w+)((?: --?[\w-]+)*)", piece):
                if command not in get_commands():
                    yield f"manage.py {command}"
                elif unknown := set(options.split()) - options_of(command):
                    yield f"manage.py {command} {' '.join(unknown)}"

    assert not strangers(missing)


def test_the_options_that_the_readme_names_are_those_of_our_commands():
    known = {option for command in OURS for option in options_of(command)}
    assert {piece for piece in code("README.md") if re.fullmatch(r"--[\w-]+", piece)} <= known


# Addresses


def test_every_address_that_is_named_is_answered():
    def unanswered(teller):
        for address in (piece for piece in code(teller) if re.fullmatch(r"/[\w./-]*(\?\S*)?", piece)):
            # Answered before any address is looked up; and paths of a machine, which tests/deploy/ looks at.
            if address in PROBES or address.startswith(("/etc/", "/opt/", "/var/")):
                continue
            try:
                resolve(address.partition("?")[0])
            except Resolver404:
                yield address

    assert not strangers(unanswered)
