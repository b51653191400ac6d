"""The analysis of a tree: what is found, with those fixes only that are proven."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from bot.analysis.checking import Analysis, Verdicts, checked, prepared, report_of
from bot.analysis.proving import with_proofs
from bot.analysis.request import Asking, Fixing, Report, Request
from bot.analysis.rule import Rule
from bot.analysis.shelf import Shelf


def analyse(request: Request, rules: Sequence[Rule], shelf: Shelf | None = None) -> Asking[Report]:
    """Check a tree. Yields paths, is sent their contents, returns the report."""
    analysis = yield from prepared(request, rules, shelf)
    return report_of(analysis, (yield from judged(analysis)))


def judged(
    analysis: Analysis, known: Mapping[str, Verdicts] = MappingProxyType({})
) -> Asking[dict[str, Verdicts]]:
    """Return the verdicts on the files as the library holds them; `known` ones still hold."""
    fixing = analysis.request.fixing is not Fixing.NONE
    left = [path for path in analysis.targets if path not in known]
    verdicts = yield from checked(analysis, analysis.library, left, fixing=fixing)
    if fixing:
        verdicts = yield from with_proofs(analysis, verdicts)
    return {path: known[path] if path in known else verdicts[path] for path in analysis.targets}
