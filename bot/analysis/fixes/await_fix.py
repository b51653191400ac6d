"""The fix of a forgotten `await`: in front of the call, with parentheses where they are needed."""

import ast
from collections.abc import Iterator

from bot.analysis.awaiting.call_uses import CallUse
from bot.analysis.awaiting.third_party_calls import Gives
from bot.analysis.checked_file import CheckedFile
from bot.analysis.collection.third_party import Runs
from bot.analysis.edits.node_edits import replaced, surround
from bot.analysis.errors import FixError
from bot.analysis.fix import Edit, Fix, Safety
from bot.analysis.names.resolver import owner_class

# Classes in whose sync tests no event loop is running or kept.
_WITHOUT_LOOP = frozenset({Runs.PYTEST, Runs.NOBODY})
_TRUTH = frozenset({"any", "all"})


def await_fix(use: CallUse, file: CheckedFile) -> Fix | None:
    """Return the fix: `await` in an async function, `asyncio.run` in a sync test.

    The latter is unsafe: whether the test should be async instead is the author's to say.
    """
    if use.in_async:
        return file.fix(Safety.SAFE, "Await the call", lambda: _awaiting(use, file))
    if use.in_sync_test and use.given.gives is Gives.COROUTINE and _may_run(use, file):
        return file.fix(Safety.UNSAFE, "Run it with `asyncio.run`", lambda: _running(use, file))
    return None


def _awaiting(use: CallUse, file: CheckedFile) -> Iterator[Edit]:
    """Yield the edits that put `await` before a call.

    Raises:
        FixError: the call stands where `await` cannot, or where its place is not certain.
    """
    body, call = use.body, use.call
    _refuse_texts(use)
    for inner, outer in zip((call, *body.above(call)), body.above(call), strict=False):
        if isinstance(outer, ast.comprehension):
            raise FixError("the call stands inside a comprehension's loop")
        if isinstance(outer, ast.GeneratorExp):
            yield from _listed(outer, inner, use, file)
    parent = body.parent(call)
    is_operated_on = (
        isinstance(parent, ast.Attribute)
        or (isinstance(parent, ast.Subscript) and parent.value is call)
        or (isinstance(parent, ast.Call) and parent.func is call)
    )
    before, after = ("(await ", ")") if is_operated_on else ("await ", "")
    yield from surround(file.module.source, call, before, after)


def _listed(
    generator: ast.GeneratorExp, inner: ast.AST, use: CallUse, file: CheckedFile
) -> Iterator[Edit]:
    """`all(f(x) for x in y)`: with `await` it would be an async generator, so make it a list."""
    match use.body.parent(generator):
        case ast.Call(func=ast.Name(id=name), args=[_]) if name in _TRUTH:
            if inner is not generator.elt:
                raise FixError("the call stands inside a generator")
        case _:
            raise FixError("the call stands inside a generator")
    source = file.module.source
    start, end = source.span(generator)
    yield replaced(source, start + 1, start + 1, "[")
    yield replaced(source, end - 1, end - 1, "]")


def _may_run(use: CallUse, file: CheckedFile) -> bool:
    owner = owner_class(use.function.module, use.function.definition)
    if owner is not None and file.facts.classes.runs(owner) not in _WITHOUT_LOOP:
        return False
    return file.framework.mark == "asyncio"


def _running(use: CallUse, file: CheckedFile) -> Iterator[Edit]:
    _refuse_texts(use)
    name, imports = file.editor.imports.module("asyncio", before=use.call.lineno)
    yield from imports
    yield from surround(file.module.source, use.call, f"{name}.run(", ")")


def _refuse_texts(use: CallUse) -> None:
    """Python 3.11 does not tell where in an f-string an expression stands."""
    if use.place is not use.call:
        raise FixError("the call stands inside an f-string")
