"""The fix that enters context managers inside a test instead of decorating the test with them."""

import ast
from collections.abc import Iterator

from bot.analysis.checked_file import CheckedFile
from bot.analysis.collection.decorators import Application
from bot.analysis.collection.third_party import Effect
from bot.analysis.errors import FixError
from bot.analysis.fix import Edit
from bot.analysis.names.values import Function
from bot.analysis.source.scopes import FunctionNode


def losing_decorators(function: Function, file: CheckedFile) -> dict[ast.expr, Application]:
    """Return the decorators that hide a coroutine function, the outermost first."""
    scope = function.definition.scope
    applied = {
        node: file.facts.decorators.application(node, function.module, scope)
        for node in function.node.decorator_list
    }
    return {node: one for node, one in applied.items() if one.effect is Effect.LOSES}


def entering_edits(function: Function, file: CheckedFile) -> Iterator[Edit]:
    """Yield the edits that put a test's body below `with`, and take its decorators away.

    Raises:
        FixError: a decorator is no context manager, or the body cannot be moved as it is.
    """
    losing = losing_decorators(function, file)
    if function.module is not file.module or not all(one.manages for one in losing.values()):
        raise FixError("not every decorator can be entered in this file")
    for node in losing:
        yield file.editor.remove_decorator(node.lineno, node.col_offset)
    entered = ", ".join(_entered(node, one, file) for node, one in losing.items())
    yield from _below(f"with {entered}:", function.node, file)


def _entered(node: ast.expr, applied: Application, file: CheckedFile) -> str:
    text = file.module.source.text_of(node)
    return f"{text}()" if applied.called_bare and not isinstance(node, ast.Call) else text


def _below(header: str, node: FunctionNode, file: CheckedFile) -> Iterator[Edit]:
    """Indent a body, its docstring left out, below a new line."""
    source = file.module.source
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    if not body or file.module.rewritten:
        raise FixError("there is no body that can be moved")
    first = _first_line(body[0])
    outer, inner = _indent(source.line(node.lineno)), _indent(source.line(first))
    if not inner.startswith(outer) or first <= node.lineno:
        raise FixError("the body does not stand on lines of its own")
    start = source.line_starts[first - 1]
    yield file.editor.replace(start, start, f"{inner}{header}{source.newline}")
    kept = _inside_strings(body)
    for line in range(first, (body[-1].end_lineno or first) + 1):
        if line not in kept and source.line(line).strip():
            start = source.line_starts[line - 1]
            yield file.editor.replace(start, start, inner.removeprefix(outer))


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(one.lineno for one in decorators)])


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _inside_strings(body: list[ast.stmt]) -> frozenset[int]:
    """Return the lines that begin inside a string: there, blanks are content."""
    return frozenset(
        line
        for statement in body
        for node in ast.walk(statement)
        if isinstance(node, ast.JoinedStr)
        or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes))
        for line in range(node.lineno + 1, (node.end_lineno or node.lineno) + 1)
    )
