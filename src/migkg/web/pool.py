"""Worker processes: started when needed, kept warm, bounded, ended when a job takes too long or the graph is replaced.

A fork server, a fresh process without threads or an open store, forks the workers; so it is safe to start one at any
time, and cheap.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import socket
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from migkg.folder import MANIFEST
from migkg.web import confine, frames, worker
from migkg.web.frames import Job, Reply
from migkg.web.settings import MEGABYTE, Settings

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerProcess

_START = 60.0  # seconds that a worker may take to open the graph
_PATIENCE = 10.0  # seconds that one may take to end when its work is done
_WATCH = 1.0  # seconds between two looks at the graph folder

Signature = tuple[int, int, int]


class Stopped(Exception):
    """A job that came to no end of its own. :param status: of HTTP. :param message: for the one who asked."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class Worker:
    """One worker process, and the way to it."""

    def __init__(
        self,
        process: ForkServerProcess,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        graph: Signature | None,
    ) -> None:
        self.process = process
        self.graph = graph  # that it has open
        self.worn = False
        self._reader = reader
        self._writer = writer

    async def ask(self, job: Job) -> Reply:
        """Have a job done.

        :raises EOFError: when the worker ended meanwhile.
        """
        try:
            self._writer.write(frames.pack({"name": job.name, "arguments": job.arguments}, job.body))
            await self._writer.drain()
            told, body = await self.receive()
        except (ConnectionError, asyncio.IncompleteReadError) as error:
            raise EOFError from error
        self.worn = told.pop("worn")
        return Reply(**told, body=body)

    async def receive(self) -> tuple[dict[str, Any], bytes]:
        """The next frame."""
        header, body = frames.lengths(await self._reader.readexactly(frames.LENGTHS))
        told = json.loads(await self._reader.readexactly(header))
        return told, await self._reader.readexactly(body)

    async def end(self, *, now: bool = False) -> int | None:
        """End it and wait until it has let go of the graph.

        :param now: in the middle of its work. :returns: its exit code, as of `multiprocessing`.
        """
        if now:
            self.process.kill()
        self._writer.close()
        await asyncio.to_thread(self.process.join, _PATIENCE)
        if self.process.exitcode is None:
            self.process.kill()
            await asyncio.to_thread(self.process.join, _PATIENCE)
        code = self.process.exitcode
        self.process.close()
        return code


class _Gate:
    """Many may read, or one may write; who wants to write goes before who wants to read."""

    def __init__(self) -> None:
        self._changed = asyncio.Condition()
        self._readers = 0
        self._writers = 0  # that write or wait
        self._shut = False

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[None]:
        async with self._changed:
            await self._changed.wait_for(lambda: not self._writers)
            self._readers += 1
        try:
            yield
        finally:
            async with self._changed:
                self._readers -= 1
                self._changed.notify_all()

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        async with self._changed:
            self._writers += 1
            try:
                await self._changed.wait_for(lambda: not self._readers and not self._shut)
                self._shut = True
            except BaseException:
                self._writers -= 1
                self._changed.notify_all()
                raise
        try:
            yield
        finally:
            async with self._changed:
                self._shut = False
                self._writers -= 1
                self._changed.notify_all()


class Pool:
    """The workers of a service. Use it in an `async with` statement."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._context = get_context("forkserver")
        self._context.set_forkserver_preload([worker.__name__])
        self._slots = asyncio.Semaphore(settings.workers)
        self._gate = _Gate()
        self._idle: list[Worker] = []
        self._writer: Worker | None = None
        self._wrote = False
        self._changes = 0
        self._waiting = 0
        self._graph: Signature | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._graph = signature(self.settings.folder)
        self._idle.append(await self._start())  # a graph that cannot be opened is told at once
        self._later(self._watch())
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._end_idle()
        await self._end_writer()

    @property
    def state(self) -> tuple[object, int]:
        """Another one for each state of the graph."""
        return self._graph, self._changes

    # -- reading -------------------------------------------------------------------------------------------------------

    async def run(self, job: Job) -> Reply:
        """Have a job done that only reads.

        :raises Stopped: when it takes too long or too much memory, or too many are waiting.
        """
        async with self._turn(), self._reading():
            one = await self._take()
            try:
                async with asyncio.timeout(self.settings.seconds):
                    reply = await one.ask(job)
            except TimeoutError:
                await self._lose(one)
                raise Stopped(
                    500,
                    f"The query was stopped after {self.settings.seconds:g} seconds. "
                    "Ask for less: a narrower pattern, or patterns that share a variable.",
                ) from None
            except EOFError:
                raise self._why(await self._lose(one)) from None
            except BaseException:  # the client is gone, or the service ends
                await asyncio.shield(self._lose(one))
                raise
            if one.worn or one.graph != self._graph:
                self._later(self._end(one))
            else:
                self._idle.append(one)
            return reply

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        if self._waiting >= self.settings.queue:
            raise Stopped(503, "Too many queries are waiting. Try again in a moment.")
        self._waiting += 1
        try:
            async with asyncio.timeout(self.settings.seconds):
                await self._slots.acquire()
        except TimeoutError:
            raise Stopped(503, "All workers are busy. Try again in a moment.") from None
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._slots.release()

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[None]:
        while True:
            if self._writer is not None:
                async with self._gate.writing():
                    await self._end_writer()
            async with self._gate.reading():
                if self._writer is not None:
                    continue
                yield
                return

    async def _take(self) -> Worker:
        await self._look()
        return self._idle.pop() if self._idle else await self._start()

    async def _lose(self, one: Worker) -> int | None:
        code = await one.end(now=True)
        self._later(self._warm())
        return code

    def _why(self, code: int | None) -> Stopped:
        if code in (-signal.SIGABRT, -signal.SIGSEGV, -signal.SIGBUS, confine.OUT_OF_MEMORY):
            room = f"{self.settings.memory // MEGABYTE:,} MB"
            return Stopped(500, f"The query was stopped: it took more than {room} of memory. Ask for less.")
        if code == -signal.SIGXCPU:
            return Stopped(500, "The query was stopped: it took too much time. Ask for less.")
        return Stopped(500, "The query was stopped: its worker ended. Try again.")

    # -- writing -------------------------------------------------------------------------------------------------------

    async def write(self, job: Job) -> Reply:
        """Have a job done that changes the graph, alone; queries wait.

        :raises Stopped: when it takes too long, or a build is writing.
        """
        async with self._gate.writing():
            await self._end_idle()
            self._writer = self._writer or await self._start(writes=True)
            self._wrote = True
            self._changes += 1
            try:
                return await asyncio.wait_for(self._writer.ask(job), self.settings.write_seconds)
            except BaseException as error:  # what was not written in full is not written at all
                one, self._writer = self._writer, None
                code = await asyncio.shield(one.end(now=True))
                if isinstance(error, TimeoutError):
                    text = f"The change was stopped after {self.settings.write_seconds:g} seconds; nothing is changed."
                    raise Stopped(500, text) from None
                if isinstance(error, EOFError):
                    raise Stopped(500, f"The change was stopped (code {code}); nothing is changed.") from None
                raise

    async def _end_writer(self) -> None:
        one, self._writer = self._writer, None
        if one is not None:
            await one.end()

    # -- workers -------------------------------------------------------------------------------------------------------

    async def _start(self, *, writes: bool = False) -> Worker:
        ours, theirs = socket.socketpair()
        ours.setblocking(False)  # noqa: FBT003
        settings = self.settings
        process = self._context.Process(
            target=worker.main, args=(theirs, settings.folder, settings.seconds, settings.memory, writes), daemon=True
        )
        with theirs:
            await asyncio.to_thread(process.start)
        reader, writer = await asyncio.open_unix_connection(sock=ours, limit=MEGABYTE)
        one = Worker(process, reader, writer, self._graph)
        try:
            told, _ = await asyncio.wait_for(one.receive(), _START)
        except (TimeoutError, ConnectionError, asyncio.IncompleteReadError) as error:
            await one.end(now=True)
            raise Stopped(503, "The graph could not be opened in time. Try again in a moment.") from error
        if "error" in told:
            await one.end()
            raise Stopped(503, told["error"])
        return one

    async def _look(self) -> None:
        """Take up a graph that a build has just put in place."""
        now = signature(self.settings.folder)
        if now != self._graph and now is not None:
            self._graph = now
            await self._end_idle()

    async def _watch(self) -> None:
        """Without this, a worker that nobody asks would keep the files of a deleted store, and a writer its lock."""
        while True:
            await asyncio.sleep(_WATCH)
            before = self._graph
            await self._look()
            if before != self._graph:
                self._later(self._warm())
            if self._writer is not None and not self._wrote:
                async with self._gate.writing():
                    await self._end_writer()
            self._wrote = False

    async def _warm(self) -> None:
        """Have a worker ready for who asks next."""
        with contextlib.suppress(Stopped):  # who asks next is told
            async with self._reading():
                if not self._idle:
                    self._idle.append(await self._start())

    async def _end_idle(self) -> None:
        gone, self._idle = self._idle, []
        await asyncio.gather(*(one.end() for one in gone))

    async def _end(self, one: Worker) -> None:
        await one.end()

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def signature(folder: Path) -> Signature | None:
    """What tells one graph in a folder from the next: its manifest is replaced as a whole; None without one."""
    try:
        found = (folder / MANIFEST).stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
