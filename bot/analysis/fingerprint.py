"""By what a finding is known again in another version of its file.

That is its rule, the qualified name of what it is in, and the code that it is about, written out
without regard to layout: for findings about whether and how something runs (AWT1xx, AWT3xx) its
decorators and signature, for all others the statement. So a finding stays what it is when code
is moved, reformatted, or changed elsewhere in the same body.
"""

import ast
import copy
import hashlib
from collections.abc import Iterator

from bot.analysis.finding import Finding
from bot.analysis.source.module import Module
from bot.analysis.source.scopes import FunctionNode

_ABOUT_DEFINITIONS = ("AWT1", "AWT3")
_BLOCKS = frozenset({"body", "orelse", "finalbody", "handlers", "cases"})
_BYTES = 10


def fingerprint(finding: Finding, module: Module | None) -> str:
    """Return a short text that is the same for what is the same finding in two versions.

    Args:
        finding: what was found.
        module: the file that it is in; None for a file that is not Python, or not sound.
    """
    try:
        about = _about(finding, module) if module is not None else finding.message
    except RecursionError:  # of code that is nested too deeply to be written out
        about = finding.message
    known_by = f"{finding.code}\0{finding.symbol}\0{about}"
    return hashlib.blake2b(known_by.encode(), digest_size=_BYTES).hexdigest()


def _about(finding: Finding, module: Module) -> str:
    """Return the code that a finding is about."""
    if finding.code.startswith(_ABOUT_DEFINITIONS):
        for definition in module.definitions:
            node = definition.node
            if definition.qualname == finding.symbol and isinstance(node, FunctionNode):
                return _signature(node)
    statement = _innermost(module.tree.body, finding.line)
    return _header(statement) if statement is not None else finding.message


def _signature(node: FunctionNode) -> str:
    decorators = [ast.unparse(one) for one in node.decorator_list]
    return "\n".join((*decorators, type(node).__name__, ast.unparse(node.args)))


def _innermost(body: list[ast.stmt], line: int) -> ast.stmt | None:
    """Return the innermost statement on a line, decorators included."""
    found: ast.stmt | None = None
    blocks = [body]
    while blocks:
        statement = next((one for one in blocks.pop() if _covers(one, line)), None)
        if statement is not None:
            found = statement
            blocks = [*_blocks_of(statement)]
    return found


def _covers(statement: ast.stmt, line: int) -> bool:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    first = min([statement.lineno, *(one.lineno for one in decorators)])
    return first <= line <= (statement.end_lineno or statement.lineno)


def _blocks_of(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        yield getattr(statement, name, [])
    for name in ("handlers", "cases"):
        yield from (one.body for one in getattr(statement, name, []))


def _header(statement: ast.stmt) -> str:
    """Return a statement without what is in its blocks."""
    header = copy.copy(statement)
    for name in _BLOCKS.intersection(header._fields):
        setattr(header, name, [])
    return ast.unparse(header)
