"""The standard library's parser: without its warnings, and without being disturbed."""

import ast
import gc
import warnings
from collections.abc import Callable
from typing import TypeVar

Tree = TypeVar("Tree", bound=ast.AST)


def module_of(text: str) -> ast.Module:
    """Parse a module.

    Raises:
        SyntaxError: it is not valid for the running interpreter.
        ValueError: there is a null character in it.
        RecursionError: it is nested too deeply.
        MemoryError: the same, or it is too large.
    """
    return _quietly(lambda: ast.parse(text))


def expression_of(text: str) -> ast.expr:
    """Parse one expression.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: as `module_of`.
    """
    return _quietly(lambda: ast.parse(text, mode="eval")).body


def _quietly(parse: Callable[[], Tree]) -> Tree:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return parse()
        except SystemError:
            return _undisturbed(parse)


def _undisturbed(parse: Callable[[], Tree]) -> Tree:
    """Parse while no garbage is collected.

    CPython 3.11 counts the depth of all trees that are being built in one place. A collection in
    the middle of one may let other code or another thread build one too; then the count is off,
    and the parser ends with a SystemError (python/cpython#106905, mended in 3.11.8).
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        return parse()
    finally:
        if collecting:
            gc.enable()
