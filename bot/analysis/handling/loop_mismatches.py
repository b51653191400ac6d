"""Tests and async fixtures that get what was made in another event loop than their own."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from bot.analysis.collection.collection import Test
from bot.analysis.collection.plugins import PluginReader
from bot.analysis.fixtures.fixture_requests import FixtureRequests, Request
from bot.analysis.fixtures.fixture_uses import gives_value
from bot.analysis.fixtures.fixtures import Fixture
from bot.analysis.fixtures.plain_values import gives_plain_value
from bot.analysis.handling.loop_scopes import FixtureLoop, LoopScopes
from bot.analysis.pytest_runs.pytest_config import PytestRun


class Mismatch(Struct, frozen=True):
    """A fixture that runs in one loop, for a test or fixture that runs in another.

    `user_loop` is the scope of the loop of who asks for it: the test, or the fixture between.
    """

    test: Test
    request: Request
    fixture: Fixture
    loop: FixtureLoop
    user_loop: str


class LoopMismatches:
    """Finds them among the tests of a file."""

    def __init__(
        self, requests: FixtureRequests, scopes: LoopScopes, plugins: PluginReader
    ) -> None:
        self._requests = requests
        self._scopes = scopes
        self._plugins = plugins

    def of(self, tests: Iterable[Test], runs: Sequence[PytestRun]) -> Iterator[Mismatch]:
        """Yield what differs in every run, and where the fixture's value can be seen."""
        for test in tests:
            first = runs[0]
            plugins = self._plugins.plugins(first, test.module)
            for request in self._requests.of(test, plugins, first.usefixtures):
                fixture = request.fixture
                if fixture is None or not fixture.is_async or not gives_value(fixture):
                    continue
                if gives_plain_value(fixture):
                    continue
                found = [self._between(test, request, fixture, run) for run in runs]
                if found[0] is not None and all(one is not None for one in found):
                    yield found[0]

    def _between(
        self, test: Test, request: Request, fixture: Fixture, run: PytestRun
    ) -> Mismatch | None:
        loop = self._scopes.of_fixture(fixture, run)
        user = self._user_loop(test, request, run)
        if loop is None or user is None or loop.is_refused or loop.loop == user:
            return None
        return Mismatch(test, request, fixture, loop, user)

    def _user_loop(self, test: Test, request: Request, run: PytestRun) -> str | None:
        consumer = request.consumer
        if consumer is None or not consumer.is_async:
            return self._scopes.of_test(test, run)
        found = self._scopes.of_fixture(consumer, run)
        return None if found is None else found.loop
