"""What came of one project."""

from dataclasses import dataclass, field

from benchmarks.realworld.comparison import Compared
from benchmarks.realworld.mutation import Recall
from benchmarks.realworld.verdicts import Place


@dataclass(frozen=True, slots=True)
class Result:
    """One project, judged, compared and mutated; or only read.

    Attributes:
        project: name and release.
        style: how its async tests come to run.
        seconds: what the analysis took, in one process.
        compared: the analyser's answers against pytest's, test by test.
        recall: what is found of mistakes made on purpose.
        findings: the places of all findings.
        uncollected: how many files pytest could not collect here.
        failed: why the project could not be judged; empty where it was.
        unjudged: why it was not to be, and its findings are only read; empty where it was.
        answers: where it was not to be, what is said of its async tests: yes, no or unknown.
    """

    project: str
    style: str
    seconds: float = 0.0
    compared: Compared = field(default_factory=Compared)
    recall: tuple[Recall, ...] = ()
    findings: tuple[Place, ...] = ()
    uncollected: int = 0
    failed: str = ""
    unjudged: str = ""
    answers: dict[str, int] = field(default_factory=dict[str, int])
