"""Edits that let a test run in the event loop of a wider scope."""

import ast
from collections.abc import Iterator

from bot.analysis.checked_file import CheckedFile
from bot.analysis.errors import FixError
from bot.analysis.fix import Edit
from bot.analysis.fixes.older_loops import may_get_own_loop
from bot.analysis.names.values import Function


def loop_scope_edits(function: Function, scope: str, file: CheckedFile) -> Iterator[Edit]:
    """Yield the edit that gives the mark above a test, which has no arguments yet, a loop scope.

    Raises:
        FixError: the mark is not there, has arguments, or stands in another file; or the test gets
            a fixture that runs in a loop of its own.
    """
    if function.module is not file.module:
        raise FixError("the test is written in another file")
    if scope != "function" and may_get_own_loop(function, file):
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
