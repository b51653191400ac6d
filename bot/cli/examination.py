"""One run of `awaited check`, the same whatever is printed of it: what is known, or a new look.

Where nothing has changed since an earlier run, no rule and no fact is even loaded.
"""

from datetime import datetime
from functools import cache

from msgspec.structs import replace

from bot.analysis.request import (
    Fixing,
    Request,
)
from bot.cli.local_tree import LocalTree
from bot.cli.outcome import Outcome
from bot.cli.result_cache import cache_of
from bot.cli.wishes import Wishes
from bot.report.relocation import in_order, relocated, relocated_finding


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

        outcome = look(request, tree, known, results, wishes)
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
        inherited=wishes.inherited,
        # The day where the user is.
        today=datetime.now().astimezone().date(),
    )
