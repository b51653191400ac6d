"""Hold what is said of functions that are called by name against what left a trace."""

import ast
from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from bot.analysis.collection.xunit import ASYNC_HELPERS
from bot.analysis.finding import Finding
from bot.analysis.request import Report
from tests.conformance.judgement import HOOK_NAMES, Called, Fate, Judgement

HOOKS = frozenset({"AWT303", "AWT304"})


def missed_hooks(
    files: Mapping[str, bytes], judgement: Judgement, report: Report
) -> Iterator[str]:
    """Every async function of such a name that left no trace around the tests of its class.

    What failed before its turn came says nothing of what would have been called after it.
    """
    judged = [test for test in judgement.tests if test.fate is not Fate.UNJUDGED]
    tests = {path: [t.symbol for t in judged if t.path == path] for path in files}
    for path, symbol in [(p, s) for p in files for s in _hooks_in(files[p])]:
        concerns = any(_is_called_for(symbol, one) for one in tests[path])
        ran = any((one.path, one.symbol) == (path, symbol) for one in judgement.called)
        if concerns and not ran and not _is_reported(path, symbol, report):
            yield f"{path}::{symbol} never ran and is not reported"


def _is_called_for(symbol: str, test: str) -> bool:
    """Whether a function of that name is called for a test by the rules of pytest.

    A class is set up for the tests of classes inside it as well; what is called for methods is
    looked up in the class of the test.
    """
    owner, _, name = symbol.rpartition(".")
    if name.endswith("_function"):
        return "." not in test
    if name.endswith("_method"):
        return test.rpartition(".")[0] == owner
    return test.startswith(f"{owner}." if owner else "")


def _hooks_in(source: bytes) -> Iterator[str]:
    """Yield the async functions that leave a trace and have a name by which they are called."""
    found: dict[str, None] = {}
    _find_hooks(_parsed(source), "", found)
    yield from found


def _find_hooks(outer: ast.AST, within: str, found: dict[str, None]) -> None:
    """Take in what is written inside; of two classes of one name, the latter counts."""
    for node in ast.iter_child_nodes(outer):
        if isinstance(node, ast.AsyncFunctionDef) and node.name in HOOK_NAMES:
            plain = not any("fixture" in ast.dump(one) for one in node.decorator_list)
            if plain and "ran" in ast.dump(node):
                found[f"{within}{node.name}"] = None
        elif isinstance(node, ast.ClassDef):
            inside = f"{within}{node.name}."
            for name in [one for one in found if one.startswith(inside)]:
                del found[name]
            _find_hooks(node, inside, found)
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            _find_hooks(node, within, found)


def _parsed(source: bytes) -> ast.Module:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError):
        return ast.Module([], [])


def false_hooks(judgement: Judgement, report: Report) -> Iterator[str]:
    for finding in report.findings:
        if finding.code in HOOKS and _is_of_hook(finding):
            if any(_is_of(one, finding) for one in judgement.called):
                yield f"{finding.path}::{finding.symbol} ran: {finding.code} {finding.message}"


def runs_by_name(finding: Finding, judgement: Judgement) -> bool:
    """Whether what a repaired finding is about runs now, under its name or its async one.

    What is said of no function that is called by name, or for no test that had its turn, is not
    judged.
    """
    owner, dot, name = finding.symbol.rpartition(".")
    if not (_is_of_hook(finding) and _had_a_turn(finding, judgement)):
        return True
    symbols = (finding.symbol, f"{owner}{dot}async{name[:1].upper()}{name[1:]}")
    return any(
        _is_of(one, replace(finding, symbol=symbol))
        for symbol in symbols
        for one in judgement.called
    )


def _had_a_turn(finding: Finding, judgement: Judgement) -> bool:
    """Whether a test had its turn around which a function should have been called."""
    return any(
        test.fate is not Fate.UNJUDGED and _is_called_for(finding.symbol, test.symbol)
        for test in judgement.tests
        if test.path == finding.path
    )


def _is_of_hook(finding: Finding) -> bool:
    """Whether it is said of a function that is called by name, not of what a method calls."""
    name = finding.symbol.rpartition(".")[2]
    return name in HOOK_NAMES and not any(one in finding.message for one in ASYNC_HELPERS)


def _is_of(called: Called, finding: Finding) -> bool:
    """Whether what ran is what a finding is about, written there or inherited by its class."""
    if (called.path, called.symbol) == (finding.path, finding.symbol):
        return True
    owner, _, name = finding.symbol.rpartition(".")
    inherited = called.symbol.endswith(f".{name}")
    within = f"{finding.path}::{owner.replace('.', '::')}::"
    return bool(owner) and inherited and called.nodeid.startswith(within)


def _is_reported(path: str, symbol: str, report: Report) -> bool:
    return any(
        one.code in HOOKS and (one.path, one.symbol) == (path, symbol) for one in report.findings
    )
