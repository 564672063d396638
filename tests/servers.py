"""SPARQL servers that tests start themselves: bound to this machine, on a free port, in a temporary folder.

A server that cannot be had here is a `pytest.skip` with the reason; `.ci/run` installs them all.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

import pytest

from migkg.store import RemoteStore

_READY = 60  # seconds
_CLEARED = {"fuseki", "migkg"}  # for Virtuoso, graphs of its own are among them all
_DIRECT = build_opener(ProxyHandler({}))  # whatever proxy the environment names


@dataclass
class SparqlServer:
    """A running server.

    :param kind: its name. :param endpoint: address of queries, as a user would give it.
    :param options: what `RemoteStore` needs to write there.
    """

    kind: str
    endpoint: str
    process: subprocess.Popen[bytes]
    options: dict[str, Any] = field(default_factory=dict)

    def clear(self) -> None:
        """Take away all graphs, and what `RemoteStore` keeps beside them."""
        if self.kind in _CLEARED:  # in one request
            told = {"Authorization": f"Bearer {self.options.get('token')}"}
            sent = Request(self.endpoint, urlencode({"update": "DROP ALL"}).encode(), told)  # noqa: S310 - our own
            with _DIRECT.open(sent, timeout=_READY):
                return
        with RemoteStore(self.endpoint, **self.options) as store:
            for name in store.graph_names():
                store.delete_graph(name)
            for name in store.marks():
                store.mark(name, "")

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait()


def free_port() -> int:
    """A port of 127.0.0.1 that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fuseki_jar() -> Path | None:
    """The jar of Fuseki: `MIGKG_FUSEKI_JAR`, or the newest in the folder `.cache` of the checkout or of migkg."""
    if named := os.environ.get("MIGKG_FUSEKI_JAR"):
        return Path(named)
    places = (Path(__file__).parents[1] / ".cache", Path.home() / ".cache" / "migkg")
    found = (jar for place in places for jar in place.glob("jena-fuseki-server-*.jar"))
    return max(found, key=lambda jar: [int(part) for part in re.findall(r"\d+", jar.stem)], default=None)


@contextmanager
def fuseki(*arguments: str, log: Path) -> Iterator[SparqlServer]:
    """Apache Jena Fuseki with one data set.

    :param arguments: of its command line, as `--mem` or `--loc=FOLDER`.
    """
    with _fuseki([*arguments, "--update", "/kg"], log) as (process, address):
        yield SparqlServer("fuseki", f"{address}/kg", process)


@contextmanager
def two_fusekis(folder: Path) -> Iterator[tuple[SparqlServer, SparqlServer]]:
    """One Fuseki with two data sets in memory: "kg" has a default graph of its own; "union" is kept by TDB, and its
    default graph is the union of the named graphs.
    """
    (folder / "two.ttl").write_text(_TWO_FUSEKIS, encoding="utf-8")
    with _fuseki([f"--config={folder / 'two.ttl'}"], folder / "log.txt") as (process, address):
        own, union = (SparqlServer("fuseki", f"{address}/{name}", process) for name in ("kg", "union"))
        yield own, union


_TWO_FUSEKIS = """
@prefix fuseki: <http://jena.apache.org/fuseki#> .
@prefix ja: <http://jena.hpl.hp.com/2005/11/Assembler#> .
@prefix tdb2: <http://jena.apache.org/2016/tdb#> .

<#kg> a fuseki:Service ; fuseki:name "kg" ; fuseki:dataset [ a ja:MemoryDataset ] ;
  fuseki:endpoint [ fuseki:operation fuseki:query ] , [ fuseki:operation fuseki:update ] ,
    [ fuseki:operation fuseki:gsp-rw ] , [ fuseki:operation fuseki:gsp-rw ; fuseki:name "data" ] .

<#union> a fuseki:Service ; fuseki:name "union" ;
  fuseki:dataset [ a tdb2:DatasetTDB2 ; tdb2:location "--mem--" ; tdb2:unionDefaultGraph true ] ;
  fuseki:endpoint [ fuseki:operation fuseki:query ] , [ fuseki:operation fuseki:update ] ,
    [ fuseki:operation fuseki:gsp-rw ] , [ fuseki:operation fuseki:gsp-rw ; fuseki:name "data" ] .
"""


@contextmanager
def _fuseki(arguments: list[str], log: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """(its process, its address)."""
    jar = fuseki_jar()
    if shutil.which("java") is None:
        pytest.skip("java is not installed: apt-get install default-jre-headless")
    if jar is None or not jar.is_file():
        pytest.skip("no jar of Fuseki: see MIGKG_FUSEKI_JAR in README, or run .ci/run")
    port = free_port()
    command = ["java", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar", str(jar), f"--port={port}"]
    address = f"http://127.0.0.1:{port}"
    # It makes a folder "run" where it is started.
    ready = f"{address}/kg/?query=ASK%7B%7D"
    with _running([*command, "--localhost", *arguments], log, ready, cwd=log.parent) as process:
        yield process, address


@contextmanager
def virtuoso(folder: Path, *, max_rows: int = 10_000) -> Iterator[SparqlServer]:
    """OpenLink Virtuoso with a new database.

    :param max_rows: rows after which it cuts an answer; the default is that of its packages.
    """
    program = shutil.which("virtuoso-t")
    if program is None:
        pytest.skip("virtuoso-t is not installed: apt-get install virtuoso-opensource-7-bin")
    port, sql = free_port(), free_port()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "virtuoso.ini").write_text(_VIRTUOSO.format(port=port, sql=sql, rows=max_rows), encoding="utf-8")
    command = [program, "+configfile", "virtuoso.ini", "+foreground"]
    address = f"http://127.0.0.1:{port}/sparql"
    with _running(command, folder / "output.txt", address + "?query=ASK%7B%7D", cwd=folder) as process:
        yield SparqlServer("virtuoso", address, process, {"user": "dba", "password": "dba"})


_VIRTUOSO = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
FileExtend = 20
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
ThreadsPerQuery = 2
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = .
ServerThreads = 10
[SPARQL]
ResultSetMaxRows = {rows}
"""


@contextmanager
def _running(command: list[str], log: Path, ready: str, cwd: Path) -> Iterator[subprocess.Popen[bytes]]:
    """:param ready: an address that answers when the server does."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=cwd, stdout=output, stderr=output, stdin=subprocess.DEVNULL)
    try:
        _wait(lambda: _answers(ready), process, log)
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen[Any]) -> None:
    """Ask a process to end; after some seconds, kill it."""
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _answers(address: str) -> bool:
    try:
        with _DIRECT.open(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except HTTPError as error:
        error.close()
        return error.code in (401, 403)
    except (URLError, OSError):
        return False


def _wait(ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + _READY
    while not ready():
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"the server did not start: {log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.1)
