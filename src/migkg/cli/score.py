"""`migkg score`: gold against the graph."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from migkg.cli.terminal import complete, print_json, print_lines, say, width
from migkg.errors import UnknownName

if TYPE_CHECKING:
    from migkg.evaluate.report import Score

_FORMATS = ("table", "json")
_SHOWN = 8  # ids without a partner
_WRONG_DATA, _BAD_INPUT = 1, 2


def _kinds() -> Iterable[str]:
    from migkg.evaluate.matching import KINDS

    return KINDS


@click.command(short_help="Score the graph against gold.")
@click.argument("gold", type=click.Path(path_type=Path))
@click.argument("texts", type=click.Path(path_type=Path))
@click.option("--cut", is_flag=True, help="Leave out a last sentence that the text breaks off.")
@click.option("--by-article", is_flag=True, help="Also a table by article.")
@click.option("--errors", is_flag=True, help="List every miss and false alarm with its sentence, one a line.")
@click.option(
    "--kind", "kinds", multiple=True, metavar="KIND", shell_complete=complete(_kinds),
    help="Only this kind; may be given several times.",
)  # fmt: skip
@click.option("--reader", "readers", multiple=True, metavar="READER", help="Who reads, as with migkg build.")
@click.option("--floors", "floors_file", type=click.Path(path_type=Path), help="Fail when a kind fell below its floor.")
@click.option("--pin", "pinned", is_flag=True, help="Write the floors; on the same gold they only rise.")
@click.option("--seed", default=0, show_default=True, help="Seed of the bootstrap.")
@click.option("--samples", default=1000, show_default=True, type=click.IntRange(0), help="Samples of the bootstrap.")
@click.option(
    "--format", "form", default="table", show_default=True, shell_complete=complete(lambda: _FORMATS),
    help="table or json.",
)  # fmt: skip
def score(
    gold: Path, texts: Path, kinds: tuple[str, ...], readers: tuple[str, ...], floors_file: Path | None, seed: int,
    samples: int, form: str, *, cut: bool, by_article: bool, errors: bool, pinned: bool,
) -> None:  # fmt: skip
    """Score what the graph says of TEXTS against GOLD: precision, recall and F1 of each kind.

    GOLD is a folder of ID.yaml or one such file, TEXTS a folder of articles ID.txt, ID.md, ID.html … or one of them.

    \b
    Examples:
      migkg score gold/ texts/
      migkg score gold/ texts/ --cut --errors --kind people --kind roles
    """
    from migkg.evaluate import evaluate
    from migkg.evaluate.report import article_table, error_lines, score_json, score_table
    from migkg.reference import load_reference
    from migkg.second import checked, open_readers
    from migkg.tables import clean, show
    from migkg.workers import read_one

    if pinned and floors_file is None:
        raise click.UsageError("--pin needs --floors FILE.")
    if form not in _FORMATS:
        raise UnknownName("format", form, _FORMATS)
    for kind in kinds:
        if kind not in _kinds():
            raise UnknownName("kind", kind, _kinds())
    shown = tuple(kinds or _kinds())
    reference, reading = load_reference(), open_readers(checked(readers))
    found = evaluate(
        gold, texts, lambda article: read_one(article, reference, reading), cut=cut, seed=seed, samples=samples
    )
    for ids, what in ((found.without_text, "Gold without a text"), (found.without_gold, "Texts without gold")):
        if ids:
            more = f" and {len(ids) - _SHOWN:,} more" if len(ids) > _SHOWN else ""
            say(f"{what}: {', '.join(ids[:_SHOWN])}{more}")
    for error in found.errors:
        say(f"Left out: {error}")
    if form == "json":
        print_json(score_json(found, shown))
    elif errors:
        for line in error_lines(found, shown):
            click.echo(clean(line))
    else:
        if by_article:
            print_lines(show(article_table(found, shown), width()))
            click.echo()
        print_lines(show(score_table(found, shown), width()))
    if found.errors:
        raise SystemExit(_BAD_INPUT)
    if floors_file is not None:
        _hold(found, floors_file, pinned=pinned)


def _hold(found: Score, file: Path, *, pinned: bool) -> None:
    """Compare with the floors, or pin them."""
    from migkg.evaluate.floors import fallen, pin, read_floors, write_floors

    if pinned:
        floors = pin(found, read_floors(file) if file.exists() else None)
        write_floors(file, floors)
        say(f"Wrote {file} ({len(floors.floors):,} floors).")
    elif below := fallen(found, read_floors(file)):
        for kind in below:
            say(f"Below its floor: {kind}.")
        raise SystemExit(_WRONG_DATA)
