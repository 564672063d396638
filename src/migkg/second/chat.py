"""A language model behind an OpenAI-compatible address as a second reader.

It is asked for facts, part by part of an article, and believed in nothing: see `ground`. The address may be a private
one, for models often run on the same machine; the key comes from the environment alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from ipaddress import ip_address
from pathlib import Path
from socket import gaierror
from typing import Any
from urllib.parse import urlsplit

from migkg.errors import ReaderError, SourceError
from migkg.extract import Claims
from migkg.extract.document import Document
from migkg.fetch import Web
from migkg.model import Agent, Finding, Span
from migkg.reference import Reference
from migkg.second.answers import LOST, REASONS, UNREAD, Dropped, parse, read_told, shown
from migkg.second.ground import Draft, ground, stand
from migkg.second.kinds import prompt, rule, schema

PREFIX = "llm:"
KEY, MODEL, TIMEOUT = "MIGKG_LLM_KEY", "MIGKG_LLM_MODEL", "MIGKG_LLM_TIMEOUT"
_SECONDS = 120.0  # a model on a small machine takes its time
_MAX_BYTES = 2 * 1024 * 1024
_PART = 6000  # code points of text in one question: what models with a small window take, with the instructions
_FACTS = 200  # of one answer
# Every other question would meet these too.
_REFUSED = {
    401: f"Set the environment variable {KEY} to a key that the server knows.",
    403: f"Set the environment variable {KEY} to a key that may use this model.",
    404: "Check the address, which mostly ends in /v1, and the name of the model behind #.",
    405: "Check the address, which mostly ends in /v1.",
}


@dataclass(frozen=True, slots=True)
class ChatReader:
    """A model behind an address.

    :param answers: folder in which answers are kept, so that the same question is asked once; None keeps none.
    """

    agent: Agent
    url: str
    model: str
    web: Web
    answers: Path | None = None

    def read(self, claims: Claims, reference: Reference) -> Claims:
        """Add the facts that the model tells and the text proves."""
        name, document = self.agent.name, claims.reading.document
        drafts: list[Draft] = []
        lost: list[tuple[str, str, str]] = []
        for number, part in enumerate(parts(document), 1):
            where = f"part {number}"
            try:
                told = parse(self._ask(document, part))
            except _NoAnswerError as error:
                lost.append(("no-answer", where, str(error)))
                continue
            except ValueError:
                lost.append(("bad-json", where, ""))
                continue
            if len(told) > _FACTS:
                lost.append(("too-many", where, f"{len(told) - _FACTS:,} facts"))
            for index, raw in enumerate(told[:_FACTS], 1):
                place = f"{where}, fact {index}"
                try:
                    drafts.append(stand(read_told(raw, place), part, claims.reading))
                except Dropped as dropped:
                    lost.append((dropped.reason, place, shown(raw)))
        done, unsound = ground(drafts, claims, reference, name, rule())
        for one, reason, slot in unsound:
            what = f"{one.kind.name} {slot}".strip()
            lost.append((reason, one.place, shown({"kind": what, "evidence": one.evidence})))
        findings = tuple(
            Finding(
                "warning" if reason in UNREAD else "info", LOST + reason, "",
                f"{name}: {REASONS[reason]}.", path=name, value=f"{place}: {what}".removesuffix(": "),
                article=document.article.id,
            )
            for reason, place, what in lost
        )  # fmt: skip
        return replace(
            done, readers=done.readers | {name}, agents=(*done.agents, self.agent), findings=(*done.findings, *findings)
        )

    def _ask(self, document: Document, part: Span) -> str:
        """The model's answer about a part of the text: kept from an earlier time, or asked for now."""
        article = document.article
        # JSON keeps the text apart from the question, whatever stands in it.
        asked = {
            "language": article.lang, "published": str(article.published) if article.published else None,
            "title": article.title or (document.title.of(document.text) if document.title else None),
            "text": part.of(document.text),
        }  # fmt: skip
        body = {
            "model": self.model,
            "temperature": 0,
            "messages": [
                {"role": "system", "content": prompt()},
                {"role": "user", "content": json.dumps(asked, ensure_ascii=False)},
            ],
        }
        digest = hashlib.sha256(f"{self.url}\n{json.dumps(body, sort_keys=True)}".encode()).hexdigest()
        kept = self.answers / f"{digest}.json" if self.answers else None
        if kept is not None and (content := _kept(kept)) is not None:
            return content
        shape = {"type": "json_schema", "json_schema": {"name": "facts", "schema": schema()}}
        status, data = self._post({**body, "response_format": shape})
        if status in (400, 422, 501):
            status, data = self._post(body)  # a server that takes no schema; the instructions describe it too
        if status != 200:
            raise _NoAnswerError(f"the server answered {status}")
        content = _content(data)
        if kept is not None:
            _keep(kept, content)
        return content

    def _post(self, body: dict[str, Any]) -> tuple[int, bytes]:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if key := os.environ.get(KEY, "").strip():
            headers["Authorization"] = f"Bearer {key}"
        address = f"{self.url}/chat/completions"
        try:
            status, data = self.web.post(address, json.dumps(body).encode(), headers)
        except SourceError as error:
            if not _reached(error):
                todo = "Check that the server runs, and its address."
                raise ReaderError(error.what, where=f"{PREFIX}{self.url}", todo=todo) from error
            raise _NoAnswerError(error.what) from error
        if status in _REFUSED:
            raise ReaderError(f"the server answered {status}", where=f"{PREFIX}{self.url}", todo=_REFUSED[status])
        return status, data


class _NoAnswerError(Exception):
    """One question got no answer; another may."""


def open_chat(named: str, answers: Path | None = None) -> ChatReader:
    """A reader by its address and the name of its model: `http://127.0.0.1:8080/v1#some-model`.

    :raises ReaderError: for no address, no model, or a key that would travel in plain text.
    """
    where = PREFIX + named.partition("#")[0]
    url, _, model = named.partition("#")
    model = model or os.environ.get(MODEL, "").strip()
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise ReaderError(f"not an address: {error}", where=PREFIX, expected="llm:https://host/v1#MODEL") from error
    if parts.scheme not in ("http", "https") or not host:
        raise ReaderError("no address", where=where, expected="llm:https://host/v1#MODEL")
    if parts.username is not None or parts.query:
        todo = f"Leave it out; a key goes into the environment variable {KEY}."
        raise ReaderError("the address holds a user name or a query", where=PREFIX + host, todo=todo)
    if not model:
        todo = f"Name it behind #, or in the environment variable {MODEL}."
        raise ReaderError("no model is named", where=where, expected=f"{where}#MODEL", todo=todo)
    key = os.environ.get(KEY, "").strip()
    if key and not (key.isascii() and key.isprintable()):
        raise ReaderError(f"the value of {KEY} is no key", where=where, expected="printable ASCII characters")
    if key and parts.scheme == "http" and not _loopback(host):
        todo = f"Use https://, or unset {KEY}."
        raise ReaderError("the key would travel unencrypted", where=where, todo=todo)
    web = Web(_MAX_BYTES, timeout=_timeout(where), allow_private=True)
    return ChatReader(Agent(PREFIX + model, model), url.rstrip("/"), model, web, answers)


def _timeout(where: str) -> float:
    stated = os.environ.get(TIMEOUT, "").strip()
    try:
        seconds = float(stated or _SECONDS)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 1e6:
        raise ReaderError(f'{TIMEOUT} is "{stated}"', where=where, expected="seconds, such as 300")
    return seconds


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _reached(error: SourceError) -> bool:
    """Whether the server took the connection: then the question was too much for it, and the next may not be."""
    from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, SSLError

    nobody = (ConnectTimeoutError, NewConnectionError, SSLError, gaierror, UnicodeError)
    return not isinstance(error.__cause__, nobody)


def _content(data: bytes) -> str:
    """The text of an answer in the form of the chat completions API."""
    try:
        message = json.loads(data)["choices"][0]["message"]["content"]
    except (ValueError, RecursionError, LookupError, TypeError):
        message = None
    if not isinstance(message, str):
        raise _NoAnswerError("the answer is not in the form of the chat completions API")
    return message


def _kept(file: Path) -> str | None:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))["content"]
    except (OSError, ValueError, LookupError, TypeError):
        return None
    return content if isinstance(content, str) else None


def _keep(file: Path, content: str) -> None:
    """Write aside and put in place at once: other processes may write the same answer."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=file.parent, suffix=".part", delete=False) as out:
        json.dump({"content": content}, out, ensure_ascii=False)
    Path(out.name).replace(file)


def parts(document: Document) -> Iterator[Span]:
    """The text without its menus in parts of whole paragraphs; a long paragraph is cut between sentences."""
    pieces: list[Span] = []
    for block in document.blocks:
        if block.kind == "menu":
            continue
        whole = block.span
        if whole.end - whole.start <= _PART:
            pieces.append(whole)
        else:
            pieces += [s.span for s in document.sentences if whole.holds(s.span)]
    part: Span | None = None
    for piece in pieces:
        if part is not None and piece.end - part.start > _PART:
            yield part
            part = None
        part = part.join(piece) if part is not None else piece
    if part is not None:
        yield part
