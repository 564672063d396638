"""The graph of the bundled articles, built once for all tests of a run."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest

from migkg.build import build

ARTICLES = Path(__file__).parents[1] / "data" / "articles"


def bundled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph folder, for reading only; the processes of pytest-xdist share it."""
    top = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        top = top.parent
    folder = top / "bundled-graph"
    with (top / "bundled-graph.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "manifest.json").exists():
            build((), folder)
    return folder


def article(folder: Path, name: str, text: str, **front: str) -> Path:
    """Write a Markdown article."""
    file = folder / f"{name}.md"
    pairs = "".join(f"{key}: {value}\n" for key, value in front.items())
    file.write_text(f"---\n{pairs}---\n{text}\n" if front else text, encoding="utf-8")
    return file
