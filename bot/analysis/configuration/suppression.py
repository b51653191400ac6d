"""Comments that take a finding back: `# awaited: ignore[AWT103] until=2027-01-01 reason`.

Only comments count, never text in a string that looks like one. A comment that merely begins
with "awaited:" and goes on in other words is a comment like any other.
"""

import re
import tokenize
from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from bot.analysis.configuration.spelling import did_you_mean
from bot.analysis.finding import Location
from bot.analysis.source.source import Source

MARK = b"awaited:"
"""A file whose bytes lack this has no suppressions."""

UNUSED_SUPPRESSION = "AWT003"
"""The rule that may turn up after a fix: what it repaired had been suppressed somewhere too."""

_LINE, _FILE = "ignore", "ignore-file"
_OURS = re.compile(r"#\s*awaited:.*")
_VERBS = (_LINE, _FILE)
_DIRECTIVE = re.compile(
    r"#\s*awaited:\s*(?P<verb>[\w-]+)"
    r"(?P<list>\s*\[(?P<rules>[^\]]*)(?P<closed>\])?)?(?P<reason>.*)"
)
# Another comment behind ours, for another tool; a hash with a number is part of a reason.
_NEXT = re.compile(r"\s#\s*[A-Za-z]")
_UNTIL = re.compile(r"(?:^|\s)until=(?P<day>\S*)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class Suppression(Struct, frozen=True):
    """One comment, or the part of it that is meant for us.

    Attributes:
        location: from its `#` to its end.
        start: offset of its `#` in the text of the file, in characters.
        end: offset behind its last character.
        whole_file: whether it is about the file, and not about its line.
        rules: codes or names as they are written; none for every rule.
        until: the last day on which it holds.
    """

    location: Location
    start: int
    end: int
    whole_file: bool
    rules: tuple[str, ...] = ()
    until: date | None = None

    def is_expired(self, today: date | None) -> bool:
        """Whether its last day has passed."""
        return today is not None and self.until is not None and self.until < today


class Malformed(Struct, frozen=True):
    """A comment that was meant for us and cannot be understood, and what to write instead."""

    location: Location
    message: str


def suppressions(source: Source) -> Iterator[Suppression | Malformed]:
    """Yield the suppressions of a file, in order."""
    for line, column, text in _comments(source):
        start = source.line_starts[line - 1] + column
        found = _OURS.search(text)
        if found is not None:
            yield from _read(source, start + found.start(), _own_part(found.group()))


def _comments(source: Source) -> Iterator[tuple[int, int, str]]:
    """Yield line (from one), column (from zero) and text of each comment."""
    bounds = [*source.line_starts, len(source.text)]
    lines = (source.text[bounds[n] : bounds[n + 1]] for n in range(len(bounds) - 1))
    try:
        for token in tokenize.generate_tokens(lambda: next(lines, "")):
            if token.type == tokenize.COMMENT:
                yield *token.start, token.string
    except (tokenize.TokenError, SyntaxError):
        # Newer syntax than this interpreter's tokenizer knows; what came before it counts.
        return


def _own_part(text: str) -> str:
    following = _NEXT.search(text)
    return text[: following.start()].rstrip() if following else text.rstrip()


def _read(source: Source, start: int, text: str) -> Iterator[Suppression | Malformed]:
    place = Location(source.path, *source.position(start), *source.position(start + len(text)))
    found = _DIRECTIVE.match(text)
    if found is None or _is_prose(found):
        return
    if mistake := _mistake(found):
        yield Malformed(place, mistake)
        return
    until = _UNTIL.search(found["reason"])
    yield Suppression(
        place,
        start,
        start + len(text),
        whole_file=found["verb"] == _FILE,
        rules=tuple(_words(found)),
        until=_day(until["day"]) if until else None,
    )


def _is_prose(found: re.Match[str]) -> bool:
    """Whether a comment only happens to begin like one of ours."""
    verb = found["verb"]
    if verb in _VERBS:
        return False
    return found["list"] is None or not did_you_mean(verb, _VERBS)


def _mistake(found: re.Match[str]) -> str:
    """Return what is wrong with a comment, empty if nothing is."""
    verb = found["verb"]
    if verb not in _VERBS:
        return f"`{verb}` means nothing{did_you_mean(verb, _VERBS)}"
    if found["list"] is not None and not (found["closed"] and any(_words(found))):
        return f"name the rules in the brackets: `# awaited: {verb}[AWT103]`"
    until = _UNTIL.search(found["reason"])
    if until and _day(until["day"]) is None:
        return f"`until={until['day']}` is no day: write it as `until=2027-01-31`"
    return ""


def _words(found: re.Match[str]) -> Iterator[str]:
    words = (word.strip() for word in (found["rules"] or "").split(","))
    return (word for word in words if word)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
