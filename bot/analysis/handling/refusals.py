"""Tests that pytest refuses to run because nothing sets up an async fixture that they get.

pytest 9 does (`pytest_fixture_setup` in _pytest/fixtures.py); earlier versions hand the test the
coroutine itself.
"""

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from bot.analysis.answer import Answer
from bot.analysis.collection.collection import Test
from bot.analysis.collection.plugins import PluginReader
from bot.analysis.fixtures.fixture_requests import FixtureRequests, Request
from bot.analysis.fixtures.fixtures import Fixture
from bot.analysis.handling.fixture_handling import FixtureHandling
from bot.analysis.pytest_runs.pytest_config import PytestRun


class Refusal(Struct, frozen=True):
    """A test and a fixture that it is refused for."""

    test: Test
    request: Request
    fixture: Fixture


class Refusals:
    """Finds such tests among those of a file."""

    def __init__(
        self,
        requests: FixtureRequests,
        handling: FixtureHandling,
        plugins: PluginReader,
    ) -> None:
        self._requests = requests
        self._handling = handling
        self._plugins = plugins

    def of(self, tests: Iterable[Test], runs: Sequence[PytestRun]) -> Iterator[Refusal]:
        """Yield the tests that every run refuses, with each fixture that is a reason."""
        runs = [run for run in runs if run.refused is None]
        if not runs or not all(run.versions.at_least("pytest", "9.0") for run in runs):
            return
        for test in tests:
            yield from self._of_test(test, runs)

    def _of_test(self, test: Test, runs: Sequence[PytestRun]) -> Iterator[Refusal]:
        first = runs[0]
        plugins = self._plugins.plugins(first, test.module)
        for request in self._requests.of(test, plugins, first.usefixtures):
            fixture = request.fixture
            if fixture is not None and fixture.is_async and self._gets(test, fixture, runs):
                answers = (self._handling.handled_for(fixture, test, run) for run in runs)
                if Answer.any_of(answers) is Answer.NO:
                    yield Refusal(test, request, fixture)

    def _gets(self, test: Test, fixture: Fixture, runs: Sequence[PytestRun]) -> bool:
        """Whether a test gets the fixture in the other runs too, which may read other files."""
        first, *others = [(self._plugins.plugins(run, test.module), run) for run in runs]
        return all(
            any(
                one.fixture == fixture for one in self._requests.of(test, plugins, run.usefixtures)
            )
            for plugins, run in others
            if plugins.all_modules != first[0].all_modules
        )
