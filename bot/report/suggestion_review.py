"""Suggestions as the comments of a review, and what the review says of them as a whole."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from bot.analysis.finding import Finding
from bot.analysis.fix import Safety
from bot.report.markdown import code, fence_around, prose
from bot.report.suggestions import Suggestion
from bot.report.wording import counted, listed, sentence

_FINGERPRINT = re.compile(r"<!-- awaited:suggestion:([0-9a-f]{16}) -->")
_BLOCK = re.compile(
    r"^(?P<fence>`{3,})suggestion\n(?P<new>.*?)^(?P=fence)$", re.DOTALL | re.MULTILINE
)
_KEY = re.compile(r"[\w.:/-]{1,200}", re.ASCII)
# More are counted, not named.
_NAMED = 5


class LineComment(msgspec.Struct, frozen=True):
    """A comment on lines of the right side of a diff, as GitHub takes it.

    Attributes:
        start_line: None for a comment on one line.
        line: the last line.
    """

    path: str
    start_line: int | None
    line: int
    body: str


def comments_of(suggestions: Sequence[Suggestion]) -> tuple[LineComment, ...]:
    """Return one comment for each suggestion."""
    return tuple(_comment(one, _companions(one, suggestions)) for one in suggestions)


def fingerprint(suggestion: Suggestion) -> str:
    """Return what a suggestion is known again by, on whatever lines its text has come to stand."""
    parts = [
        suggestion.path,
        suggestion.before.hex(),
        suggestion.after.hex(),
        *(f"{one.code} {one.symbol}" for one in suggestion.findings),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def fingerprint_in(body: str) -> str | None:
    """Return the fingerprint in a comment of ours; None if it is no suggestion."""
    found = _FINGERPRINT.search(body)
    return found[1] if found else None


def is_made(body: str, content: bytes, start: int, end: int) -> bool:
    """Whether a file already has what a comment of ours suggests for some of its lines.

    A line that was put above or below those lines leaves them as they are, and so GitHub takes
    the suggestion for one that can still be applied.
    """
    block = _BLOCK.search(body)
    if block is None:
        return False
    lines, new = _lines(content.decode(errors="replace")), _lines(block["new"])[:-1]
    old = lines[start - 1 : end]
    return any(
        new[above : above + len(old)] == old
        and lines[start - 1 - above : start - 1 - above + len(new)] == new
        for above in range(min(start, len(new) - len(old) + 1))
    )


def _lines(text: str) -> list[str]:
    return [line.removesuffix("\r") for line in text.split("\n")]


def request_mark(key: str) -> str:
    """Return what stands in the review that a request made, for it to be known again.

    Raises:
        ValueError: the key could not stand in an HTML comment.
    """
    if not _KEY.fullmatch(key) or "--" in key:
        raise ValueError(f"{key!r} cannot stand in an HTML comment")
    return f"<!-- awaited:review:{key} -->"


def missing(suggestions: Sequence[Suggestion], posted: Iterable[str]) -> tuple[Suggestion, ...]:
    """Return the suggestions that are not among those with these fingerprints."""
    there = Counter(posted)
    result: list[Suggestion] = []
    for one in suggestions:
        mark = fingerprint(one)
        if there[mark]:
            there[mark] -= 1
        else:
            result.append(one)
    return tuple(result)


def review_body(suggestions: Sequence[Suggestion], *, head_sha: str) -> str:
    """Return what stands above the comments of a review."""
    findings = dict.fromkeys(one for each in suggestions for one in each.findings)
    what = counted(len(findings), "problem")
    batch = (
        "To make them all in one commit, choose **Add suggestion to batch** at each of them on "
        "the page of changed files, then **Commit suggestions**."
    )
    return f"What fixes {what} at {head_sha}, to be applied from here. {batch}"


def _companions(
    suggestion: Suggestion, suggestions: Sequence[Suggestion]
) -> tuple[Suggestion, ...]:
    """Return the others that share a fix with a suggestion."""
    mine = set(suggestion.findings)
    return tuple(
        one for one in suggestions if one is not suggestion and not mine.isdisjoint(one.findings)
    )


def _comment(suggestion: Suggestion, companions: Sequence[Suggestion]) -> LineComment:
    parts = [*_what(suggestion), _block(suggestion), *_together(suggestion, companions)]
    mark = f"<!-- awaited:suggestion:{fingerprint(suggestion)} -->"
    return LineComment(
        path=suggestion.path,
        start_line=suggestion.start if suggestion.start < suggestion.end else None,
        line=suggestion.end,
        body="\n\n".join([*parts, mark]),
    )


def _what(suggestion: Suggestion) -> list[str]:
    lines = [_line(one) for one in suggestion.findings[:_NAMED]]
    more = len(suggestion.findings) - _NAMED
    if more > 0:
        lines.append(f"- and {counted(more, 'more problem')}")
    return ["\n".join(lines)] if len(lines) > 1 else [lines[0].removeprefix("- ")]


def _line(finding: Finding) -> str:
    symbol = f" in {code(finding.symbol)}" if finding.symbol else ""
    fix = finding.fix
    done = f": {prose(sentence(fix.title))}" if fix else ""
    unsafe = " (unsafe)" if fix and fix.safety is Safety.UNSAFE else ""
    return f"- **{finding.code}** {code(finding.name)}{symbol}{unsafe}{done}"


def _block(suggestion: Suggestion) -> str:
    text = suggestion.after.decode()
    fence = fence_around(text)
    end = "" if not text or text.endswith("\n") else "\n"
    return f"{fence}suggestion\n{text}{end}{fence}"


def _together(suggestion: Suggestion, companions: Sequence[Suggestion]) -> list[str]:
    if not companions:
        return []
    places = [_place(one, suggestion.path) for one in companions[:_NAMED]]
    more = len(companions) - _NAMED
    if more > 0:
        places.append(f"{more:,} more")
    noun = "suggestion" if len(companions) == 1 else "suggestions"
    return [f"Apply it together with the {noun} on {listed(places)}: one does not work alone."]


def _place(suggestion: Suggestion, path: str) -> str:
    elsewhere = "" if suggestion.path == path else f" of {code(suggestion.path)}"
    return f"line {suggestion.end}{elsewhere}"
