"""What a change brings to files that it leaves alone: where that is, and what it comes of."""

from collections.abc import Mapping, Sequence

from bot.analysis.finding import Finding
from bot.report.markdown import code
from bot.report.page import Part
from bot.report.wording import counted, listed

# Named of the files that one depends on.
_NAMED = 3


def elsewhere(
    findings: Sequence[Finding], concerned: Mapping[str, tuple[str, ...]]
) -> tuple[Part, ...]:
    """Return the part of a page that tells of findings in unchanged files, if there are any.

    Args:
        findings: those that count, in whatever file.
        concerned: the unchanged files, each with what it depends on of the change.
    """
    lines = tuple(
        f"- {_place(one)}{_reason(concerned[one.path])}"
        for one in findings
        if one.path in concerned
    )
    if not lines:
        return ()
    head = (
        "### In files that this change leaves alone\n\n"
        "The diff does not show them, so their annotations stand on the page of this check alone. "
        "Fixes are made in changed files only.\n"
    )
    return (Part("places in files that this change leaves alone", head, lines),)


def _place(one: Finding) -> str:
    symbol = f" in {code(one.symbol)}" if one.symbol else ""
    return f"{code(f'{one.path}:{one.line}')}: {one.code}{symbol}"


def _reason(changed: Sequence[str]) -> str:
    if not changed:
        return ""
    more = [counted(len(changed) - _NAMED, "more file")] if len(changed) > _NAMED else []
    return f", which depends on {listed([*map(code, changed[:_NAMED]), *more])}"
