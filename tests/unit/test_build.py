"""Building a graph: the same bytes however it is done, and never half a graph whatever happens meanwhile."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

import migkg
from graphs import ARTICLES, article, bundled
from migkg import rdf
from migkg import workers as room
from migkg.build import BuildReport, build, extract_source, read_one
from migkg.cli import main
from migkg.errors import DataError, GraphError, SourceError, WriteError
from migkg.export import to_bytes
from migkg.folder import FIND, MANIFEST, read_manifest
from migkg.model import Article, Finding
from migkg.reference import load_reference
from migkg.store import EmbeddedStore
from warm import Warm, warm_workers

HELD = "The International Organization for Migration (IOM) held a workshop in Jakarta on 12 June 2024."
CHAMPION = "Indonesia is a champion country of the Global Compact for Migration (GCM)."
FRENCH = (
    "Les participants ont parlé de la gouvernance des migrations et de la protection des travailleurs. "
    "Ils ont dit que les pays de la région doivent travailler ensemble pour que les droits soient respectés."
)


@pytest.fixture
def whole() -> None:
    """For tests of graphs that hold the reference data."""


@pytest.fixture(autouse=True)
def _small(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the reference data in the graph, which is the same in each and costs a second."""
    if "whole" not in request.fixturenames:
        monkeypatch.setattr(rdf, "background", nothing)


def nothing() -> Iterator[bytes]:
    return iter(())


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    article(folder, "workshop", HELD, title="A workshop", lang="en")
    article(folder, "champion", CHAMPION, title="A champion", lang="en")
    return folder


@pytest.fixture(scope="module")
def _former(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("former")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rdf, "background", nothing)
        build([str(article(folder, "workshop", HELD, title="A workshop", lang="en"))], folder / "kg", check=False)
    return folder / "kg"


@pytest.fixture
def former(_former: Path, tmp_path: Path) -> Path:
    """A graph folder of one article."""
    return Path(shutil.copytree(_former, tmp_path / "kg"))


def exported(folder: Path, form: str = "nq") -> bytes:
    with migkg.open(folder) as graph:
        return to_bytes(graph.store, form)


def made(folder: Path) -> list[str]:
    """What is in a graph folder, but for the index of names and words."""
    return sorted(path.name for path in folder.iterdir() if path.suffix != FIND)


# --- what a build gives ---


def test_a_long_article_says_how_far_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_LONG", 50)
    steps: list[tuple[object, ...]] = []
    source = str(article(tmp_path, "workshop", HELD, title="A workshop", lang="en"))
    build([source], tmp_path / "kg", progress=lambda *step: steps.append(step))
    parts = [step[3] for step in steps if len(step) > 3]
    assert parts[0] == "looking for facts"
    assert re.fullmatch(r"checking \d+ facts", str(parts[1]))
    assert {step[:3] for step in steps if len(step) > 3} == {(0, 1, source)}


def test_counts_are_those_of_the_graph(tmp_path: Path, sources: Path, whole: None) -> None:
    steps: list[tuple[int, int, str]] = []
    report = build([str(sources)], tmp_path / "kg", progress=lambda *step: steps.append(step))
    assert (report.articles, report.errors, report.checked, report.conforms) == (2, (), True, True)
    assert steps[0] == (0, 2, "")
    assert steps[-1][:2] == (2, 2)
    with migkg.open(tmp_path / "kg") as graph:
        facts = dict(
            graph.sparql(
                "SELECT ?k (COUNT(DISTINCT ?f) AS ?n) WHERE { ?f a ?k . ?k a mig:FactKind } GROUP BY ?k", iris=True
            ).rows
        )
        assert {kind.rpartition("#")[2]: n for kind, n in facts.items()} == report.facts
        assert sum(report.facts.values()) == sum(entry["facts"] for entry in graph.manifest["articles"])
        assert graph.manifest["triples"] == report.triples == graph.store.count()
        spans = graph.sparql("SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE { ?f mig:evidence ?s }").rows[0][0]
        assert spans == report.spans
        names = graph.store.graph_names()
    base = "https://w3id.org/migkg/id/graph/"
    assert set(names) == {base + name for name in ("champion", "workshop", "ontology", "reference", "schemes")}


def test_the_bundled_articles_conform_and_are_all_read(tmp_path_factory: pytest.TempPathFactory, whole: None) -> None:
    manifest = read_manifest(bundled(tmp_path_factory))
    assert {entry["source"] for entry in manifest["articles"]} == {str(file) for file in ARTICLES.glob("*.md")}
    assert all(entry["facts"] and entry["lang"] in ("en", "id") for entry in manifest["articles"])
    assert not [finding for finding in manifest["findings"] if finding["severity"] == "violation"]


def test_another_language_is_a_warning_and_gives_no_fact(tmp_path: Path, sources: Path) -> None:
    (sources / "paris.txt").write_text(FRENCH, encoding="utf-8")
    report = build([str(sources)], tmp_path / "kg")
    (finding,) = (found for found in report.findings if found.shape == "language.unknown")
    assert (finding.severity, finding.article) == ("warning", "paris")
    assert report.articles == 3
    (entry,) = (entry for entry in read_manifest(tmp_path / "kg")["articles"] if entry["id"] == "paris")
    assert (entry["facts"], entry["lang"]) == (0, None)


def test_without_shacl(tmp_path: Path, sources: Path) -> None:
    report = build([str(sources)], tmp_path / "kg", check=False)
    assert (report.checked, report.unmatched, report.findings) == (False, (), ())


def test_what_is_found_in_an_article_does_not_depend_on_its_neighbours(tmp_path: Path, sources: Path) -> None:
    together = build([str(sources)], tmp_path / "both").findings
    alone = [build([str(file)], tmp_path / file.stem).findings for file in sources.iterdir()]
    assert sorted(together) == sorted(finding for findings in alone for finding in findings)


# --- the same bytes ---


def test_two_processes_give_the_bytes_of_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_BATCH", 2)
    sources = [str(file) for file in sorted(ARTICLES.glob("*.en.md"))[:9]]
    for jobs in (1, 2):
        report = build(sources, tmp_path / f"kg{jobs}", jobs=jobs, check=False)
        assert (report.articles, report.errors) == (9, ())
    for form in ("nq", "trig"):
        assert exported(tmp_path / "kg1", form) == exported(tmp_path / "kg2", form)
    one, two = (read_manifest(tmp_path / f"kg{jobs}")["articles"] for jobs in (1, 2))
    assert one == two, "in the order of the sources"


def test_a_second_build_and_another_order_give_the_same_bytes(tmp_path: Path, sources: Path) -> None:
    article(sources, "clash.en", HELD + " It ended.", title="Clash")
    article(sources, "clash-en", HELD + " It went on.", title="Clash")  # the same id
    files = [str(file) for file in sources.iterdir()]
    first = build(files, tmp_path / "one", check=False)
    build(files[::-1], tmp_path / "two", check=False)
    build([*files, *files, str(sources)], tmp_path / "three", check=False)
    build(files, tmp_path / "one", check=False)
    assert exported(tmp_path / "one") == exported(tmp_path / "two") == exported(tmp_path / "three")
    assert 'its id "clash-en" is that of another article' in str(first.errors[0])


def test_the_same_article_twice_is_read_once(tmp_path: Path, sources: Path) -> None:
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "workshop.md").write_bytes((sources / "workshop.md").read_bytes())
    report = build([str(sources), str(tmp_path / "copy")], tmp_path / "kg", check=False)
    assert (report.articles, report.errors) == (2, ())
    assert [finding.shape for finding in report.findings] == ["duplicate-article"]


def test_an_article_is_read_the_same_alone_and_from_the_library(sources: Path) -> None:
    (extraction,) = extract_source(str(sources / "workshop.md"))
    again: Article = extraction.article
    assert read_one(again, load_reference()) == extraction
    assert {fact.kind for fact in extraction.facts} >= {"Hosting", "Occurrence"}


# --- bad sources ---


def test_bad_sources_are_left_out_and_reported(tmp_path: Path, sources: Path) -> None:
    (sources / "empty.txt").write_bytes(b"")
    (sources / "binary.txt").write_bytes(bytes(range(256)))
    (tmp_path / "nothing").mkdir()
    bad = [str(tmp_path / "gone.txt"), str(tmp_path / "nothing")]
    report = build([*bad, str(sources)], tmp_path / "kg", check=False)
    assert report.articles == 2
    assert sorted(Path(error.where).name for error in report.errors) == [
        "binary.txt",
        "empty.txt",
        "gone.txt",
        "nothing",
    ]


@pytest.mark.parametrize("jobs", [1, 2])
def test_only_bad_sources_write_nothing(tmp_path: Path, jobs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_BATCH", 1)
    for name in ("one", "two"):
        (tmp_path / f"{name}.txt").write_bytes(b"")
    none = r"none of the 2 sources could be read:\n  .*one\.txt: empty.*\n  .*two\.txt"
    with warm_workers(), pytest.raises(SourceError, match=none):
        build([str(tmp_path / "one.txt"), str(tmp_path / "two.txt")], tmp_path / "kg", jobs=jobs)
    assert not (tmp_path / "kg").exists()
    with pytest.raises(SourceError, match=r"one\.txt: empty; expected an article"):
        build([str(tmp_path / "one.txt")], tmp_path / "kg")


def test_only_bad_sources_leave_the_former_graph(tmp_path: Path, former: Path) -> None:
    before = exported(former)
    (tmp_path / "empty.txt").write_bytes(b"")
    with pytest.raises(SourceError):
        build([str(tmp_path / "empty.txt")], former)
    assert exported(former) == before


def test_a_mistake_in_a_rule_costs_one_article(tmp_path: Path, sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = room.extract

    def fail(article: Article, reference: object) -> object:
        if article.id == "champion":
            raise ZeroDivisionError("no such number")
        return real(article, reference)  # type: ignore[arg-type]

    monkeypatch.setattr(room, "extract", fail)
    report = build([str(sources)], tmp_path / "kg", check=False)
    (error,) = report.errors
    assert report.articles == 1
    assert Path(error.where).name == "champion.md"
    assert "migkg failed on it (ZeroDivisionError: no such number, test_build.py:" in str(error)


def test_broken_data_of_ours_ends_the_build(tmp_path: Path, sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> object:
        raise DataError("broken", where="en.toml")

    monkeypatch.setattr(room, "extract", broken)
    with pytest.raises(DataError, match=r"en\.toml: broken"):
        build([str(sources)], tmp_path / "kg")
    assert not (tmp_path / "kg").exists()


# --- the folder ---


def test_a_foreign_folder_is_left_alone(tmp_path: Path, sources: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").write_text("Dear Sir")
    (tmp_path / "file").write_text("x")
    with pytest.raises(GraphError, match=r"holds other files \(letter\.txt\); expected an empty folder.*--kg"):
        build([str(sources)], tmp_path / "other")
    with pytest.raises(GraphError, match="this is a file"):
        build([str(sources)], tmp_path / "file")
    with pytest.raises(WriteError, match=r"could not be written \(Not a directory\)"):
        build([str(sources)], tmp_path / "file" / "kg")
    assert made(tmp_path / "other") == ["letter.txt"]


def test_a_second_build_at_once_is_refused(former: Path, sources: Path) -> None:
    with (former / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(GraphError, match="another build is writing into this folder"):
            build([str(sources)], former, check=False)
    build([str(sources)], former, check=False)


def test_leftovers_are_cleared_away_and_the_former_store_is_kept_for_its_readers(former: Path, sources: Path) -> None:
    first = read_manifest(former)["store"]
    (former / ".building-killed").mkdir()
    (former / "store-27f2df6e1fa5adeb").mkdir()
    build([str(sources)], former, check=False)
    second = read_manifest(former)["store"]
    assert first != second
    assert made(former) == [".lock", MANIFEST, *sorted((first, second))]
    build([str(sources)], former, check=False)
    assert made(former) == [".lock", MANIFEST, *sorted((first, second))]


def test_a_folder_that_only_holds_leftovers_is_ours(tmp_path: Path, sources: Path) -> None:
    (tmp_path / "kg" / ".building-killed").mkdir(parents=True)
    build([str(sources)], tmp_path / "kg", check=False)
    assert made(tmp_path / "kg") == [".lock", MANIFEST, "store-a"]


def test_a_broken_manifest_is_replaced(former: Path, sources: Path) -> None:
    (former / MANIFEST).write_text("{")
    build([str(sources)], former, check=False)
    assert read_manifest(former)["articles"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission(tmp_path: Path, sources: Path) -> None:
    (tmp_path / "kg").mkdir(mode=0o500)
    with pytest.raises(
        WriteError, match=r"Permission denied\)\. Check the disk and its permissions, or name another folder"
    ):
        build([str(sources)], tmp_path / "kg")


# --- a full disk ---


def failing(number: int) -> Callable[..., None]:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


@pytest.mark.parametrize(
    ("place", "number", "advice"),
    [
        ("tempfile.mkdtemp", errno.ENOSPC, "No space left on device). The former graph is untouched. Make room"),
        ("migkg.build.EmbeddedStore.open", errno.ENOSPC, "No space left on device"),
        ("migkg.build.rdf.background", errno.EDQUOT, "Make room, or name another folder with --kg."),
        ("os.fsync", errno.EIO, "Check the disk and its permissions, or name another folder with --kg."),
        ("migkg.folder.Path.rename", errno.EACCES, "Permission denied). The former graph is untouched. Check"),
    ],
)
def test_what_the_file_system_refuses(
    former: Path, sources: Path, monkeypatch: pytest.MonkeyPatch, place: str, number: int, advice: str
) -> None:
    before = exported(former)
    with monkeypatch.context() as patch:
        patch.setattr(place, failing(number))
        with pytest.raises(WriteError) as caught:
            build([str(sources)], former, check=False)
    assert caught.value.where == str(former)
    assert advice in str(caught.value)
    assert exported(former) == before
    assert len(made(former)) == 3


SMALL = """
import resource, sys
from migkg import rdf
rdf.background = lambda: iter([b"<x:s> <x:p> <x:o> <x:g> .\\n" * 4_000])
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
from migkg.cli import main
sys.argv = ["migkg", "build", "--no-check", "--kg", *sys.argv[2:]]
main()
"""


@pytest.mark.parametrize("limit", [0, 20_000, 60_000])
def test_files_that_cannot_grow(former: Path, sources: Path, limit: int) -> None:
    """As on a full disk: the file system refuses at once, at an article's quads or at those of the reference data."""
    before = exported(former)
    process = Warm(SMALL, str(limit), str(former), str(sources))
    out, errors = process.communicate()
    assert (process.returncode, out) == (2, "")
    assert errors.startswith(f"migkg: {former}: the graph could not be written (File too large)")
    assert "The former graph is untouched. Make room, or name another folder" in errors
    assert errors.count("\n") == 1
    assert exported(former) == before
    build([str(sources)], former, check=False)
    assert made(former) == [".lock", MANIFEST, "store-a", "store-b"]


# --- a build that ends before its time ---

# Stops in the middle of a build, when all but the last batch is written.
SLOW = """
import sys, time
import migkg.workers as room
from migkg import rdf
rdf.background = lambda: iter(())
def work(*_):
    print("ready", flush=True)
    time.sleep(600)
room.work = work
from migkg.cli import main
sys.argv = ["migkg", "build", *sys.argv[1:]]
main()
"""


def slow(folder: Path, sources: Path) -> Warm:
    process = Warm(SLOW, "--kg", str(folder), str(sources))
    assert process.stdout.readline() == "ready\n"
    return process


def test_a_killed_build_leaves_the_former_graph_and_the_next_one_clears_up(former: Path, sources: Path) -> None:
    before = exported(former)
    process = slow(former, sources)
    with pytest.raises(GraphError, match="another build is writing"):
        build([str(sources)], former)
    process.kill()
    process.communicate()
    assert [name for name in made(former) if name.startswith(".building-")]
    assert exported(former) == before
    report = build([str(sources)], former, check=False)
    assert report.articles == 2
    assert made(former) == [".lock", MANIFEST, "store-a", "store-b"]


def test_a_first_build_that_is_killed_leaves_a_folder_to_build_into(tmp_path: Path, sources: Path) -> None:
    process = slow(tmp_path / "kg", sources)
    process.kill()
    process.communicate()
    with pytest.raises(GraphError, match="there is no graph here"):
        migkg.open(tmp_path / "kg")
    build([str(sources)], tmp_path / "kg", check=False)


# A build that ends at one exact point, as if killed there: `place` is an attribute of a module of migkg.
KILLED = """
import os, sys
from importlib import import_module
from migkg import rdf
rdf.background = lambda: iter(())
module, name, times = sys.argv[1].rsplit(".", 1) + [int(sys.argv[2])]
path = module.split(".")
owner = import_module(".".join(path[:2]))
for part in path[2:]:
    owner = getattr(owner, part)
real = getattr(owner, name)
def die(*args, **named):
    global times
    times -= 1
    if times < 0:
        os.kill(os.getpid(), 9)
    return real(*args, **named)
setattr(owner, name, die)
from migkg.cli import main
sys.argv = ["migkg", "build", "--no-check", *sys.argv[3:]]
main()
"""


@dataclass(frozen=True)
class Edited:
    """A graph folder whose sources have been edited since, and what it should hold before and after a build."""

    sources: Path
    folder: Path
    before: bytes
    after: bytes


@pytest.fixture(scope="module")
def _edited(tmp_path_factory: pytest.TempPathFactory) -> Edited:
    top = tmp_path_factory.mktemp("edited")
    (top / "articles").mkdir()
    for name, text in (("workshop", HELD), ("champion", CHAMPION), ("other", CHAMPION + " It was told.")):
        article(top / "articles", name, text, title=name, lang="en")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rdf, "background", nothing)
        build([str(top / "articles")], top / "kg", check=False)
        article(top / "articles", "champion", CHAMPION + " It was so.", title="champion", lang="en")
        article(top / "articles", "more", HELD.replace("Jakarta", "Bandung"), title="More", lang="en")
        build([str(top / "articles")], top / "scratch", check=False)
    return Edited(top / "articles", top / "kg", exported(top / "kg"), exported(top / "scratch"))


@pytest.fixture
def edited(_edited: Edited, tmp_path: Path) -> Edited:
    return replace(_edited, folder=Path(shutil.copytree(_edited.folder, tmp_path / "kg")))


@pytest.mark.parametrize(
    ("place", "times"),
    [
        ("migkg.former.Former.copy_to", 0),
        ("migkg.store.EmbeddedStore.delete_graph", 0),
        ("migkg.store.EmbeddedStore.load_written", 0),
        ("migkg.store.EmbeddedStore.close", 3),
        ("migkg.build.publish", 0),
        ("migkg.folder.json.dump", 0),
        ("migkg.folder.os.fsync", 0),
        ("migkg.folder.shutil.rmtree", 0),
        ("migkg.folder.Path.rename", 0),
        ("migkg.folder.Path.replace", 0),
    ],
)
def test_a_build_that_is_killed_at_any_step_loses_nothing(edited: Edited, place: str, times: int) -> None:
    process = Warm(KILLED, place, str(times), "--kg", str(edited.folder), str(edited.sources))
    _, errors = process.communicate()
    assert process.returncode == -signal.SIGKILL, errors
    assert exported(edited.folder) == edited.before
    build([str(edited.sources)], edited.folder, check=False)
    assert exported(edited.folder) == edited.after
    assert made(edited.folder) == [".lock", MANIFEST, "store-a", "store-b"]


TIMED = """
import sys
from migkg import rdf
rdf.background = lambda: iter(())
from migkg.cli import main
sys.argv = ["migkg", "build", "--no-check", *sys.argv[1:]]
print("ready", flush=True)
main()
"""


def timed(edited: Edited) -> Warm:
    process = Warm(TIMED, "--kg", str(edited.folder), str(edited.sources))
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.fixture(scope="module")
def seconds(_edited: Edited, tmp_path_factory: pytest.TempPathFactory) -> float:
    """How long the build takes when nobody kills it."""
    folder = Path(shutil.copytree(_edited.folder, tmp_path_factory.mktemp("timed") / "kg"))
    process = timed(replace(_edited, folder=folder))
    start = time.monotonic()
    process.communicate()
    took = time.monotonic() - start
    assert process.returncode == 0
    assert exported(folder) == _edited.after
    return took


@pytest.mark.parametrize("part", [0.1, 0.3, 0.5, 0.7, 0.8, 0.9])
def test_a_build_that_is_killed_at_any_time_loses_nothing(edited: Edited, seconds: float, part: float) -> None:
    process = timed(edited)
    time.sleep(part * seconds)
    process.kill()
    process.communicate()
    assert exported(edited.folder) in (edited.before, edited.after)
    build([str(edited.sources)], edited.folder, check=False)
    assert exported(edited.folder) == edited.after


def test_a_graph_of_a_newer_version_is_left_alone(former: Path, sources: Path) -> None:
    manifest = json.loads((former / MANIFEST).read_text())
    (former / MANIFEST).write_text(json.dumps({**manifest, "format": 99, "migkg": "9.1"}))
    for use in (lambda: migkg.open(former), lambda: build([str(sources)], former, check=False)):
        with pytest.raises(GraphError, match=r"by a newer migkg \(9\.1; this is .*\)\. Install that version, or build"):
            use()
    assert json.loads((former / MANIFEST).read_text())["migkg"] == "9.1"


def test_ctrl_c_ends_a_build_in_good_order(former: Path, sources: Path) -> None:
    before = exported(former)
    process = slow(former, sources)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (130, "migkg: stopped; the former graph is untouched.\n")
    assert exported(former) == before
    assert len(made(former)) == 3


def workers(tmp_path: Path) -> subprocess.Popen[str]:
    """A build of the bundled articles in two processes, in a process group of its own, when both are at work."""
    command = [sys.executable, "-m", "migkg.cli", "build", "--kg", str(tmp_path / "kg"), "--jobs", "2"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    end = time.monotonic() + 60
    while len(group(process.pid)) < 4:  # the parent, two workers, and the tracker of shared resources
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.02)
    return process


def group(leader: int) -> list[int]:
    """The processes of a group that have not ended."""
    return [pid for pid, _ in listed(leader)]


def ended(leader: int) -> bool:
    """Whether all of a group have ended; the tracker of shared resources leaves a moment after the parent."""
    end = time.monotonic() + 20
    while group(leader) and time.monotonic() < end:
        time.sleep(0.05)
    return not group(leader)


def listed(leader: int) -> list[tuple[int, str]]:
    """(process, its command) of a group."""
    columns = ["ps", "-ww", "-eo", "pid=,pgid=,stat=,args="]
    lines = subprocess.run(columns, capture_output=True, text=True, check=True).stdout.splitlines()
    rows = (line.split(maxsplit=3) for line in lines)
    return [(int(row[0]), row[3]) for row in rows if int(row[1]) == leader and not row[2].startswith("Z")]


@pytest.mark.parametrize("wait", [0.0, 1.0])
def test_ctrl_c_ends_the_workers_too_and_is_told_once(tmp_path: Path, wait: float) -> None:
    process = workers(tmp_path)
    time.sleep(wait)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all of them
    _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (130, "migkg: stopped; the former graph is untouched.\n")
    assert ended(process.pid)
    assert not (tmp_path / "kg").exists()


def test_workers_end_with_a_killed_parent(tmp_path: Path) -> None:
    process = workers(tmp_path)
    time.sleep(1)
    process.kill()
    process.communicate(timeout=20)
    assert ended(process.pid), "orphans"


def test_a_killed_worker_is_told(tmp_path: Path) -> None:
    process = workers(tmp_path)
    time.sleep(1)
    first = next(pid for pid, command in listed(process.pid) if "spawn_main" in command)
    os.kill(first, signal.SIGKILL)
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors.count("\n")) == (2, 1)
    assert errors.startswith("migkg: a worker process was killed. Try again with fewer --jobs")
    assert ended(process.pid)


def test_standard_input_is_read_with_several_processes_too(
    tmp_path: Path, sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "_BATCH", 1)
    command = ["build", "-", str(sources), "--no-check", "--jobs", "2", "--json", "--kg", str(tmp_path / "kg")]
    with warm_workers():
        done = CliRunner().invoke(main, command, input=f"{HELD} It was told.")
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)["articles"] == 3
    assert "stdin" in {entry["id"] for entry in read_manifest(tmp_path / "kg")["articles"]}


# --- the report ---


def test_conforms_when_nothing_is_wrong() -> None:
    def report(*severities: str) -> BuildReport:
        findings = tuple(Finding(severity, "x", "", "") for severity in severities)  # type: ignore[arg-type]
        return BuildReport(Path("kg"), 1, {}, 0, 0, 0, findings, (), (), checked=True)

    assert report().conforms
    assert report("warning", "info").conforms
    assert not report("info", "violation").conforms


def test_no_triple_is_in_the_default_graph_alone(tmp_path: Path, sources: Path) -> None:
    build([str(sources)], tmp_path / "kg", check=False)
    quads = list(ox.parse(exported(tmp_path / "kg"), ox.RdfFormat.N_QUADS))
    assert not [quad for quad in quads if isinstance(quad.graph_name, ox.DefaultGraph)]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("IO error: No space left on device: While appending to file: {}/bulk-1.sst", "No space left on device"),
        ("IO error: While open a file for appending: {}/000004.log: File too large", "File too large"),
        ("IO error: IO error: While open a file for appending: {}/000004.log: File too large", "File too large"),
    ],
)
def test_what_the_engine_says_of_a_full_disk_is_told_in_our_words(
    former: Path, sources: Path, monkeypatch: pytest.MonkeyPatch, said: str, told: str
) -> None:
    def full(store: EmbeddedStore, *_: object) -> None:
        cause = OSError(said.format(store._where))
        raise WriteError(f"the graph could not be written ({cause})", where=store._where) from cause

    before = exported(former)
    monkeypatch.setattr(EmbeddedStore, "load_written", full)
    with pytest.raises(WriteError) as caught:
        build([str(sources)], former, check=False)
    assert str(caught.value) == (
        f"{former}: the graph could not be written ({told}). "
        "The former graph is untouched. Make room, or name another folder with --kg."
    )
    assert exported(former) == before
