"""A `Mock` or `MagicMock` stands where the code awaits.

## What it finds

Plain mocks whose call is awaited: in the test itself, in a function or constructor of the
repository that they are handed to, patched over an async function, or set as a method that is
async in the class it stands for. Mocks with a `side_effect`, a spec or an awaitable
`return_value` are left alone.

## Why it matters

`object Mock can't be used in 'await' expression`: the test fails, or never gets to what it should
prove, and where it never ran nobody has noticed.

## Fix

The mock becomes an `AsyncMock`, with the import. Safe where it replaces a function that is
certainly async; otherwise unsafe, because others may call the same object without awaiting.
"""

import ast
from collections.abc import Iterator

from bot.analysis.awaited_mocks import AwaitedMock, AwaitedMocks
from bot.analysis.checked_file import CheckedFile
from bot.analysis.errors import FixError
from bot.analysis.finding import Finding, Severity
from bot.analysis.fix import Edit, Safety
from bot.analysis.mocks import is_function
from bot.analysis.module import Definition
from bot.analysis.rule import Bad, Good, Rule, fix_or_none

rule = Rule(
    __name__,
    __doc__,
    code="AWT405",
    severity=Severity.FAILURE,
    examples=[
        Bad(
            """
            from unittest.mock import Mock

            import pytest

            @pytest.mark.asyncio
            async def test_total():
                fetch = Mock(return_value=3)  # error
                assert await fetch() == 3
            """,
            fixed="""
            from unittest.mock import AsyncMock

            import pytest

            @pytest.mark.asyncio
            async def test_total():
                fetch = AsyncMock(return_value=3)
                assert await fetch() == 3
            """,
            safety=Safety.UNSAFE,
        ),
        Good(
            """
            from unittest.mock import Mock

            import pytest

            async def three():
                return 3

            @pytest.mark.asyncio
            async def test_total():
                fetch = Mock(side_effect=three)
                assert await fetch() == 3
            """,
            because="an async side effect makes what is returned awaitable",
        ),
    ],
)


@rule.on(CheckedFile)
def check(file: CheckedFile, _: CheckedFile) -> Iterator[Finding]:
    """Look at every function that is not nested in another."""
    if "Mock" not in file.module.source.text:
        return
    finder = AwaitedMocks(file.facts.resolver, file.facts.decorators, file.module)
    for definition in file.module.definitions:
        if is_function(definition):
            for found in finder.in_function(definition):
                yield _finding(found, definition, file)


def _finding(found: AwaitedMock, definition: Definition, file: CheckedFile) -> Finding:
    made = ast.unparse(found.callee or _callee(found.node))
    path = ".".join((found.owner, *found.child)) if found.child else ""
    what = f"`{path}` of this plain `{made}`" if path else f"a plain `{made}`"
    return rule.finding(
        file.place_of_node(found.node),
        f"{what} stands where the code awaits: {found.why}",
        symbol=definition.qualname,
        fix=fix_or_none(
            Safety.SAFE if found.proven else Safety.UNSAFE,
            "Use `AsyncMock`",
            lambda: _edits(found, file),
        ),
        advice=f"use AsyncMock for `{path}`" if path else "use AsyncMock",
    )


def _callee(node: ast.expr) -> ast.expr:
    return node.func if isinstance(node, ast.Call) else node


def _edits(found: AwaitedMock, file: CheckedFile) -> Iterator[Edit]:
    if found.callee is not None:
        yield from file.editor.swap_imported(found.callee, "AsyncMock")
        return
    if found.statement is None:
        raise FixError("the mock is not made by a statement of its own")
    name, imports = file.editor.sibling_of(_callee(found.node), "AsyncMock")
    yield from imports
    path = ".".join((found.owner, *found.child))
    yield file.editor.insert_after(found.statement, f"{path} = {name}()")
