"""The analysis of a tree: what is found, with those fixes only that are proven."""

from collections.abc import Sequence

from bot.analysis.checking import Analysis, checked, prepared, report_of
from bot.analysis.proving import with_proofs
from bot.analysis.request import Asking, Fixing, Report, Request
from bot.analysis.rule import Rule
from bot.analysis.shelf import Shelf


def analyse(request: Request, rules: Sequence[Rule], shelf: Shelf | None = None) -> Asking[Report]:
    """Check a tree. Yields paths, is sent their contents, returns the report."""
    analysis = yield from prepared(request, rules, shelf)
    return (yield from examined(analysis))


def examined(analysis: Analysis) -> Asking[Report]:
    """Return the report on the files as the library holds them."""
    fixing = analysis.request.fixing is not Fixing.NONE
    verdicts = yield from checked(analysis, analysis.library, analysis.targets, fixing=fixing)
    if fixing:
        verdicts = yield from with_proofs(analysis, verdicts)
    return report_of(analysis, verdicts)
