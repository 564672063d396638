"""How long the service waits for a request, and how much of one it takes: an endless one must not hold a connection."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class Patient(HttpToolsProtocol):
    """HTTP, with an end to waiting: the server library itself waits for a request as long as its sender likes.

    A request's head has `patience` seconds in all and may take `room` bytes. Its body has as many seconds for each
    further piece, and as many bytes around them; how long it may be is for the application to say.
    """

    patience = 20.0
    room = 1 << 16
    _waiting: asyncio.TimerHandle | None = None
    _pending = 0  # bytes since the last end of a head, piece of a body or end of one
    _too_large = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first request."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._rest()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Wait for what is still to come."""
        self._pending += len(data)
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._pending > self.room:
            self._too_large = True
            self.send_400_response("")
        elif self.cycle is None or self.cycle.response_complete:
            if self._waiting is None:
                self._wait()
        else:
            self._rest()
            if self.cycle.more_body:
                self._wait()

    def on_headers_complete(self) -> None:
        """Take a head."""
        self._pending = 0
        if len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > self.room:
            self._too_large = True
            raise ValueError  # the parser makes it a bad request
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a piece of a body."""
        self._pending = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Take the end of a request."""
        self._pending = 0
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no request; without words when they would stand in the middle of an answer."""
        if self.cycle is not None and not self.cycle.response_complete:
            self.transport.close()
        elif self._too_large:
            most = f"The head of the request has more than {self.room:,} bytes."
            super().send_400_response(most + " Send a long query in the body of a POST request.\n")
        else:
            super().send_400_response(msg)

    def _unsupported_upgrade_warning(self) -> None:
        """Nothing: a request to speak otherwise is answered as it stands (RFC 9110, section 7.8)."""

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(self.patience, self._give_up)

    def _rest(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _give_up(self) -> None:
        self._waiting = None
        if not self.transport.is_closing():
            self.transport.close()
