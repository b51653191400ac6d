"""Shell text as simple commands: what a reader of the script sees, with nothing run.

Only what can be known is substituted. What cannot stands in a word as `HIDDEN`, and arguments
that the caller of a script may add (`"$@"`) count as none, because that is how it is run.
"""

import re
from collections.abc import Callable, Iterator

from msgspec import Struct

HIDDEN = "\N{REPLACEMENT CHARACTER}"
"""Stands in a word for text that only a run would tell."""

Lookup = Callable[[str], str | None]

# Bounded and possessive: a script is somebody else's text, and must not make the reader slow.
SUBSTITUTION = (
    r"\$\{\{[^\n]{0,300}?\}\}|\$\{(?:[^{}\n]|\{[^{}\n]{0,300}\}){0,300}+\}"
    r"|\$\((?:[^()]|\((?:[^()]|\([^()]{0,300}\)){0,300}+\)){0,600}+\)"
    r"|\$\d|\$\w+|\$[@*#?!$-]|`[^`]{0,600}`"
)
# Compiled with their first use: that takes longer than most of what a check of one file does.
TOKEN = rf"""(?xs)
    (?P<blank>[ \t\r]+|\\\r?\n)
  | (?P<comment>\#[^\n]*)
  | (?P<redirect>\d*(?:>>|>&|>\||<<<|<&|&>>|&>|>|<)[ \t]*)
  | (?P<operator>&&|\|\||;;|[;&|()\n])
  | (?P<word>(?:[^\s;&|()<>"'\\`$]|\\.|"(?:[^"\\]|\\.)*"|'[^']*'|{SUBSTITUTION}|\$)+)
  | (?P<other>.)
    """
PIECE = (
    rf"""(?s)'(?P<single>[^']*)'|"(?P<double>(?:[^"\\]|\\.)*)"|\\(?P<escaped>.)"""
    rf"|(?P<substitution>{SUBSTITUTION})|(?P<plain>[^\s])"
)
IN_DOUBLE_QUOTES = rf'(?s)\\(?P<escaped>["\\$`])|(?P<substitution>{SUBSTITUTION})|(?P<plain>.)'
HEREDOC = re.compile(r"(?<!<)<<-?[ \t]*(['\"]?)(\w+)\1")
CALLERS_OWN = re.compile(r"\$[@*1-9]|\$\{[@*1-9](?::\d+)?\}")
PARAMETER = re.compile(r"\$(\w+)|\$\{(\w+)(?::?([-=+?])([^{}]*))?\}")


class Command(Struct, frozen=True):
    """One simple command.

    Attributes:
        words: its words, quotes and substitutions resolved.
        line: where it begins, from zero.
        before: the operator in front of it (`&&`, `|`, `(`, a newline ...), "" for the first.
    """

    words: tuple[str, ...]
    line: int
    before: str


def commands(text: str, lookup: Callable[[str], str | None]) -> Iterator[Command]:
    """Yield the commands and, as commands without words, the closing parentheses.

    `lookup` is asked for a variable's value at the moment at which its word is reached; it
    answers None for what it does not know.
    """
    words: list[str] = []
    before, begin, line, redirected = "", 0, 0, False
    for token in re.finditer(TOKEN, _without_heredocs(text)):
        kind, raw = token.lastgroup, token.group()
        if kind == "word" and not redirected:
            begin = begin if words else line
            words += expand(raw, lookup)
        elif kind == "operator":
            if words:
                yield Command(tuple(words), begin, before)
            if raw == ")":
                yield Command((), line, raw)
            words, before = [], raw
        redirected = kind == "redirect" or (redirected and kind == "blank")
        line += raw.count("\n")
    if words:
        yield Command(tuple(words), begin, before)


def split(text: str, lookup: Callable[[str], str | None] = lambda _: None) -> tuple[str, ...]:
    """Return the words of one command line, without looking at operators."""
    found: list[str] = []
    for token in re.finditer(TOKEN, text):
        if token.lastgroup == "word":
            found += expand(token.group(), lookup)
    return tuple(found)


def expand(raw: str, lookup: Callable[[str], str | None]) -> list[str]:
    """Return what one written word becomes: none, one or several words."""
    if CALLERS_OWN.fullmatch(raw.strip('"')):
        return []
    done: list[str] = [""]
    quoted = False
    for piece in re.finditer(PIECE, raw):
        kind = piece.lastgroup
        if kind == "substitution":
            _append_split(done, substitute(piece.group(), lookup))
            continue
        quoted = quoted or kind in {"single", "double"}
        if kind == "double":
            done[-1] += in_double_quotes(piece["double"], lookup)
        else:
            done[-1] += piece["single"] or piece["escaped"] or piece["plain"] or ""
    return done if quoted else [word for word in done if word]


def in_double_quotes(text: str, lookup: Callable[[str], str | None]) -> str:
    """Return text with its substitutions made and nothing split."""
    return "".join(
        substitute(piece.group(), lookup)
        if piece.lastgroup == "substitution"
        else piece["escaped"] or piece["plain"]
        for piece in re.finditer(IN_DOUBLE_QUOTES, text)
    )


def substitute(raw: str, lookup: Callable[[str], str | None]) -> str:
    """Return the value of `$NAME`, `${NAME:-default}` or `$(command)`, HIDDEN if unknown."""
    if CALLERS_OWN.fullmatch(raw):
        return ""
    parameter = PARAMETER.fullmatch(raw)
    if parameter is None:
        known = lookup(raw)
        return HIDDEN if known is None else known
    name, operator = parameter[1] or parameter[2], parameter[3]
    if name.isdigit():
        return parameter[4] if operator in {"-", "="} else ""
    known = lookup(name)
    if operator == "+":
        return parameter[4] if known else ""
    if known is None and operator in {"-", "="}:
        return in_double_quotes(parameter[4], lookup)
    return HIDDEN if known is None else known


def _append_split(done: list[str], value: str) -> None:
    """Append a substituted value as the shell does: unquoted, blanks in it split words."""
    pieces = value.split()
    if not pieces:
        return
    if value[0].isspace() and done[-1]:
        done.append("")
    done[-1] += pieces[0]
    done += pieces[1:]
    if value[-1].isspace():
        done.append("")


def _without_heredocs(text: str) -> str:
    """Return the text with the lines of its here-documents emptied."""
    if "<<" not in text:
        return text
    lines: list[str] = []
    end = ""
    for line in text.split("\n"):
        if end:
            end = "" if line.strip() == end else end
            lines.append("")
            continue
        opened = HEREDOC.search(line)
        end = opened[2] if opened else ""
        lines.append(HEREDOC.sub("", line))
    return "\n".join(lines)
