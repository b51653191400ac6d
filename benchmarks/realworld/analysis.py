"""What the analyser says of a tree: its report, and its verdict on every async test."""

import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from msgspec.structs import replace

from bot.analysis import engine
from bot.analysis.answer import Answer
from bot.analysis.checked_file import CheckedFile
from bot.analysis.collection.collection import Test
from bot.analysis.finding import Finding, Severity
from bot.analysis.request import Content, Fixing, Report, Request
from bot.analysis.rule import Enabled, Rule
from bot.rules import ALL_RULES

Result = TypeVar("Result")
Read = Callable[[str], Content]

# Those that are off for want of precision are on here: it is measured, and may get better.
_RULES = tuple(
    replace(one, enabled=Enabled.BY_DEFAULT) if one.policy is None else one for one in ALL_RULES
)
# A rule of our own that "finds" every async test, and says what the analyser decided of it.
_census = Rule(__name__, __doc__, code="CENSUS", severity=Severity.NOTICE)
_APART = " | "


@_census.on(Test)
def _say(test: Test, file: CheckedFile) -> Iterator[Finding]:
    verdict = file.verdict(test)
    message = f"{verdict.runs.value}{_APART}{verdict.reason}"
    yield _census.finding(file.place_of_test(test), message, symbol=test.symbol)


@dataclass(frozen=True, slots=True)
class Said:
    """What the analyser says of one tree.

    Attributes:
        report: as a user gets it.
        verdicts: by file and symbol of each async test; the reason of what is unknown beside it.
        seconds: how long it took, in one process.
    """

    report: Report
    verdicts: Mapping[tuple[str, str], tuple[Answer, str]]
    seconds: float


def said_of(tree: Path) -> Said:
    """Analyse a tree on disk."""
    return said_of_files(paths_of(tree), lambda path: (tree / path).read_bytes())


def paths_of(tree: Path) -> tuple[str, ...]:
    """Return the files of a tree, relative to it."""
    files = (path for path in tree.rglob("*") if path.is_file() and not path.is_symlink())
    return tuple(sorted(path.relative_to(tree).as_posix() for path in files))


def said_of_files(
    paths: Sequence[str], read: Read, candidates: Sequence[str] | None = None
) -> Said:
    """Analyse files, all or only the candidates, reading what is asked for."""
    wanted = None if candidates is None else tuple(candidates)
    request = Request(tuple(paths), candidates=wanted, fixing=Fixing.NONE)
    began = time.perf_counter()
    report = _answered(engine.analyse(request, (*_RULES, _census)), set(paths), read)
    seconds = time.perf_counter() - began
    verdicts = {
        (one.path, one.symbol): _parsed(one.message)
        for one in report.findings
        if one.code == _census.code
    }
    findings = tuple(one for one in report.findings if one.code != _census.code)
    own = Report(report.checked, findings, report.errors, report.read, report.notes)
    return Said(own, verdicts, seconds)


def _parsed(message: str) -> tuple[Answer, str]:
    value, _, reason = message.partition(_APART)
    return Answer(value), reason


def _answered(
    asking: Generator[frozenset[str], Mapping[str, Content], Result], paths: set[str], read: Read
) -> Result:
    try:
        wanted = next(asking)
        while True:
            wanted = asking.send({path: read(path) if path in paths else None for path in wanted})
    except StopIteration as stop:
        answer: Result = stop.value
        return answer
