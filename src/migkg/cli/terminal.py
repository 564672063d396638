"""How the command line meets its surroundings: streams, pipes, Ctrl-C, progress, completion."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from migkg.errors import MigkgError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from migkg.tables import Line

INTERRUPTED = 130  # 128 + SIGINT, as of a shell


class Commands(click.Group):
    """Commands in the order of a first day's work, and every error of ours as one message."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The commands in the order in which they are written."""
        return list(self.commands)

    def main(self, *args: Any, **options: Any) -> Any:
        """Run the program; all that is printed may meet a full disk, even the help."""
        try:
            return super().main(*args, **options)
        except OSError as error:
            _let_go_of_output()
            place = f"{error.filename}: " if error.filename else ""
            say(f"migkg: {place}the output could not be written ({error.strerror or error}).")
            sys.exit(2)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command, and turn what may go wrong into a message and an exit code."""
        _set_streams()
        try:
            try:
                return super().invoke(ctx)
            finally:
                sys.stdout.flush()  # not at exit, where a closed pipe would be reported
        except MigkgError as error:
            say(f"migkg: {error}")
            ctx.exit(error.exit_code)
        except BrokenPipeError:  # the reader of a pipe has seen enough
            _let_go_of_output()
            ctx.exit(0)
        except KeyboardInterrupt:
            kept = "; the former graph is untouched" if ctx.invoked_subcommand == "build" else ""
            say(f"migkg: stopped{kept}.")
            ctx.exit(INTERRUPTED)


def _let_go_of_output() -> None:
    """What is still in the buffer must not raise again when the interpreter ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _set_streams() -> None:
    """Files and pipes get UTF-8 in every locale; a terminal that lacks a character shows a question mark."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(**({"errors": "replace"} if stream.isatty() else {"encoding": "utf-8"}))


def complete(names: Callable[[], Iterable[str]]) -> Callable[..., list[CompletionItem]]:
    """Completion of a name out of a list that is loaded when it is needed."""

    def found(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG001
        from click.shell_completion import CompletionItem

        try:
            return [CompletionItem(name) for name in names() if name.startswith(incomplete)]
        except MigkgError:
            return []  # a shell has no place for messages

    return found


def width() -> int:
    """Cells across: of the terminal, or of $COLUMNS; a pipe has no width of its own."""
    from migkg.tables import WIDTH

    return shutil.get_terminal_size((WIDTH, 24)).columns


def say(message: str) -> None:
    """A message on standard error; what it cites may be anything."""
    from migkg.tables import clean

    click.echo("\n".join(map(clean, message.split("\n"))), err=True)


def print_lines(lines: Iterable[Line], *, err: bool = False) -> None:
    """Print lines with their styles, where the stream is a terminal that can show them."""
    from migkg.tables import clean

    def styled(text: str, style: str) -> str:
        return click.style(clean(text), **{style: True}) if style else clean(text)

    bare = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    if text := "".join("".join(styled(*piece) for piece in line) + "\n" for line in lines):
        click.echo(text, nl=False, err=err, color=False if bare else None)


def print_json(value: Any) -> None:
    """Print a value as JSON; dates and decimal numbers as strings."""
    import json

    click.echo(json.dumps(value, ensure_ascii=False, indent=1, default=str))


class Progress:
    """A progress bar on a terminal; a plain line now and then elsewhere. In a `with` statement, gives the callback.

    :param doing, done: what is told of the work going on, and of a tenth that is finished.
    """

    def __init__(self, doing: str = "Reading", done: str = "articles read") -> None:
        self.doing, self.done = doing, done

    def __enter__(self) -> Callable[..., None]:
        self.bar: Any = None
        self.tenths = 0
        if not sys.stderr.isatty():
            return self.plain
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        self.bar = Progress(
            TextColumn(self.doing), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
            TextColumn("{task.description}", markup=False), console=Console(file=sys.stderr), transient=True,
        )  # fmt: skip
        self.bar.__enter__()
        self.task = self.bar.add_task("", total=None)
        return self.fancy

    def fancy(self, done: int, total: int, source: str, part: str = "") -> None:
        """Move the bar."""
        described = " ".join(word for word in (Path(source).name[:40], part) if word)
        self.bar.update(self.task, completed=done, total=total, description=described)

    def plain(self, done: int, total: int, source: str, part: str = "") -> None:
        """Print a line for each tenth of a long build, and for parts of a long source."""
        if part:
            say(f"{Path(source).name}: {part}")
        elif total >= 100 and done * 10 // total > self.tenths:
            self.tenths = done * 10 // total
            say(f"{done:,} of {total:,} {self.done}")

    def __exit__(self, *problem: object) -> None:
        if self.bar is not None:
            self.bar.__exit__(*problem)
