"""All checks of a release, their table, and their report as Markdown and as RDF."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from migkg.model import Table
from migkg.pages.links import LANGUAGES
from migkg.portal.check import Check, Pack
from migkg.portal.files import check_files
from migkg.portal.probes import run_probes
from migkg.portal.shacl import other_shapes, own_shapes
from migkg.portal.sheet import Sheet
from migkg.portal.words import words

_COLUMNS = ("group", "check", "result", "violations", "warnings", "looked_at")
_STARS = "5-star"
_SHOWN = 20  # findings of one check in the report for people; all are in report.ttl


def run_checks(folder: Path, shapes: Path | None = None) -> tuple[Check, ...]:
    """Check a release.

    :param shapes: a folder with shapes of others, as those of DCAT-AP.
    :raises GraphError: when the folder is no release of ours, or a file of it cannot be read.
    :raises DataError: when the folder of shapes is missing or broken.
    """
    pack = Pack(folder)
    others = other_shapes(pack, shapes) if shapes else ()
    return (*check_files(pack), *own_shapes(pack), *others, *run_probes(pack))


def passed(checks: Sequence[Check]) -> bool:
    """Whether a release may be called good."""
    return all(check.passed for check in checks)


def checks_table(checks: Sequence[Check], *, lang: str = "en") -> Table:
    """One row a check."""
    told = words(lang)
    rows = tuple(
        (check.group, check.title[lang], told[_result(check)], check.count("violation"), check.count("warning"),
         check.looked)
        for check in checks if check.over
    )  # fmt: skip
    return Table(tuple(told[f"column_{name}"] for name in _COLUMNS), rows, told["checks"], notes_of(checks, lang))


def notes_of(checks: Sequence[Check], lang: str) -> tuple[str, ...]:
    """What was left out, and why."""
    return tuple(f"{words(lang)['left_out']}: {note}" for check in checks for note in check.notes.get(lang, ()))


def _result(check: Check) -> str:
    if check.count("violation"):
        return "fails" if check.gate else "noted"
    return "passes"


def write_report(folder: Path, checks: Sequence[Check]) -> None:
    """Put `checks.md`, `checks.id.md` and `report.ttl` into the release.

    :raises OSError: as of the file system.
    """
    for lang in LANGUAGES:
        name = "checks.md" if lang == LANGUAGES[0] else f"checks.{lang}.md"
        (folder / name).write_text("\n".join(_lines(checks, lang)) + "\n", encoding="utf-8")
    (folder / "report.ttl").write_bytes(_report(checks, Pack(folder).base).turtle())


def _lines(checks: Sequence[Check], lang: str) -> Iterator[str]:
    told = words(lang)
    yield f"# {told['checks']}\n"
    severities = Counter(finding.severity for check in checks for finding in check.findings)
    verdict = told["all_passed" if passed(checks) else "not_passed"]
    yield verdict.format(
        number=sum(bool(check.over) for check in checks), violations=severities["violation"],
        warnings=severities["warning"],
    ) + "\n"  # fmt: skip
    stars = [check for check in checks if check.group == _STARS]
    yield from _rows(stars, lang, told["stars"])
    yield from _rows([check for check in checks if check.group != _STARS and check.over], lang, told["checks"])
    if notes := [note for check in checks for note in check.notes.get(lang, ())]:
        yield f"## {told['left_out']}\n"
        yield from (f"- {_cell(note)}" for note in notes)
        yield ""
    found = [check for check in checks if any(finding.severity != "info" for finding in check.findings)]
    if found:
        yield f"## {told['findings']}"
    for check in found:
        yield f"\n### {_cell(check.title[lang])}\n"
        shown = [finding for finding in check.findings if finding.severity != "info"]
        for finding in shown[:_SHOWN]:
            parts = (finding.focus, finding.path, finding.value)
            where = " · ".join(f"`{part}`" for part in parts if part)
            yield f"- {told[finding.severity]}: {where} {_cell(finding.message)}"
        if len(shown) > _SHOWN:
            yield f"- {told['more'].format(number=len(shown) - _SHOWN)} (report.ttl)"


def _rows(checks: Sequence[Check], lang: str, heading: str) -> Iterator[str]:
    told = words(lang)
    yield f"## {heading}\n"
    yield "| " + " | ".join(told[f"column_{name}"] for name in _COLUMNS) + " |"
    yield "|---|---|---|--:|--:|--:|"
    for check in checks:
        numbers = f"{check.count('violation')} | {check.count('warning')} | {check.looked}"
        yield f"| {_cell(check.group)} | {_cell(check.title[lang])} | {told[_result(check)]} | {numbers} |"
    yield ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "\\<").replace("*", "\\*")


def _report(checks: Sequence[Check], base: str) -> Sheet:
    """The findings in the words of SHACL, a report for each check, without blank nodes."""
    sheet = Sheet()
    for number, check in enumerate(checks, 1):
        if not check.over:
            continue
        node = f"{base}report#check-{number}"
        sheet.add(node, "a", "sh:ValidationReport")
        sheet.add(node, "dct:title", check.title)
        sheet.add(node, "dct:subject", check.group)
        sheet.add(node, "sh:conforms", "true" if not check.count("violation") else "false", kind="xsd:boolean")
        for index, finding in enumerate(check.findings, 1):
            result = f"{node}/{index}"
            sheet.add(node, "sh:result", f"<{result}>")
            sheet.add(result, "a", "sh:ValidationResult")
            sheet.add(result, "sh:resultSeverity", f"<{_SEVERITY[finding.severity]}>")
            sheet.add(result, "sh:resultMessage", finding.message)
            if finding.focus:
                sheet.add(result, "sh:focusNode", _node(finding.focus))
            if finding.path.startswith("http"):
                sheet.add(result, "sh:resultPath", _node(finding.path))
            if finding.value:
                sheet.add(result, "sh:value", _node(finding.value))
    return sheet


_SEVERITY = {name: f"http://www.w3.org/ns/shacl#{name.capitalize()}" for name in ("violation", "warning", "info")}


def _node(text: str) -> str:
    """An IRI between angle brackets, or a text."""
    import pyoxigraph as ox

    try:
        return str(ox.NamedNode(text)) if ":" in text else text
    except ValueError:
        return text
