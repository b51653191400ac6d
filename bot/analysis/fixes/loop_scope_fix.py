"""Edits that let a test run in the event loop of a wider scope."""

import ast
from collections.abc import Iterator

from bot.analysis.checked_file import CheckedFile
from bot.analysis.errors import FixError
from bot.analysis.fix import Edit
from bot.analysis.fixtures.fixtures import Fixture
from bot.analysis.handling.loop_scopes import MATCHING
from bot.analysis.names.values import Function
from bot.analysis.pytest_runs.pytest_config import PytestRun


def loop_scope_edits(function: Function, scope: str, file: CheckedFile) -> Iterator[Edit]:
    """Yield the edit that gives the mark above a test, which has no arguments yet, a loop scope.

    Raises:
        FixError: the mark is not there, has arguments, or stands in another file; or the test gets
            a fixture that runs in a loop of its own.
    """
    if function.module is not file.module:
        raise FixError("the test is written in another file")
    if scope != "function" and _gets_own_loop(function, file):
        raise FixError("pytest-asyncio would refuse the test for its two loops")
    for node in function.node.decorator_list:
        marks = file.facts.marks.of_decorator(node, function.module, function.definition.scope)
        if marks is not None and [mark.name for mark in marks.marks] == ["asyncio"]:
            if isinstance(node, ast.Call) and (node.args or node.keywords):
                raise FixError("the mark has arguments")
            target = node.func if isinstance(node, ast.Call) else node
            text = f'{ast.unparse(target)}(loop_scope="{scope}")'
            yield file.editor.replace_expression(node, text)
            return
    raise FixError("the test has no mark of its own")


def _gets_own_loop(function: Function, file: CheckedFile) -> bool:
    """Whether a test gets the loop of function scope, which pytest-asyncio below 1.0 minds.

    It has `event_loop` for that, and stops at the file (`pytest_generate_tests` in its plugin.py).
    """
    if file.facts.always_at_least(file.path, "pytest-asyncio", "1.0"):
        return False
    run = file.facts.setup.runs_for(file.path)[0]
    plugins = file.facts.plugins.plugins(run, file.module)
    tests = (one for one in file.facts.every_test(file.module) if one.function == function)
    return any(
        one.name == "event_loop" or (one.fixture is not None and _is_in_own_loop(one.fixture, run))
        for test in tests
        for one in file.facts.requests.of(test, plugins, run.usefixtures)
    )


def _is_in_own_loop(fixture: Fixture, run: PytestRun) -> bool:
    return fixture.is_async and loop_scope_of(fixture, run) in {None, "function"}


def loop_scope_of(fixture: Fixture, run: PytestRun) -> str | None:
    """Return the scope of the loop that an async fixture runs in once pytest-asyncio sets it up.

    None where it cannot be read.
    """
    match fixture.argument("loop_scope"):
        case None:
            configured = run.modes.fixture_loop_scope
            return fixture.scope if configured in {None, MATCHING} else configured
        case ast.Constant(value=str(said)):
            return said
        case _:
            return None
