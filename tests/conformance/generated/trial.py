"""Try the analysis, and what it repairs, on generated projects until one contradicts it."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import hypothesis
from hypothesis import HealthCheck, Phase, given, settings
from packaging.version import Version

from bot.analysis.collection.late_marks import SINCE
from bot.analysis.request import Fixing
from tests.conformance.bench import Bench
from tests.conformance.case import Case, as_bytes
from tests.conformance.comparison import compare
from tests.conformance.driver import plan_for, report_on
from tests.conformance.generated.projects import Project, projects
from tests.conformance.judgement import Judgement
from tests.conformance.repair import broken, still_wrong
from tests.conformance.version_set import PINS, VersionSet
from tests.conformance.warm_pytest import warm_pytest
from tests.conformance.workers import side_by_side

Files = Mapping[str, bytes]
Judge = Callable[[Case, Files], Judgement]

# Each example starts pytest, so none is quick.
SLOW = settings(
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    print_blob=False,
    phases=(Phase.generate,),
)
# So many are generated after one seed, until one contradicts.
BATCH = 20
# So many smaller ones are tried then: about a minute. Left alone, hypothesis takes five.
SMALLER = 40


@dataclass(slots=True)
class Trial:
    """What came of a number of generated projects.

    Attributes:
        projects: those that were judged, repaired ones and shrinking included.
        tests: the tests in them.
        unknown: on how many tests and fixtures the analysis was silent that never ran, and why.
        contradictions: what is wrong with which project, the smallest that was found each time.
    """

    projects: int = 0
    tests: int = 0
    contradictions: list[str] = field(default_factory=list[str])
    unknown: Counter[str] = field(default_factory=Counter[str])


def contradictions(
    project: Project, files: Files, judge: Judge, unknown: Counter[str] | None = None
) -> Iterator[str]:
    """Yield where the analysis is wrong; why it may be silent is counted in `unknown`."""
    judgement = judge(project.case, files)
    if not (judgement.tests or judgement.uncollected.keys() - {""}):
        return  # pytest refused to start, or to collect anything at all
    comparison = compare(project.case, files, judgement, report_on(files))
    yield from comparison.contradictions
    for line in comparison.missed:
        if not (reason := _why_unknown(project, files, judgement, line)):
            yield line
        elif unknown is not None:
            unknown[reason] += 1
    plan = plan_for(files, Fixing.UNSAFE)
    if not plan.files:
        return
    repaired = {**files, **plan.files}
    if "asyncio" not in project.case.plugins:
        return  # what a fix takes to be there is not, and would change what runs the rest
    after = judge(project.case, repaired)
    yield from still_wrong(plan, judgement, after)
    yield from broken(judgement, after)
    again = compare(project.case, repaired, after, plan.after)
    yield from (f"once repaired: {line}" for line in again.contradictions)


def _why_unknown(project: Project, files: Files, judgement: Judgement, missed: str) -> str:
    """Return why source does not tell what was missed, "" where it does."""
    path = missed.removeprefix("fixture ").partition("::")[0]
    if not project.decidable or path in project.undecidable:
        return "a decorator or hook that nobody reads from source, or other plugins"
    if project.marks_some_late and _minds_late_marks(files):
        return "a hook that marks some tests late, which an older pytest-asyncio minds"
    if missed.startswith("fixture ") and "/shared.py::" in missed.replace(" ", " /"):
        return "a fixture of a class in a file that is neither test file nor conftest"
    if _is_in_hidden_case(missed, project):
        return "a class of unittest that is imported under a name that does not say so"
    if missed.startswith("fixture ") and _is_for_cases_alone(missed, judgement):
        return "a fixture of unittest's tests alone, which an older pytest-asyncio does not see"
    return ""


def _minds_late_marks(files: Files) -> bool:
    """Whether pytest-asyncio runs what is marked when it is an item already."""
    pins = dict(line.split("==") for line in files.get(PINS, b"").decode().splitlines())
    return "pytest-asyncio" in pins and Version(pins["pytest-asyncio"]) < Version(SINCE)


def _is_in_hidden_case(missed: str, project: Project) -> bool:
    """Whether a test is in a class whose name stands in its file for an import alone.

    Only what is called like a test is looked for in other files, each of which has to be fetched.
    """
    path, _, symbol = missed.partition(" ")[0].partition("::")
    name = symbol.partition(".")[0]
    if "Test" in name or "Case" in name or path not in project.case.files:
        return False
    source = as_bytes(project.case.files[path]).decode()
    return re.search(rf"^ *class {name}\b", source, re.MULTILINE) is None


def _is_for_cases_alone(missed: str, judgement: Judgement) -> bool:
    """Whether all tests that a fixture was set up for are unittest's, and none of them failed.

    A newer pytest-asyncio sets it up; what it does not set up, pytest refuses.
    """
    path, _, symbol = missed.removeprefix("fixture ").partition(" ")[0].partition("::")
    got = [test for test in judgement.tests if (path, symbol) in test.fixtures]
    return bool(got) and all(test.item.testcase and not test.why for test in got)


def try_out(
    versions: VersionSet, python: Path, folder: Path, *, examples: int, seed: int
) -> Trial:
    """Judge so many generated projects; in each batch a contradiction ends it, shrunk.

    What is generated depends on `examples` and `seed` alone, not on the number of cores.
    """
    sizes = [min(BATCH, examples - start) for start in range(0, examples, BATCH)]
    seeded = [(size, seed * 1000 + number) for number, size in enumerate(sizes)]
    batches = list(side_by_side(partial(_batch, versions, python, folder), seeded))
    return Trial(
        sum(one.projects for one in batches),
        sum(one.tests for one in batches),
        [line for one in batches for line in one.contradictions],
        sum((one.unknown for one in batches), Counter[str]()),
    )


def _batch(versions: VersionSet, python: Path, folder: Path, seeded: tuple[int, int]) -> Trial:
    examples, seed = seeded
    bench = Bench(warm_pytest(folder / "bytecode", python).start, folder / "generated")
    tries = _Tries(bench, versions)

    @hypothesis.seed(seed)
    @settings(SLOW, max_examples=examples, phases=(Phase.generate, Phase.shrink))
    @given(projects())
    def agrees(project: Project) -> None:
        assert not tries.contradictions(project)

    with suppress(AssertionError, _SmallEnoughError):
        agrees()
    return tries.trial


class _SmallEnoughError(BaseException):
    """Ends the search for a smaller project; hypothesis takes any other exception for a find."""


@dataclass(slots=True)
class _Tries:
    """Judges projects, and keeps the smallest one that contradicts."""

    bench: Bench
    versions: VersionSet
    trial: Trial = field(default_factory=Trial)
    left: int = SMALLER

    def contradictions(self, project: Project) -> list[str]:
        if not self.left:
            raise _SmallEnoughError
        files = {**self.versions.pins, **project.case.contents()}
        found = list(contradictions(project, files, self._judged, self.trial.unknown))
        if found:
            told = "\n".join([*found, repr(project)])
            self.trial.contradictions = [min([*self.trial.contradictions, told], key=len)]
        self.left -= bool(self.trial.contradictions)
        return found

    def _judged(self, case: Case, files: Files) -> Judgement:
        judgement = self.bench.judge(case, files)
        self.trial.projects += 1
        self.trial.tests += len(judgement.tests)
        return judgement
