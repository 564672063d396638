"""What every page has to be so that all can use it, whoever shows it."""

from __future__ import annotations

from itertools import pairwise

from lxml import html


def check_usable(tree: html.HtmlElement, lang: str, name: str = "") -> None:
    """One heading, landmarks, a language, names for what is filled in, tables with heads, unique ids, no own script."""
    assert tree.get("lang") == lang, name
    assert len(tree.findall(".//h1")) == 1, name
    assert [len(tree.findall(f".//{tag}")) for tag in ("main", "body/header", "body/footer")] == [1, 1, 1], name
    assert tree.xpath("//body/a[1]/@href") == ["#content"], name
    assert all(nav.get("aria-label") for nav in tree.iter("nav")), name
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids)), name
    inside = {a.get("href")[1:] for a in tree.iter("a") if a.get("href").startswith("#")}
    assert inside <= set(ids), name
    labelled = {label.get("for") for label in tree.iter("label")}
    fields = [e for e in tree.iter("input", "textarea", "select") if e.get("type") != "hidden"]
    assert {field.get("id") for field in fields} <= labelled, name
    assert all("".join(a.itertext()).strip() for a in tree.iter("a", "button")), name
    assert all(table.find("caption") is not None and table.find("thead") is not None for table in tree.iter("table"))
    assert all(image.get("alt") for image in tree.iter("img")), name
    assert not [script for script in tree.iter("script") if script.text and script.get("type") != "application/ld+json"]
    assert not [attribute for element in tree.iter() for attribute in element.attrib if attribute.startswith("on")]
    assert not [element for element in tree.iter() if element.get("style") or element.tag == "style"], name
    levels = [int(heading.tag[1]) for heading in tree.iter("h1", "h2", "h3")]
    assert all(after - before <= 1 for before, after in pairwise(levels)), name
