"""Async tests that nothing runs, looked for in the files below a folder."""

from collections.abc import Iterator
from itertools import islice

from bot.analysis.answer import Answer
from bot.analysis.collection.collection import Test
from bot.analysis.facts import Facts
from bot.analysis.handling.handling import Cause
from bot.analysis.pytest_runs.config_files import is_within
from bot.analysis.pytest_runs.pytest_config import PytestRun
from bot.analysis.source.module import Module

# A cause is only worth a word where it hurts; in a larger tree its first files will tell.
_MOST_FILES = 200
UNHANDLED = frozenset({Cause.UNHANDLED, Cause.EXPECTED, Cause.PLUGIN_OFF})


def lost_tests_below(folder: str, facts: Facts) -> Iterator[tuple[Test, PytestRun]]:
    """Yield tests that no mark, mode or plugin runs, each with a run in which it is lost."""
    paths = (path for path in sorted(facts.project.library.paths) if is_within(path, folder))
    collected = (path for path in paths if _is_collected(path, facts))
    for path in islice(collected, _MOST_FILES):
        if (module := facts.project.module(path)) is not None:
            yield from lost_tests_of(module, facts)


def lost_tests_of(module: Module, facts: Facts) -> Iterator[tuple[Test, PytestRun]]:
    """Yield the tests of one file that no mark, mode or plugin runs."""
    for test in facts.tests(module):
        verdict = facts.verdict(test)
        if verdict.runs is Answer.NO and verdict.cause in UNHANDLED and verdict.run is not None:
            yield test, verdict.run


def _is_collected(path: str, facts: Facts) -> bool:
    return any(run.collects_file(path) is Answer.YES for run in facts.setup.runs)
