"""One run of `awaited check`: analyse, plan, write; the same whatever is printed of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.analysis.finding import Finding, Severity
from bot.analysis.request import (
    NO_SELECTION,
    ConfigurationFile,
    Fixing,
    FixPlan,
    Report,
    Request,
    Selection,
)
from bot.cli.batches import check_in_batches, fix_request, merged, updated
from bot.cli.local_tree import LocalTree
from bot.cli.result_cache import ResultCache, cache_of
from bot.cli.write_fixes import write_fixes
from bot.isolation.analyser import Analyser, Limits
from bot.report.relocation import in_order, relocated, relocated_finding
from bot.report.unified_diff import unified_diff

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user asked for.

    Attributes:
        unsafe_fixes: unsafe fixes count as fixes.
        fix: fixes are written.
        diff: fixes are shown instead.
        strict_unknown: what cannot be decided is reported too.
        selection: which rules the command line switches on and off.
        configuration: what is read in place of the tree's own configuration.
        cache: results are kept, and looked up.
        cache_folder: where; None for the tree itself.
    """

    unsafe_fixes: bool = False
    fix: bool = False
    diff: bool = False
    strict_unknown: bool = False
    selection: Selection = NO_SELECTION
    configuration: tuple[ConfigurationFile, ...] | None = None
    cache: bool = False
    cache_folder: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it; paths are relative to the working directory.

    Attributes:
        report: what was found; after fixing, what is left.
        fixed: what was fixed, or would be.
        diff: what would change; empty unless it was asked for.
    """

    report: Report
    fixed: tuple[Finding, ...] = ()
    diff: bytes = b""

    @property
    def is_red(self) -> bool:
        """Whether something is left to be repaired, or could not be checked."""
        failed = any(one.severity is Severity.FAILURE for one in self.report.findings)
        return failed or bool(self.report.errors) or bool(self.diff)


async def examine(tree: LocalTree, wishes: Wishes) -> Outcome:
    """Check a tree and do with it what is wished.

    Raises:
        AnalysisFailed: there is no verdict.
        UserError: the user can repair what stood in the way.
    """
    request = _request(tree, wishes)
    cache = cache_of(tree, request, wishes.cache_folder) if wishes.cache else None
    known = cache.known() if cache else None
    if cache and known and cache.left is None and not wishes.fix and not wishes.diff:
        outcome = Outcome(known)
    else:
        async with Analyser(_limits(tree), forks=True) as analyser:
            report = await _checked(request, known, cache, tree, analyser)
            outcome = await _examined(request, report, tree, wishes, analyser)
    report = replace(outcome.report, errors=(*outcome.report.errors, *tree.unlisted))
    name = tree.from_working_directory
    fixed = in_order(relocated_finding(one, name) for one in outcome.fixed)
    return Outcome(relocated(report, name), fixed, outcome.diff)


def _request(tree: LocalTree, wishes: Wishes) -> Request:
    return replace(
        tree.request(Fixing.UNSAFE),
        strict_unknown=wishes.strict_unknown,
        selection=wishes.selection,
        configuration=wishes.configuration,
        # The day where the user is.
        today=datetime.now().astimezone().date(),
    )


async def _checked(
    request: Request,
    known: Report | None,
    cache: ResultCache | None,
    tree: LocalTree,
    analyser: Analyser,
) -> Report:
    """Return the report on a tree; what an earlier run has found is not looked at again."""
    if cache is None or known is None:
        return await check_in_batches(analyser, request, tree.fetch)
    if cache.left is None:
        return known
    report = merged([known, await check_in_batches(analyser, cache.left, tree.fetch)])
    cache.keep(report)
    return report


async def _examined(
    request: Request, report: Report, tree: LocalTree, wishes: Wishes, analyser: Analyser
) -> Outcome:
    """Do with a report what is wished."""
    if not wishes.fix and not wishes.diff:
        return Outcome(report)
    wanted = replace(request, fixing=Fixing.UNSAFE if wishes.unsafe_fixes else Fixing.SAFE)
    plan = await analyser.plan_fixes(fix_request(wanted, report), tree.fetch)
    if wishes.diff:
        return Outcome(report, plan.fixed, _diff(plan.files, tree))
    errors = write_fixes(plan.files, tree)
    if not errors:
        return Outcome(updated(report, plan.after), plan.fixed)
    # The plan came true in part: only another look tells what is left.
    report = await check_in_batches(analyser, request, tree.fetch)
    return Outcome(replace(report, errors=(*report.errors, *errors)), _gone(plan, report))


def _gone(plan: FixPlan, report: Report) -> tuple[Finding, ...]:
    left = {(one.path, one.code, one.symbol, one.message) for one in report.findings}
    return tuple(
        one for one in plan.fixed if (one.path, one.code, one.symbol, one.message) not in left
    )


def _diff(files: Mapping[str, bytes], tree: LocalTree) -> bytes:
    diffs: list[bytes] = []
    for path in sorted(files):
        before = tree.contents[path]
        assert isinstance(before, bytes)  # noqa: S101 - only what was read can be fixed
        diffs.append(unified_diff(tree.from_working_directory(path), before, files[path]))
    return b"".join(diffs)


def _limits(tree: LocalTree) -> Limits:
    """Return limits that grow with the tree: users may check as much as they have."""
    seconds = 120 + len(tree.files) // 20
    return Limits(memory_bytes=4096 * MEBIBYTE, cpu_seconds=seconds, wall_seconds=4 * seconds)
