"""The static site in a real browser, opened from a folder: the search, the keyboard, the narrow screen, the colours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from browsers import Opener, chromium, open_page  # noqa: F401 - fixtures
from graphs import DISCUSSION, sited

PAGES = (
    "index.html", "find.html", "browse.html", "articles.html", "queries.html", "queries/people.html", "ont.html",
    "downloads.html", "list/organization.html", "names/i.html", "id/organization/iom.html", "id/policy/gcm.id.html",
    f"id/article/{DISCUSSION[0]}.html", "scheme/gcm.html",
)  # fmt: skip
PHONE = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sited(tmp_path_factory)


def found(page: Any) -> list[str]:
    return list(page.locator("#found a").all_inner_texts())


def test_search(site: Path, open_page: Opener) -> None:  # noqa: F811
    """By acronym, by words in any order, without accents, and from the first page on."""
    page = open_page(site / "index.html")
    page.get_by_role("searchbox").fill("kemlu")
    page.get_by_role("button", name="Find").click()
    page.wait_for_url("**/find.html?q=kemlu")
    assert found(page)[0] == "Ministry of Foreign Affairs of the Republic of Indonesia"
    assert page.get_by_role("status").inner_text().endswith(" found")
    box = page.get_by_role("searchbox")
    for words, first in (
        ("GCM", "Global Compact for Safe, Orderly and Regular Migration"),
        ("migration organization international", "International Organization for Migration"),
        ("ÍNDONÉSIA", "Indonesia"),
        ("penyelenggaraan", "hosting"),
    ):
        box.fill(words)
        assert found(page)[0] == first
    box.fill("qqqq")
    assert found(page) == []
    assert "Nothing was found" in page.get_by_role("status").inner_text()
    box.fill("GCM")
    page.locator("#found a").first.click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("Global Compact")


def test_search_in_indonesian(site: Path, open_page: Opener) -> None:  # noqa: F811
    page = open_page(site / "find.id.html")
    page.get_by_role("searchbox").fill("ministry of foreign affairs")
    assert found(page)[0] == "Kementerian Luar Negeri Republik Indonesia"
    page.locator("#found a").first.click()
    assert page.url.endswith("/organization/id-kemlu.id.html")


def test_without_a_script_the_lists_serve(site: Path, open_page: Opener) -> None:  # noqa: F811
    page = open_page(site / "find.html", java_script_enabled=False)
    page.get_by_role("link", name="G", exact=True).click()
    page.get_by_role("link", name="GCM").first.click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("Global Compact")
    page.get_by_role("link", name="Indonesia", exact=True).first.click()
    assert page.url.endswith("/policy/gcm.id.html")


def test_by_keyboard(site: Path, open_page: Opener) -> None:  # noqa: F811
    """The first stop leads past the menu; each stop can be seen."""
    page = open_page(site / "id/policy/gcm.html")
    page.keyboard.press("Tab")
    focused = "document.activeElement"
    assert page.evaluate(f"{focused}.textContent") == "Skip to content"
    assert page.evaluate(f"{focused}.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate(f"document.querySelector('main').contains({focused})")
    for _ in range(5):
        assert page.evaluate(f"getComputedStyle({focused}).outlineStyle") == "solid"
        page.keyboard.press("Tab")


@pytest.mark.parametrize("name", PAGES)
def test_on_a_phone_nothing_is_cut(name: str, site: Path, open_page: Opener) -> None:  # noqa: F811
    """No scrolling to the side, letters that can be read, links that a finger meets."""
    page = open_page(site / name, **PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 16
    heights = page.evaluate("[...document.querySelectorAll('header.top a')].map(a => a.getBoundingClientRect().height)")
    assert min(heights) >= 24  # WCAG 2.2, criterion 2.5.8


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_follow_the_reader(scheme: str, site: Path, open_page: Opener) -> None:  # noqa: F811
    page = open_page(site / "index.html", color_scheme=scheme)
    red = int(page.evaluate("getComputedStyle(document.body).backgroundColor").split("(")[1].split(",")[0])
    assert (red > 200) == (scheme == "light")
