"""A request that never ends, in time or in size, gives its connection back; one that goes on slowly is answered."""

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
        room = 1000

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


CHUNKED = b"POST / HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n"
MUCH = b"x" * 300


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param([b"GET /" + MUCH * 4 + b" HTTP/1.1\r\n\r\n"], id="an address at once"),
        pytest.param([b"GET /", *[MUCH] * 5], id="an address in pieces"),
        pytest.param([HEAD + b"A: ", *[MUCH] * 5], id="a field"),
        pytest.param([HEAD, *[b"A: " + MUCH + b"\r\n"] * 5], id="fields"),
        pytest.param([HEAD + b"\r\nabcd", b"GET /", *[MUCH] * 5], id="the second request"),
    ],
)
def test_a_head_without_bounds_is_refused(pieces: list[bytes]) -> None:
    said, ended = asyncio.run(talk(pieces, 0.01))
    assert ended
    *_, last = said.split(b"HTTP/1.1 ")
    assert last.startswith(b"400 ")
    assert b"has more than 1,000 bytes. Send a long query in the body" in last


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param([CHUNKED, b"1;", *[MUCH] * 5], id="what is said of a piece"),
        pytest.param([CHUNKED, b"1\r\na\r\n0\r\nA: ", *[MUCH] * 5], id="a field behind the body"),
        pytest.param([CHUNKED, b"1\r\na\r\n", b"no number\r\n"], id="no piece at all"),
    ],
)
def test_what_is_around_a_body_has_bounds(pieces: list[bytes]) -> None:
    assert asyncio.run(talk(pieces, 0.01)) == (b"", True)


def test_a_body_may_be_longer_than_a_head() -> None:
    head = b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 3000\r\n\r\n"
    said, ended = asyncio.run(talk([head, *[MUCH] * 10, head + MUCH * 10], 0.01))
    assert said.count(b"HTTP/1.1 200 OK") == 2
    assert said.count(b"x") == 6000
    assert not ended


def test_what_is_no_request_is_told_so() -> None:
    said, ended = asyncio.run(talk([b"nonsense\r\n\r\n"], 0.01))
    assert said.startswith(b"HTTP/1.1 400 ")
    assert ended
