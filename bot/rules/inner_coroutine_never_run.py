"""The checks stand in a nested async function that nothing runs.

## What it finds

Async functions with assertions, defined inside another function, that are never mentioned again,
and those that a sync function calls without running what the call gives.

## Why it matters

None of the assertions is ever evaluated, so the test passes whatever the code does. Where the
function is not even called, Python gives no warning.

## Fix

Runs the function: with `await` at the end of an async test, with `asyncio.run` in a sync one.
Unsafe: where it should run, and with what, is the author's to say.
"""

import ast
from collections.abc import Iterator

from bot.analysis.awaiting.call_results import Fate
from bot.analysis.awaiting.call_uses import last_name
from bot.analysis.awaiting.third_party_calls import Gives
from bot.analysis.checked_file import CheckedFile
from bot.analysis.errors import FixError
from bot.analysis.finding import Finding, Severity
from bot.analysis.fix import Edit, Fix, Safety
from bot.analysis.fixes.await_fix import await_fix
from bot.analysis.fixtures.fixtures import requested
from bot.analysis.rule import Bad, Good, Rule
from bot.analysis.source.module import Definition
from bot.analysis.source.scopes import FunctionNode
from bot.analysis.source.walking import own_nodes

rule = Rule(
    __name__,
    __doc__,
    code="AWT203",
    severity=Severity.FAILURE,
    examples=[
        Bad(
            """
            import pytest

            async def fetch():
                return 3

            @pytest.mark.asyncio
            async def test_fetch():
                async def check():  # error
                    assert await fetch() == 3
            """,
            fixed="""
            import pytest

            async def fetch():
                return 3

            @pytest.mark.asyncio
            async def test_fetch():
                async def check():
                    assert await fetch() == 3
                await check()
            """,
            safety=Safety.UNSAFE,
            says="is never called",
        ),
        Bad(
            """
            async def fetch():
                return 3

            def test_fetch():
                async def check():
                    assert await fetch() == 3

                check()  # error
            """,
            fixed="""
            import asyncio

            async def fetch():
                return 3

            def test_fetch():
                async def check():
                    assert await fetch() == 3

                asyncio.run(check())
            """,
            safety=Safety.UNSAFE,
            says="nothing runs the coroutine",
        ),
        Bad(
            """
            import pytest

            async def fetch(): ...

            def test_fetch():
                async def check():  # error
                    with pytest.raises(ValueError):
                        await fetch()
            """,
            fixed="""
            import asyncio

            import pytest

            async def fetch(): ...

            def test_fetch():
                async def check():
                    with pytest.raises(ValueError):
                        await fetch()
                asyncio.run(check())
            """,
            safety=Safety.UNSAFE,
        ),
        Bad(
            """
            import pytest

            @pytest.mark.asyncio
            async def test_fetch():
                async def check(value):  # error
                    if value:
                        await check(value - 1)
                    assert value == 0
            """,
        ),
        Bad(
            """
            from unittest import TestCase

            import pytest

            async def fetch(): ...

            class TestFetch(TestCase):
                def test_equal(self):
                    async def check():  # error
                        self.assertEqual(await fetch(), 3)

                def test_fail(self):
                    async def check():  # error
                        if await fetch() != 3:
                            self.fail("it is not 3")

            def helper():
                async def check():  # error
                    assert await fetch() == 3

            def test_returned():
                async def check():  # error
                    assert await fetch() == 3

                return None
            """,
        ),
        Bad(
            """
            import pytest

            async def fetch(): ...

            @pytest.mark.trio
            async def test_other():
                pass

            def test_trio():
                async def check():  # error
                    assert await fetch() == 3
            """,
        ),
        Good(
            """
            import asyncio

            import pytest

            @pytest.mark.asyncio
            async def test_fetch():
                async def first():
                    assert True

                async def second():
                    assert True

                async def third():
                    assert True

                await first()
                asyncio.create_task(second())
                handlers = [third]
                await handlers[0]()

            def test_run():
                async def main():
                    assert True

                asyncio.run(main())
            """,
            because="each is called, or handed on",
        ),
        Good(
            """
            import pytest
            from elsewhere import app

            @pytest.mark.asyncio
            async def test_handler():
                @app.get("/")
                async def handler():
                    assert True

                async def stub():
                    return 3

                class Double:
                    async def fetch(self):
                        assert True

                await app.run(Double())
            """,
            because="a decorator or a class keeps it, or it checks nothing",
        ),
        Good(
            """
            import pytest

            async def fetch():
                return 3

            def test_others():
                async def check():
                    assert await fetch() == 3

                async def stream():
                    yield 3

                def unused():
                    assert True

                async def stub():
                    return await fetch()

                fetch()
                stream()
                assert check()
                with pytest.raises(ValueError):
                    check()

            @pytest.mark.asyncio
            async def test_async():
                async def check():
                    assert await fetch() == 3

                check()
            """,
            because="these are the business of other rules, or check nothing",
        ),
        Good(
            """
            def test_names():
                async def check():
                    assert True

                run(**locals())

            def install():
                global served

                async def served():
                    assert True
            """,
            because="all local names are handed on, or the name is known outside",
        ),
        Good(
            """
            def describe_till():
                async def it_sums():
                    assert True

                def describe_closing():
                    async def it_counts():
                        assert True
            """,
            because="pytest-describe collects what stands inside of these functions",
        ),
    ],
)
_CHECKS = ("assert", "raises", "fail")
_ALL_NAMES = frozenset({"locals", "vars", "eval", "exec"})
# The beginning of the names of functions that pytest-describe looks into (its documentation).
_DESCRIBING = "describe"


@rule.on(CheckedFile)
def check(file: CheckedFile, _: CheckedFile) -> Iterator[Finding]:
    """Report nested async functions whose checks never run."""
    for definition in file.module.functions():
        if _holds_checks(definition) and not _is_mentioned(definition):
            yield _never_called(definition, file)
    for use in file.facts.call_uses.in_module(file.module):
        if use.in_async or not use.calls_nested or use.raises is not None:
            continue
        if use.fate is Fate.DROPPED and use.given.gives is Gives.COROUTINE:
            yield rule.finding(
                file.place_of_node(use.place),
                f"`{use.name}` is called, but nothing runs the coroutine that this gives",
                symbol=use.function.definition.qualname,
                fix=await_fix(use, file),
                advice="make the test async and await it",
            )


def _never_called(definition: Definition, file: CheckedFile) -> Finding:
    outer = definition.outer
    return rule.finding(
        file.place_of(definition),
        f"the nested async function `{definition.name}` is never called, so its checks never run",
        symbol=outer.qualname if outer is not None else definition.qualname,
        fix=_fix(definition, file),
        advice="call it and await it",
    )


def _holds_checks(definition: Definition) -> bool:
    """Whether it is a nested async function, kept by nothing else, that checks something."""
    node, outer = definition.node, definition.outer
    if not isinstance(node, ast.AsyncFunctionDef) or node.decorator_list:
        return False
    if outer is None or outer.is_class or outer.name.startswith(_DESCRIBING):
        return False
    return any(
        isinstance(one, ast.Assert)
        or (isinstance(one, ast.Call) and last_name(one.func).startswith(_CHECKS))
        for one in own_nodes(node)
    )


def _is_mentioned(definition: Definition) -> bool:
    """Whether the function around uses the name, all its names at once, or names of others."""
    assert definition.outer is not None  # noqa: S101 - `_holds_checks` has looked
    inside = set(ast.walk(definition.node))
    return any(
        _mentions(one, definition.name) and one not in inside
        for one in ast.walk(definition.outer.node)
    )


def _mentions(node: ast.AST, name: str) -> bool:
    match node:
        case ast.Name(id=used):
            return used == name or used in _ALL_NAMES
        case ast.Global(names=names) | ast.Nonlocal(names=names):
            return name in names
        case _:
            return False


def _fix(definition: Definition, file: CheckedFile) -> Fix | None:
    outer = definition.outer
    if outer is None or not outer.name.startswith("test") or not _is_called_bare(definition):
        return None
    if isinstance(outer.node, ast.AsyncFunctionDef):
        return file.fix(Safety.UNSAFE, "Await it", lambda: _awaiting(definition, file))
    if file.framework.mark != "asyncio" or outer.owner is not None:
        return None
    return file.fix(Safety.UNSAFE, "Run it with `asyncio.run`", lambda: _running(definition, file))


def _is_called_bare(definition: Definition) -> bool:
    return isinstance(definition.node, FunctionNode) and not requested(definition.node)


def _awaiting(definition: Definition, file: CheckedFile) -> Iterator[Edit]:
    yield _ended(f"await {definition.name}()", definition, file)


def _running(definition: Definition, file: CheckedFile) -> Iterator[Edit]:
    name, imports = file.editor.imports.module("asyncio", before=definition.node.lineno)
    yield from imports
    yield _ended(f"{name}.run({definition.name}())", definition, file)


def _ended(text: str, definition: Definition, file: CheckedFile) -> Edit:
    """Put a statement at the end of the function around.

    Raises:
        FixError: it does not end by running through.
    """
    assert definition.outer is not None  # noqa: S101 - `_fix` has looked
    last = definition.outer.node.body[-1]
    if isinstance(last, ast.Return | ast.Raise):
        raise FixError("the test ends before its last line")
    return file.editor.insert_after(last, text)
