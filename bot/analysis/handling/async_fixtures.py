"""Whether async fixtures may reach the tests of a file: a quick look before a long one."""

import ast
from collections.abc import Iterable

from bot.analysis.collection.collection import Test, is_imported
from bot.analysis.collection.plugins import PluginReader
from bot.analysis.fixtures.fixtures import Fixtures, requested
from bot.analysis.names.resolver import Resolver
from bot.analysis.names.values import Class, Function
from bot.analysis.pytest_runs.pytest_config import PytestRun
from bot.analysis.source.module import Module


class AsyncFixtures:
    """Looks through the files that bring fixtures to tests."""

    def __init__(self, resolver: Resolver, fixtures: Fixtures, plugins: PluginReader) -> None:
        self._resolver = resolver
        self._fixtures = fixtures
        self._plugins = plugins

    def may_reach(self, module: Module, tests: Iterable[Test], run: PytestRun) -> bool:
        """Whether any file that brings fixtures to the tests of a file has async ones."""
        tests = list(tests)
        return any(self._brings(one, tests) for one in self._places(module, tests, run))

    def _places(self, module: Module, tests: Iterable[Test], run: PytestRun) -> set[Module]:
        """Return the files that may bring fixtures to the tests of a file."""
        owners = {test.owner for test in tests if test.owner is not None}
        ancestors = (one for owner in owners for one in self._resolver.mro(owner))
        classes = {one.module for one in ancestors if isinstance(one, Class)}
        return {module, *self._plugins.plugins(run, module).all_modules, *classes}

    def _brings(self, module: Module, tests: Iterable[Test]) -> bool:
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
