"""A new look at a tree: analyse, plan, write. Loads the analysis, and has processes do it."""

import asyncio
from collections.abc import Mapping

from msgspec.structs import replace

from bot.analysis.finding import Finding
from bot.analysis.request import Fixing, FixPlan, Report, Request
from bot.cli.batches import check_in_batches, fix_request, merged, updated
from bot.cli.local_tree import LocalTree
from bot.cli.outcome import Outcome
from bot.cli.result_cache import ResultCache
from bot.cli.wishes import Wishes
from bot.cli.write_fixes import write_fixes
from bot.isolation.analyser import Analyser, Limits
from bot.report.unified_diff import unified_diff

MEBIBYTE = 1024 * 1024


def look(
    request: Request,
    tree: LocalTree,
    known: Report | None,
    results: ResultCache | None,
    wishes: Wishes,
) -> Outcome:
    """Look at what is not `known`, and do with it what is wished.

    Raises:
        AnalysisFailed: there is no verdict.
        UserError: the user can repair what stood in the way.
    """

    async def run() -> Outcome:
        async with Analyser(_limits(tree), forks=True) as analyser:
            report = await _checked(request, known, results, tree, analyser)
            return await _examined(request, report, tree, wishes, analyser)

    return asyncio.run(run())


async def _checked(
    request: Request,
    known: Report | None,
    results: ResultCache | None,
    tree: LocalTree,
    analyser: Analyser,
) -> Report:
    """Return the report on a tree; what an earlier run has found is not looked at again."""
    if results is None or known is None:
        return await check_in_batches(analyser, request, tree.fetch)
    if results.left is None:
        return known
    report = merged([known, await check_in_batches(analyser, results.left, tree.fetch)])
    results.keep(report)
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
