"""The verdict on a change: what is to be checked of it is fetched, analysed and rendered."""

from collections.abc import Awaitable, Callable
from contextlib import suppress

from msgspec import Struct
from msgspec.structs import replace

from bot.analysis.baseline import compared
from bot.analysis.checking import NOT_YET
from bot.analysis.configuration.config_reading import CONFIG_FILES
from bot.analysis.errors import UserError
from bot.analysis.gate import Scope, SuppressionPolicy
from bot.analysis.request import Fixing, Report, Request
from bot.github.errors import Gone, NoDiff
from bot.github.gateway import RepositoryGateway
from bot.github.trees import Tree
from bot.isolation.analyser import Analyser, Fetch
from bot.isolation.errors import AnalysisTooLarge
from bot.jobs.baseline import Baseline, baseline_of, fetching, needs_baseline
from bot.jobs.candidates import candidates, request_for, with_unlisted
from bot.jobs.change import Change
from bot.jobs.configuration import (
    OF_BASE,
    inherited_if_possible,
    may_change_configuration,
)
from bot.jobs.impact import Impact, concerns_others, impact_of, shadowed, touched
from bot.jobs.known_dependents import KnownDependents
from bot.jobs.workbench import Workbench
from bot.report.check_run import CheckRun
from bot.report.judged import Judged, Tally
from bot.report.subject import Subject
from bot.report.verdict import (
    check_run_of,
    incomparable,
    not_analysed,
    rejected,
    unreadable,
)
from bot.report.wording import counted


async def verdict_on(
    bench: Workbench,
    gateway: RepositoryGateway,
    known: KnownDependents,
    read: Callable[[], Awaitable[Change]],
    *,
    subject: Subject,
) -> CheckRun:
    """Return the check run of the change that `read` reads.

    What its author can repair is a verdict too.
    """
    try:
        change = await read()
        judged = await _judged(bench, gateway, known, change)
    except AnalysisTooLarge as failure:
        return not_analysed(failure.reason)
    except UserError as error:
        return rejected(str(error))
    except NoDiff:
        return incomparable(subject)
    except Gone:
        return unreadable(subject)
    return check_run_of(judged, head_sha=change.head_sha, subject=subject)


async def _judged(
    bench: Workbench, gateway: RepositoryGateway, known: KnownDependents, change: Change
) -> Judged:
    paths = candidates(change.files)
    dependents = await known.of(touched(change.files))
    reaches_others = concerns_others(change.files) or dependents
    if not (paths or reaches_others or may_change_configuration(change.files)):
        return Judged(with_unlisted(_EMPTY, is_complete=change.is_complete, tree=None))
    tree = await gateway.tree(change.head_sha)
    inherited = await inherited_if_possible(gateway)
    is_touched = may_change_configuration(change.files)
    dependents |= await known.of(shadowed(change.files, tree.entries))
    impact = impact_of(change.files, tree.entries, dependents)
    request = request_for(
        paths,
        tree,
        Fixing.UNSAFE,
        today=bench.now().date(),
        elsewhere=OF_BASE if is_touched or change.began != change.base_sha else (),
        inherited=inherited.file,
        reviews_configuration=is_touched,
    )
    fetch = fetching(gateway, change, tree)
    case = _Case(bench.analyser, gateway, known, change, tree, fetch, impact)
    judged = replace(await _judged_within_limits(case, request), inheritance=inherited.note)
    if NOT_YET not in judged.report.notes:
        return judged
    merged = replace(request, configuration_elsewhere=(), reviews_configuration=False)
    # A preview is no part of the verdict.
    with suppress(AnalysisTooLarge, UserError):
        judged = replace(judged, would_be=Tally.of(await case.judged(merged)).title)
    return judged


async def _judged_within_limits(case: "_Case", request: Request) -> Judged:
    """Judge with as many unchanged files as an analysis can take beside the changed ones.

    Raises:
        AnalysisTooLarge: the changed files alone are too much.
    """
    while True:
        try:
            return await case.judged(request)
        except AnalysisTooLarge:
            others = len(case.impact.paths)
            if not others:
                raise
            case = replace(case, impact=case.impact.first(_FEW if others > _FEW else 0))


class _Case(Struct, frozen=True):
    """What is judged, whatever configuration it is judged by."""

    analyser: Analyser
    gateway: RepositoryGateway
    known: KnownDependents
    change: Change
    tree: Tree
    fetch: Fetch
    impact: Impact

    async def judged(self, request: Request) -> Judged:
        """Return what a request comes to, parted from what was there before.

        Args:
            request: for the changed files; those that the change concerns are added here.
        """
        candidates = (*(request.candidates or ()), *self.impact.paths)
        request = replace(request, candidates=candidates)
        report = await self._report(request)
        if report.gate.scope is Scope.ALL:
            request = replace(request, candidates=None)
            report = await self._report(request)
        concerned = _concerned(report, self.change.paths)
        judged = _with_old_mistakes(Judged(report), self.change.paths)
        if needs_baseline(judged.report, self.change.paths):
            judged = await self._against_base(request, report)
        return replace(judged, concerned=concerned)

    async def _against_base(self, request: Request, report: Report) -> Judged:
        base = await baseline_of(
            self.analyser,
            self.gateway,
            self.change,
            self.tree,
            like=request,
            also=self.impact.paths,
        )
        if report.gate.suppressions is SuppressionPolicy.BASE_ONLY:
            report = await self._report(replace(request, holding=base.holding(report)))
        spared = _with_old_mistakes(Judged(report), self.change.paths)
        judged = judged_against(spared.report, base)
        return replace(judged, known=(*judged.known, *spared.known))

    async def _report(self, request: Request) -> Report:
        report = await self.analyser.analyse(request, self.fetch)
        self.known.note(report, self.tree.entries)
        report = with_unlisted(report, is_complete=self.change.is_complete, tree=self.tree)
        return _of_unchanged(report, self.change.paths, self.impact)


def _concerned(report: Report, changed: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """Return the checked files that are not among those changed, with what they read of these."""
    return {
        path: tuple(sorted(changed.intersection(report.read.get(path, ()))))
        for path in report.checked
        if path not in changed
    }


def _of_unchanged(report: Report, changed: frozenset[str], impact: Impact) -> Report:
    """Return the report as it is told of files that the change leaves alone.

    Fixes go to changed files only, and who merely concerns a file need not make it readable.
    """
    paths = frozenset(impact.paths)
    findings = (one if one.path in changed else replace(one, fix=None) for one in report.findings)
    note = (
        f"{impact.left_out:,} more test files depend on what this change touches, or lie below "
        f"configuration that it touches; beside {len(impact.paths):,} others they were too many "
        "to be checked"
    )
    tells_of_rest = impact.left_out > 0 and report.gate.scope is not Scope.ALL
    return replace(
        report,
        findings=tuple(findings),
        errors=tuple(one for one in report.errors if one.path not in paths),
        notes=(*report.notes, *([note] if tells_of_rest else [])),
    )


def _with_old_mistakes(judged: Judged, changed: frozenset[str]) -> Judged:
    """Part off what is wrong in a configuration that the change leaves alone: it was there."""
    if judged.report.gate.scope is Scope.ALL:
        return judged
    untouched = frozenset(CONFIG_FILES) - changed
    findings = judged.report.findings
    new = tuple(one for one in findings if one.path not in untouched)
    old = tuple(one for one in findings if one.path in untouched)
    return replace(judged, report=replace(judged.report, findings=new), known=old)


def judged_against(report: Report, base: Baseline) -> Judged:
    """Part what counts from what was there before.

    In a file that the change leaves alone only that counts which is known not to have been there.
    """
    gate = report.gate
    added = () if gate.suppressions is SuppressionPolicy.ALLOW else base.added(report)
    judged = Judged(report, added=added, lacks_base=not base.is_complete)
    if gate.scope is Scope.ALL:
        return judged
    told = [one for one in report.findings if one.path in base.changed or base.tells_of(one.path)]
    may_be_known = [one for one in told if gate.scope is Scope.NEW or one.path not in base.changed]
    known = compared(may_be_known, base.findings, base.moved).known
    is_known = set(map(id, known))
    counting = tuple(one for one in told if id(one) not in is_known)
    silent = len(report.findings) - len(told)
    notes = (*report.notes, *([_silence(silent)] if silent else []))
    return replace(judged, report=replace(report, findings=counting, notes=notes), known=known)


def _silence(count: int) -> str:
    return (
        "not counted, because it cannot be compared with what was there before this change: "
        f"{counted(count, 'problem')} in files that it leaves alone"
    )


_EMPTY = Report(checked=(), findings=())
# Unchanged files that are checked where all that the change concerns are too much.
_FEW = 50
