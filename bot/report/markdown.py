"""Markdown in which text from a repository stays text.

Paths, names and messages come from whoever opened the pull request, and are shown under the
bot's name. So none of it may mention, link, embed or format. Names go into code spans, where
GitHub resolves no mention, reference or address; prose has its punctuation escaped, and a
zero-width space behind what GitHub looks for after rendering.
"""

import re
import unicodedata
from collections.abc import Iterable

# What Markdown or HTML gives a meaning to anywhere; `$` begins GitHub's mathematics.
_SPECIAL = re.compile(r"[\\`*_\[\]<>|~&$]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", "$": "&#36;"}
# What begins a heading, a list, a quote or a rule at the start of a line.
_BEGINNING = re.compile(r"\A(?:(?=[#+=-])|(\d{1,9})(?=[.)](?:\s|\Z)))")
# What GitHub makes something of in the rendered text: @user, #12, GH-12, https://, www., :tada:
_NOTICED = re.compile(r"@|#(?=\d)|gh-(?=\d)|www(?=\.)|:(?=//|[\w+-]+:)", re.IGNORECASE)
_BREAK = "&#8203;"
# Controls, invisible and direction-changing characters, lone surrogates, line separators.
_UNSHOWABLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def one_line(raw: str) -> str:
    r"""Return `raw` on one line, with what cannot be seen or sent written out (`\u202e`)."""
    return "".join(_shown(character) for character in raw)


def _shown(character: str) -> str:
    if unicodedata.category(character) not in _UNSHOWABLE:
        return character
    return character.encode("unicode_escape").decode("ascii")


def code(raw: str) -> str:
    """Return a code span that shows `raw`, whatever is in it."""
    shown = one_line(raw)
    fence = "`" * (_longest_run(shown) + 1)
    # Markdown takes one space off each end; a backtick at an end would lengthen the fence.
    space = " " if not shown or shown[0] in " `" or shown[-1] in " `" else ""
    return f"{fence}{space}{shown}{space}{fence}"


def prose(raw: str) -> str:
    """Return `raw` as plain words on one line; what stands between backticks becomes code."""
    parts = raw.strip().split("`")
    if len(parts) % 2 == 0:
        parts = [raw.strip()]
    words = "".join(code(part) if at % 2 else _plain(part) for at, part in enumerate(parts))
    return _BEGINNING.sub(r"\1\\", words)


def _plain(raw: str) -> str:
    marked = _NOTICED.sub(lambda found: f"{found[0]}\0", one_line(raw))
    escaped = _SPECIAL.sub(lambda found: _ENTITIES.get(found[0], f"\\{found[0]}"), marked)
    return escaped.replace("\0", _BREAK)


def fenced(raw: str, language: str = "") -> str:
    """Return a code block; the only place where text keeps its lines."""
    fence = fence_around(raw)
    lines = raw.removesuffix("\n")
    return f"{fence}{language}\n{lines}\n{fence}"


def fence_around(raw: str) -> str:
    """Return backticks that `raw` cannot close."""
    return "`" * max(3, _longest_run(raw) + 1)


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)


def row(cells: Iterable[str]) -> str:
    """Return one row of a table; a bar would divide cells even inside a code span."""
    return "| " + " | ".join(markdown.replace("|", r"\|") for markdown in cells) + " |"


def details(summary: str, body: str) -> str:
    """Return `body` folded away under `summary`, which is HTML and must be our own words."""
    return f"<details><summary>{summary}</summary>\n\n{body}\n\n</details>"
