"""`migkg find`: things by name, articles by words."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from migkg.cli.options import WRONG_DATA, json_option, kg_option, lang_option, open_graph
from migkg.cli.terminal import print_json, print_lines, say, width


@click.command(short_help="Find things by name, and articles by words.")
@click.argument("words", nargs=-1, required=True, metavar="TEXT")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1), help="Things, and articles, to show.")
@json_option
@lang_option
@kg_option
def find(words: tuple[str, ...], limit: int, lang: str, folder: Path, *, as_json: bool) -> None:
    """Find people, organisations, policies, places, events … by name, and articles by their words.

    Names count in both languages, with acronyms and the forms that articles print. All words must be there, the last
    one perhaps only begun; small misspellings are forgiven.

    \b
    Examples:
      migkg find kemlu
      migkg find Global Compct
    """
    text = " ".join(words)
    with open_graph(folder) as graph:
        found = graph.find(text, lang=lang, limit=limit)
    if as_json:
        print_json([asdict(one) for one in found])
    elif found:
        from migkg.lookup import show_found

        print_lines(show_found(found, width()))
    if not found:
        say(f'Nothing is called "{text}", and no article has these words.')
        raise SystemExit(WRONG_DATA)
