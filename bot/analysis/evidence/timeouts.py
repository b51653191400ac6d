"""Whether anything ends an async test that hangs: configuration, a mark, or code around it.

Whatever looks like a timeout counts, however little of the test it is about.
"""

import ast

from bot.analysis.answer import Answer
from bot.analysis.collection.collection import Test
from bot.analysis.evidence.test_code import functions_of, used_in
from bot.analysis.facts import Facts
from bot.analysis.names.values import External, Function
from bot.analysis.pytest_runs.pytest_config import PytestRun
from bot.analysis.source.walking import own_nodes

# Of asyncio, anyio and trio; beside them whatever has the word in its name.
_NAMES = frozenset(
    {"wait_for", "fail_after", "fail_at", "move_on_after", "move_on_at", "deadline"}
)
_AWAITING = (ast.Await, ast.AsyncFor, ast.AsyncWith)


def may_hang(test: Test, facts: Facts) -> bool:
    """Whether a test awaits something, and certainly nothing ends it when that never comes."""
    if not any(isinstance(node, _AWAITING) for node in own_nodes(test.function.node)):
        return False
    if facts.collector.marks(test).has("timeout") is not Answer.NO:
        return False
    if any(_is_ended_by(run, test, facts) for run in facts.tests(test.module)[test]):
        return False
    return not any(_has_timeout(one, facts) for one in functions_of(test, facts))


def _is_ended_by(run: PytestRun, test: Test, facts: Facts) -> bool:
    """Whether a way of starting pytest ends tests that take too long, or may do so."""
    hooks = facts.plugins.plugins(run, test.module).hooks
    return run.times_out is not Answer.NO or "timeout" in hooks.late_marks


def _has_timeout(function: Function, facts: Facts) -> bool:
    for name, value in used_in(function, facts):
        original = value.dotted.rpartition(".")[2] if isinstance(value, External) else name
        if any("timeout" in one.lower() or one in _NAMES for one in (name, original)):
            return True
    return False
