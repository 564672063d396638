"""The command line: results on standard output, messages on standard error, exit codes that scripts can rely on."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result

from graphs import article, bundled, small
from migkg.cli import main, terminal
from migkg.export import EXPORTS
from migkg.ontology import ID
from migkg.tables import size

HELD = (
    "The International Organization for Migration (IOM) held a workshop in Jakarta on 12 June 2024. "
    "It was about the rights of the people who work in the region, and it was open to all of them."
)
PENNY = "Penny Dewi Herasati"

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bundled(tmp_path_factory)


@pytest.fixture(scope="module")
def little(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """The option that names a graph of one article, for commands that read the whole graph."""
    return "--kg", str(small(tmp_path_factory, "2021-03-01-colombia-protection-statute-bogota.en"))


@pytest.fixture
def run(folder: Path) -> Run:
    """Run a command in this process, on the graph of the bundled articles unless another one is named."""

    def call(*words: str, graph: bool = True, stdin: str | bytes | None = None, width: int = 120) -> Result:
        options = ("--kg", str(folder)) if graph else ()
        done = CliRunner(env={"COLUMNS": str(width)}).invoke(main, [*words, *options], input=stdin)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
        return done

    return call


def process(*words: str, **more: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "migkg.cli", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, **more)  # type: ignore[call-overload, no-any-return]


# --- build ---


def test_build_tells_what_it_made_and_what_to_do_next(tmp_path: Path, run: Run) -> None:
    file = article(tmp_path, "workshop", HELD, title="A workshop", published="2024-06-13")
    done = run("build", str(file), "--kg", str(tmp_path / "my kg"), graph=False)
    assert done.exit_code == 0
    first, *_, call = done.stdout.splitlines()
    assert re.fullmatch(rf"1 article → \d facts → \d quoted spans → [\d,]+ triples in {tmp_path}/my kg", first)
    assert "SHACL: the data conform; 0 violations, " in done.stdout
    assert call == f"  migkg export -o graph.ttl --kg '{tmp_path}/my kg'", "ready to be copied into a shell"


def test_build_reports_bad_sources_and_builds_the_rest(tmp_path: Path, run: Run) -> None:
    good, bad = article(tmp_path, "workshop", HELD, title="A workshop"), tmp_path / "empty.txt"
    bad.write_bytes(b"")
    done = run("build", str(bad), str(good), "--kg", str(tmp_path / "kg"), "--no-check", graph=False)
    assert done.exit_code == 2
    assert done.stdout.startswith("1 article → ")
    assert done.stderr == f"left out: {bad}: empty; expected an article.\n"


def test_build_shortens_a_long_list_of_bad_sources(tmp_path: Path, run: Run) -> None:
    for number in range(12):
        (tmp_path / f"{number}.txt").write_bytes(b"")
    article(tmp_path, "workshop", HELD, title="A workshop")
    done = run("build", str(tmp_path), "--kg", str(tmp_path / "kg"), "--no-check", graph=False)
    assert done.stderr.count("left out: ") == 8
    assert done.stderr.endswith("… and 4 more left out\n")


def test_build_as_json(tmp_path: Path, run: Run) -> None:
    file = article(tmp_path, "workshop", HELD, title="A workshop")
    done = run("build", str(file), "--kg", str(tmp_path / "kg"), "--json", graph=False)
    made = json.loads(done.stdout)
    assert (made["articles"], made["conforms"], made["checked"], made["errors"]) == (1, True, True, [])
    assert sum(made["facts"].values()) > 1


def test_build_without_a_source_takes_the_bundled_articles(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data" / "articles").mkdir(parents=True)
    article(tmp_path / "data" / "articles", "workshop", HELD)
    monkeypatch.setattr("migkg.build.bundled_corpus", lambda: str(tmp_path / "data" / "articles"))
    monkeypatch.chdir(tmp_path)
    done = run("build", "--no-check", graph=False)
    assert done.exit_code == 0
    assert (tmp_path / "kg" / "manifest.json").is_file()
    calls = ("query people", "explain IOM", "validate", "export -o graph.ttl")
    assert done.stdout.endswith("Next:\n" + "".join(f"  migkg {call}\n" for call in calls))


def test_an_article_in_another_language_is_a_warning(tmp_path: Path, run: Run) -> None:
    file = tmp_path / "bonn.txt"
    file.write_text("Die Konferenz in Bonn sprach über die Migration und über die Arbeit der Behörden in den Ländern.")
    done = run("build", str(file), "--kg", str(tmp_path / "kg"), "--no-check", graph=False)
    assert done.exit_code == 0
    assert "warning: This article is neither in English nor in Indonesian" in done.stderr
    assert done.stderr.endswith("In bonn.\n")
    done = run("extract", str(file), graph=False)
    assert done.exit_code == 1
    assert "neither in English nor in Indonesian" in done.stderr
    assert done.stderr.endswith("No fact was found.\n")


def test_build_ends_with_1_when_the_data_do_not_conform(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from migkg.model import Finding
    from migkg.validate import Report

    report = Report((Finding("violation", "Span-quote", ID + "span/x", "Words differ.", article="workshop"),))
    monkeypatch.setattr("migkg.validate.validate", lambda *_, **__: report)
    file = article(tmp_path, "workshop", HELD, title="A workshop")
    done = run("build", str(file), "--kg", str(tmp_path / "kg"), graph=False)
    assert done.exit_code == 1
    assert done.stderr == "violation: Words differ. In workshop.\n"
    assert "the data do not conform; 1 violation" in done.stdout
    done = run("validate", "--kg", str(tmp_path / "kg"), graph=False)
    assert done.exit_code == 1
    assert done.stdout.startswith("violation: Words differ.\n    span/x in workshop\n")
    assert done.stdout.endswith("The data do not conform: 1 violation, 0 warnings, 0 gaps.\n")


# --- extract ---


def test_extract_shows_facts_with_their_sentences(tmp_path: Path, run: Run) -> None:
    file = article(tmp_path, "workshop", HELD, title="A workshop")
    done = run("extract", str(file), graph=False)
    assert done.exit_code == 0
    assert "Hosting\n  event: workshop" in done.stdout
    assert (
        "“The International Organization for Migration (IOM) held a workshop in Jakarta on 12 June 2024.”"
        in done.stdout
    )
    assert not (tmp_path / "kg").exists()
    indonesian = run("extract", str(file), "--lang", "id", graph=False)
    assert "Penyelenggaraan\n" in indonesian.stdout


def test_extract_from_standard_input_as_json_and_turtle(run: Run) -> None:
    made = json.loads(run("extract", "-", "--format", "json", graph=False, stdin=HELD).stdout)
    assert made["article"]["id"] == "stdin"
    assert {"Hosting", "Occurrence"} <= {fact["kind"] for fact in made["facts"]}
    turtle = run("extract", "-", "--format", "ttl", graph=False, stdin=HELD).stdout
    assert len(list(ox.parse(turtle, ox.RdfFormat.TURTLE))) > 50


def test_extract_in_an_unknown_format(run: Run) -> None:
    done = run("extract", "-", "--format", "turtle", graph=False, stdin=HELD)
    assert done.exit_code == 2
    assert done.stderr == 'migkg: unknown format "turtle"; expected one of: table, json, ttl. Did you mean "ttl"?\n'


# --- validate ---


def test_validate_shows_what_the_build_found(run: Run) -> None:
    done = run("validate")
    assert done.exit_code == 0
    assert re.search(r"The data conform: 0 violations, \d+ warnings, \d+ gaps\.\n$", done.stdout)
    made = json.loads(run("validate", "--json").stdout)
    assert made["conforms"]
    assert set(made) == {"conforms", "findings", "unmatched"}


def test_validate_a_file(tmp_path: Path, run: Run, little: tuple[str, str]) -> None:
    file = tmp_path / "graph.trig"
    run("export", "-o", str(file), *little, graph=False)
    done = run("validate", str(file), graph=False)
    assert done.exit_code == 0, done.stdout
    assert "The data conform" in done.stdout
    (tmp_path / "bad.ttl").write_text("<https://x.org/f> a <https://w3id.org/migkg/ont#Hosting> .")
    done = run("validate", str(tmp_path / "bad.ttl"), graph=False)
    assert done.exit_code == 1
    assert "violation: " in done.stdout
    assert "The data do not conform" in done.stdout


def test_validate_a_graph_that_was_not_checked(tmp_path: Path, run: Run) -> None:
    run(
        "build",
        str(article(tmp_path, "w", HELD, title="A workshop")),
        "--no-check",
        "--kg",
        str(tmp_path / "kg"),
        graph=False,
    )
    done = run("validate", "--kg", str(tmp_path / "kg"), graph=False)
    assert done.exit_code == 2
    assert "this graph was built with --no-check. Build it again without --no-check." in done.stderr


# --- query ---


def test_query_without_a_name_lists_the_questions(run: Run) -> None:
    done = run("query", graph=False)
    assert done.exit_code == 0
    assert re.search(r"^people +People and their posts +\[organization\] \[person\]$", done.stdout, re.MULTILINE)
    assert re.search(r"^facts +Everything about one thing +entity$", done.stdout, re.MULTILINE)
    assert "Orang dan jabatannya" in run("query", "--lang", "id", graph=False).stdout
    listed = {one["question"]: one for one in json.loads(run("query", "--json", graph=False).stdout)}
    assert listed["people"]["title"] == "People and their posts"
    assert [one["name"] for one in listed["people"]["parameters"]] == ["organization", "person"]


def test_query_explains_a_question(run: Run) -> None:
    told = run("query", "two-employers", "--about", graph=False).stdout
    assert "At most so many months lie between the two [12 if left out]" in " ".join(told.split())
    assert told.endswith("For example: migkg query two-employers -p months=12\n")
    assert json.loads(run("query", "people", "--about", "--json", graph=False).stdout)[0]["question"] == "people"
    assert run("query", "--about", graph=False).exit_code == 2


def test_query_with_parameters(run: Run) -> None:
    done = run("query", "people", "-p", f"person={PENNY}", "--param", "organization=")
    assert done.exit_code == 0
    assert done.stdout.startswith("People and their posts\n")
    assert PENNY in done.stdout
    assert "organization" not in done.stdout
    assert done.stdout.endswith("rows\n")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("query", "poeple"), 'unknown question "poeple"; expected one of \\d+ names. Did you mean "people"'),
        (
            ("query", "people", "-p", "organisation=IOM"),
            'unknown parameter "organisation".* Did you mean "organization"?',
        ),
        (("query", "people", "-p", "IOM"), '"IOM" is no parameter; expected NAME=VALUE'),
        (("query", "people", "-p", "person=a", "-p", "person=b"), "the parameter person is given twice"),
        (
            ("query", "people", "--sparql", "ASK {}"),
            "more than one query is named; expected one of NAME, --file, --sparql",
        ),
        (("query", "-p", "a=b"), "only a ready-made question has parameters"),
        (("query", "facts"), "the parameter entity is missing"),
        (("query", "people", "--format", "cvs"), 'unknown format "cvs".* Did you mean "csv"?'),
        (("query", "people", "--format", "ttl"), "a ready-made question has no Turtle"),
        (("query", "--format", "ttl"), "a list of questions has no Turtle"),
        (("query", str(Path(__file__).parents[2] / "queries" / "laws.rq")), r"laws\.rq is a file; .* Ask it by --file"),
        (("query", "SELECT * { ?s ?p ?o }"), "this is SPARQL; expected a ready-made question. Put --sparql before it."),
        (("query", "events", "-p", "since=June"), "expected a date as 2024, 2024-06 or 2024-06-12"),
        (("query", "--sparql", "SELEC ?s {}"), r"query:1: the query cannot be read from \"SELEC\""),
        (("query", "--sparql", "INSERT DATA { <x:a> <x:b> <x:c> }"), "INSERT changes the graph"),
        (("query", "--sparql", "ASK {}", "--format", "ttl"), "expected CONSTRUCT or DESCRIBE"),
        (("query", "--file", "none.rq"), r"none\.rq: the query cannot be read \(No such file or directory\)"),
        (("export", "--format", "turtle"), 'unknown format "turtle"; expected one of: ttl, '),
        (("export", "-o", "graph.tll"), 'unknown format "tll".* Did you mean "ttl"?'),
        (("export", "-o", "/nowhere/graph.ttl"), "the Turtle file could not be written"),
    ],
)
def test_bad_input_is_one_line_and_2(run: Run, words: tuple[str, ...], message: str) -> None:
    done = run(*words)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert re.match(f"migkg: .*{message}" if not message.startswith("query") else f"migkg: {message}", done.stderr)
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "words",
    [
        ("query", "people", "-p", "person=Nobody At All"),
        ("explain", "Nobody At All"),
        ("explain", ID + "person/nobody"),
    ],
)
def test_nothing_of_that_name_is_1(run: Run, words: tuple[str, ...]) -> None:
    done = run(*words)
    assert done.exit_code == 1
    assert done.stderr.startswith("migkg: ")
    assert done.stderr.count("\n") == 1


def test_an_empty_answer_is_1(run: Run) -> None:
    done = run("query", "--sparql", "SELECT ?x WHERE { ?x a schema:Nothing }")
    assert (done.exit_code, done.stderr) == (1, "")
    assert done.stdout.endswith("0 rows\n")


@pytest.mark.parametrize("words", [("frobnicate",), ("query", "--nope"), ("build", "--jobs", "0"), ("export", "--kg")])
def test_wrong_usage_is_2(words: tuple[str, ...], run: Run) -> None:
    done = run(*words, graph=False)
    assert done.exit_code == 2
    assert "Error: " in done.stderr


def test_query_formats(run: Run) -> None:
    words = ("query", "people", "-p", f"person={PENNY}")
    assert run(*words, "--format", "csv").stdout.startswith("person,title,post,body,observed,sentence,article\n")
    assert run(*words, "--format", "md").stdout.startswith("| person | title |")
    assert run(*words, "--format", "xml").stdout.startswith("<?xml ")
    made = json.loads(run(*words, "--json").stdout)
    assert made == json.loads(run(*words, "--format", "json").stdout)
    rows = made["results"]["bindings"]
    assert {row["person"]["value"] for row in rows} == {ID + "person/penny-dewi-herasati"}
    assert {row["personLabel"]["value"] for row in rows} == {PENNY}
    assert "personLabel" not in json.loads(run(*words, "--json", "--iris").stdout)["head"]["vars"]


def test_query_writes_a_file_in_the_format_of_its_suffix(run: Run, tmp_path: Path) -> None:
    begins = {"xlsx": b"PK", "csv": b"person,", "md": b"| person |", "json": b"{", "xml": b"<?xml"}
    for suffix, begin in begins.items():
        file = tmp_path / f"people.{suffix}"
        done = run("query", "people", "-o", str(file))
        assert (done.exit_code, done.stdout) == (0, "")
        assert done.stderr == f"Wrote {file} ({file.stat().st_size:,} bytes).\n"
        assert file.read_bytes().startswith(begin)
    assert run("query", "people", "-o", str(tmp_path / "people.odt")).exit_code == 2
    assert "cannot be written" in run("query", "people", "-o", str(tmp_path / "none" / "people.csv")).stderr


def test_query_with_footnotes(run: Run) -> None:
    shown = run("query", "commitments", "--footnotes").stdout
    assert "[1] [2]" in shown
    assert shown.count("<https://") == 2
    assert "[^1]: “" in run("query", "commitments", "--footnotes", "--format", "md").stdout
    assert "csv has no place for footnotes" in run("query", "commitments", "--footnotes", "--format", "csv").stderr


def test_queries_of_ones_own(run: Run, tmp_path: Path) -> None:
    text = f"SELECT ?name WHERE {{ <{ID}organization/iom> skos:prefLabel ?name FILTER(LANG(?name) = 'en') }}"
    (tmp_path / "mine.rq").write_text("\ufeff" + text, encoding="utf-8")
    expected = "name\nInternational Organization for Migration\n"
    for words, stdin in (
        (("--sparql", text), None),
        (("--file", str(tmp_path / "mine.rq")), None),
        (("--file", "-"), text),
        (("-",), text),
    ):
        done = run("query", *words, "--format", "csv", stdin=stdin)
        assert done.stdout.replace("\r", "") == expected
    (tmp_path / "mine.rq").write_bytes(b"\xff\xfe")
    done = run("query", "--file", str(tmp_path / "mine.rq"))
    assert done.exit_code == 2
    assert done.stderr == f"migkg: {tmp_path}/mine.rq: the query cannot be read (not UTF-8).\n"
    done = run("query", "--file", "-", stdin="\nSELECT nonsense")
    assert done.stderr.startswith("migkg: standard input:2: ")


def test_triples_as_turtle(run: Run) -> None:
    text = f"CONSTRUCT {{ ?o a org:Organization }} WHERE {{ VALUES ?o {{ <{ID}organization/iom> }} }}"
    done = run("query", "--sparql", text, "--format", "ttl")
    assert done.stdout.endswith("<https://w3id.org/migkg/id/organization/iom> a org:Organization .\n")


@pytest.mark.parametrize("width", [80, 160])
@pytest.mark.parametrize(
    "words", [("query", "people"), ("query", "speakers"), ("query", "objective-coverage"), ("query",)]
)
def test_tables_fit_the_window(run: Run, width: int, words: tuple[str, ...]) -> None:
    done = run(*words, width=width)
    assert max(size(line) for line in done.stdout.splitlines()) <= width


# --- explain ---


@pytest.mark.parametrize("thing", [PENNY, "person/penny-dewi-herasati", ID + "person/penny-dewi-herasati"])
def test_explain(run: Run, thing: str) -> None:
    done = run("explain", thing)
    assert done.exit_code == 0
    assert done.stdout.startswith(f"{PENNY}  person\n{ID}person/penny-dewi-herasati\n")
    assert "\nAffiliation, as member  " in done.stdout
    assert "\nSources\n[1] " in done.stdout


def test_explain_a_fact_and_as_json(run: Run) -> None:
    found = json.loads(run("explain", PENNY, "--json").stdout)
    fact = found["facts"][0]
    assert fact["quotations"][0]["sentence"]
    done = run("explain", fact["iri"])
    assert done.exit_code == 0
    assert f"member: {PENNY}" in done.stdout


# --- export ---


@pytest.mark.parametrize("name", EXPORTS)
def test_export_to_a_file_and_to_standard_output(run: Run, tmp_path: Path, little: tuple[str, str], name: str) -> None:
    file = tmp_path / f"graph{EXPORTS[name].suffix}"
    done = run("export", "-o", str(file), *little, graph=False)
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == f"Wrote {file} ({file.stat().st_size:,} bytes).\n"
    assert run("export", "--format", name, *little, graph=False).stdout_bytes == file.read_bytes()


def test_export_of_turtle_is_the_default(run: Run, tmp_path: Path, little: tuple[str, str]) -> None:
    turtle = run("export", "--format", "ttl", *little, graph=False).stdout_bytes
    assert turtle.count(b"\n") > 100
    assert run("export", *little, graph=False).stdout_bytes == turtle
    assert run("export", "-o", "-", *little, graph=False).stdout_bytes == turtle
    run("export", "-o", str(tmp_path / "graph"), *little, graph=False)
    assert (tmp_path / "graph").read_bytes() == turtle


# --- completion and help ---


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_script(run: Run, shell: str) -> None:
    done = run("completion", shell, graph=False)
    assert done.exit_code == 0
    assert "_MIGKG_COMPLETE" in done.stdout


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("migkg q", "query"),
        ("migkg query peo", "people"),
        ("migkg export --format jso", "jsonld"),
        ("migkg query people --format m", "md"),
        ("migkg extract x --format js", "json"),
        ("migkg query people --lang i", "id"),
    ],
)
def test_completion_of_names(words: str, expected: str) -> None:
    env = {
        **os.environ,
        "_MIGKG_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split()) - 1),
    }
    code = "from migkg.cli import main; main(prog_name='migkg')"
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)
    assert [line.rpartition(",")[2] for line in done.stdout.splitlines()] == [expected]


def test_completion_is_silent_when_the_questions_are_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    from migkg.errors import DataError

    def broken() -> None:
        raise DataError("broken")

    assert terminal.complete(broken)(None, None, "") == []  # type: ignore[arg-type]


def test_every_command_has_help_with_its_options(run: Run) -> None:
    shown = run("--help", graph=False).stdout
    assert "..." not in shown.partition("Commands:")[2], "a summary is cut off"
    for name in main.commands:
        done = run(name, "-h", graph=False)
        assert done.exit_code == 0
        assert "Usage: " in done.stdout


HEAVY = {
    "rdflib",
    "spacy",
    "pyshacl",
    "rich",
    "pyoxigraph",
    "oxrdflib",
    "trafilatura",
    "pycountry",
    "networkx",
    "lxml",
    "urllib3",
}
LOADED = """
import atexit, json, sys
atexit.register(lambda: sys.stderr.write("\\n" + json.dumps(sorted(sys.modules))))
from migkg.cli import main
sys.argv = ["migkg", *sys.argv[1:]]
main()
"""


@pytest.mark.parametrize(
    ("words", "needed"),
    [
        (("--help",), set()),
        (("build", "--help"), set()),
        (("query", "--help"), set()),
        (("query", "--nope"), set()),
        (("query",), {"pyoxigraph"}),  # questions are parsed when they are loaded
    ],
)
def test_help_and_lists_load_no_heavy_library(words: tuple[str, ...], needed: set[str]) -> None:
    command = [sys.executable, "-c", LOADED, *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    loaded = set(json.loads(done.stderr.splitlines()[-1]))
    assert "migkg.cli" in loaded
    assert loaded & HEAVY <= needed


# --- streams ---


def test_a_reader_that_leaves_is_no_error(folder: Path) -> None:
    for words in (
        ("export",),
        ("query", "people"),
        ("query", "--sparql", "SELECT * WHERE { ?s ?p ?o }", "--format", "csv"),
    ):
        command = f"{sys.executable} -m migkg.cli {' '.join(map(repr, words))} --kg {folder} | head -1"
        done = subprocess.run(
            ["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.count("\n") == 1


def test_a_full_device_is_an_error_in_words(folder: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    for words in (("export",), ("query", "people"), ("--help",)):
        more = ("--kg", str(folder)) if words != ("--help",) else ()
        with Path("/dev/full").open("w") as full:
            command = [sys.executable, "-m", "migkg.cli", *words, *more]
            done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
        assert done.returncode == 2
        assert done.stderr == "migkg: the output could not be written (No space left on device).\n"


def test_output_is_utf_8_in_every_locale(folder: Path) -> None:
    env = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"}
    command = [sys.executable, "-m", "migkg.cli", "query", "people", "--kg", str(folder)]
    done = subprocess.run(command, capture_output=True, env=env, check=False)
    assert done.returncode == 0, done.stderr
    assert "“Penny Dewi Herasati" in done.stdout.decode("utf-8")


def test_ctrl_c_is_130(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("migkg.kg.KnowledgeGraph.query", interrupted)
    done = run("query", "people")
    assert (done.exit_code, done.stdout, done.stderr) == (130, "", "migkg: stopped.\n")
    monkeypatch.setattr("migkg.build.build", interrupted)
    done = run("build")
    assert (done.exit_code, done.stderr) == (130, "migkg: stopped; the former graph is untouched.\n")


def test_messages_never_command_a_terminal(run: Run) -> None:
    done = run("explain", "\x1b[31mred\x07")
    assert done.exit_code == 1
    assert "\x1b" not in done.stderr
    assert "\x07" not in done.stderr


def test_styles_only_where_a_terminal_shows_them(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("click._compat._is_jupyter_kernel_output", lambda _: False, raising=False)
    line = (("plain ", ""), ("under", "underline"))
    terminal.print_lines([line])
    assert capsys.readouterr().out == "plain under\n"
    monkeypatch.setattr("click.utils.should_strip_ansi", lambda *_: False)
    terminal.print_lines([line])
    assert capsys.readouterr().out == "plain \x1b[4munder\x1b[0m\n"


def test_progress_is_a_line_now_and_then_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with terminal.Progress() as progress:
        for done in range(0, 1001, 50):
            progress(done, 1000, "x")
        progress(1000, 1000, "folder/report.pdf", "page 50 of 500")
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "100 of 1,000 articles read"
    assert len(lines) == 11
    assert lines[-1] == "report.pdf: page 50 of 500"


def test_progress_is_a_bar_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    with terminal.Progress() as progress:
        progress(0, 2, "")
        progress(1, 2, "folder/[odd] name.md")
        (task,) = progress.__self__.bar.tasks  # type: ignore[attr-defined]
        assert (task.completed, task.total, task.description) == (1, 2, "[odd] name.md")
        progress(1, 2, "folder/report.pdf", "page 50 of 500")
        assert task.description == "report.pdf page 50 of 500"
