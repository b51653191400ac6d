"""One run of `awaited check`, the same whatever is printed of it: what is known, or a new look.

Where nothing has changed since an earlier run, no rule and no fact is even loaded.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from bot.analysis.finding import Finding, Severity
from bot.analysis.request import (
    NO_SELECTION,
    ConfigurationFile,
    Fixing,
    Report,
    Request,
    Selection,
)
from bot.cli.local_tree import LocalTree
from bot.cli.result_cache import cache_of
from bot.report.relocation import in_order, relocated, relocated_finding


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


def examine(tree: LocalTree, wishes: Wishes) -> Outcome:
    """Check a tree and do with it what is wished.

    Raises:
        AnalysisFailed: there is no verdict.
        UserError: the user can repair what stood in the way.
    """
    request = _request(tree, wishes)
    results = cache_of(tree, request, wishes.cache_folder) if wishes.cache else None
    known = results.known() if results else None
    if results and known and results.left is None and not wishes.fix and not wishes.diff:
        outcome = Outcome(known)
    else:
        from bot.cli.new_look import look  # noqa: PLC0415 - loads what the analysis needs

        looked = look(request, tree, known, results, wishes)
        outcome = Outcome(looked.report, looked.fixed, looked.diff)
    report = replace(outcome.report, errors=(*outcome.report.errors, *tree.unlisted))
    name = cache(tree.from_working_directory)
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
