"""A request that never ends gives its connection back; one that goes on slowly is answered."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from migkg.web.patience import Patient

HEAD = b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 4\r\n"


async def echo(scope: Any, receive: Any, send: Any) -> None:
    body, more = b"", True
    while more:
        event = await receive()
        body += event.get("body", b"")
        more = event.get("more_body", False)
    length = str(len(body)).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", length)]})
    await send({"type": "http.response.body", "body": body})


async def talk(pieces: list[bytes], pause: float) -> tuple[bytes, bool]:
    """What the server says to these pieces, with pauses between; and whether it ends the connection soon after."""

    class Hasty(Patient):
        patience = 0.2

    config = uvicorn.Config(echo, log_config=None)
    config.load()
    state, loop = ServerState(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: Hasty(config, state, {}), "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname()[:2])
    said = b""
    try:
        for piece in pieces:
            writer.write(piece)
            await asyncio.sleep(pause)
        while more := await asyncio.wait_for(reader.read(1000), 0.6):
            said += more
    except TimeoutError:
        return said, False
    except ConnectionError:
        return said, True
    finally:
        writer.close()
        server.close()
    return said, True


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param([], id="nothing"),
        pytest.param([b"GET / HT"], id="half a line"),
        pytest.param([bytes([byte]) for byte in HEAD], id="a byte at a time"),
        pytest.param([HEAD + b"\r\nab"], id="half a body"),
        pytest.param([HEAD + b"\r\nabcd", b"GET / "], id="half of a second request"),
    ],
)
def test_what_never_ends_is_ended(pieces: list[bytes]) -> None:
    said, ended = asyncio.run(talk(pieces, 0.02))
    assert ended
    assert not said or said.endswith(b"abcd")


def test_what_goes_on_is_answered() -> None:
    pieces = [HEAD + b"\r\n", b"a", b"b", b"c", b"d"]  # longer in all than the head may take
    said, ended = asyncio.run(talk(pieces, 0.1))
    assert said.startswith(b"HTTP/1.1 200 OK")
    assert not ended
