"""Processes that begin at once: forked from one that has loaded migkg, for which a new interpreter takes seconds."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from unittest import mock


@cache
def server() -> ForkServerContext:
    """Where such processes come from; the server ends with this process."""
    from multiprocessing.forkserver import ensure_running

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["warmed"])
    path = os.pathsep.join([str(Path(__file__).parent), *filter(None, [os.environ.get("PYTHONPATH")])])
    with mock.patch.dict(os.environ, PYTHONPATH=path):
        ensure_running()
    return context


class Warm:
    """A process that runs code, as `python -c CODE WORDS` does; in use like `subprocess.Popen` with pipes of text."""

    def __init__(self, code: str, *words: str) -> None:
        out, err = (server().Pipe(duplex=False) for _ in range(2))
        self._process = server().Process(target=_run, args=(code, words, out[1], err[1]), daemon=True)
        self._process.start()
        assert self._process.pid is not None
        self.pid: int = self._process.pid
        for end in (out[1], err[1]):
            end.close()
        self.stdout, self.stderr = (os.fdopen(os.dup(end.fileno()), encoding="utf-8") for end in (out[0], err[0]))
        for end in (out[0], err[0]):
            end.close()

    @property
    def returncode(self) -> int | None:
        """As in `subprocess`: -9 for a process that was killed."""
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def kill(self) -> None:
        self._process.kill()

    def communicate(self, timeout: float = 60) -> tuple[str, str]:
        """Wait for its end; what it wrote, which must not be more than a pipe holds."""
        self._process.join(timeout)
        if self._process.is_alive():
            self.kill()
            raise TimeoutError(f"the process did not end within {timeout} s")
        with self.stdout, self.stderr:
            return self.stdout.read(), self.stderr.read()


def _run(code: str, words: tuple[str, ...], out: Connection, err: Connection) -> None:
    for number, end in ((1, out), (2, err)):
        os.dup2(end.fileno(), number)
        end.close()
    # The streams of the server may be files, which know places; those of a new process are made for what is there.
    sys.stdout, sys.stderr = (os.fdopen(os.dup(number), "w", encoding="utf-8") for number in (1, 2))
    sys.argv = ["-c", *words]
    exec(compile(code, "<test>", "exec"), {"__name__": "__main__"})  # noqa: S102 - the test's own


@contextmanager
def warm_workers() -> Iterator[None]:
    """Workers of migkg, which are spawned, come from the server too: what they are handed and give is the same."""
    real, warm = multiprocessing.get_context, server()
    with mock.patch("multiprocessing.get_context", lambda kind=None: warm if kind == "spawn" else real(kind)):
        yield
