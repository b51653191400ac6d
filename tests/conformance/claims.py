"""What pytest must agree with where a rule speaks of more than one test, or of none that is left.

A claim of a report is false if its code's predicate does not hold of what pytest did. Where
pytest itself says what is wrong, in words that a rule stands for, silence is a miss.
"""

import ast
import re
from collections.abc import Callable, Iterator, Mapping

from bot.analysis.finding import Finding, Severity
from bot.analysis.request import Report
from tests.conformance.judgement import Fate, JudgedTest, Judgement

Claim = Callable[[Finding, Judgement], bool]

# What pytest and pytest-asyncio say of a file or test that they stop at -> the rule for it.
SAYINGS = {
    "instead of Mark": "AWT112",
    "NameError: name 'pytest' is not defined": "AWT116",
    "mark.asyncio accepts only": "AWT111",
    "unexpected loop scope value": "AWT111",
    "fixture 'event_loop' not found": "AWT305",
    "different loop": "AWT306",
    "Marks cannot be applied to fixtures": "AWT307",
    'defines both "scope" and "loop_scope"': "AWT111",
}

# Codes of what pytest may stop at: of a file that is not collected nothing else can be judged.
OF_FILES = frozenset({"AWT111", "AWT112", "AWT116", "AWT307"})


def false_claims(judgement: Judgement, report: Report) -> Iterator[str]:
    """Name the findings that pytest does not bear out."""
    for finding in report.findings:
        claim = CLAIMS.get(finding.code)
        judged = finding.code in OF_FILES or judgement.was_collected(finding.path)
        if claim is not None and judged and not claim(finding, judgement):
            yield f"{finding.path}:{finding.line} {finding.code} is not so: {finding.message}"


def unclaimed(files: Mapping[str, bytes], judgement: Judgement, report: Report) -> Iterator[str]:
    """Name what pytest says of files with async tests and no finding says."""
    found = {(finding.path, finding.code) for finding in report.findings}
    said = [*judgement.uncollected.items(), *((test.path, test.why) for test in judgement.tests)]
    for path, why in said:
        if _is_said_of_another(path, why, files):
            continue
        for words, code in SAYINGS.items():
            if words not in why or b"async def test" not in files.get(path, b""):
                continue
            if code == "AWT307" and _marks_plain_fixtures_alone(files[path]):
                continue
            if (path, code) not in found:
                yield f"{path}:: pytest says {words!r} and {code} is not reported"


def _is_said_of_another(path: str, why: str, files: Mapping[str, bytes]) -> bool:
    """Whether what is wrong with a file is wrong with one that it imports."""
    entered = re.findall(r"^(\S+\.py):\d+: in ", why, re.MULTILINE)
    own = [one for one in entered if one in files]
    return bool(own) and own[-1] != path


def _marks_plain_fixtures_alone(source: bytes) -> bool:
    """Whether fixtures bear other marks alone, synchronous ones: that is not about async code."""
    made = [
        (node, text)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (text := "\n".join(map(ast.unparse, node.decorator_list)))
        and re.search(r"\bfixture\b", text)
        and "\n" in text
    ]
    return bool(made) and not any(
        isinstance(node, ast.AsyncFunctionDef) or re.search("asyncio|anyio|trio", text)
        for node, text in made
    )


def missed_variants(
    files: Mapping[str, bytes], judgement: Judgement, report: Report
) -> Iterator[str]:
    """Name the files whose trio variants ran in asyncio's loop and are not reported."""
    found = {finding.path for finding in report.findings if finding.code == "AWT114"}
    for path in sorted(_stolen(judgement) & files.keys() - found):
        yield f"{path}:: its trio variants ran on asyncio and AWT114 is not reported"


def _stolen(judgement: Judgement) -> set[str]:
    """Return the files in which a test's variant for trio ran, and in asyncio's loop."""
    variants = (one for one in judgement.called if "trio" in one.nodeid.partition("[")[2])
    return {one.nodeid.partition("::")[0] for one in variants if one.library == "asyncio"}


def _runs_in_another_loop(finding: Finding, judgement: Judgement) -> bool:
    """A variant in its file was stolen, or pytest did not come to the one that is named."""
    fates = {test.fate for test in _same(finding, judgement)}
    return finding.path in _stolen(judgement) or fates == {Fate.UNJUDGED}


def _same(finding: Finding, judgement: Judgement) -> Iterator[JudgedTest]:
    name = (finding.path, finding.symbol)
    return (test for test in judgement.tests if (test.path, test.symbol) == name)


def _is_plain_and_runs(finding: Finding, judgement: Judgement) -> bool:
    """Marked `asyncio`, no coroutine function, and run all the same if it had its turn.

    pytest-trio refuses those that bear its mark.
    """
    tests = [test for test in _same(finding, judgement) if "asyncio" in test.item.marks]
    plain = [test for test in tests if not test.item.awaitable]
    return any(test.fate is not Fate.NEVER or "trio" in test.item.marks for test in plain)


def _is_refused_or_warned_of(finding: Finding, judgement: Judgement) -> bool:
    fates = {test.fate for test in _same(finding, judgement)}
    if fates == {Fate.UNJUDGED}:
        return True
    return (Fate.RAN in fates) is (finding.severity is Severity.NOTICE)


def _does_not_run(finding: Finding, judgement: Judgement) -> bool:
    return not any(test.fate is Fate.RAN for test in _same(finding, judgement))


def _is_not_collected(finding: Finding, judgement: Judgement) -> bool:
    """Neither the test is there nor, of a class, any of its tests; but its file was looked at."""
    name = finding.symbol
    in_file = [test.symbol for test in judgement.tests if test.path == finding.path]
    is_there = any(f"{one}.".startswith(f"{name}.") for one in in_file)
    return finding.path in judgement.looked and not is_there


def _stops_collection(finding: Finding, judgement: Judgement) -> bool:
    return finding.path in judgement.uncollected


def _is_refused_or_never_set_up(finding: Finding, judgement: Judgement) -> bool:
    name = (finding.path, finding.symbol)
    fates = {one.fate for one in judgement.fixtures if (one.path, one.symbol) == name}
    stops = _stops_collection(finding, judgement)
    return stops or Fate.RAN not in fates or finding.severity is Severity.NOTICE


def _is_a_name_error(finding: Finding, judgement: Judgement) -> bool:
    said = [judgement.uncollected.get(finding.path, "")]
    said += [test.why for test in judgement.tests if test.path == finding.path]
    return any("NameError" in why for why in said)


def _loses_a_test(finding: Finding, judgement: Judgement) -> bool:
    """A test of the folder never ran, although somebody did something so that it would.

    Or pytest came to none of its async tests: those may be lost as well.
    """
    folder = finding.path.rpartition("/")[0]
    fates = {Fate.NEVER, Fate.UNJUDGED}
    lost = {t.path for t in judgement.tests if t.fate in fates and t.item.coroutine}
    unjudged = judgement.uncollected.keys()
    return any(path.startswith(f"{folder}/".lstrip("/")) for path in lost | unjudged)


def _lost_a_definition(finding: Finding, judgement: Judgement) -> bool:
    """Nothing of its name that was collected is written as the first definition or inside it.

    Of what stands below a wrapper that does not name it, only the wrapper's place is known.
    """
    first = int(re.findall(r"line (\d+)", finding.message)[-1])
    return not any(
        test.defined_at <= first
        if test.symbol == finding.symbol
        else first <= test.defined_at < finding.line
        for test in judgement.tests
        if not _is_hidden(test)
        and test.defined_in == finding.path
        and f"{test.symbol}.".startswith(f"{finding.symbol}.")
        and _is_written_in(test, finding.symbol)
    )


def _is_hidden(test: JudgedTest) -> bool:
    return test.item.defined is not None and "<locals>" in test.item.defined.name


def _is_written_in(test: JudgedTest, name: str) -> bool:
    """Whether a test is what has that name where it is written, or inside it: not inherited."""
    defined = test.item.defined
    return defined is not None and f"{defined.name}.".startswith(f"{name}.")


def _never_passes(finding: Finding, judgement: Judgement) -> bool:
    """No test of that name passes; a notice says nothing about that."""
    is_notice = finding.severity is Severity.NOTICE
    return is_notice or not any(test.passed for test in _same(finding, judgement))


def _fails_with(finding: Finding, judgement: Judgement) -> bool:
    """Not all tests pass that are named, or that get the fixture that is named, if any does."""
    name = (finding.path, finding.symbol)
    concerned = [
        test
        for test in judgement.tests
        if (test.path, test.symbol) == name or name in test.fixtures
    ]
    refused = any(
        "ScopeMismatch" in test.why for test in judgement.tests if test.path == finding.path
    )
    is_notice = finding.severity is Severity.NOTICE
    passed = bool(concerned) and all(test.passed for test in concerned)
    return is_notice or refused or not passed


CLAIMS: Mapping[str, Claim] = {
    "AWT107": _loses_a_test,
    "AWT108": _loses_a_test,
    "AWT109": _loses_a_test,
    "AWT110": _is_plain_and_runs,
    "AWT111": _is_refused_or_warned_of,
    "AWT112": _stops_collection,
    "AWT113": _does_not_run,
    "AWT114": _runs_in_another_loop,
    "AWT115": _is_not_collected,
    "AWT116": _is_a_name_error,
    "AWT117": _lost_a_definition,
    "AWT305": _never_passes,
    "AWT306": _fails_with,
    "AWT307": _is_refused_or_never_set_up,
}
