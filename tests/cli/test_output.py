"""Printing to terminals, pipes, and to nobody."""

import io
import os
import pty
import sys

import pytest

from bot.cli.output import print_bytes, print_lines
from bot.report.text import Line, Style

LINES = [Line.of(("path", Style.PATH), " [*] [bold]not markup[/bold] 'x' é ☃")]


def test_a_terminal_gets_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    controller, terminal = pty.openpty()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)

    with open(terminal, "w", encoding="utf-8") as stream:  # noqa: PTH123 - a descriptor
        monkeypatch.setattr(sys, "stdout", stream)
        print_lines(LINES)
        shown = os.read(controller, 4096).decode()
    os.close(controller)

    assert shown == "\x1b[1mpath\x1b[0m [*] [bold]not markup[/bold] 'x' é ☃\r\n"


@pytest.mark.parametrize(("encoding", "shown"), [("utf-8", "é ☃"), ("latin-1", "é \\u2603")])
def test_what_an_encoding_lacks_is_escaped(
    monkeypatch: pytest.MonkeyPatch, encoding: str, shown: str
) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", stream)

    print_lines(LINES)

    stream.seek(0)
    assert stream.read() == f"path [*] [bold]not markup[/bold] 'x' {shown}\n"


def test_errors_go_to_standard_error(capfd: pytest.CaptureFixture[str]) -> None:
    print_lines(LINES, err=True)

    assert capfd.readouterr().out == ""


def test_nobody_to_print_to_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)

    print_lines(LINES)
    print_bytes(b"x")


def test_a_reader_that_went_away_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    os.close(reading)

    with open(writing, "w", encoding="utf-8") as stream:  # noqa: PTH123 - a descriptor
        monkeypatch.setattr(sys, "stdout", stream)
        print_lines(LINES)
        print_bytes(b"more")
