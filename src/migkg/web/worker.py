"""A worker: a process of its own with the graph open, that does one job after the other and may be ended at any time.

It holds no secret, cannot open a socket, and ends when it takes more memory or time than it may.
"""

from __future__ import annotations

import os
import socket
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from migkg.errors import MigkgError, NothingFound, UnknownName, WriteError
from migkg.folder import locked, mark_changed, read_manifest
from migkg.kg import KnowledgeGraph
from migkg.store import EmbeddedStore
from migkg.web import answers, confine, description, frames, graphs, jobs
from migkg.web.frames import Job, Reply
from migkg.web.protocol import Operation

_SPARE = 4.0  # times the time of a job; who started it ends it long before


def main(channel: socket.socket, folder: Path, seconds: float, memory: int, writes: bool) -> None:  # noqa: FBT001 - as multiprocessing passes it
    """Do jobs until the other side hangs up.

    :param channel: frames of `frames`. :param memory: bytes that jobs may take beyond the open graph.
    :param writes: True to open the graph for writing, alone.
    """
    confine.forbid_network()
    _be_quiet()
    with channel, channel.makefile("rwb") as stream:

        def send(header: Mapping[str, Any], body: bytes = b"") -> None:
            stream.write(frames.pack(header, body))
            stream.flush()

        try:
            with _writing(folder) if writes else _reading(folder) as do:
                held = confine.used_memory()
                if not writes:
                    confine.limit_memory(memory)
                send({})
                while frame := frames.read(stream):
                    header, body = frame
                    if not writes:
                        confine.limit_work(seconds * _SPARE)
                    reply = _done(do, Job(header["name"], header["arguments"], body))
                    told = asdict(reply)
                    del told["body"]
                    # A large job may leave the next one too little room.
                    send({**told, "worn": confine.used_memory() - held > memory / 2}, reply.body)
        except MigkgError as error:
            send({"error": str(error)})


@contextmanager
def _reading(folder: Path) -> Iterator[Callable[[Job], Reply]]:
    with KnowledgeGraph(folder) as kg:
        yield lambda job: READS[job.name](kg, job)


@contextmanager
def _writing(folder: Path) -> Iterator[Callable[[Job], Reply]]:
    with locked(folder), EmbeddedStore.open(folder / read_manifest(folder)["store"]) as store:
        mark_changed(folder)
        yield lambda job: WRITES[job.name](store, job)


def _be_quiet() -> None:
    """The engine writes a page of addresses to standard error when it runs out of memory."""
    silent = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silent, stream)
    os.close(silent)


def _done(do: Callable[[Job], Reply], job: Job) -> Reply:
    """Do a job; whatever goes wrong becomes an answer in words."""
    try:
        return do(job)
    except MigkgError as error:
        absent = isinstance(error, NothingFound) or (isinstance(error, UnknownName) and error.kind == "question")
        status = 404 if absent else 500 if isinstance(error, WriteError) else 400
        return Reply(status, body=f"{error}\n".encode())
    except MemoryError:
        os._exit(confine.OUT_OF_MEMORY)
    except Exception:  # a fault of ours: who runs the service finds it in the log, who asked is told that it is ours
        return Reply(500, body=b"Something is wrong in migkg itself.\n", fault=traceback.format_exc())


def _query(kg: KnowledgeGraph, job: Job) -> Reply:
    told = dict(job.arguments)
    return answers.answer(kg.store.engine, Operation(**told.pop("operation")), **told)


READS: Mapping[str, Callable[[KnowledgeGraph, Job], Reply]] = {
    "query": _query,
    "describe": description.describe,
    "graph": description.graph,
    "health": description.health,
    "page": jobs.page,
    "thing": jobs.thing,
    "table": jobs.table,
    "listing": jobs.listing,
    "openapi": jobs.description,
}
"""What a worker that reads can do, by the name of the job."""

WRITES: Mapping[str, Callable[[EmbeddedStore, Job], Reply]] = {"update": graphs.update, "graph": graphs.change}
"""What a worker that writes can do."""
