"""The command `/fix-async`, as people write it into comments. Pure.

A command stands at the start of a line, among the author's own words: not in a quote, in code
or in an HTML comment. A line right below a quote counts although Markdown draws it into the
quote: "quote reply" puts `>` before every line, so a line without it was typed by hand.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

_COMMAND = re.compile(r" {0,3}/fix-async(?!\S)(?P<words>.*)", re.IGNORECASE)
_FENCE = re.compile(r" {0,3}(?P<run>`{3,}(?=[^`]*$)|~{3,})")
# What hides the lines up to its end; the tags are those that show their text as code or quote.
_HIDING = re.compile(r"<!--|<(?P<tag>pre|blockquote)(?![\w-])", re.IGNORECASE)
# What a telephone makes of two hyphens.
_DASHES = re.compile("^[\N{EN DASH}\N{EM DASH}]")

_WORDS_LIMIT = 5
_WORD_LENGTH_LIMIT = 40


@dataclass(frozen=True, slots=True)
class FixCommand:
    """What one command asks for.

    Attributes:
        unsafe: fixes that change what others share are wanted too.
        unknown: words that mean nothing, shortened; such a command is explained, not obeyed.
    """

    unsafe: bool = False
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """A word behind the command: what it does to it, and what the help says of it."""

    apply: Callable[[FixCommand], FixCommand]
    meaning: str


OPTIONS: Mapping[str, Option] = {
    "--unsafe": Option(
        lambda command: replace(command, unsafe=True),
        "also commits fixes that change what other code shares, or what you may have meant",
    ),
}


def usage() -> tuple[tuple[str, str], ...]:
    """Return what can be written, and what it does."""
    options = ((f"/fix-async {word}", option.meaning) for word, option in OPTIONS.items())
    return ("/fix-async", "commits the safe fixes to the branch of this pull request"), *options


def asked(body: str, previous: str = "") -> FixCommand | None:
    """Return what a comment asks for: all its commands as one, None without any.

    Args:
        body: the comment.
        previous: what it was before an edit; commands that were there are not repeated.
    """
    new = Counter(_commands(body)) - Counter(_commands(previous))
    if not new:
        return None
    unknown = tuple(word for command in new for word in command.unknown)
    return FixCommand(any(each.unsafe for each in new), unknown[:_WORDS_LIMIT])


def _commands(body: str) -> Iterator[FixCommand]:
    for line in _own_lines(body):
        if match := _COMMAND.fullmatch(line):
            yield _command(match["words"].split())


def _command(words: list[str]) -> FixCommand:
    command = FixCommand()
    for word in words:
        option = OPTIONS.get(_DASHES.sub("--", word).lower())
        if option:
            command = option.apply(command)
        else:
            command = replace(command, unknown=(*command.unknown, word[:_WORD_LENGTH_LIMIT]))
    return command


def _own_lines(body: str) -> Iterator[str]:
    """Yield the lines that are neither within a fence nor hidden by a tag."""
    end: re.Pattern[str] | None = None
    for line in re.split(r"\r\n|\r|\n", body):
        if end is None:
            yield line
            end = _hidden_until(line)
        elif end.search(line):
            end = None


def _hidden_until(line: str) -> re.Pattern[str] | None:
    if fence := _FENCE.match(line):
        mark = re.escape(fence["run"][0])
        return re.compile(rf"^ {{0,3}}{mark}{{{len(fence['run'])},}}\s*$")
    words = _without_code_spans(line)
    at = 0
    while hiding := _HIDING.search(words, at):
        closed_by = f"</{hiding['tag']}" if hiding["tag"] else "-->"
        end = re.compile(closed_by, re.IGNORECASE)
        closing = end.search(words, hiding.end())
        if not closing:
            return end
        at = closing.end()
    return None


def _without_code_spans(line: str) -> str:
    """Return the line without what stands between runs of equally many backticks."""
    pieces = re.split("(`+)", line)
    words: list[str] = []
    while pieces:
        words.append(pieces.pop(0))
        run = pieces.pop(0) if pieces else ""
        if run in pieces[1::2]:
            del pieces[: pieces.index(run, 1) + 1]
    return " ".join(words)
