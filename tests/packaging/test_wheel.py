"""The wheel holds what it should, and works from an empty folder, installed beside nothing of this checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command without anything that would lead Python into the checkout; its standard output."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PIP_", "COV_"))}
    words = [str(part) for part in command]
    done = subprocess.run(words, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def files(folder: str) -> set[str]:
    return {path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob("*") if path.is_file()}


def install(wheel: Path, folder: Path) -> Path:
    """A fresh environment with the wheel in it, and the libraries of the running one; its folder of programs."""
    venv.create(folder, with_pip=False)
    programs = folder / "bin"
    run(
        sys.executable, "-m", "pip", "--python", programs / "python", "install", "-q", "--no-deps", "--no-index",
        "--no-compile", "--disable-pip-version-check", wheel, cwd=folder,
    )  # fmt: skip
    # Folders named in a .pth file are searched last and their own .pth files are not read: libraries are found there,
    # the checkout of an editable installation is not.
    libraries = [path for path in sys.path if Path(path).name in {"site-packages", "dist-packages"}]
    (packages,) = folder.glob("lib/python3*/site-packages")
    (packages / "libraries.pth").write_text("\n".join(libraries) + "\n", encoding="utf-8")
    return programs


# One test for all of it: with pytest-xdist, every test that shared the wheel could build it again in its own worker.
def test_wheel(tmp_path: Path) -> None:
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, ROOT, cwd=tmp_path)
    (wheel,) = tmp_path.glob("*.whl")
    inside = set(zipfile.ZipFile(wheel).namelist())
    assert {"migkg/pages/words.toml", "migkg/pages/templates/base.html", "migkg/pages/static/style.css"} <= inside
    assert {name.removeprefix("src/") for name in files("src/migkg/network/static")} <= inside
    for folder in ("ontology", "data", "queries"):
        assert {f"migkg/_resources/{name}" for name in files(folder)} <= inside
    assert {name.removeprefix("src/") for name in files("src") if name.endswith((".py", "py.typed"))} <= inside
    assert any(name.endswith("/licenses/LICENSE") for name in inside)
    assert {name.split("/")[0] for name in inside if ".dist-info" not in name} == {"migkg"}

    programs = install(wheel, tmp_path / "venv")
    (articles,) = (tmp_path / "venv").glob("lib/python3*/site-packages/migkg/_resources/data/articles")
    for article in articles.iterdir():  # a few are enough to see that what is built is what lies in the wheel
        if not article.name.startswith(("2024-06", "2024-07")):
            article.unlink()
    empty = tmp_path / "empty"
    empty.mkdir()
    where = run(programs / "python", "-c", "import migkg; print(migkg.__file__)", cwd=empty)
    assert Path(where.strip()).is_relative_to(tmp_path / "venv")
    assert "build" in run(programs / "migkg", "--help", cwd=empty)
    run(programs / "migkg", "build", cwd=empty)
    assert {path.name for path in empty.iterdir()} == {"kg"}
    header, *rows = run(programs / "migkg", "query", "people", "--format", "csv", cwd=empty).splitlines()
    assert header.startswith("person,")
    assert len(rows) > 10
