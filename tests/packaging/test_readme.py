"""README and CHANGELOG say what is there, and all that is there."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import migkg
from graphs import bundled
from migkg import cli, resources
from migkg.build import extract_source
from migkg.views import extraction_turtle

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = tuple(re.findall(r"^```(\w*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL))
PROSE = re.sub(r"^```.*?^```$", "", README, flags=re.MULTILINE | re.DOTALL)
SHELL = tuple(line for language, block in BLOCKS if language == "sh" for line in block.splitlines())
# Every `migkg …` in a shell block or between backticks.
CALLS = tuple(
    call.strip()
    for code in (*SHELL, *re.findall(r"`([^`]+)`", PROSE))
    for call in re.findall(r"(?:^|[\s/])(migkg [a-z-][^|&>#]*)", " ".join(code.split()))
)
GROUP = next(value for value in vars(cli).values() if isinstance(value, click.Group))


def test_every_command_shown_exists_and_the_other_way_round() -> None:
    shown = {call.split()[1] for call in CALLS}
    assert {name for name in shown if not name.startswith("-")} == set(GROUP.commands)


@pytest.mark.parametrize("call", sorted({call for call in CALLS if not call.split()[1].startswith("-")}))
def test_every_option_shown_exists(call: str) -> None:
    _, name, *words = call.split()
    known = {option for param in GROUP.commands[name].params for option in (*param.opts, *param.secondary_opts)}
    assert {word for word in words if re.match(r"--?[a-z]", word)} <= known | {"--help"}


def test_every_question_shown_exists() -> None:
    asked = {call.split()[2] for call in CALLS if re.match(r"migkg query [a-z]", call)}
    asked |= set(re.findall(r'kg\.query\("([^"]+)"', README))
    assert asked
    assert asked <= {file.stem for file in resources.path("queries").glob("*.rq")}


@pytest.mark.parametrize("last", [".venv/bin/migkg build", ".venv/bin/python -m pytest"])
def test_one_command_sets_everything_up(last: str) -> None:
    """From nothing but Python: a virtual environment, the installation, the work."""
    (command,) = [line for line in SHELL if last in line]
    steps = command.split(" && ")
    assert steps[0] == "python3 -m venv .venv"
    assert steps[1].startswith(".venv/bin/python -m pip install ")
    assert steps[2].startswith(last)


def test_ci_runs_the_command_of_the_readme() -> None:
    """`.ci/run` takes the command out of README with this very program; it holds none of its own."""
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    (program,) = re.findall(r"tests=\$\(awk '([^']+)' README\.md\)", script)
    found = subprocess.run(["awk", program, ROOT / "README.md"], capture_output=True, text=True, check=True).stdout
    assert found.splitlines() == [line for line in SHELL if "-m pytest" in line]
    assert script.count("pytest") == len(re.findall(r"-m pytest", script))
    assert "pip install" not in script


# They read files of the user's own, need a server, or run until they are stopped.
OWN_FILES = {"build", "extract", "portal", "pull", "push", "score", "serve"}


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what `migkg build` makes there."""
    folder = tmp_path_factory.mktemp("readme")
    shutil.copytree(bundled(tmp_path_factory), folder / "kg")
    return folder


def test_answer_shown_is_what_migkg_gives(graph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(graph)
    (call,) = [" ".join(code.split()) for code in re.findall(r"`(migkg query[^`]+--format md)`", PROSE)]
    result = CliRunner().invoke(GROUP, call.split()[1:])
    assert result.exit_code == 0, result.output
    assert len(result.stdout.splitlines()) > 2
    assert result.stdout in README


def test_examples_of_the_table_run(graph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All but those that read articles of the user's own; what `export` writes, `validate` reads."""
    monkeypatch.chdir(graph)
    calls = re.findall(r"^\|.*\| `(migkg [^`>]+?)(?: >> [^`]+)?` \|$", README, re.MULTILINE)
    examples = [shlex.split(call)[1:] for call in calls]
    kept = [words for words in examples if words[0] not in OWN_FILES]
    assert {words[0] for words in kept} == set(GROUP.commands) - OWN_FILES
    for words in sorted(kept, key=lambda words: words[0] == "validate"):
        result = CliRunner().invoke(GROUP, words, catch_exceptions=False)
        assert result.exit_code == 0, (words, result.output)


def test_python_example_runs(graph: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(graph)
    (example,) = [block for language, block in BLOCKS if language == "python"]
    exec(compile(example, "README.md", "exec"), {})  # noqa: S102 - our own text
    assert "Penny Dewi Herasati" in capsys.readouterr().out


def test_turtle_sample_is_what_migkg_makes() -> None:
    from pyoxigraph import RdfFormat, parse

    (sample,) = [block for language, block in BLOCKS if language == "turtle"]
    shown = {quad.triple for quad in parse(sample, format=RdfFormat.TURTLE)}
    (article,) = set(re.findall(r"<article/([^>]+)>", sample))
    (extraction,) = extract_source(str(resources.path("data", "articles", article.removesuffix("-en") + ".en.md")))
    made = {quad.triple for quad in parse(extraction_turtle(extraction), format=RdfFormat.TURTLE)}
    assert shown - made == set()


def test_changelog_begins_with_this_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d{2}-\d{2}$", text, re.MULTILINE)
    assert versions[0] == migkg.__version__
