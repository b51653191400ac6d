"""Plans the fixes of a tree: which are made together, with the combination proven.

As in ruff, fixes are made in passes: one that overlaps another waits for the next pass, and
what a fix makes possible is fixed after it.
"""

from collections.abc import Mapping, Sequence
from typing import Self

from msgspec import Struct
from msgspec.structs import replace

from bot.analysis.checking import Analysis, Verdicts, prepared, report_of
from bot.analysis.configuration.selection import codes_of
from bot.analysis.engine import judged
from bot.analysis.errors import FixError
from bot.analysis.finding import Finding
from bot.analysis.fix import Edit, Safety, merged
from bot.analysis.path_globs import matches
from bot.analysis.proving import identity, is_improved, proven
from bot.analysis.request import Asking, Fixing, FixPlan, Report, Request
from bot.analysis.rule import Rule

_MAX_PASSES = 10


class _Wish(Struct, frozen=True):
    """Which fixes are wanted: of all rules where `codes` is None, in all files without paths."""

    fixing: Fixing
    codes: frozenset[str] | None
    paths: tuple[str, ...]

    @classmethod
    def of(cls, request: Request, rules: Sequence[Rule]) -> Self:
        narrowing = request.narrowing
        codes = codes_of(narrowing.rules, rules) if narrowing.rules else None
        return cls(request.fixing, codes, narrowing.paths)

    def takes(self, finding: Finding) -> bool:
        """Whether a fix is there and is to be made."""
        if finding.fix is None or self.fixing is Fixing.NONE or self.passes_over(finding):
            return False
        return self.fixing is Fixing.UNSAFE or finding.fix.safety is Safety.SAFE

    def passes_over(self, finding: Finding) -> bool:
        """Whether a finding is of another rule, or in another file."""
        if self.codes is not None and finding.code not in self.codes:
            return True
        return bool(self.paths) and not matches(finding.path, self.paths)

    def unmatched(self, report: Report) -> tuple[str, ...]:
        """Return the globs that name no file of a report."""
        files = [*report.checked, *(error.path for error in report.errors)]
        return tuple(
            glob for glob in self.paths if not any(matches(path, (glob,)) for path in files)
        )


def plan_fixes(request: Request, rules: Sequence[Rule]) -> Asking[FixPlan]:
    """Plan every fix that `request.fixing` allows. Nothing unproven is in the plan."""
    wish = _Wish.of(request, rules)
    analysis = yield from prepared(replace(request, fixing=Fixing.UNSAFE), rules)
    verdicts = yield from judged(analysis)
    before = after = report_of(analysis, verdicts)
    changed: dict[str, bytes] = {}
    for _ in range(_MAX_PASSES):
        contents = yield from _pass(analysis, after, wish)
        if not contents:
            break
        further = replace(analysis, library=analysis.library.replaced(contents))
        verdicts = yield from judged(further, _untouched(verdicts, after, contents))
        report = report_of(further, verdicts)
        if not is_improved(after.findings, report.findings, ()):
            break
        analysis, after = further, report
        changed |= contents
    return FixPlan(
        changed,
        _gone(before, after),
        before,
        after,
        passed_over=tuple(one for one in after.findings if one.fix and wish.passes_over(one)),
        unmatched=wish.unmatched(before),
    )


def _untouched(
    verdicts: Mapping[str, Verdicts], report: Report, contents: Mapping[str, bytes]
) -> dict[str, Verdicts]:
    """Return the verdicts that depend on nothing of what is changed."""
    if not contents.keys().isdisjoint(report.read_by_all):
        return {}
    return {path: one for path, one in verdicts.items() if contents.keys().isdisjoint(one.read)}


def _pass(analysis: Analysis, report: Report, wish: _Wish) -> Asking[dict[str, bytes]]:
    """Return the new contents of the files that this pass repairs something in."""
    contents: dict[str, bytes] = {}
    for path in dict.fromkeys(one.path for one in report.findings):
        findings = [one for one in report.findings if one.path == path]
        fixable = [one for one in findings if wish.takes(one)]
        content = yield from _repaired(analysis, path, findings, fixable)
        if content is not None:
            contents[path] = content
    return contents


def _repaired(
    analysis: Analysis, path: str, findings: list[Finding], fixable: list[Finding]
) -> Asking[bytes | None]:
    """Return the file with as many fixes as are proven together."""
    together = _compatible(fixable)
    if not together:
        return None
    content = yield from proven(analysis, path, findings, together)
    if content is not None:
        return content
    accepted: list[Finding] = []
    for finding in together:
        attempt = yield from proven(analysis, path, findings, [*accepted, finding])
        if attempt is not None:
            content = attempt
            accepted.append(finding)
    return content


def _compatible(fixable: list[Finding]) -> list[Finding]:
    """Return the findings, in order, whose fixes do not touch the same bytes."""
    edits: tuple[Edit, ...] = ()
    chosen: list[Finding] = []
    for finding in fixable:
        assert finding.fix is not None  # noqa: S101 - `takes` sees to it
        try:
            edits = merged([*edits, *finding.fix.edits])
        except FixError:
            continue
        chosen.append(finding)
    return chosen


def _gone(before: Report, after: Report) -> tuple[Finding, ...]:
    """Return the findings of `before` that `after` does not have any more."""
    left = [identity(one) for one in after.findings]
    gone: list[Finding] = []
    for finding in before.findings:
        if identity(finding) in left:
            left.remove(identity(finding))
        else:
            gone.append(finding)
    return tuple(gone)
