"""Processes that tell how far they have come, for tests to kill them there."""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from migkg.kg import KnowledgeGraph
from migkg.store import RemoteStore
from migkg.transfer import push
from warm import server

_PATIENCE = 60  # seconds


class Child:
    """A process that tells how far it has come.

    :param run: a function of a module beside this one; its last argument takes what it tells.
    """

    def __init__(self, run: Callable[..., object], *args: object) -> None:
        self._told, telling = server().Pipe(duplex=False)
        self._process = server().Process(target=run, args=(*args, telling))
        self._process.start()
        telling.close()

    def wait_for(self, step: int) -> None:
        """Until it has come so far."""
        while self._told.poll(_PATIENCE):
            if self._told.recv() == step:
                return
        raise AssertionError(f"the process did not come to step {step}")

    def kill(self) -> None:
        """End it as a power cut would; it must still be at work."""
        assert self._process.is_alive()
        self._process.kill()
        self._process.join()
        self._process.close()
        self._told.close()


def push_aloud(folder: Path, endpoint: str, options: dict[str, str], told: Connection) -> None:
    """Push, and tell the number of each graph before it is sent."""
    with KnowledgeGraph(folder) as graph, RemoteStore(endpoint, **options) as target:
        push(graph, target, progress=lambda done, *_: told.send(done))
