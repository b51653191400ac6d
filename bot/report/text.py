"""A report as lines for a person at a terminal, or for a tool that reads `path:line:column:`.

Lines come in pieces with a style each, so that whoever prints them decides about colour. What a
repository holds is never shown raw: a file name may hold what a terminal obeys.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from enum import StrEnum

from msgspec import Struct

from bot.analysis.finding import Finding, Severity
from bot.analysis.fix import Safety
from bot.analysis.request import Report
from bot.report.wording import counted, listed

# More names than this are counted instead.
_NAMES_LIMIT = 20
# For who believes that all is well where nothing was looked at.
_NOTHING_HERE = (
    "help: no file here is one that pytest collects tests of; a file that is named is checked "
    "in any case"
)


class Style(StrEnum):
    """What a piece of a line is; the values are rich's styles."""

    PLAIN = ""
    PATH = "bold"
    PLACE = "cyan"
    FAILURE = "bold red"
    REMARK = "bold yellow"
    FIX = "cyan"
    ADVICE = "dim"
    ADDED = "green"
    REMOVED = "red"


class Line(Struct, frozen=True):
    """One line: pieces of text and what each of them is."""

    pieces: tuple[tuple[str, Style], ...]

    @classmethod
    def of(cls, *pieces: str | tuple[str, Style]) -> "Line":
        """Return a line of pieces, shown as they may be shown."""
        styled = ((one, Style.PLAIN) if isinstance(one, str) else one for one in pieces)
        return cls(tuple((visible(text), style) for text, style in styled))

    @property
    def plain(self) -> str:
        """The text alone."""
        return "".join(text for text, _ in self.pieces)


def visible(text: str) -> str:
    """Return the text with what would move a cursor or hide something written as escapes."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else _escape(one) for one in text)


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def text_report(
    report: Report, *, unsafe_fixes: bool, fixed: Sequence[Finding] | None = None
) -> Iterator[Line]:
    """Yield the lines about what was found; what could not be checked is `error_lines`.

    Args:
        report: what was found; after fixing, what is left.
        unsafe_fixes: whether unsafe fixes are among those that may be applied.
        fixed: what was repaired, where that was asked for.
    """
    for finding in report.findings:
        yield from _finding(finding, unsafe_fixes=unsafe_fixes)
    for note in report.notes:
        yield Line.of((f"note: {note}", Style.ADVICE))
    yield from _repaired(fixed or ())
    yield _summary(report, fixed)
    if not report.checked and not report.errors:
        yield Line.of((_NOTHING_HERE, Style.ADVICE))
    yield from _offers(report.findings, unsafe_fixes=unsafe_fixes)


def error_lines(report: Report) -> Iterator[Line]:
    """Yield a line for each file that should have been checked and could not be."""
    for error in report.errors:
        path = (error.path, Style.PATH)
        yield Line.of(path, ": ", ("error", Style.FAILURE), f": {error.reason}")


def _finding(finding: Finding, *, unsafe_fixes: bool) -> Iterator[Line]:
    place = finding.location
    is_failure = finding.severity is Severity.FAILURE
    yield Line.of(
        (place.path, Style.PATH),
        (f":{place.line}:{place.column}: ", Style.PLACE),
        (finding.code, Style.FAILURE if is_failure else Style.REMARK),
        (" [*]", Style.FIX) if _is_applicable(finding, unsafe_fixes=unsafe_fixes) else "",
        "" if is_failure else f" ({finding.severity})",
        f" {finding.message}",
    )
    if finding.advice:
        yield Line.of((f"    help: {finding.advice}", Style.ADVICE))


def _is_applicable(finding: Finding, *, unsafe_fixes: bool) -> bool:
    return finding.fix is not None and (unsafe_fixes or finding.fix.safety is Safety.SAFE)


def _repaired(fixed: Sequence[Finding]) -> Iterator[Line]:
    if not fixed:
        return
    paths = Counter(finding.path for finding in fixed)
    yield Line.of(f"Fixed {counted(len(fixed), 'finding')} in {counted(len(paths), 'file')}.")
    revealed = list(dict.fromkeys(f"{one.path}::{test}" for one in fixed for test in one.reveals))
    if revealed:
        yield Line.of(f"These tests run for the first time now, and may fail: {_names(revealed)}.")


def _names(names: Sequence[str]) -> str:
    if len(names) <= _NAMES_LIMIT:
        return listed(names)
    return f"{', '.join(names[:_NAMES_LIMIT])} and {len(names) - _NAMES_LIMIT} more"


def _summary(report: Report, fixed: Sequence[Finding] | None) -> Line:
    files = counted(len(report.checked), "file")
    failed = counted(len(report.errors), "file")
    what = "checked" if fixed is None else "checked or fixed"
    suffix = f" {failed} could not be {what}." if report.errors else ""
    if not report.findings:
        left = "nothing is left to report" if fixed else "nothing to report"
        return Line.of(f"Checked {files}: {left}.{suffix}")
    found = counted(len(report.findings), "finding")
    left = " left" if fixed else ""
    return Line.of(f"Checked {files}: {found}{left}{_severities(report.findings)}.{suffix}")


def _severities(findings: Sequence[Finding]) -> str:
    counts = Counter(finding.severity for finding in findings)
    if set(counts) == {Severity.FAILURE}:
        return ""
    return f" ({listed([counted(counts[one], str(one)) for one in Severity if counts[one]])})"


def _offers(findings: Sequence[Finding], *, unsafe_fixes: bool) -> Iterator[Line]:
    fixes = Counter(finding.fix.safety for finding in findings if finding.fix is not None)
    safe, unsafe = fixes[Safety.SAFE], fixes[Safety.UNSAFE]
    if unsafe_fixes and safe + unsafe:
        yield Line.of(f"[*] {safe + unsafe} can be fixed with `--fix --unsafe-fixes`.")
    elif safe:
        more = f" ({unsafe} more with `--fix --unsafe-fixes`)" if unsafe else ""
        yield Line.of(f"[*] {safe} can be fixed with `--fix`{more}.")
    elif unsafe:
        yield Line.of(f"{unsafe} can be fixed with `--fix --unsafe-fixes`.")
