"""Hold what the analysis said against what pytest did. Every line returned is a contradiction."""

import ast
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.analysis.finding import Finding, Severity
from bot.analysis.request import Report
from tests.conformance.case import Case
from tests.conformance.claims import false_claims, missed_variants, unclaimed
from tests.conformance.hooks_called import false_hooks, missed_hooks
from tests.conformance.judgement import Fate, JudgedTest, Judgement

NEVER_RUNS = frozenset({"AWT101", "AWT102", "AWT103", "AWT104", "AWT105", "AWT106"})
SAID_OF_FIXTURES = frozenset({"AWT301", "AWT302", "AWT307"})
UNHANDLED_FIXTURES = frozenset({"AWT301", "AWT302"})
RUNNING_MARKS = frozenset({"asyncio", "anyio", "trio"})

Lines = dict[str, set[int]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One project's judgement and report.

    Attributes:
        missed: what the analysis was silent about; a case may allow that for a reason.
        contradictions: everything else that is wrong.
    """

    missed: tuple[str, ...]
    contradictions: tuple[str, ...]


class Said:
    """A report's findings, by name."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self._by_name: defaultdict[tuple[str, str], list[Finding]] = defaultdict(list)
        for finding in report.findings:
            self._by_name[finding.path, finding.symbol].append(finding)

    def findings(self, codes: Collection[str], path: str, symbol: str) -> list[Finding]:
        """Return the findings with one of the codes on a test or fixture."""
        return [one for one in self._by_name.get((path, symbol), ()) if one.code in codes]


def compare(
    case: Case, files: Mapping[str, bytes], judgement: Judgement, report: Report
) -> Comparison:
    """Compare a judgement with the report on the same files."""
    said = Said(report)
    missed: list[str] = []
    if not case.unjudged:
        missed += [*_missed_tests(judgement, said), *_missed_fixtures(judgement, said)]
        missed += [*_missed_mocks(judgement, said), *_missed_refusals(judgement, said)]
    wrong = [*_false_alarms(judgement, said), *_false_fixtures(judgement, said)]
    wrong += _false_refusals(judgement, said)
    wrong += [*_false_mocks(judgement, said), *_repeated(said), *false_hooks(judgement, report)]
    wrong += [*_wrong_codes(judgement, said), *_wrong_places(files, judgement, said)]
    if not case.unjudged:
        missed += unclaimed(files, judgement, report)
        missed += missed_hooks(files, judgement, report)
        missed += missed_variants(files, judgement, report)
        wrong += false_claims(judgement, report)
        wrong += [*_unknown_names(case, judgement, said), *_syntax(files, judgement, said)]
    return Comparison(tuple(missed), tuple(wrong))


# -- tests --------------------------------------------------------------------------------------


def _missed_tests(judgement: Judgement, said: Said) -> Iterator[str]:
    """Where a way of starting pytest fails to collect a file, another one may be too little."""
    for test in judgement.tests:
        lost = test.fate is Fate.NEVER and test.item.coroutine
        lost = lost and judgement.was_collected(test.path)
        if lost and not said.findings(NEVER_RUNS | {"AWT113"}, test.path, test.symbol):
            yield f"{_name(test)} never ran and is not reported"


def _false_alarms(judgement: Judgement, said: Said) -> Iterator[str]:
    for test in judgement.tests:
        for finding in said.findings(NEVER_RUNS, test.path, test.symbol):
            if test.fate is Fate.RAN:
                yield f"{_name(test)} ran and is reported: {_said(finding)}"


def _unknown_names(case: Case, judgement: Judgement, said: Said) -> Iterator[str]:
    """What failed to be collected, a file or a class in it, says nothing of what is inside.

    Of a file that one run fails to collect, another one may collect too little.
    """
    collected = {(test.path, test.symbol) for test in judgement.tests}
    judged = {(path, symbol.rpartition(".")[0]) for path, symbol in collected}
    for finding in said.report.findings:
        name = (finding.path, finding.symbol)
        if finding.code in NEVER_RUNS and name not in collected:
            owner = finding.symbol.rpartition(".")[0]
            has_more = owner and len(case.invocations) == 1 and (finding.path, owner) in judged
            if judgement.was_collected(finding.path) or has_more:
                yield f"{finding.path}::{finding.symbol} is reported and never collected"


def _wrong_codes(judgement: Judgement, said: Said) -> Iterator[str]:
    for test in judgement.tests:
        for finding in said.findings(NEVER_RUNS, test.path, test.symbol):
            if test.fate is Fate.NEVER and finding.code not in _codes(test):
                expected = " or ".join(sorted(_codes(test)))
                yield f"{_name(test)} is reported as {finding.code}, not as {expected}"


def _codes(test: JudgedTest) -> frozenset[str]:
    """Return the codes that fit what was observed of a test that never ran."""
    item = test.item
    if item.testcase and not item.isolated:
        if item.auto or not RUNNING_MARKS.isdisjoint(item.marks):
            return frozenset({"AWT102"})
        # Before 8.4, pytest sees no mark above `staticmethod` or `classmethod`.
        return frozenset({"AWT101", "AWT102"} if item.unbound else {"AWT101"})
    if item.generator:
        return frozenset({"AWT105"})
    if item.isolated or not item.awaitable:
        return frozenset({"AWT104"})
    return frozenset({"AWT106" if test.xfailed else "AWT103"})


def _wrong_places(files: Mapping[str, bytes], judgement: Judgement, said: Said) -> Iterator[str]:
    """A finding on a test stands on its `def` if that is in the file, else on a class of it.

    Below a decorator that does not say what it wraps only the wrapper's place was observed.
    """
    for test in judgement.tests:
        if test.item.defined and "<locals>" in test.item.defined.name:
            continue
        found = {f.line for f in said.findings(NEVER_RUNS, test.path, test.symbol)}
        lines = _lines(files[test.path], test) if found else set()
        if lines and not found & lines:
            yield f"{_name(test)} is reported on line {sorted(found)}, not on {sorted(lines)}"


def _lines(source: bytes, test: JudgedTest) -> set[int]:
    functions, outer, nested = _definitions(source)
    if test.defined_in == test.path:
        return functions.get(test.defined_at, set())
    first, *inner = test.symbol.split(".")
    if first not in outer:
        return (
            set()
        )  # a name that is assigned or imported: of which class it is, is not known here
    # The inner ones may be inherited as well, from a class of another name.
    return outer[first].union(*(nested.get(name, set()) for name in inner))


@lru_cache(maxsize=8)
def _definitions(source: bytes) -> tuple[dict[int, set[int]], Lines, Lines]:
    """Return functions' `def` lines by the line they begin on, and classes' lines by name.

    Those of classes apart: first of those that lie in no other class, then of those that do.
    """
    functions: defaultdict[int, set[int]] = defaultdict(set)
    outer: Lines = {}
    nested: Lines = {}
    inner: set[ast.AST] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for line in (node.lineno, *(one.lineno for one in node.decorator_list)):
                functions[line].add(node.lineno)
        elif isinstance(node, ast.ClassDef):
            classes = nested if node in inner else outer
            classes.setdefault(node.name, set()).add(node.lineno)
            inner.update(ast.walk(node))
    return functions, outer, nested


# -- fixtures -----------------------------------------------------------------------------------


def _missed_fixtures(judgement: Judgement, said: Said) -> Iterator[str]:
    for fixture in judgement.fixtures:
        found = said.findings(SAID_OF_FIXTURES, fixture.path, fixture.symbol)
        if fixture.fate is Fate.NEVER and not found:
            yield f"fixture {fixture.path}::{fixture.symbol} is refused and not reported"


def _false_fixtures(judgement: Judgement, said: Said) -> Iterator[str]:
    for fixture in judgement.fixtures:
        if fixture.fate is Fate.RAN:
            found = said.findings(UNHANDLED_FIXTURES, fixture.path, fixture.symbol)
            for finding in (one for one in found if one.severity is not Severity.NOTICE):
                yield f"fixture {fixture.path}::{fixture.symbol} ran: {_said(finding)}"


def _missed_refusals(judgement: Judgement, said: Said) -> Iterator[str]:
    """A test that is refused is reported, or the fixture is where it is in the same file.

    Where a project's pins keep pytest 9 out, it is the fixture alone.
    """
    for test, fixture in judgement.refused:
        codes = SAID_OF_FIXTURES if fixture[0] == test[0] else {"AWT302"}
        if not said.findings(codes, *fixture) and not said.findings({"AWT301"}, *test):
            yield f"{test[0]}::{test[1]} is refused because of {fixture[1]} and not reported"


def _false_refusals(judgement: Judgement, said: Said) -> Iterator[str]:
    for test in judgement.tests:
        if test.passed:
            for finding in said.findings({"AWT301"}, test.path, test.symbol):
                yield f"{_name(test)} is not refused: {_said(finding)}"


# -- mocks --------------------------------------------------------------------------------------


def _missed_mocks(judgement: Judgement, said: Said) -> Iterator[str]:
    for test in judgement.tests:
        places = [(test.path, test.symbol), *test.fixtures]
        found = [f for place in places for f in said.findings({"AWT405"}, *place)]
        if test.refused_await and not found:
            yield f"{_name(test)} awaited a mock that cannot be awaited and is not reported"


def _false_mocks(judgement: Judgement, said: Said) -> Iterator[str]:
    for test in judgement.tests:
        for finding in said.findings({"AWT405"}, test.path, test.symbol):
            if not test.refused_await:
                yield f"{_name(test)} awaited no wrong mock: {_said(finding)}"


# -- files --------------------------------------------------------------------------------------


def _syntax(files: Mapping[str, bytes], judgement: Judgement, said: Said) -> Iterator[str]:
    """Python itself says what is broken among the files that pytest collected or tried to.

    What cannot even be decoded may be reported as a file that could not be checked.
    """
    tried = {test.path for test in judgement.tests} | judgement.uncollected.keys()
    broken = {path for path in tried & files.keys() if _is_broken(files[path])}
    found = {finding.path for finding in said.report.findings if finding.code == "AWT001"}
    unchecked = {error.path for error in said.report.errors}
    yield from (
        f"{path} is broken and not reported" for path in sorted(broken - found - unchecked)
    )
    yield from (f"{path} is not broken" for path in sorted(found & tried - broken))
    yield from (f"{path} can be checked" for path in sorted(unchecked - broken))


def _is_broken(source: bytes) -> bool:
    try:
        compile(source, "source", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return True
    return False


def _repeated(said: Said) -> Iterator[str]:
    """One cause, one finding; two definitions of one name (by platform, say) are two."""
    for codes in (NEVER_RUNS, UNHANDLED_FIXTURES):
        names = Counter(
            (finding.path, finding.symbol, finding.line)
            for finding in said.report.findings
            if finding.code in codes
        )
        yield from (f"{name} is reported {n} times" for name, n in names.items() if n > 1)


def _name(test: JudgedTest) -> str:
    return f"{test.path}::{test.symbol}"


def _said(finding: Finding) -> str:
    return f"{finding.code} line {finding.line}: {finding.message}"


def verdict(case: Case, comparison: Comparison) -> list[str]:
    """Return what is left to say once the case's own allowance is taken off."""
    if case.unknown_ok is None:
        return [*comparison.missed, *comparison.contradictions]
    allowed = [line for line in comparison.missed if _may_miss(case, line)]
    stale = [] if allowed else [f"nothing is missed, yet unknown_ok says: {case.unknown_ok}"]
    missed = [line for line in comparison.missed if line not in allowed]
    return [*missed, *comparison.contradictions, *stale]


def _may_miss(case: Case, line: str) -> bool:
    name = line.partition("::")[2].partition(" ")[0]
    return not case.unknown or name in case.unknown
