"""Text to tree with the standard library's parser, which is ten times faster than libcst.

Source newer than the running interpreter is written out in older grammar by `newer_syntax`,
with every line where it was. What no parser takes is broken; what a parser gives up on for its
size or depth is not broken, only not checked.
"""

import warnings

from msgspec import Struct

from bot.analysis.source import newer_syntax
from bot.analysis.source.module import Module
from bot.analysis.source.refusable import is_refusable
from bot.analysis.source.source import Source
from bot.analysis.source.stdlib_parser import module_of

MAX_BYTES = 1024 * 1024


class Broken(Struct, frozen=True):
    """Not valid Python in any version that we know. Line and column count from one."""

    source: Source
    line: int
    column: int
    message: str


class NotChecked(Struct, frozen=True):
    """Perhaps valid, but we cannot tell; says why and what to do."""

    reason: str


def compile_error(module: Module) -> Broken | None:
    """Return what only compiling finds: `return` outside a function, a parameter given twice.

    Nothing is run; the interpreter refuses such a file when pytest imports it.
    """
    if not is_refusable(module):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(module.tree, module.path, "exec", dont_inherit=True)
    except SyntaxError as error:
        return _broken(module.source, error)
    except (ValueError, RecursionError, MemoryError):
        return None
    return None


def compiles(source: Source) -> bool:
    """Whether the interpreter takes a file as it is; quicker than to parse it into a tree."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(source.text, source.path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return len(source.raw) <= MAX_BYTES


def parse(source: Source) -> Module | Broken | NotChecked:
    """Parse a file. May call libcst: run it where its death is survived."""
    if len(source.raw) > MAX_BYTES:
        return NotChecked("larger than 1 MiB; split it, or exclude it in [tool.awaited]")
    try:
        return Module(source, module_of(source.text))
    except SyntaxError as error:
        return _newer_or_broken(source, error)
    except (RecursionError, MemoryError):
        return NotChecked("nested too deeply to be parsed; split the deepest expressions")


def _newer_or_broken(source: Source, error: SyntaxError) -> Module | Broken | NotChecked:
    if "too many nested" in error.msg or "too complex" in error.msg:
        return NotChecked("nested too deeply to be parsed; split the deepest expressions")
    if not newer_syntax.suspected(source.text):
        return _broken(source, error)
    if reason := newer_syntax.refusal(source.text):
        return NotChecked(reason)
    try:
        older = newer_syntax.written_out(source)
        if older is None:
            return _broken(source, error)
        return Module(source, module_of(older.text), older.rewritten)
    except SyntaxError:
        return _broken(source, error)
    except (RecursionError, MemoryError):
        return NotChecked("nested too deeply to be parsed; split the deepest expressions")


def _broken(source: Source, error: SyntaxError) -> Broken:
    lines = len(source.line_starts)
    line = min(max(error.lineno or 1, 1), lines)
    column = min(max(error.offset or 1, 1), len(source.line(line)) + 1)
    return Broken(source, line, column, error.msg)
