"""Prints: in colour on a terminal only, and a reader that has gone away is no error."""

import os
import sys
from collections.abc import Generator, Iterable
from contextlib import contextmanager

import click

from bot.report.text import Line


def print_lines(lines: Iterable[Line], *, err: bool = False) -> None:
    """Print lines to standard output, or to standard error."""
    stream = sys.stderr if err else sys.stdout
    # Python has none where the caller closed it.
    if stream is None:  # pyright: ignore[reportUnnecessaryComparison]
        return
    if stream.isatty():
        with _patience_with_readers():
            _print_in_colour(lines, err=err)
        return
    text = "".join(f"{line.plain}\n" for line in lines)
    print_bytes(text.encode(stream.encoding, "backslashreplace"), err=err)


def print_bytes(content: bytes, *, err: bool = False) -> None:
    """Print bytes as they are."""
    with _patience_with_readers():
        click.echo(content, nl=False, err=err)


def _print_in_colour(lines: Iterable[Line], *, err: bool) -> None:
    from rich.console import Console  # noqa: PLC0415 - slow to load, for terminals only
    from rich.text import Text  # noqa: PLC0415

    console = Console(stderr=err, highlight=False)
    for line in lines:
        pieces = ((text, style.value) for text, style in line.pieces)
        console.print(Text.assemble(*pieces), soft_wrap=True)


@contextmanager
def _patience_with_readers() -> Generator[None]:
    """Let `awaited check | head` end as it would have ended."""
    try:
        yield
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
