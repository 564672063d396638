"""`fetch` against a real server on this machine, with everything a server can do wrong."""

from __future__ import annotations

import gzip
import shutil
import socket
import ssl
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from migkg import fetch as module
from migkg.errors import SourceError
from migkg.fetch import MAX_REDIRECTS, MAX_WAIT, USER_AGENT, Page, Web
from webs import Handler, Server

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Route = Callable[["Handler"], None]

TEXT = b"The harbour is open.\n"


def get(url: str, *, max_bytes: int = 100_000, timeout: float = 5, allow_private: bool = True) -> Page:
    return Web(max_bytes, timeout, allow_private=allow_private, pause=no_pause).fetch(url)


def no_pause(_: float) -> None:
    """A test does not wait."""


class Clock:
    """Time that passes only while one waits, and what was waited for."""

    def __init__(self) -> None:
        self.now = 100.0
        self.waits: list[float] = []

    def __call__(self) -> float:
        return self.now

    def pause(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


def patient(clock: Clock, *, delay: float = 0.0) -> Web:
    return Web(100_000, 5, delay, allow_private=True, pause=clock.pause, clock=clock)


def test_a_page_comes_with_type_charset_and_final_address(server: Server) -> None:
    server.routes["/news?id=7"] = lambda h: h.answer(200, TEXT, Content_Type="Text/HTML; Charset=ISO-8859-1")
    page = get(f"{server.url}/news?id=7#top")
    assert page == Page(f"{server.url}/news?id=7", TEXT, "text/html", "ISO-8859-1")
    headers = server.asked[-1][1]
    assert headers["User-Agent"] == USER_AGENT
    assert headers["Host"] == server.url.removeprefix("http://")


def test_plain_text_without_a_charset(server: Server) -> None:
    server.routes["/a.txt"] = lambda h: h.answer(200, TEXT, Content_Type="text/plain")
    assert get(f"{server.url}/a.txt") == Page(f"{server.url}/a.txt", TEXT, "text/plain", None)


def test_an_answer_without_a_type(server: Server) -> None:
    server.routes["/a"] = lambda h: h.answer(200, TEXT)
    assert get(f"{server.url}/a").media_type == ""


def test_a_compressed_answer_is_unpacked(server: Server) -> None:
    server.routes["/a"] = lambda h: h.answer(200, gzip.compress(TEXT), Content_Encoding="gzip")
    assert get(f"{server.url}/a").data == TEXT


@pytest.mark.parametrize(
    ("status", "words", "advice"),
    [
        (404, "404 Not Found", "Check the address"),
        (403, "403 Forbidden", "save the page"),
        (204, "204 No Content", "save the page"),
        (299, "299", "save the page"),
    ],
)
def test_a_status_that_is_no_page(server: Server, status: int, words: str, advice: str) -> None:
    server.routes["/a"] = lambda h: h.answer(status)
    with pytest.raises(SourceError, match=words) as caught:
        get(f"{server.url}/a")
    assert advice in caught.value.todo
    assert caught.value.where == f"{server.url}/a"
    assert server.paths() == ["/a"], "asking again would not help"


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_server_that_recovers_is_asked_again_after_growing_pauses(server: Server, status: int) -> None:
    clock = Clock()
    server.routes["/a"] = lambda h: h.answer(200, TEXT) if len(server.paths()) == 3 else h.answer(status)
    assert patient(clock).fetch(f"{server.url}/a").data == TEXT
    assert clock.waits == [0.5, 1.0]


@pytest.mark.parametrize(
    ("stated", "wait"),
    [
        ("7", 7.0),
        ("0", 0.5),
        (" 7 ", 7.0),
        ("Wed, 12 Jun 2024 10:00:09 GMT", 9.0),
        ("Wed, 12 Jun 2024 09:00:00 GMT", 0.5),
        ("soon", 0.5),
        ("-5", 0.5),
        ("", 0.5),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_says_when_to_come_back_is_taken_at_its_word(
    server: Server, status: int, stated: str, wait: float
) -> None:
    def busy(handler: Handler) -> None:
        if len(server.paths()) > 1:
            handler.answer(200, TEXT)
            return
        handler.send_response_only(status)
        handler.send_header("Date", "Wed, 12 Jun 2024 10:00:00 GMT")
        handler.send_header("Retry-After", stated)
        handler.end_headers()

    clock = Clock()
    server.routes["/a"] = busy
    assert patient(clock).fetch(f"{server.url}/a").data == TEXT
    assert clock.waits == [wait]


def test_a_server_that_asks_for_too_much_patience(server: Server) -> None:
    clock = Clock()
    server.routes["/a"] = lambda h: h.answer(429, Retry_After=str(int(MAX_WAIT) * 60))
    with pytest.raises(SourceError, match="429 Too Many Requests") as caught:
        patient(clock).fetch(f"{server.url}/a")
    assert caught.value.todo == "Try again in 3,600 s."
    assert clock.waits == []
    assert server.paths() == ["/a"]


def test_between_two_requests_to_one_host_some_time_passes(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    resolve = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda _, *a, **k: resolve("127.0.0.1", *a, **k))
    for path in ("/a", "/b", "/c"):
        server.routes[path] = lambda h: h.answer(200, TEXT)
    clock = Clock()
    web = patient(clock, delay=2)
    web.fetch(f"http://one.example.org:{server.server_port}/a")
    web.fetch(f"http://two.example.org:{server.server_port}/a")
    assert clock.waits == [], "neither robots.txt nor another host is waited for"
    clock.now += 0.5
    web.fetch(f"http://one.example.org:{server.server_port}/b")
    assert clock.waits == [1.5]
    clock.now += 9
    web.fetch(f"http://one.example.org:{server.server_port}/c")
    assert clock.waits == [1.5]


def test_a_redirection_within_a_host_is_a_request_too(server: Server) -> None:
    server.routes["/a"] = lambda h: h.answer(302, Location="/b")
    server.routes["/b"] = lambda h: h.answer(200, TEXT)
    clock = Clock()
    patient(clock, delay=2).fetch(f"{server.url}/a")
    assert clock.waits == [2]


@pytest.mark.parametrize(("stated", "wait"), [("5", 5), ("1", 2), ("900", module.MAX_DELAY), ("often", 2)])
def test_the_delay_that_robots_txt_asks_for_is_kept(server: Server, stated: str, wait: float) -> None:
    server.routes["/robots.txt"] = lambda h: h.answer(200, f"User-agent: *\nCrawl-delay: {stated}\n".encode())
    server.routes["/a"] = lambda h: h.answer(200, TEXT)
    clock = Clock()
    web = patient(clock, delay=2)
    web.fetch(f"{server.url}/a")
    web.fetch(f"{server.url}/a")
    assert clock.waits == [wait]


def test_a_server_that_stays_broken(server: Server) -> None:
    server.routes["/a"] = lambda h: h.answer(503)
    with pytest.raises(SourceError, match="503 Service Unavailable") as caught:
        get(f"{server.url}/a")
    assert caught.value.todo == "Try again later."
    assert len(server.paths()) == 3


def test_a_slow_server(server: Server) -> None:
    server.routes["/a"] = lambda h: h.server.over.wait(10) and None
    with pytest.raises(SourceError, match=r"no answer within 0\.1 s, at 3 tries"):
        get(f"{server.url}/a", timeout=0.1)


def test_a_server_that_drips(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def drip(handler: Handler) -> None:
        handler.answer(200, b"", Content_Length="10000")
        while not handler.server.over.wait(0.01):
            handler.wfile.write(b".")

    server.routes["/a"] = drip
    monkeypatch.setattr(module, "RETRIES", 0)
    start = time.monotonic()
    with pytest.raises(SourceError, match="no answer within"):
        get(f"{server.url}/a", timeout=0.05)
    assert time.monotonic() - start < 5


@pytest.mark.parametrize("stated", [True, False])
def test_an_answer_that_is_too_large(server: Server, stated: bool) -> None:  # noqa: FBT001 - a parameter of the test
    def large(handler: Handler) -> None:
        if stated:
            handler.answer(200, b"x" * 5000)
        else:
            handler.send_response(200)
            handler.end_headers()  # HTTP/1.0: the end of the connection is the end of the body
            handler.wfile.write(b"x" * 5000)

    server.routes["/a"] = large
    with pytest.raises(SourceError, match="larger than 4,999 bytes"):
        get(f"{server.url}/a", max_bytes=4999)
    assert len(get(f"{server.url}/a", max_bytes=5000).data) == 5000


def test_an_answer_with_pictures_may_be_larger(server: Server) -> None:
    server.routes["/a"] = lambda h: h.answer(200, b"x" * 5000, Content_Type="application/pdf; x=y")
    web = Web(1000, allow_private=True, pause=no_pause)
    assert len(web.fetch(f"{server.url}/a", {"application/pdf": 5}).data) == 5000
    with pytest.raises(SourceError, match="larger than 4,000 bytes"):
        web.fetch(f"{server.url}/a", {"application/pdf": 4, "text/html": 9})


def test_a_small_archive_with_a_large_content(server: Server) -> None:
    server.routes["/a"] = lambda h: h.answer(200, gzip.compress(b"0" * 10_000_000), Content_Encoding="gzip")
    with pytest.raises(SourceError, match="larger than"):
        get(f"{server.url}/a", max_bytes=1_000_000)


def test_an_answer_that_breaks_off(server: Server) -> None:
    server.routes["/a"] = lambda h: h.answer(200, TEXT, Content_Length="500")
    with pytest.raises(SourceError, match=r"the connection failed \(.*, at 3 tries"):
        get(f"{server.url}/a")


def test_redirections_are_followed_to_the_final_address(server: Server) -> None:
    server.routes["/old"] = lambda h: h.answer(301, Location="/new#part")
    server.routes["/new"] = lambda h: h.answer(200, TEXT)
    assert get(f"{server.url}/old").url == f"{server.url}/new"


def test_redirections_without_end(server: Server) -> None:
    server.routes["/a"] = lambda h: h.answer(302, Location="/a")
    with pytest.raises(SourceError, match=f"more than {MAX_REDIRECTS} redirections"):
        get(f"{server.url}/a")
    assert len(server.paths()) == MAX_REDIRECTS + 1


@pytest.mark.parametrize("target", ["file:///etc/hostname", "ftp://127.0.0.1/a", "gopher://127.0.0.1/"])
def test_redirections_lead_to_the_web_only(server: Server, target: str) -> None:
    server.routes["/a"] = lambda h: h.answer(302, Location=target)
    with pytest.raises(SourceError, match="cannot fetch"):
        get(f"{server.url}/a")


def test_private_addresses_are_refused_before_anything_is_sent(server: Server) -> None:
    with pytest.raises(SourceError, match=r"127\.0\.0\.1, an address of a private network"):
        get(f"{server.url}/a", allow_private=False)
    assert not server.asked


def test_a_redirection_into_a_private_network_is_refused(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    # The one address of the server passes as public, for the first hop to work; the second hop is the real rule's.
    public = module._public
    monkeypatch.setattr(module, "_public", lambda address: address == "127.0.0.1" or public(address))
    server.routes["/a"] = lambda h: h.answer(302, Location="http://169.254.169.254/latest/meta-data")
    with pytest.raises(SourceError, match=r"169\.254\.169\.254, an address of a private network"):
        get(f"{server.url}/a", allow_private=False)
    assert server.paths() == ["/a"]


def test_a_name_that_leads_to_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        return [(2, 1, 6, "", ("203.0.114.7", port)), (2, 1, 6, "", ("10.0.0.7", port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(SourceError, match=r"news\.example\.org is at 10\.0\.0\.7"):
        get("http://news.example.org/a", allow_private=False)


def test_the_connection_goes_to_the_address_that_was_checked(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    resolve = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *a, **k: resolve("127.0.0.1" if host == "news.example.org" else host, *a, **k),
    )
    server.routes["/a"] = lambda h: h.answer(200, TEXT)
    assert get(f"http://news.example.org:{server.server_port}/a").data == TEXT
    assert server.asked[-1][1]["Host"] == f"news.example.org:{server.server_port}"


def test_a_host_with_a_dead_address_is_reached_at_the_next(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(host: str, port: int, *_: object, **__: object) -> list[tuple[object, ...]]:
        addresses = ("127.0.0.9", "127.0.0.1") if host == "news.example.org" else (host,)  # nobody listens at .9
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    server.routes["/a"] = lambda h: h.answer(200, TEXT)
    assert get(f"http://news.example.org:{server.server_port}/a").data == TEXT


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "0.0.0.0",  # noqa: S104 - not bound to
        "255.255.255.255", "::1", "::", "fe80::1%eth0", "fd00::1", "ff02::1", "::ffff:10.0.0.1", "2002:7f00:1::",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert not module._public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700::1111", "::ffff:93.184.216.34"])
def test_addresses_that_are_public(address: str) -> None:
    assert module._public(address)


def test_robots_txt_is_obeyed(server: Server) -> None:
    rules = b"User-agent: *\nDisallow: /members/\n\nUser-agent: migkg\nDisallow: /members/\nDisallow: /drafts/\n"
    server.routes["/robots.txt"] = lambda h: h.answer(200, rules)
    server.routes["/open"] = server.routes["/drafts/a"] = lambda h: h.answer(200, TEXT)
    web = patient(Clock())
    assert web.fetch(f"{server.url}/open").data == TEXT
    with pytest.raises(SourceError, match=r"robots\.txt asks programs not to read .*/drafts/a") as caught:
        web.fetch(f"{server.url}/drafts/a")
    assert "save the page" in caught.value.todo
    assert server.paths() == ["/open"]
    assert [path for path, _ in server.asked].count("/robots.txt") == 1, "the rules of a site are asked once a run"
    get(f"{server.url}/open")
    assert [path for path, _ in server.asked].count("/robots.txt") == 2, "another run asks again"


def test_robots_txt_is_obeyed_after_a_redirection(server: Server) -> None:
    server.routes["/robots.txt"] = lambda h: h.answer(200, b"User-agent: *\nDisallow: /drafts/\n")
    server.routes["/a"] = lambda h: h.answer(302, Location="/drafts/a")
    with pytest.raises(SourceError, match=r"robots\.txt"):
        get(f"{server.url}/a")
    assert server.paths() == ["/a"]


def test_robots_txt_behind_a_redirection(server: Server) -> None:
    server.routes["/robots.txt"] = lambda h: h.answer(301, Location="/rules")
    server.routes["/rules"] = lambda h: h.answer(200, b"User-agent: *\nDisallow: /\n")
    with pytest.raises(SourceError, match=r"robots\.txt"):
        get(f"{server.url}/a")


@pytest.mark.parametrize("status", [500, 429])
def test_a_site_whose_robots_txt_fails_is_left_alone(server: Server, status: int) -> None:
    server.routes["/robots.txt"] = lambda h: h.answer(status)
    web = patient(Clock())
    for name in ("a", "b"):
        with pytest.raises(SourceError, match=rf"/robots\.txt: the server answered {status}") as caught:
            web.fetch(f"{server.url}/{name}")
        assert caught.value.where == f"{server.url}/{name}"
    assert server.paths() == []
    assert len(server.asked) == 3, "asked patiently once, not again for each page"


@pytest.mark.parametrize(("status", "open_"), [(401, False), (403, False), (404, True), (410, True)])
def test_a_locked_robots_txt_closes_the_site_and_a_missing_one_opens_it(
    server: Server, status: int, open_: bool  # noqa: FBT001 - a parameter of the test
) -> None:
    server.routes["/robots.txt"] = lambda h: h.answer(status)
    server.routes["/a"] = lambda h: h.answer(200, TEXT)
    if open_:
        assert get(f"{server.url}/a").data == TEXT
    else:
        with pytest.raises(SourceError, match=r"robots\.txt asks programs not to read"):
            get(f"{server.url}/a")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("ftp://example.org/a", "starts with http:// or https://"),
        ("http://", "starts with http:// or https://"),
        ("http://[::1/a", "not an address"),
        ("http://example.org:port/a", "not an address"),
        ("http://reader:secret@example.org/a", "user name"),
        ("http://no-such-host.invalid/a", "is not known"),
        (f"http://{'a' * 70}.example/a", "is not known"),
        (f"http://ü{'a' * 70}.example/a", "is not known"),
    ],
)
def test_addresses_that_cannot_be_fetched(url: str, words: str) -> None:
    with pytest.raises(SourceError, match=words) as caught:
        get(url)
    assert "secret" not in str(caught.value).replace(url, "")


def test_a_port_where_nobody_listens() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(SourceError, match=r"the connection failed \(.*, at 3 tries"):
        get(f"http://127.0.0.1:{port}/a")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes its certificate with openssl")
def test_https_verifies_the_name_not_the_address(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=news.example.org",
    ]
    command += ["-addext", "subjectAltName=DNS:news.example.org", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None  # type: ignore[method-assign] # a refused handshake is no news
    server.routes["/a"] = lambda h: h.answer(200, TEXT)
    resolve = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda _, *a, **k: resolve("127.0.0.1", *a, **k))
    with pytest.raises(SourceError, match="no safe connection"):
        get(f"https://news.example.org:{server.server_port}/a")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert get(f"https://news.example.org:{server.server_port}/a").data == TEXT
    with pytest.raises(SourceError, match="no safe connection"):
        get(f"https://other.example.org:{server.server_port}/a")
