"""What a pytest-asyncio of old does not stand, so that no fix may bring it about.

Below 1.0 there is a fixture `event_loop` for the loop of a single test, and wider loops beside it.
"""

import ast
from collections.abc import Iterable

from bot.analysis.checked_file import CheckedFile
from bot.analysis.collection.collection import Test
from bot.analysis.collection.marks import Marks
from bot.analysis.collection.plugins import Plugins
from bot.analysis.collection.xunit import AROUND_TESTS
from bot.analysis.fixtures.fixtures import Fixture, requested
from bot.analysis.handling.loop_scopes import loop_scope_of
from bot.analysis.names.values import Function
from bot.analysis.pytest_runs.pytest_config import PytestRun


def _has_loop_of_old(file: CheckedFile) -> bool:
    """Whether the pytest-asyncio of a file may be one with `event_loop`."""
    return not file.facts.always_at_least(file.path, "pytest-asyncio", "1.0")


def run_in_wider_loop(tests: Iterable[Test], file: CheckedFile, below: str = "1.0") -> bool:
    """Whether a pytest-asyncio below a version runs any of the tests in a loop of wider scope.

    Below 1.0 it refuses them where they get a fixture with a loop of its own.
    """
    if file.facts.always_at_least(file.path, "pytest-asyncio", below):
        return False
    return any(_has_wider_loop(test, file) for test in tests)


def _has_wider_loop(test: Test, file: CheckedFile) -> bool:
    """Whether a mark, or else the configuration, says so, or cannot be read."""
    run = file.facts.setup.runs_for(test.module.path)[0]
    said: set[object] = {run.modes.test_loop_scope}
    for mark in file.facts.collector.marks(test).named("asyncio"):
        for keyword in mark.call.keywords if mark.call else ():
            said.add(keyword.value.value if isinstance(keyword.value, ast.Constant) else None)
    return said != {"function"}


def runs_in_two_loops(test: Test, file: CheckedFile) -> bool:
    """Whether a test would run in a wider loop by default, and gets that of function scope too."""
    run = file.facts.setup.runs_for(file.path)[0]
    return run.modes.test_loop_scope != "function" and gets_own_loop(test.function, file)


def gets_own_loop(function: Function, file: CheckedFile) -> bool:
    """Whether a test gets the loop of function scope, so that no wider one may be its own.

    It has `event_loop` for that loop: `pytest_generate_tests` in plugin.py stops at the file.
    """
    if not _has_loop_of_old(file):
        return False
    run = file.facts.setup.runs_for(file.path)[0]
    plugins = file.facts.plugins.plugins(run, file.module)
    tests = (one for one in file.facts.every_test(file.module) if one.function == function)
    return any(
        one.name == "event_loop" or (one.fixture is not None and _is_in_own_loop(one.fixture, run))
        for test in tests
        for one in file.facts.requests.of(test, plugins, run.usefixtures)
    )


def may_get_own_loop(function: Function, file: CheckedFile) -> bool:
    """Whether a test gets that loop, or would if what is called around it were a fixture."""
    if gets_own_loop(function, file):
        return True
    hooks = [one for one in file.facts.xunit_hooks(file.module) if one.name in AROUND_TESTS]
    return bool(hooks) and _has_loop_of_old(file)


def bring_other_loops(marks: Marks, file: CheckedFile) -> bool:
    """Whether marks may move tests of a file to a loop that they cannot all run in."""
    if name_loops(marks, file):
        return True
    return any(runs_in_two_loops(test, file) for test in file.facts.every_test(file.module))


def name_loops(marks: Marks, file: CheckedFile) -> bool:
    """Whether marks name a loop that a test may be refused for: it is in no class, say."""
    if not _has_loop_of_old(file):
        return False
    return any(one.call is not None and one.call.keywords for one in marks.named("asyncio"))


def _is_in_own_loop(fixture: Fixture, run: PytestRun) -> bool:
    return fixture.is_async and loop_scope_of(fixture, run) in {None, "function"}


def sets_up_loops_late(file: CheckedFile) -> bool:
    """Whether a wider loop may be closed with that of a test, which is set up before it.

    Below 1.0 pytest-asyncio closes what loop is current (`_provide_clean_event_loop` in its
    plugin.py). pytest sets up wider fixtures first, but not those that one of their name hides.
    """
    if not _has_loop_of_old(file):
        return False
    run = file.facts.setup.runs_for(file.path)[0]
    plugins = file.facts.plugins.plugins(run, file.module)
    fixtures = file.facts.fixtures
    found = (
        one
        for module in (file.module, *plugins.all_modules)
        for one in fixtures.defined_in(module)
    )
    return any(_hides_wider(one, plugins, file) for one in found)


def _hides_wider(fixture: Fixture, plugins: Plugins, file: CheckedFile) -> bool:
    if fixture.name not in requested(fixture.function.node):
        return False
    hidden = file.facts.fixtures.given(fixture.name, fixture.function, plugins)
    return hidden is not None and hidden.is_async and hidden.scope != fixture.scope
