"""The house: who may import whom, what is loaded when, who prints, and how long a module may be."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "migkg"
FACE = "__init__"  # what `import migkg` gives
ANYONE = {"__version__"}  # what every room may take from the face
TERMINAL = re.compile(r"(click|rich)\b")
COMPUTED = {"__import__", "import_module", "importlib.import_module"}
MAX_LINES = 500

# Each costs between 50 ms and some seconds; they are loaded when something needs them.
HEAVY = (
    "jinja2", "lxml", "markdown_it", "matplotlib", "networkx", "numpy", "oxrdflib", "pandas", "pycountry",
    "pyoxigraph", "pypdfium2", "pyshacl", "rdflib", "requests", "rich", "rustworkx", "spacy", "SPARQLWrapper",
    "starlette", "trafilatura", "urllib3", "uvicorn", "yaml",
)  # fmt: skip


def read_table(readme: str) -> tuple[tuple[str, str], ...]:
    """(layer, room) in the order of README's table "The house"."""
    section = re.search(r"^## The house$(.*?)(?=^## |\Z)", readme, re.MULTILINE | re.DOTALL)
    assert section, 'README.md has no section "## The house"'
    return tuple(re.findall(r"^\| *(L\d+) *\| *`([a-z0-9_]+)/?` *\|", section[1], re.MULTILINE))


TABLE = read_table((ROOT / "README.md").read_text(encoding="utf-8"))
ROOMS = tuple(room for _, room in TABLE)


def module_name(file: Path) -> str:
    """`src/migkg/extract/facts/rules.py` → `extract.facts.rules`; a package's `__init__` has the package's name."""
    parts = file.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


FILES = {module_name(file): file for file in sorted(PACKAGE.rglob("*.py"))}


def room_of(module: str) -> str:
    return module.split(".")[0]


def imports(module: str, code: str) -> Iterator[tuple[int, str]]:
    """(line, module of migkg) for each import anywhere in the code: in functions and under TYPE_CHECKING too."""
    package = "migkg" if module == FACE else f"migkg.{module}"
    if FILES.get(module, Path("x.py")).name != "__init__.py":
        package = package.rpartition(".")[0]
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == "migkg":
                    yield node.lineno, alias.name.partition(".")[2] or FACE
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *([node.module] if node.module else [])])
            if base.split(".")[0] == "migkg":
                inside = base.partition(".")[2]
                for alias in node.names:
                    if base == "migkg" and alias.name in ANYONE:
                        continue
                    inner = f"{inside}.{alias.name}".lstrip(".")
                    yield node.lineno, inner if inner in FILES else inside or FACE
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in COMPUTED:
            raise AssertionError(f"{module}:{node.lineno} imports by a computed name, which this test cannot follow")


def wrong_imports(module: str, code: str, rooms: tuple[str, ...] = ROOMS) -> list[str]:
    """Imports that go up, or forward in the order of the table."""
    own = room_of(module)
    return [
        f"{module}:{line} imports {target}"
        for line, target in imports(module, code)
        if room_of(target) != own and (room_of(target) not in rooms or rooms.index(room_of(target)) > rooms.index(own))
    ]


def test_table_goes_up() -> None:
    layers = [int(layer[1:]) for layer, _ in TABLE]
    assert layers == sorted(layers)
    assert len(set(ROOMS)) == len(ROOMS)


def test_table_and_package_name_the_same_rooms() -> None:
    assert set(ROOMS) == {room_of(module) for module in FILES}


@pytest.mark.parametrize("module", FILES)
def test_imports_only_from_below(module: str) -> None:
    assert wrong_imports(module, FILES[module].read_text(encoding="utf-8")) == []


def test_modules_inside_a_room_have_an_order() -> None:
    """No two modules import each other, not even by way of a third: `prepare` raises on a cycle."""
    graph = {
        module: {target for _, target in imports(module, file.read_text(encoding="utf-8")) if target != module}
        for module, file in FILES.items()
    }
    TopologicalSorter(graph).prepare()


@pytest.mark.parametrize(
    ("module", "code"),
    [
        ("errors", "from migkg.model import Span"),
        ("model", "def f():\n    from migkg import store"),
        ("iris", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from migkg.extract.claims import Claim"),
        ("iris", "from . import cli"),
        ("iris", "from .extract.claims import Claim"),
        ("extract.facts.rules", "from ...resolve import resolve"),
        ("resolve", "import migkg.rdf"),
        ("store", "import migkg"),
        ("store", "from migkg import open"),
        ("store", "from migkg.unknown import x"),
    ],
)
def test_a_wrong_import_is_found(module: str, code: str) -> None:
    assert len(wrong_imports(module, code)) == 1


@pytest.mark.parametrize(
    ("module", "code"),
    [
        ("store", "from migkg import __version__, iris"),
        ("resolve", "from migkg.extract.facts import rules"),
        ("extract.facts.rules", "from ..mention import Mention\nfrom ...model import Span"),
        ("cli", "import json, click\nimport migkg.build"),
    ],
)
def test_a_right_import_passes(module: str, code: str) -> None:
    assert wrong_imports(module, code) == []


def test_an_import_by_a_computed_name_is_refused() -> None:
    with pytest.raises(AssertionError, match="computed name"):
        wrong_imports("store", "import importlib\nimportlib.import_module('migkg.cli')")


def outputs(code: str) -> list[str]:
    """What the code does to print: calls of print, uses of the standard streams, libraries for terminals."""
    found = []
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.Call(func=ast.Name(id="print" | "pprint" as name)):
                found.append(f"{node.lineno}: {name}")
            case ast.Attribute(value=ast.Name(id="sys"), attr="stdout" | "stderr" as name):
                found.append(f"{node.lineno}: sys.{name}")
            case ast.ImportFrom(module="sys", names=names) if {"stdout", "stderr"} & {alias.name for alias in names}:
                found.append(f"{node.lineno}: from sys import a stream")
            case ast.ImportFrom(module=str(name)) | ast.Import(names=[ast.alias(name=name), *_]) if TERMINAL.match(
                name
            ):
                found.append(f"{node.lineno}: {name}")
    return found


@pytest.mark.parametrize("module", [module for module in FILES if room_of(module) != "cli"])
def test_only_the_command_line_prints(module: str) -> None:
    assert outputs(FILES[module].read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "code",
    [
        "print(1)",
        "import sys\nsys.stdout.write('')",
        "from sys import stderr",
        "import rich.table",
        "from click import echo",
    ],
)
def test_printing_is_found(code: str) -> None:
    assert outputs(code)


@pytest.mark.parametrize("module", FILES)
def test_no_module_is_too_long(module: str) -> None:
    assert len(FILES[module].read_text(encoding="utf-8").splitlines()) <= MAX_LINES


# The command line ends by raising SystemExit; what is loaded by then is shown at exit.
LOADED = """
import atexit, json, sys
atexit.register(lambda: sys.stderr.write(json.dumps(sorted({name.split(".")[0] for name in sys.modules}))))
sys.argv = ["migkg", *sys.argv[1:]]
"""


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        ("import migkg", ()),
        ("from migkg.cli import main; main()", ("--help",)),
        ("from migkg.cli import main; main()", ("--version",)),
        ("from migkg.cli import main; main()", ("build", "--help")),
        ("from migkg.cli import main; main()", ("score", "--help")),
        ("from migkg.cli import main; main()", ("serve", "--help")),
    ],
)
def test_heavy_libraries_wait(code: str, arguments: tuple[str, ...]) -> None:
    command = [sys.executable, "-c", LOADED + code, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    loaded = set(json.loads(done.stderr))
    assert "migkg" in loaded
    assert loaded & set(HEAVY) == set()
