"""Which backends of anyio a test asks for."""

import ast

from bot.analysis.answer import Answer
from bot.analysis.collection.collection import Test
from bot.analysis.facts import Facts
from bot.analysis.fixtures.closures import ANYIO_BACKEND
from bot.analysis.pytest_runs.pytest_config import PytestRun
from bot.analysis.source.walking import every_node


def asks_for_trio(test: Test, run: PytestRun, facts: Facts) -> bool:
    """Whether a test of anyio certainly has a variant that is meant to run on trio.

    anyio's own `anyio_backend` has one for each backend that is installed; a fixture of that name
    in the repository, or `parametrize`, says which there are.
    """
    marks = facts.collector.marks(test)
    plugins = facts.plugins.plugins(run, test.module)
    closure = facts.closures.of_test(test, plugins, run.usefixtures)
    # anyio does not see at first that a static method is a coroutine function. When it does, it
    # takes the test for itself (`pytest_collection_finish` in anyio/pytest_plugin.py).
    is_late = bool(facts.collector.decorated(test).descriptor)
    marked = Answer.NO if is_late else marks.has("anyio")
    if Answer.YES not in {marked, closure.has(ANYIO_BACKEND)}:
        return False
    given = [one.call for one in marks.named("parametrize") if one.call and _is_backend(one.call)]
    if given:
        return any(_names_trio(call) for call in given)
    fixture = facts.fixtures.find(ANYIO_BACKEND, test.module, test.owner, plugins)
    if fixture is not None:
        return _names_trio(fixture.function.node)
    return run.versions.installed("trio")


def _is_backend(call: ast.Call) -> bool:
    match call.args:
        case [ast.Constant(value=str(names)), *_]:
            return ANYIO_BACKEND in {one.strip() for one in names.split(",")}
        case _:
            return False


def _names_trio(node: ast.AST) -> bool:
    return any(isinstance(one, ast.Constant) and one.value == "trio" for one in every_node(node))
