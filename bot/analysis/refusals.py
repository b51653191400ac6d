"""Tests that pytest refuses to run because nothing sets up an async fixture that they get.

pytest 9 does (`pytest_fixture_setup` in _pytest/fixtures.py); earlier versions hand the test the
coroutine itself.
"""

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.analysis.answer import Answer
from bot.analysis.collection import Test, is_imported
from bot.analysis.fixture_handling import FixtureHandling
from bot.analysis.fixture_requests import FixtureRequests, Request
from bot.analysis.fixtures import Fixture, Fixtures, requested
from bot.analysis.module import Module
from bot.analysis.plugins import PluginReader
from bot.analysis.pytest_config import PytestRun
from bot.analysis.resolver import Resolver
from bot.analysis.values import Class, Function


@dataclass(frozen=True, slots=True)
class Refusal:
    """A test and a fixture that it is refused for."""

    test: Test
    request: Request
    fixture: Fixture


class Refusals:
    """Finds such tests among those of a file."""

    def __init__(
        self,
        resolver: Resolver,
        fixtures: Fixtures,
        requests: FixtureRequests,
        handling: FixtureHandling,
        plugins: PluginReader,
    ) -> None:
        self._resolver = resolver
        self._fixtures = fixtures
        self._requests = requests
        self._handling = handling
        self._plugins = plugins

    def of(
        self, module: Module, tests: Iterable[Test], runs: Sequence[PytestRun]
    ) -> Iterator[Refusal]:
        """Yield the tests that every run refuses, with each fixture that is a reason."""
        runs = [run for run in runs if run.refused is None]
        if not runs or not all(run.versions.at_least("pytest", "9.0") for run in runs):
            return
        tests = list(tests)
        if any(self._brings_async(one, tests) for one in self._places(module, tests, runs[0])):
            for test in tests:
                yield from self._of_test(test, runs)

    def _of_test(self, test: Test, runs: Sequence[PytestRun]) -> Iterator[Refusal]:
        first = runs[0]
        plugins = self._plugins.plugins(first, test.module)
        for request in self._requests.of(test, plugins, first.usefixtures):
            fixture = request.fixture
            if fixture is not None and fixture.is_async:
                answers = (self._handling.handled_for(fixture, test, run) for run in runs)
                if Answer.any_of(answers) is Answer.NO:
                    yield Refusal(test, request, fixture)

    def _places(self, module: Module, tests: Iterable[Test], run: PytestRun) -> set[Module]:
        """Return the files that may bring fixtures to the tests of a file."""
        owners = {test.owner for test in tests if test.owner is not None}
        ancestors = (one for owner in owners for one in self._resolver.mro(owner))
        classes = {one.module for one in ancestors if isinstance(one, Class)}
        return {module, *self._plugins.plugins(run, module).all_modules, *classes}

    def _brings_async(self, module: Module, tests: Iterable[Test]) -> bool:
        """Whether a file has async fixtures, its own or imported ones that somebody may want."""
        if any(one.is_async for one in self._fixtures.defined_in(module)):
            return True
        imported = {name for name in module.scope.bindings if is_imported(module.scope, name)}
        if module.path.rpartition("/")[2] != "conftest.py":
            imported &= {name for test in tests for name in requested(test.function.node)}
        return any(
            isinstance(value, Function) and isinstance(value.node, ast.AsyncFunctionDef)
            for name in imported
            for value in self._resolver.bound(name, module, module.scope)
        )
