"""Try the analysis, and what it repairs, on generated projects until one contradicts it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import hypothesis
from hypothesis import HealthCheck, Phase, given, settings

from bot.analysis.request import Fixing
from tests.conformance.case import Case
from tests.conformance.comparison import compare
from tests.conformance.driver import plan_for, report_on
from tests.conformance.generated.projects import Project, projects
from tests.conformance.judgement import Judgement
from tests.conformance.repair import broken, still_wrong

Files = Mapping[str, bytes]
Judge = Callable[[Case, Files], Judgement]

# Each example starts pytest, so none is quick, and shrinking takes minutes.
SLOW = settings(
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    print_blob=False,
    phases=(Phase.generate,),
)


@dataclass(slots=True)
class Trial:
    """What came of a number of generated projects.

    Attributes:
        projects: those that were judged, shrinking included.
        tests: the tests in them.
        contradiction: the smallest project found with a contradiction, and what it is; "" if none.
    """

    projects: int = 0
    tests: int = 0
    contradiction: str = ""


def contradictions(project: Project, files: Files, judge: Judge) -> Iterator[str]:
    """Yield where the analysis is wrong; silence is wrong where source decides."""
    judgement = judge(project.case, files)
    comparison = compare(project.case, files, judgement, report_on(files))
    yield from comparison.contradictions
    if project.decidable:
        yield from comparison.missed
    plan = plan_for(files, Fixing.UNSAFE)
    if not plan.files:
        return
    able = project.case.with_plugins("asyncio")
    repaired = {**files, **plan.files}
    after = judge(able, repaired)
    yield from still_wrong(plan, after)
    yield from broken(judgement, after)
    again = compare(able, repaired, after, plan.after)
    yield from (f"once repaired: {line}" for line in again.contradictions)


def try_out(judge: Judge, pins: Files, *, examples: int, seed: int) -> Trial:
    """Judge so many generated projects; a contradiction ends it, shrunk.

    `pins` are files that every project has besides its own.
    """
    trial = Trial()

    def judging(case: Case, files: Files) -> Judgement:
        judgement = judge(case, files)
        trial.projects += 1
        trial.tests += len(judgement.tests)
        return judgement

    @hypothesis.seed(seed)
    @settings(SLOW, max_examples=examples, phases=(Phase.generate, Phase.shrink))
    @given(projects())
    def agrees(project: Project) -> None:
        found = list(contradictions(project, {**pins, **project.case.contents()}, judging))
        assert not found, "\n".join([*found, repr(project)])

    try:
        agrees()
    except AssertionError as error:
        trial.contradiction = str(error)
    return trial
