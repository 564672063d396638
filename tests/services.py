"""migkg's own service for tests: a process of its own on a free port of this machine, ended by the test."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import urllib3

from servers import end

TOKEN = "a token for tests"  # noqa: S105
_START = 90  # seconds


@dataclass
class RunningService:
    """A running service.

    :param address: with a slash at its end. :param lines: what it wrote to standard error so far.
    """

    address: str
    process: subprocess.Popen[str]
    lines: list[str]
    http: urllib3.PoolManager = field(default_factory=lambda: urllib3.PoolManager(maxsize=64, retries=False))

    @property
    def endpoint(self) -> str:
        return self.address + "sparql"

    def get(self, path: str, accept: str = "", **headers: str) -> urllib3.BaseHTTPResponse:
        """GET a path, without following redirects."""
        told = {**({"Accept": accept} if accept else {}), **headers}
        return self.http.request("GET", self.address + path, headers=told, redirect=False)

    def query(self, text: str, accept: str = "", **more: str) -> urllib3.BaseHTTPResponse:
        """Send a query by GET."""
        return self.get("sparql?" + urlencode({"query": text, **more}), accept)

    def send(self, method: str, path: str, body: bytes | str, media: str, **headers: str) -> urllib3.BaseHTTPResponse:
        """Send a body."""
        told = {"Content-Type": media, **headers}
        return self.http.request(method, self.address + path, body=body, headers=told, redirect=False)

    def write(self, method: str, path: str, body: bytes | str, media: str) -> urllib3.BaseHTTPResponse:
        """Send a body with the token."""
        return self.send(method, path, body, media, Authorization=f"Bearer {TOKEN}")


@contextmanager
def service(folder: Path, *options: str, token: str = "") -> Iterator[RunningService]:
    """`migkg serve`.

    :param options: further ones of its command line. :param token: lets changes in.
    """
    command = [sys.executable, "-m", "migkg.cli", "serve", "--kg", str(folder), "--port", "0", *options]
    environment: dict[str, Any] = {**os.environ, "MIGKG_TOKEN": token}
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, text=True, env=environment
    )
    lines: list[str] = []
    listening = threading.Event()
    assert process.stderr is not None
    stderr = process.stderr

    def collect() -> None:
        for line in stderr:
            lines.append(line)
            if " at http://" in line:
                listening.set()
        listening.set()

    thread = threading.Thread(target=collect, daemon=True)
    thread.start()
    try:
        listening.wait(_START)
        found = re.search(r" at (http://\S+)", "".join(lines))
        assert found, f"the service did not start: {''.join(lines)}"
        running = RunningService(found[1], process, lines)
        yield running
        running.http.clear()
    finally:
        end(process)
        thread.join(5)
        stderr.close()
