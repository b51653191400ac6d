"""Findings as annotations of a check run: one each, on the line that the finding names."""

from collections.abc import Sequence

from bot.analysis.finding import Finding, Location, Severity
from bot.analysis.fix import Fix, Safety
from bot.report.check_run import MESSAGE_LIMIT, TITLE_LIMIT, Annotation
from bot.report.wording import shortened

# Twenty requests of fifty; the summary says when there are more.
ANNOTATIONS_LIMIT = 1_000


def annotations_of(findings: Sequence[Finding]) -> tuple[Annotation, ...]:
    """Return the annotations that are published: failures first, else in order of place."""
    ordered = sorted(findings, key=lambda finding: finding.severity is not Severity.FAILURE)
    return tuple(annotation_of(finding) for finding in ordered[:ANNOTATIONS_LIMIT])


def annotation_of(finding: Finding) -> Annotation:
    """Return one annotation; GitHub shows its message as it is, without Markdown."""
    start_column, end_column = _columns(finding.location)
    return Annotation(
        path=finding.path,
        start_line=finding.line,
        end_line=finding.line,
        level=finding.severity,
        message=_within_bytes(_message(finding), MESSAGE_LIMIT),
        title=shortened(f"{finding.code} {finding.name}", TITLE_LIMIT),
        start_column=start_column,
        end_column=end_column,
    )


def _columns(location: Location) -> tuple[int | None, int | None]:
    if location.end_line != location.line:
        return None, None
    return location.column, location.end_column


def _message(finding: Finding) -> str:
    fix = [_offer(finding.fix)] if finding.fix else []
    advice = [f"What you can do: {finding.advice}"] if finding.advice else []
    return "\n\n".join([finding.message, *fix, *advice])


def _offer(fix: Fix) -> str:
    command = "/fix-async" if fix.safety is Safety.SAFE else "/fix-async --unsafe"
    return f"{command} offers ({fix.safety}): {fix.title}"


def _within_bytes(text: str, limit: int) -> str:
    encoded = text.encode("utf-8", "backslashreplace")
    if len(encoded) <= limit:
        return encoded.decode()
    return encoded[: limit - len("…".encode())].decode("utf-8", "ignore") + "…"
