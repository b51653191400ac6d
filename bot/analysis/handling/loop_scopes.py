"""In which event loop pytest-asyncio runs an async test, and sets up an async fixture.

Since 0.24 a fixture runs in the loop of its `loop_scope`, else of the configured default, else of
its own scope; a test in that of its mark, else of the configured default, else in one of its own
(`pytest_fixture_setup` and `PytestAsyncioFunction._loop_scope` in pytest_asyncio/plugin.py).
"""

import ast

from msgspec import Struct

from bot.analysis.answer import Answer
from bot.analysis.collection.collection import Collector, Test
from bot.analysis.collection.marks import Mark, Marks
from bot.analysis.collection.plugins import PluginReader, Plugins, asyncio_mode
from bot.analysis.collection.third_party import ASYNCIO_MAKERS, LOOP_BOUND, RUNNING_MARKS, Runs
from bot.analysis.fixtures.fixtures import Fixture
from bot.analysis.names.resolver import Resolver
from bot.analysis.names.values import Function
from bot.analysis.pytest_runs.pytest_config import AsyncioMode, PytestRun
from bot.analysis.source.scopes import Assigned, Entered
from bot.analysis.source.walking import own_nodes

SCOPES = ("function", "class", "module", "package", "session")
_PLAIN_MAKERS = frozenset({"pytest.fixture"})
_MATCHING = "fixture-scope"  # a value of asyncio_default_fixture_loop_scope


class FixtureLoop(Struct, frozen=True):
    """The scope that a fixture is cached for, and the scope of the loop that it runs in."""

    scope: str
    loop: str

    @property
    def is_refused(self) -> bool:
        """Whether the loop ends before the fixture does: pytest reports a ScopeMismatch."""
        return SCOPES.index(self.loop) < SCOPES.index(self.scope)


class LoopScopes:
    """Decides for one run."""

    def __init__(self, resolver: Resolver, collector: Collector, plugins: PluginReader) -> None:
        self._resolver = resolver
        self._collector = collector
        self._plugins = plugins

    def of_fixture(self, fixture: Fixture, run: PytestRun) -> FixtureLoop | None:
        """Return the loop of an async fixture; None where pytest-asyncio may not set it up."""
        if not fixture.is_async or not self._is_certain(run):
            return None
        plugins = self._plugins.plugins(run, fixture.function.module)
        makers = ASYNCIO_MAKERS
        if asyncio_mode(run, plugins) is AsyncioMode.AUTO:
            makers |= _PLAIN_MAKERS
        if self._made_by(fixture) not in makers:
            return None
        scope = _constant(fixture.argument("scope"), "function")
        loop = loop_scope_of(fixture, run)
        if scope not in SCOPES or loop not in SCOPES:
            return None
        return FixtureLoop(scope, loop)

    def _made_by(self, fixture: Fixture) -> str | None:
        """Return what the decorator is where all its arguments can be seen."""
        node = fixture.node
        if isinstance(node, ast.Call):
            if node.args or any(one.arg is None for one in node.keywords):
                return None
            node = node.func
        function = fixture.function
        return self._resolver.dotted(node, function.module, function.definition.scope)

    def of_test(self, test: Test, run: PytestRun) -> str | None:
        """Return the scope of an async test's loop; None where pytest-asyncio may not run it.

        A test that nothing runs yet counts as one that gets the plain mark.
        """
        if not self._is_certain(run) or self._collector.runs(test) is not Runs.PYTEST:
            return None
        plugins = self._plugins.plugins(run, test.module)
        marks = self._collector.marks(test)
        if marks.unknown or _is_of_others(marks, plugins):
            return None
        own = list(self._collector.decorated(test).marks.named("asyncio"))
        said = {_said(one, run) for one in own[:1] or marks.named("asyncio")}
        if not said:
            said = {run.modes.test_loop_scope}
        found = said.pop()
        return found if found in SCOPES and not said else None

    def _is_certain(self, run: PytestRun) -> bool:
        known = run.refused is None and run.asyncio_active is not Answer.NO
        return known and run.versions.at_least("pytest-asyncio", "0.24")

    def is_bound(self, fixture: Fixture) -> bool:
        """Whether what a fixture gives is known to work in no loop but the one it was made in."""
        function = fixture.function
        given = (
            node.value
            for node in own_nodes(function.node)
            if isinstance(node, ast.Yield | ast.Return) and node.value is not None
        )
        return any(self._is_made_bound(one, function) for one in given)

    def _is_made_bound(self, node: ast.expr, function: Function) -> bool:
        scope = function.module.scope_of(function.node)
        if isinstance(node, ast.Name):
            meanings = [one.meaning for one in scope.bindings.get(node.id, ())]
            if len(meanings) != 1 or not isinstance(meanings[0], Assigned | Entered):
                return False
            value = meanings[0].value
            return value is not None and self._is_call(value, function)
        return self._is_call(node, function)

    def _is_call(self, node: ast.expr, function: Function) -> bool:
        call = node.value if isinstance(node, ast.Await) else node
        if not isinstance(call, ast.Call):
            return False
        scope = function.module.scope_of(function.node)
        return self._resolver.dotted(call.func, function.module, scope) in LOOP_BOUND


def loop_scope_of(fixture: Fixture, run: PytestRun) -> str | None:
    """Return the scope of the loop in which pytest-asyncio sets up an async fixture if it does.

    None where it cannot be read.
    """
    configured = run.modes.fixture_loop_scope
    default = fixture.scope if configured in {None, _MATCHING} else configured
    return _constant(fixture.argument("loop_scope"), default)


def _is_of_others(marks: Marks, plugins: Plugins) -> bool:
    late = bool(plugins.hooks.late_marks) or plugins.hooks.may_run or plugins.hooks.may_mark
    return late or any(marks.has(name) is not Answer.NO for name in RUNNING_MARKS)


def _said(mark: Mark, run: PytestRun) -> str | None:
    """Return the loop scope that a mark asks for; None where it cannot be read."""
    if mark.call is None:
        return run.modes.test_loop_scope
    keywords = {one.arg: one.value for one in mark.call.keywords}
    if None in keywords or mark.call.args:
        return None
    said = keywords.get("loop_scope", keywords.get("scope"))
    return _constant(said, run.modes.test_loop_scope)


def _constant(node: ast.expr | None, default: str | None) -> str | None:
    """Return a literal's text, the default for no node, None for what is no literal."""
    match node:
        case None:
            return default
        case ast.Constant(value=str(text)):
            return text
        case _:
            return None
