"""Options and settings that all tests share."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import configuration, settings

from migkg import rdf
from servers import SparqlServer, two_fusekis, virtuoso
from services import TOKEN, service
from webs import Server

# Same examples on every run, and no folder of past ones left in the checkout.
settings.register_profile("migkg", database=None, derandomize=True, deadline=None)
settings.load_profile("migkg")
configuration.set_hypothesis_home_dir(Path(tempfile.gettempdir()) / "migkg-hypothesis")

FIXTURES = Path(__file__).parent / "fixtures"
GOLDEN = Path(__file__).parent / "golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the files under tests/golden/")


@pytest.fixture
def fixtures() -> Path:
    """The folder with input for tests."""
    return FIXTURES


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compare bytes with a file under `tests/golden/`, or rewrite it with `--update-golden`."""
    return Golden(update=request.config.getoption("--update-golden"))


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Graphs of articles alone: the reference data, the same in each graph, cost a second. Not for `graphs.bundled`."""
    monkeypatch.setattr(rdf, "background", lambda: iter(()))


@pytest.fixture
def server() -> Iterator[Server]:
    """A web server on this machine; a test fills in its routes."""
    with Server() as running:
        thread = Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.over.set()
        running.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def fusekis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SparqlServer, SparqlServer]]:
    """Both kinds of data sets of Fuseki, in one process: a Java of its own for each is what costs."""
    with two_fusekis(tmp_path_factory.mktemp("fuseki")) as running:
        yield running


@pytest.fixture(scope="session")
def fuseki_server(fusekis: tuple[SparqlServer, SparqlServer]) -> SparqlServer:
    """Fuseki in memory; its default graph is one of its own."""
    return fusekis[0]


@pytest.fixture(scope="session")
def fuseki_union_server(fusekis: tuple[SparqlServer, SparqlServer]) -> SparqlServer:
    """Fuseki with TDB in memory; its default graph is the union of the named graphs."""
    return fusekis[1]


@pytest.fixture(scope="session")
def migkg_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparqlServer]:
    """migkg's own service over a new graph, open to changes by a token."""
    with service(tmp_path_factory.mktemp("service") / "kg", token=TOKEN) as running:
        options = {"graph_store": running.address + "graphs", "token": TOKEN}
        yield SparqlServer("migkg", running.endpoint, running.process, options)


@pytest.fixture(scope="session")
def virtuoso_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparqlServer]:
    """Virtuoso, which cuts answers after 1,000 rows."""
    with virtuoso(tmp_path_factory.mktemp("virtuoso"), max_rows=1000) as running:
        yield running


class Golden:
    """Compares what a test made with what is recorded."""

    def __init__(self, *, update: bool) -> None:
        self.update = update

    def check(self, name: str, made: bytes | str) -> None:
        """Fail unless `tests/golden/NAME` holds exactly these bytes.

        :param name: path under `tests/golden/`.
        """
        made = made.encode() if isinstance(made, str) else made
        file = GOLDEN / name
        if self.update:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(made)
            return
        assert file.exists(), f"{file} is missing: look at the result, then run pytest with --update-golden"
        assert made.decode() == file.read_bytes().decode(), (
            f"{file} differs: run pytest with --update-golden if it should"
        )
