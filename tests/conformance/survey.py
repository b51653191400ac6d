"""Judge many projects by one version set, on all cores, and add up what came out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from tests.conformance.bench import Bench
from tests.conformance.case import Case
from tests.conformance.comparison import compare, verdict
from tests.conformance.driver import report_on
from tests.conformance.examples import Repaired, repaired_examples
from tests.conformance.improvement import not_better
from tests.conformance.judge import Start, judge
from tests.conformance.judgement import Fate, Judgement
from tests.conformance.newer_only import left_out
from tests.conformance.version_set import VersionSet
from tests.conformance.warm_pytest import warm_pytest
from tests.conformance.workers import side_by_side


@dataclass(frozen=True, slots=True)
class Outcome:
    """What pytest did with one project, and where the analysis disagrees.

    Attributes:
        missed: what the analysis may be silent about, and is.
        wrong: every contradiction.
    """

    case: Case
    judgement: Judgement
    missed: tuple[str, ...]
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """The outcomes of one version set, counted.

    Attributes:
        tests: test functions and fixtures on which pytest passed a verdict.
        unknown: the cases in which the analysis is silent on a test that never ran, and why.
        unjudged: the cases in which pytest ran nothing, and why.
    """

    cases: int
    tests: int
    contradictions: int
    unknown: Mapping[str, str]
    unjudged: Mapping[str, str]


def outcome(case: Case, versions: VersionSet, room: Path, start: Start) -> Outcome:
    """Judge one project in an empty folder, and compare."""
    files = {**versions.pins, **case.contents()}
    judgement = judge(case, files, room, start)
    if versions.lock is not None:
        # Older versions refuse more options, and fewer marks.
        case = replace(case, unjudged=None if judgement.says_something else _last_line(judgement))
    if judgement.says_something is bool(case.unjudged):
        reason = case.unjudged or "nothing that pytest does with it could be wrong"
        return Outcome(case, judgement, (), (f"unjudged should say: {reason}",))
    try:
        comparison = compare(case, files, judgement, report_on(files))
    except Exception as error:  # noqa: BLE001 - a crash is one more contradiction
        return Outcome(case, judgement, (), (f"the analysis ends with {error!r}",))
    wrong = tuple(verdict(case, comparison))
    missed = tuple(line for line in comparison.missed if line not in wrong)
    return Outcome(case, judgement, missed, wrong)


def tally(outcomes: Iterable[Outcome]) -> Tally:
    """Count outcomes."""
    outcomes = list(outcomes)
    return Tally(
        len(outcomes),
        sum(_judged(one.judgement) for one in outcomes),
        sum(len(one.wrong) for one in outcomes),
        {one.case.name: one.case.unknown_ok or "" for one in outcomes if one.missed},
        {one.case.name: one.case.unjudged for one in outcomes if one.case.unjudged},
    )


def examples_no_better(versions: VersionSet, folder: Path) -> Mapping[str, tuple[str, ...]]:
    """Fix the examples of rules that are about these versions, and say what is no better."""
    examples = [e for e in repaired_examples() if not e.unjudged and e.judges == versions]
    judged = partial(_no_better, versions.python(), folder)
    found = side_by_side(judged, examples)
    return {one.name: lines for one, lines in zip(examples, found, strict=True)}


def _no_better(python: Path, folder: Path, example: Repaired) -> tuple[str, ...]:
    bench = Bench(warm_pytest(folder / "bytecode", python).start, folder / "examples")
    before = bench.judge(example.case, example.case.contents())
    return tuple(not_better(before, bench.judge(example.case, example.fixed)))


def _last_line(judgement: Judgement) -> str:
    lines = [line for line in judgement.output.splitlines() if line.strip(" =")]
    return lines[-1].strip(" =") if lines else "pytest did not start"


def _judged(judgement: Judgement) -> int:
    fates = [one.fate for one in judgement.tests] + [one.fate for one in judgement.fixtures]
    return sum(fate is not Fate.UNJUDGED for fate in fates)


def survey(cases: Iterable[Case], versions: VersionSet, folder: Path) -> Iterator[Outcome]:
    """Judge the cases that say something about these versions, in order."""
    chosen = [case for case in cases if not left_out(case, versions.name)]
    judged = partial(_outcome, versions, versions.python(), folder)
    yield from side_by_side(judged, enumerate(chosen))


def _outcome(
    versions: VersionSet, python: Path, folder: Path, numbered: tuple[int, Case]
) -> Outcome:
    number, case = numbered
    room = folder / versions.name.replace(" ", "-") / str(number)
    return outcome(case, versions, room, warm_pytest(folder / "bytecode", python).start)
