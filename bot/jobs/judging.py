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
from bot.github.errors import Gone
from bot.github.gateway import RepositoryGateway
from bot.github.trees import Tree
from bot.isolation.analyser import Analyser, Fetch
from bot.isolation.errors import AnalysisTooLarge
from bot.jobs.baseline import Baseline, baseline_of, fetching, needs_baseline
from bot.jobs.candidates import candidates, request_for, with_unlisted
from bot.jobs.change import Change
from bot.jobs.configuration import configuration_for, may_change_configuration
from bot.jobs.impact import MOST, Impact, concerns_others, impact_of, shadowed, touched
from bot.jobs.known_dependents import KnownDependents
from bot.jobs.workbench import Workbench
from bot.report.check_run import CheckRun
from bot.report.judged import Judged, Tally
from bot.report.subject import Subject
from bot.report.verdict import check_run_of, not_analysed, rejected, unreadable


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
    held = await configuration_for(gateway, change.base_sha, change.files)
    dependents |= await known.of(shadowed(change.files, tree.entries))
    impact = impact_of(change.files, tree.entries, dependents)
    request = request_for(
        [*paths, *impact.paths],
        tree,
        Fixing.UNSAFE,
        today=bench.now().date(),
        configuration=held.files,
        inherited=held.inherited.file,
    )
    fetch = fetching(gateway, change, tree)
    case = _Case(bench.analyser, gateway, known, change, tree, fetch, impact)
    judged = replace(await case.judged(request), inheritance=held.inherited.note)
    if NOT_YET not in judged.report.notes:
        return judged
    merged = replace(request, configuration=None, reviews_configuration=False)
    # A preview is no part of the verdict.
    with suppress(AnalysisTooLarge, UserError):
        judged = replace(judged, would_be=Tally.of(await case.judged(merged)).title)
    return judged


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
        """Return what a request comes to, parted from what was there before."""
        report = await self._report(request)
        if report.gate.scope is Scope.ALL:
            request = replace(request, candidates=None)
            report = await self._report(request)
        concerned = _concerned(report, self.change.paths)
        judged = _with_old_mistakes(Judged(report), self.change.paths)
        if needs_baseline(judged.report):
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
        return _with_old_mistakes(judged_against(report, base), self.change.paths)

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
        f"configuration that it touches; they were not checked, because {MOST:,} are the most"
    )
    return replace(
        report,
        findings=tuple(findings),
        errors=tuple(one for one in report.errors if one.path not in paths),
        notes=(*report.notes, *([note] if impact.left_out else [])),
    )


def _with_old_mistakes(judged: Judged, changed: frozenset[str]) -> Judged:
    """Part off what is wrong in a configuration that the change leaves alone: it was there."""
    if judged.report.gate.scope is Scope.ALL:
        return judged
    untouched = frozenset(CONFIG_FILES) - changed
    findings = judged.report.findings
    new = tuple(one for one in findings if one.path not in untouched)
    old = tuple(one for one in findings if one.path in untouched)
    return replace(judged, report=replace(judged.report, findings=new), known=judged.known + old)


def judged_against(report: Report, base: Baseline) -> Judged:
    """Part what counts from what was there before."""
    gate = report.gate
    added = () if gate.suppressions is SuppressionPolicy.ALLOW else base.added(report)
    lacks_base = not base.is_complete
    if gate.scope is not Scope.NEW or base.report is None:
        return Judged(report, added=added, lacks_base=lacks_base)
    parted = compared(report.findings, base.report.findings, base.moved)
    return Judged(replace(report, findings=parted.new), parted.known, added, lacks_base=lacks_base)


_EMPTY = Report(checked=(), findings=())
