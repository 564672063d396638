"""Pages in a real Chromium, headless: whatever goes wrong in the page, or leaves this machine, fails the test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
LOCAL = ("file:", "data:", "blob:", "about:", "http://127.0.0.1", "http://localhost")
Opener: TypeAlias = Callable[..., Any]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A browser for the tests of a file."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        pytest.skip("Chromium is not installed")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as driver:
        # As root, as in containers, its sandbox does not start.
        alone = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = driver.chromium.launch(executable_path=program, args=alone)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Any) -> Iterator[Opener]:
    """(address or file, options of the context) → the page; errors, console errors and outside requests fail."""
    problems: list[str] = []
    contexts = []

    def opened(address: str | Path, **options: Any) -> Any:
        context = chromium.new_context(**{"viewport": {"width": 1400, "height": 900}, **options})
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(f"error in the page: {error}"))
        page.on("console", lambda told: problems.append(f"console: {told.text}") if told.type == "error" else None)
        page.on("request", lambda asked: None if asked.url.startswith(LOCAL) else problems.append(f"asked {asked.url}"))
        page.route(lambda url: not url.startswith(LOCAL), lambda route: route.abort())
        page.goto(address.as_uri() if isinstance(address, Path) else address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert problems == []
