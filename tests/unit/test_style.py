"""The colours of pages and pictures: enough contrast for all, in light and in dark (WCAG 2.2, criterion 1.4.3)."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from migkg.portal import diagram

CSS = resources.files("migkg.pages").joinpath("static", "style.css").read_text(encoding="utf-8")
# (text, what it stands on)
PAIRS = [
    ("text", "ground"), ("text", "raised"), ("quiet", "ground"), ("quiet", "raised"), ("accent", "ground"),
    ("accent", "raised"), ("accent-strong", "ground"), ("accent-strong", "raised"), ("mark-text", "mark"),
    ("ground", "accent"), ("ground", "accent-strong"),
]  # fmt: skip


def schemes(css: str) -> dict[str, str]:
    light, _, rest = css.partition("prefers-color-scheme: dark")
    return {"light": light, "dark": rest.partition("\n}\n")[0]}


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_the_standard_has_it() -> None:
    assert contrast("#ffffff", "#000000") == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_contrast_of_pages(text: str, ground: str, scheme: str) -> None:
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", schemes(CSS)[scheme]))
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_edges_of_fields_can_be_seen(scheme: str) -> None:
    """Criterion 1.4.11: what shows where a field is, and what has the focus, has a contrast of 3."""
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", schemes(CSS)[scheme]))
    assert "border: 1px solid var(--quiet)" in CSS
    assert ":focus-visible { outline: 3px solid var(--accent)" in CSS
    assert min(contrast(colours[name], colours["ground"]) for name in ("quiet", "accent")) >= 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_of_the_diagram(scheme: str) -> None:
    told = schemes(diagram._STYLE)[scheme]
    grounds = [re.search(rf"\.{name} {{ fill: (#\w+)", told)[1] for name in ("ground", "card", "fact")]  # type: ignore[index]
    plain = re.search(r"\btext {[^}]*fill: (#\w+)", told)[1]  # type: ignore[index]
    others = re.findall(r"\.(?:term|of|quiet)\b[^}]*fill: (#\w+)", told)
    assert len(others) >= 2
    assert min(contrast(text, ground) for text in (plain, *others) for ground in grounds) >= 4.5
