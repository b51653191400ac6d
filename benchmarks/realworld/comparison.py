"""What the analyser says of a project held against what its own pytest does, test by test."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from benchmarks.realworld.analysis import Said
from benchmarks.realworld.truth import Fate, Truth
from bot.analysis.answer import Answer
from bot.analysis.finding import Finding

# What these report is an async test that never runs.
NEVER_RUNS = frozenset({"AWT101", "AWT102", "AWT103", "AWT104", "AWT105", "AWT106"})
FIXTURE_NEVER_RUNS = "AWT301"


@dataclass(frozen=True, slots=True)
class Compared:
    """One project, counted.

    Attributes:
        tests: async tests that pytest collects and whose fate is known.
        handled: those of them that run.
        seen: tests whose fate was seen in a run, not told by their kind alone.
        undecided: tests that pytest collects, and nobody could tell their fate.
        found: tests that never run and are reported.
        false_alarms: what is reported of tests and fixtures that run, or are none.
        missed: tests that never run, of which the analyser says that they do.
        silent: tests that never run, of which it says that it does not know.
        unknown: tests that run, of which it says that it does not know, by reason.
        unseen: tests that run, and are no async tests to it.
        unjudged: findings on tests of files that were not collected here.
        findings: all findings, by rule.
    """

    tests: int = 0
    handled: int = 0
    seen: int = 0
    undecided: int = 0
    found: int = 0
    false_alarms: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    unknown: dict[str, int] = field(default_factory=dict[str, int])
    unseen: tuple[str, ...] = ()
    unjudged: tuple[str, ...] = ()
    findings: dict[str, int] = field(default_factory=dict[str, int])

    @property
    def other_findings(self) -> int:
        """How many findings are not about whether a test or fixture runs."""
        deciding = NEVER_RUNS | {FIXTURE_NEVER_RUNS}
        return sum(count for code, count in self.findings.items() if code not in deciding)


def compare(truth: Truth, said: Said) -> Compared:
    """Compare a project's truth with what is said of it."""
    fates = {(one.path, one.symbol): one.fate for one in truth.tests}
    alarms = {
        (one.path, one.symbol): one for one in said.report.findings if one.code in NEVER_RUNS
    }
    never = {name for name, fate in fates.items() if fate is Fate.NEVER}
    handled = {name for name, fate in fates.items() if fate is Fate.RUNS}
    quiet = never - alarms.keys()
    told = {name: said.verdicts.get(name) for name in fates}
    unknown = {name for name, one in told.items() if one and one[0] is Answer.UNKNOWN}
    return Compared(
        tests=len(never) + len(handled),
        handled=len(handled),
        seen=sum(one.how == "seen" for one in truth.tests),
        undecided=len(fates) - len(never) - len(handled),
        found=len(never & alarms.keys()),
        false_alarms=(
            *(_said(one) for name, one in sorted(alarms.items()) if name in handled),
            *_false_fixtures(truth, said),
        ),
        missed=tuple(_name(one) for one in sorted(quiet - unknown)),
        silent=tuple(_name(one) for one in sorted(quiet & unknown)),
        unknown=dict(Counter(_reason(told[name]) for name in handled & unknown).most_common()),
        unseen=tuple(_name(name) for name in sorted(handled) if told[name] is None),
        unjudged=tuple(_said(one) for name, one in sorted(alarms.items()) if name not in fates),
        findings=dict(sorted(Counter(one.code for one in said.report.findings).items())),
    )


def _false_fixtures(truth: Truth, said: Said) -> Iterator[str]:
    """Yield reported fixtures that were set up; a decorator may be their first line."""
    set_up = {(path, line) for path, line, fate in truth.fixtures if fate is Fate.RUNS}
    for finding in said.report.findings:
        if finding.code == FIXTURE_NEVER_RUNS:
            lines = range(finding.line - 5, finding.line + 1)
            if any((finding.path, line) in set_up for line in lines):
                yield _said(finding)


def _reason(told: tuple[Answer, str] | None) -> str:
    return told[1] if told and told[1] else "no reason given"


def _name(name: tuple[str, str]) -> str:
    return "::".join(name)


def _said(finding: Finding) -> str:
    return f"{finding.path}:{finding.line} {finding.code} {finding.symbol}: {finding.message}"
