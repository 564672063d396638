"""Runs the service until it is told to stop."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable

from migkg.errors import MigkgError
from migkg.web.app import application
from migkg.web.guard import log
from migkg.web.settings import Settings


class ServiceError(MigkgError):
    """The service cannot listen where it should, or cannot be started."""


def serve(settings: Settings, host: str, port: int, ready: Callable[[str], object], *, quiet: bool = False) -> None:
    """Serve until the process is told to stop.

    :param port: 0 takes a free one. :param ready: told the address when the service listens.
    :param quiet: True writes no access log.
    :raises ServiceError: when the address is taken or not ours.
    """
    import uvicorn

    from migkg.web.patience import Patient

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Only with the protocol named does asyncio send at once what is written; else each answer waits some 40 ms.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        todo = "Name another one with --port, or 0 for a free one."
        raise ServiceError(f"cannot listen ({error.strerror})", where=f"{host}:{port}", todo=todo) from error
    port = listening.getsockname()[1]
    _to_standard_error(logging.WARNING if quiet else logging.INFO)
    config = uvicorn.Config(
        application(settings), log_config=None, access_log=False, lifespan="on", server_header=False,
        date_header=True, http=Patient, ws="none", loop="asyncio", timeout_keep_alive=15, limit_concurrency=1000,
        timeout_graceful_shutdown=5,
    )  # fmt: skip

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if not self.should_exit:
                shown = f"[{host}]" if ":" in host else host
                ready(f"http://{shown}:{port}/")

    server = Server(config)
    with listening:
        server.run(sockets=[listening])
    if not server.started:
        raise ServiceError("the service could not be started", todo="See the message above.")


def _to_standard_error(level: int) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%Y-%m-%dT%H:%M:%S"))
    log.handlers[:] = [handler]
    log.setLevel(level)
    log.propagate = False
    engine = logging.getLogger("uvicorn.error")
    engine.handlers[:] = [handler]
    engine.setLevel(logging.WARNING)
