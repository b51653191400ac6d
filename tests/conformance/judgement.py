"""From the records of a project's runs to a verdict on each of its tests and fixtures.

Nothing is inferred from outcomes. A test ran when its body left a trace, a fixture likewise; a
fixture was refused when pytest says so in its own words.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from tests.conformance.records import (
    Deselected,
    Fixture,
    Item,
    Looked,
    Phase,
    Record,
    Trace,
    Uncollected,
    Warned,
)

Kind = TypeVar("Kind")
Name = tuple[str, str]  # the path of a file, and a qualified name in it

# What pytest and unittest call by its name. unittest does so while the test itself is called.
HOOK_NAMES = frozenset(
    {
        "setup_module", "teardown_module", "setUpModule", "tearDownModule", "setup_function",
        "teardown_function", "setup_class", "teardown_class", "setup_method", "teardown_method",
        "setUp", "tearDown", "setUpClass", "tearDownClass", "asyncSetUp", "asyncTearDown", "setup",
        "teardown",
    }
)  # fmt: skip


# What is said where unittest, or anyio, did not come to the body of a test.
FAILED_BEFORE = (
    "required positional argument",
    "has no attribute 'addAsyncCleanup'",
    "anyio_backend must be either a string or tuple",
)


class Fate(StrEnum):
    """What became of a test, or of a fixture."""

    RAN = "ran"
    NEVER = "never ran"
    PARTLY = "ran for some of its parameters or requests"
    UNJUDGED = "not judged"


@dataclass(frozen=True, slots=True)
class Run:
    """One start of pytest: what it printed, what was observed."""

    output: str
    records: Sequence[Record]


@dataclass(frozen=True, slots=True)
class JudgedTest:
    """A test function as it was collected in one class (or none) of one file.

    Attributes:
        item: the first of what may be many items (parameters, invocations).
        defined_in: the file that its body is in, relative to the project.
        defined_at: the line of its first decorator or its `def`.
        passed: it ran, and pytest was content with it throughout.
        xfailed: its failure counted as the one that was expected.
        refused_await: it ended because something could not be awaited.
        fixtures: where the fixtures that were set up for it are: file and qualified name.
        why: the last line of what pytest said of it, for people.
    """

    path: str
    symbol: str
    fate: Fate
    item: Item
    defined_in: str
    defined_at: int
    passed: bool
    xfailed: bool
    refused_await: bool
    fixtures: frozenset[Name]
    why: str


@dataclass(frozen=True, slots=True)
class JudgedFixture:
    """An async fixture function that at least one test requested and reached."""

    path: str
    symbol: str
    fate: Fate


@dataclass(frozen=True, slots=True)
class Called:
    """A function that ran, in whatever phase of which test (its node id), and in whose loop."""

    nodeid: str
    path: str
    symbol: str
    library: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """What all invocations of a project came to together.

    Attributes:
        called: what ran, tests and all else that leaves a trace.
        refused: tests that pytest refuses, and the async fixtures that it refuses them for.
        uncollected: what failed to be collected or was skipped as a whole, with pytest's reason.
        looked: the files that some run collected from.
        warned: what was warned of: the category and the first line.
        output: what pytest printed, for people.
    """

    tests: tuple[JudgedTest, ...]
    fixtures: tuple[JudgedFixture, ...]
    called: frozenset[Called]
    refused: frozenset[tuple[Name, Name]]
    uncollected: Mapping[str, str]
    looked: frozenset[str]
    warned: frozenset[str]
    output: str

    def was_collected(self, path: str) -> bool:
        """Whether neither a file nor a folder above it failed to be collected."""
        above = path.split("/")
        folders = ("/".join(above[:end]) for end in range(1, len(above)))
        return path not in self.uncollected and not any(map(self.uncollected.get, folders))

    @property
    def says_something(self) -> bool:
        """Whether there is anything that an analysis could be wrong about."""
        fates = {test.fate for test in self.tests} | {one.fate for one in self.fixtures}
        return not fates.isdisjoint({Fate.RAN, Fate.NEVER})


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One item in one run."""

    item: Item
    fate: Fate
    passed: bool
    xfailed: bool
    refused_await: bool
    fixtures: frozenset[Name]
    why: str


def judgement_of(runs: Iterable[Run], project: Path) -> Judgement:
    """Join the runs: what ran in one of them runs."""
    runs = list(runs)
    tests: defaultdict[Name, list[list[_Attempt]]] = defaultdict(list)
    fixtures: defaultdict[Name, list[Fate]] = defaultdict(list)
    for run in runs:
        for name, attempts in _grouped(_attempts(run, project)).items():
            tests[name].append(attempts)
        for name, fates in _grouped(_fixture_fates(run, project)).items():
            fixtures[name].append(_within(fates))
    unasked = _unasked(runs, project)
    return Judgement(
        tuple(_judged(name, found, project) for name, found in tests.items()),
        tuple(_judged_fixture(name, found, unasked) for name, found in fixtures.items()),
        frozenset(called for run in runs for called in _called(run, project)),
        frozenset(pair for pair in _refused(runs, project) if pair[1] not in unasked),
        {gone.path: gone.why for run in runs for gone in _of(Uncollected, run.records)},
        frozenset(one.path for run in runs for one in _of(Looked, run.records)),
        frozenset(one.said for run in runs for one in _of(Warned, run.records)),
        "\n".join(run.output for run in runs),
    )


def _judged(name: Name, runs: Sequence[Sequence[_Attempt]], project: Path) -> JudgedTest:
    attempts = [attempt for run in runs for attempt in run]
    item = attempts[0].item
    return JudgedTest(
        *name,
        _across([_within([attempt.fate for attempt in run]) for run in runs]),
        item,
        _relative(item.defined.file, project) if item.defined else name[0],
        item.defined.line if item.defined else 0,
        all(attempt.passed for attempt in attempts),
        any(attempt.xfailed for attempt in attempts),
        any(attempt.refused_await for attempt in attempts),
        frozenset().union(*(attempt.fixtures for attempt in attempts)),
        attempts[0].why,
    )


def _attempts(run: Run, project: Path) -> Iterator[tuple[Name, _Attempt]]:
    """Judge each item of a run; deselected ones were never given a chance."""
    traced = {trace.nodeid for trace in _of(Trace, run.records) if _is_of_test(trace)}
    phases: defaultdict[str, list[Phase]] = defaultdict(list)
    for phase in _of(Phase, run.records):
        phases[phase.nodeid].append(phase)
    reached: defaultdict[str, set[Name]] = defaultdict(set)
    for fixture in _of(Fixture, run.records):
        reached[fixture.nodeid].add(_fixture_name(fixture, project))
    for item in _of(Item, run.records):
        own = phases[item.nodeid]
        yield (
            (_relative(item.path, project), item.symbol),
            _Attempt(
                item,
                Fate.RAN if item.nodeid in traced else _fate_without_trace(item, own),
                item.nodeid in traced and all(one.outcome == "passed" for one in own),
                _failed_as_expected(own),
                any(phase.refused_await for phase in own),
                frozenset(reached[item.nodeid]),
                next((phase.why for phase in own if phase.why), ""),
            ),
        )


def _is_of_test(trace: Trace) -> bool:
    return trace.phase == "call" and trace.name.rpartition(".")[2] not in HOOK_NAMES


def _fate_without_trace(item: Item, phases: Sequence[Phase]) -> Fate:
    """A test that had its turn and left no trace never ran.

    What was skipped, or failed before its turn came, is not judged; nor is an expected failure
    that is not to be run, unless it is an async generator: pytest-asyncio reports those so.
    """
    if isinstance(item, Deselected) or not phases:
        return Fate.UNJUDGED
    skipped = any(phase.outcome == "skipped" and not phase.unhandled for phase in phases)
    if skipped and not (item.generator or _failed_as_expected(phases)):
        return Fate.UNJUDGED
    unready = [p for p in phases if p.phase == "setup" and p.outcome == "failed"]
    return Fate.UNJUDGED if unready or _failed_before(phases) else Fate.NEVER


def _failed_before(phases: Sequence[Phase]) -> bool:
    """Whether the call failed, as loudly as can be, for want of arguments or in `setUp`."""
    said = [phase.why for phase in phases if phase.phase == "call"]
    return any(words in why for why in said for words in FAILED_BEFORE)


def _failed_as_expected(phases: Sequence[Phase]) -> bool:
    return any(phase.phase == "call" and phase.xfail for phase in phases)


def _fixture_fates(run: Run, project: Path) -> Iterator[tuple[Name, Fate]]:
    """Judge each async fixture each time that a test had it set up."""
    ran = {(trace.nodeid, trace.file, trace.line) for trace in _of(Trace, run.records)}
    for fixture in _of(Fixture, run.records):
        if not fixture.coroutine or not Path(fixture.file).is_relative_to(project):
            continue
        if (fixture.nodeid, fixture.file, fixture.line) in ran:
            yield _fixture_name(fixture, project), Fate.RAN
        elif fixture.ended != "failed":
            yield _fixture_name(fixture, project), Fate.NEVER


def _unasked(runs: Sequence[Run], project: Path) -> set[Name]:
    """Return the fixtures that no test got in some run, which has or had to have tests for them.

    These may have failed before, or to be collected, or the fixtures for a reason of their own,
    so it is not known what would become of them.
    """
    got = [_askers(run, project) for run in runs]
    askers = {
        name: set[Name]().union(*(one.get(name, ()) for one in got)) for one in got for name in one
    }
    return {
        name
        for name, asking in askers.items()
        for own, run in zip(got, runs, strict=True)
        if name not in own and any(map(_may_hold(run, project), asking))
    }


def _may_hold(run: Run, project: Path) -> Callable[[Name], bool]:
    """Return what says of a test whether a run collected it, or failed to collect its file."""
    tests = set(_names_of(run, project).values())
    uncollected = {gone.path for gone in _of(Uncollected, run.records)}
    return lambda test: test in tests or test[0] in uncollected


def _askers(run: Run, project: Path) -> dict[Name, list[Name]]:
    """Return the tests that got fixtures in a run, by the fixtures."""
    names = _names_of(run, project)
    found = [
        one for one in _of(Fixture, run.records) if one.nodeid in names and one.ended != "failed"
    ]
    return _grouped((_fixture_name(one, project), names[one.nodeid]) for one in found)


def _names_of(run: Run, project: Path) -> dict[str, Name]:
    """Return the tests of a run by their node ids."""
    return {
        item.nodeid: (_relative(item.path, project), item.symbol)
        for item in _of(Item, run.records)
    }


def _judged_fixture(name: Name, fates: Sequence[Fate], unasked: set[Name]) -> JudgedFixture:
    fate = _across(fates)
    is_open = fate is Fate.NEVER and name in unasked
    return JudgedFixture(*name, Fate.UNJUDGED if is_open else fate)


def _called(run: Run, project: Path) -> Iterator[Called]:
    for trace in _of(Trace, run.records):
        name = trace.name.rpartition("<locals>.")[2]
        yield Called(trace.nodeid, _relative(trace.file, project), name, trace.library)


def _refused(runs: Sequence[Run], project: Path) -> Iterator[tuple[Name, Name]]:
    """Yield tests and the fixtures that every run which comes so far refuses them for."""
    endings: defaultdict[tuple[Name, Name], set[str]] = defaultdict(set)
    for run in runs:
        tests = _names_of(run, project)
        for one in _of(Fixture, run.records):
            if one.coroutine and one.nodeid in tests:
                endings[tests[one.nodeid], _fixture_name(one, project)].add(one.ended)
    yield from (pair for pair, ended in endings.items() if ended == {"refused"})


def _within(fates: Iterable[Fate]) -> Fate:
    """Join what became of one function in one run; what was not judged says nothing."""
    found = set(fates) - {Fate.UNJUDGED}
    if len(found) > 1:
        return Fate.PARTLY
    return next(iter(found), Fate.UNJUDGED)


def _across(fates: Sequence[Fate]) -> Fate:
    """Join the runs of a project: one that runs a function is enough."""
    order = (Fate.RAN, Fate.PARTLY, Fate.NEVER, Fate.UNJUDGED)
    return min(fates, key=order.index)


def _fixture_name(fixture: Fixture, project: Path) -> Name:
    return _relative(fixture.file, project), fixture.name.rpartition("<locals>.")[2]


def _grouped(pairs: Iterable[tuple[Name, Kind]]) -> dict[Name, list[Kind]]:
    groups: defaultdict[Name, list[Kind]] = defaultdict(list)
    for name, value in pairs:
        groups[name].append(value)
    return groups


def _relative(path: str, project: Path) -> str:
    found = Path(path)
    return found.relative_to(project).as_posix() if found.is_relative_to(project) else path


def _of(kind: type[Kind], records: Iterable[Record]) -> Iterator[Kind]:
    return (record for record in records if isinstance(record, kind))
