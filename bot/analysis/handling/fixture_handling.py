"""The decision: does anything set up this async fixture?

pytest-asyncio takes over plain `@pytest.fixture` in auto mode (and did in legacy mode). anyio
sets up async fixtures of every test that gets `anyio_backend`; trio those of its own tests.
Where either is at work, the tests that ask for the fixture decide, and they may be anywhere.
"""

from bot.analysis.answer import Answer
from bot.analysis.collection.collection import Collector, Test
from bot.analysis.collection.plugins import (
    PluginReader,
    Plugins,
    asyncio_active,
    asyncio_mode,
    is_asyncio_switched_off,
    runs_everything,
    trio_mode,
    unknown_async_plugin,
)
from bot.analysis.collection.third_party import (
    ASYNC_DISTRIBUTIONS,
    ASYNCIO_MAKERS,
    RUNNING_MARKS,
)
from bot.analysis.fixtures.closures import ANYIO_BACKEND, Closures
from bot.analysis.fixtures.fixtures import Fixture, Fixtures, requested
from bot.analysis.pytest_runs.pytest_config import AsyncioMode, PytestRun
from bot.analysis.source.module import Module

_PLAIN_MAKERS = frozenset({"pytest.fixture", "pytest.yield_fixture"})
# All plugins that run async tests set up their async fixtures too; anyio comes with many packages.
_OTHER_DISTRIBUTIONS = ASYNC_DISTRIBUTIONS - {"pytest-asyncio", "pytest-aiohttp", "anyio"}


class FixtureHandling:
    """Decides for async fixtures."""

    def __init__(
        self,
        fixtures: Fixtures,
        closures: Closures,
        plugins: PluginReader,
        collector: Collector,
        *,
        mode_set_elsewhere: bool = False,
    ) -> None:
        self._fixtures = fixtures
        self._closures = closures
        self._plugins = plugins
        self._collector = collector
        self._mode_set_elsewhere = mode_set_elsewhere

    def handled(self, fixture: Fixture, run: PytestRun) -> Answer:
        """Return whether anything sets up the fixture under a run."""
        if not fixture.is_async:
            return Answer.UNKNOWN
        plugins = self._plugins.plugins(run, fixture.function.module)
        return self._unless_changed(self._handled(fixture, run, plugins), run, plugins)

    def handled_for(self, fixture: Fixture, test: Test, run: PytestRun) -> Answer:
        """Return whether anything sets up the fixture for one test that gets it."""
        if not fixture.is_async:
            return Answer.UNKNOWN
        plugins = self._plugins.plugins(run, test.module)
        return self._unless_changed(self._handled_for(fixture, test, run, plugins), run, plugins)

    def _unless_changed(self, answer: Answer, run: PytestRun, plugins: Plugins) -> Answer:
        if answer is not Answer.NO:
            return answer
        hooks = self._plugins.anywhere(run)
        has_mode = asyncio_active(run, plugins) is not Answer.NO
        changes_mode = has_mode and hooks.asyncio_mode is not Answer.NO
        return Answer.UNKNOWN if changes_mode or hooks.handles_fixtures else answer

    def _handled(self, fixture: Fixture, run: PytestRun, plugins: Plugins) -> Answer:
        if not self._is_plain(fixture, run, plugins):
            return Answer.UNKNOWN
        decided = self._by_mode(run, plugins)
        if decided is not None:
            return decided
        return self._by_requesters(fixture, run, plugins, fixture.function.module)

    def _handled_for(
        self, fixture: Fixture, test: Test, run: PytestRun, plugins: Plugins
    ) -> Answer:
        if not self._is_plain(fixture, run, plugins):
            return Answer.UNKNOWN
        decided = self._by_mode(run, plugins)
        return self._by_test(fixture, test, run, plugins) if decided is None else decided

    def _is_plain(self, fixture: Fixture, run: PytestRun, plugins: Plugins) -> bool:
        """Whether it is a fixture that is told from no other by how it is made.

        What pytest-asyncio makes is set up by its hook, so where that is switched off it is one.
        """
        if run.refused is not None:
            return False
        if len(self._fixtures.beside_marks(fixture)) != 1:
            return False  # another decorator may make it synchronous
        if fixture.maker in ASYNCIO_MAKERS:
            return is_asyncio_switched_off(run, plugins)
        return fixture.maker in _PLAIN_MAKERS

    def _by_mode(self, run: PytestRun, plugins: Plugins) -> Answer | None:
        """Return what hooks, plugins and modes decide for all tests; None: each test decides."""
        if plugins.hooks.handles_fixtures or plugins.unknown or runs_everything(run, plugins):
            return Answer.UNKNOWN
        if self._mode_set_elsewhere or unknown_async_plugin(run):
            return Answer.UNKNOWN
        mode = asyncio_mode(run, plugins)
        if mode is not AsyncioMode.STRICT and asyncio_active(run, plugins) is not Answer.NO:
            return Answer.UNKNOWN if mode is AsyncioMode.UNKNOWN else Answer.YES
        if trio_mode(run, plugins) is not Answer.NO or run.anyio_auto is not Answer.NO:
            return Answer.UNKNOWN
        return None

    def _by_test(self, fixture: Fixture, test: Test, run: PytestRun, plugins: Plugins) -> Answer:
        """Where anyio or trio are at work, a fixture that outlives a test may be set up before."""
        under_other = self._under_other(test, run, plugins)
        if under_other is Answer.NO and not self._others_at_work(run, plugins, test.module):
            return Answer.NO
        if fixture.argument("scope") is not None:
            return Answer.UNKNOWN
        closure = self._closures.of_fixture(fixture, plugins)
        return Answer.any_of([under_other, closure.has(ANYIO_BACKEND)])

    def _by_requesters(
        self, fixture: Fixture, run: PytestRun, plugins: Plugins, module: Module
    ) -> Answer:
        """anyio and trio set up fixtures for their own tests; who asks for this one?"""
        closure = self._closures.of_fixture(fixture, plugins)
        if closure.has(ANYIO_BACKEND) is Answer.YES:
            return Answer.YES
        if not self._others_at_work(run, plugins, module):
            return Answer.NO
        if module.path.rpartition("/")[2] == "conftest.py" or module in plugins.modules:
            return Answer.UNKNOWN  # its requesters are in files that were not asked for
        tests = [
            test
            for test in self._collector.tests(module, run)
            if test.function.module is module and self._asks(test, fixture, run, plugins)
        ]
        if not tests:
            return Answer.UNKNOWN
        return Answer.any_of(self._under_other(test, run, plugins) for test in tests)

    def _others_at_work(self, run: PytestRun, plugins: Plugins, module: Module) -> bool:
        """Whether plugins other than pytest-asyncio may set up fixtures of a file's tests."""
        if ANYIO_BACKEND in run.usefixtures:
            return True
        declared = any(run.versions.declared(name) for name in _OTHER_DISTRIBUTIONS)
        texts = [one.source.text for one in (module, *plugins.all_modules)]
        return declared or any(w in text for text in texts for w in ("anyio", "trio"))

    def _asks(self, test: Test, fixture: Fixture, run: PytestRun, plugins: Plugins) -> bool:
        if fixture.name in requested(test.function.node):
            return True
        closure = self._closures.of_test(test, plugins, run.usefixtures)
        return closure.has(fixture.name) is not Answer.NO

    def _under_other(self, test: Test, run: PytestRun, plugins: Plugins) -> Answer:
        marks = self._collector.marks(test)
        closure = self._closures.of_test(test, plugins, run.usefixtures)
        return Answer.any_of(
            [closure.has(ANYIO_BACKEND), *(marks.has(name) for name in RUNNING_MARKS)]
        )
