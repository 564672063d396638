"""A build over a graph gives, whatever happened to the sources before, what a build into an empty folder gives."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import migkg
from graphs import article
from migkg import __version__, rdf, workers
from migkg import build as room
from migkg.build import build
from migkg.cli import main
from migkg.export import to_bytes
from migkg.folder import MANIFEST
from migkg.model import Article
from migkg.reference import Reference
from migkg.status import status

TEXTS = (
    "The International Organization for Migration (IOM) held a workshop in Jakarta on 12 June 2024.",
    "Indonesia is a champion country of the Global Compact for Migration (GCM).",
    "UNHCR and the ILO held a workshop in Jakarta on 12 June 2024.",
    "“Data help us,” said Rina Sari, Head of Office at IOM Indonesia.",
    "",  # a source that cannot be read
)
NAMES = ("alpha", "beta", "gamma", "delta")
# An edit sets one file to one text, or removes it.
EDITS = st.tuples(st.sampled_from(NAMES), st.none() | st.integers(0, len(TEXTS) - 1))
HISTORIES = st.lists(st.lists(EDITS, min_size=1, max_size=3), min_size=2, max_size=4)


@pytest.fixture(scope="module", autouse=True)
def _small() -> Iterator[None]:
    """Without the reference data in the graph, which is the same in each and costs a second."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rdf, "background", lambda: iter(()))
        patch.setattr(room, "bundled_corpus", lambda: "nowhere")
        yield


def state(folder: Path) -> tuple[bytes, dict[str, Any]]:
    """What a graph folder holds, but for the name of its store."""
    with migkg.open(folder) as graph:
        graph_bytes = to_bytes(graph.store, "nq")
        assert graph.store.count() == graph.manifest["triples"]
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    del manifest["store"]
    return graph_bytes, manifest


@given(history=HISTORIES)
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_history_ends_in_the_graph_of_a_build_from_scratch(
    history: list[list[tuple[str, int | None]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    top = tmp_path_factory.mktemp("history")
    sources = top / "articles"
    sources.mkdir()
    article(sources, "fixed", TEXTS[0] + " It was long.", title="Fixed", lang="en")
    for edits in history:
        for name, text in edits:
            if text is None:
                (sources / f"{name}.md").unlink(missing_ok=True)
            else:
                article(sources, name, TEXTS[text], **({"title": name, "lang": "en"} if TEXTS[text] else {}))
        build([str(sources)], top / "kg", check=False)
        build([str(sources)], top / "scratch", check=False, anew=True)
        assert state(top / "kg") == state(top / "scratch")
        shutil.rmtree(top / "scratch")


def test_only_what_changed_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    real = workers.extract

    def noted(article: Article, reference: Reference) -> object:
        read.append(article.id)
        return real(article, reference)

    monkeypatch.setattr(workers, "extract", noted)
    for name, text in zip(NAMES, TEXTS, strict=False):
        article(tmp_path, name, text, title=name, lang="en")
    first = build([str(tmp_path)], tmp_path / "kg", check=False)
    assert (sorted(read), first.kept, first.withdrawn) == (sorted(NAMES), 0, 0)
    read.clear()
    again = build([str(tmp_path)], tmp_path / "kg", check=False)
    assert (read, again.kept, again.withdrawn) == ([], 4, 0)
    assert (again.facts, again.findings, again.triples) == (first.facts, first.findings, first.triples)
    article(tmp_path, "beta", TEXTS[2] + " It was long.", title="beta", lang="en")
    (tmp_path / "gamma.md").unlink()
    third = build([str(tmp_path)], tmp_path / "kg", check=False)
    assert (read, third.kept, third.withdrawn) == (["beta"], 2, 1)
    read.clear()
    build([str(tmp_path)], tmp_path / "kg", check=False, anew=True)
    assert sorted(read) == ["alpha", "beta", "delta"]


@pytest.mark.parametrize("change", ["check", "code", "reader"])
def test_other_code_or_another_way_reads_all_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str) -> None:
    article(tmp_path, "alpha", TEXTS[0], title="alpha", lang="en")
    build([str(tmp_path)], tmp_path / "kg", check=False)
    if change == "code":
        monkeypatch.setattr(room, "fingerprint", lambda *_, **__: "other")
    if change == "reader":
        manifest = json.loads((tmp_path / "kg" / MANIFEST).read_text())
        (tmp_path / "kg" / MANIFEST).write_text(json.dumps({**manifest, "key": "of another reader"}))
    assert build([str(tmp_path)], tmp_path / "kg", check=change == "check").kept == 0


def test_a_kept_article_is_checked_as_it_was(tmp_path: Path) -> None:
    article(tmp_path, "alpha", TEXTS[0], title="alpha", lang="en")
    article(tmp_path, "delta", TEXTS[3], title="delta", lang="en")
    first = build([str(tmp_path)], tmp_path / "kg")
    again = build([str(tmp_path)], tmp_path / "kg")
    assert again.kept == 2
    assert (again.findings, again.unmatched, again.checked) == (first.findings, first.unmatched, True)
    assert first.unmatched


# --- what a graph says of its own state ---


def test_status_tells_what_a_build_would_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "articles").mkdir()
    for name, text in zip(NAMES, TEXTS, strict=False):
        article(tmp_path / "articles", name, text, title=name, lang="en")
    (tmp_path / "more.jsonl").write_text(json.dumps({"id": "line", "text": TEXTS[1] + " It is so."}) + "\n")
    monkeypatch.chdir(tmp_path)
    build(["articles", "./more.jsonl"], Path("kg"), check=False)
    found = status(tmp_path / "kg")
    assert set(found.states.values()) == {"unchanged"}
    assert (found.stale, found.current, len(found.articles), found.version) == (False, True, 5, __version__)
    article(tmp_path / "articles", "beta", TEXTS[2] + " It was long.")
    article(tmp_path / "articles", "epsilon", TEXTS[3] + " So it is.")
    (tmp_path / "articles" / "gamma.md").unlink()
    monkeypatch.chdir(tmp_path / "articles")  # wherever one asks from
    found = status(tmp_path / "kg")
    assert found.stale
    assert found.states == {
        "articles/alpha.md": "unchanged", "articles/beta.md": "changed", "articles/gamma.md": "gone",
        "articles/delta.md": "unchanged", "articles/epsilon.md": "new", "./more.jsonl": "unchanged",
    }  # fmt: skip


def test_status_of_other_code_is_stale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    article(tmp_path, "alpha", TEXTS[0], title="alpha", lang="en")
    build([str(tmp_path / "alpha.md")], tmp_path / "kg", check=False)
    assert not status(tmp_path / "kg").stale
    monkeypatch.setattr("migkg.status.fingerprint", lambda *_, **__: "other")
    found = status(tmp_path / "kg")
    assert (found.current, found.stale) == (False, True)


def test_the_command_shows_it(tmp_path: Path) -> None:
    file = article(tmp_path, "alpha", TEXTS[0], title="A workshop in Jakarta", lang="en")
    build([str(file)], tmp_path / "kg", check=False)
    command = ["status", "--kg", str(tmp_path / "kg")]
    fresh = CliRunner().invoke(main, command)
    assert fresh.exit_code == 0
    assert "A workshop in Jakarta" in fresh.stdout
    assert "Sources: 1 unchanged." in fresh.stdout
    file.unlink()
    gone = CliRunner().invoke(main, [*command, "--json"])
    assert gone.exit_code == 1
    assert json.loads(gone.stdout)["sources"] == {str(file): "gone"}
    assert CliRunner().invoke(main, ["status", "--kg", str(tmp_path / "none")]).exit_code == 2
