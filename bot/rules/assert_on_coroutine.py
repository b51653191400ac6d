"""An assertion looks at a coroutine, not at its result.

## What it finds

Coroutines that are asserted, tested, compared or handed to unittest's assert methods where their
result was meant, and tasks and futures that are asserted or compared where they are made;
`assert` on an async function itself; and, in async tests, `assert` on a tuple.

## Why it matters

A coroutine object is true, is not None and differs from everything, so most of these assertions
hold whatever the function would have returned, and nothing of it runs.

## Fix

Puts `await` in front of the call (safe), with parentheses where they are needed; in a sync test,
`asyncio.run` around it (unsafe). An asserted pair of a condition and a text loses its parentheses
(unsafe).
"""

import ast
from collections.abc import Iterator

from bot.analysis.awaiting.awaitables import Given
from bot.analysis.awaiting.call_results import Fate
from bot.analysis.awaiting.call_uses import CallUse, is_about_coroutines
from bot.analysis.awaiting.third_party_calls import Gives
from bot.analysis.checked_file import CheckedFile
from bot.analysis.edits.node_edits import rewrap
from bot.analysis.errors import FixError
from bot.analysis.finding import Finding, Severity
from bot.analysis.fix import Edit, Safety
from bot.analysis.fixes.await_fix import await_fix
from bot.analysis.names.values import Function
from bot.analysis.rule import Bad, Good, Rule
from bot.analysis.source.walking import own_nodes_of

rule = Rule(
    __name__,
    __doc__,
    code="AWT202",
    severity=Severity.FAILURE,
    examples=[
        Bad(
            {
                "shop.py": """
                    async def is_open(): ...
                    async def total(): ...
                """,
                "test_shop.py": """
                    import pytest
                    from shop import is_open, total

                    @pytest.mark.asyncio
                    async def test_shop():
                        assert is_open()  # error
                        assert total() == 3  # error
                        assert total() is not None  # error
                        assert is_open() is True  # error
                        assert not is_open()  # error
                        assert any([is_open()])  # error
                        assert all(is_open() for _ in range(3))  # error
                        if is_open():  # error
                            pass
                        result = total()  # error
                        assert result
                        parts = total()  # error
                        print(parts)
                        assert "sum" in parts
                """,
            },
            fixed={
                "test_shop.py": """
                import pytest
                from shop import is_open, total

                @pytest.mark.asyncio
                async def test_shop():
                    assert await is_open()
                    assert await total() == 3
                    assert await total() is not None
                    assert await is_open() is True
                    assert not await is_open()
                    assert any([await is_open()])
                    assert all([await is_open() for _ in range(3)])
                    if await is_open():
                        pass
                    result = await total()
                    assert result
                    parts = await total()
                    print(parts)
                    assert "sum" in parts
                """
            },
            safety=Safety.SAFE,
            says="gives a coroutine here",
        ),
        Bad(
            """
            from unittest import IsolatedAsyncioTestCase

            async def total():
                return 3

            class TestTotal(IsolatedAsyncioTestCase):
                async def test_total(self):
                    self.assertTrue(total())  # error
                    self.assertNotEqual(total(), 4)  # error
            """,
            fixed="""
            from unittest import IsolatedAsyncioTestCase

            async def total():
                return 3

            class TestTotal(IsolatedAsyncioTestCase):
                async def test_total(self):
                    self.assertTrue(await total())
                    self.assertNotEqual(await total(), 4)
            """,
            safety=Safety.SAFE,
        ),
        Good(
            """
            from twisted.trial.unittest import SynchronousTestCase

            async def total():
                return 3

            class TestTotal(SynchronousTestCase):
                def test_total(self):
                    self.assertNoResult(total())
            """,
            because="an assertion of the class's own may well take a coroutine",
        ),
        Bad(
            """
            import asyncio

            import pytest

            async def total():
                return 3

            @pytest.mark.asyncio
            async def test_totals():
                assert asyncio.gather(total(), total()) == [3, 3]  # error
                assert asyncio.create_task(total()) != 4  # error
                assert asyncio.get_running_loop().create_task(total())  # error
            """,
            fixed="""
            import asyncio

            import pytest

            async def total():
                return 3

            @pytest.mark.asyncio
            async def test_totals():
                assert await asyncio.gather(total(), total()) == [3, 3]
                assert await asyncio.create_task(total()) != 4
                assert await asyncio.get_running_loop().create_task(total())
            """,
            safety=Safety.SAFE,
        ),
        Bad(
            """
            async def is_open():
                return False

            def test_open():
                assert is_open()  # error
            """,
            fixed="""
            import asyncio

            async def is_open():
                return False

            def test_open():
                assert asyncio.run(is_open())
            """,
            safety=Safety.UNSAFE,
        ),
        Bad(
            """
            import pytest

            async def is_open():
                return False

            @pytest.mark.asyncio
            async def test_open():
                assert is_open  # error
            """,
            says="the function itself",
        ),
        Bad(
            """
            import pytest

            async def is_open():
                return False

            @pytest.mark.asyncio
            async def test_open():
                assert (await is_open(), "the shop is closed")  # error
            """,
            fixed="""
            import pytest

            async def is_open():
                return False

            @pytest.mark.asyncio
            async def test_open():
                assert await is_open(), "the shop is closed"
            """,
            safety=Safety.UNSAFE,
            says="a tuple",
        ),
        Good(
            """
            import asyncio
            from collections.abc import Awaitable

            import pytest
            from shop import sell

            def selling() -> Awaitable[int]:
                return sell(3)

            @pytest.mark.asyncio
            async def test_tasks():
                future = asyncio.get_running_loop().create_future()
                assert asyncio.ensure_future(future) == future
                task = asyncio.create_task(sell(3))
                assert task
                assert asyncio.create_task(sell(3)) in asyncio.all_tasks()
                assert selling()
            """,
            because="tasks and futures are looked at themselves as well",
        ),
        Good(
            """
            import inspect

            import pytest

            async def total():
                return 3

            @pytest.mark.asyncio
            async def test_total():
                assert await total() == 3
                first = total()
                assert first is not total
                assert await first == 3

            def test_kind():
                assert inspect.iscoroutine(total())
                assert total
            """,
            because="the result is looked at, or which object it is",
        ),
        Good(
            """
            import pytest

            def total():
                return 3

            @pytest.mark.asyncio
            async def test_total():
                assert total
                assert total() == 3
                assert (total(), total()) == (3, 3)
                assert ()
                assert (*range(total()),)
            """,
            because="none of this is async, and none of it a tuple that always holds",
        ),
        Good(
            """
            class Shop:
                on_open = None

                async def close(self): ...

            def test_hook(shop: Shop):
                assert shop.on_open
                assert "close" in dir(shop)
            """,
            because="an attribute may hold a function or not",
        ),
        Good(
            """
            def test_pair():
                assert (1, "one")
            """,
            because="asserted tuples of sync tests are for other linters",
        ),
        Good(
            """
            import pytest

            async def total():
                return 3

            def test_total():
                with pytest.raises(AssertionError):
                    assert total() == 3
            """,
            because="the test wants the failure",
        ),
        Good(
            """
            import asyncio
            from unittest.mock import AsyncMock

            import pytest

            async def total():
                return 3

            @pytest.mark.asyncio
            async def test_others():
                fetch = AsyncMock()
                assert fetch()
                total()
                assert asyncio.ensure_future(total())
            """,
            because="these are the business of other rules",
        ),
        Good(
            """
            import asyncio

            async def total():
                return 3

            def test_hooks(hook):
                on_total = total if hook else None
                on_end = total
                assert on_total
                assert on_end
                assert asyncio.sleep
            """,
            because="under another name it may be there or not",
        ),
    ],
)
_FATES = frozenset({Fate.ASSERTED, Fate.TESTED, Fate.COMPARED, Fate.CHECKED})
_WHY = {
    Fate.COMPARED: "which is none of the values that it is compared with",
    Fate.CHECKED: "not its result",
}
_TRUE = "which is always true"
# They give back the very future that they are handed (asyncio-future.html).
_GIVING_BACK = frozenset({"asyncio.ensure_future", "asyncio.wrap_future"})


@rule.on(CheckedFile)
def check(file: CheckedFile, _: CheckedFile) -> Iterator[Finding]:
    """Report assertions on coroutines, on async functions and on tuples."""
    yield from _on_coroutines(file)
    for definition in file.module.functions():
        function = Function(file.module, definition)
        for node in own_nodes_of(function.node, ast.Assert):
            yield from _on_function(node, function, file)
            yield from _on_tuple(node, function, file)


def _on_coroutines(file: CheckedFile) -> Iterator[Finding]:
    for use in file.facts.call_uses.in_module(file.module):
        if use.fate not in _FATES or use.raises is not None:
            continue
        if what := _looked_at(use):
            yield rule.finding(
                file.place_of_node(use.place),
                f"`{use.name}()` gives a {what} here, {_WHY.get(use.fate, _TRUE)}",
                symbol=use.function.definition.qualname,
                fix=await_fix(use, file),
                advice="" if use.in_async else "make the function async and await the call",
            )


def _looked_at(use: CallUse) -> str:
    """Return what an assertion looks at instead of a result; nothing where that is meant.

    Tasks and futures are looked at themselves as well, by the names that they were given.
    """
    given = use.given
    if given.gives is Gives.COROUTINE:
        return "" if given.by_mock else "coroutine"
    if given.function is not None or given.dotted in _GIVING_BACK:
        return ""
    match use.body.parent(use.call):
        case ast.Compare(ops=[ast.Eq() | ast.NotEq()]) | ast.Assert():
            return {Gives.TASK: "task", Gives.FUTURE: "future"}.get(given.gives, "")
        case _:
            return ""


def _on_function(node: ast.Assert, function: Function, file: CheckedFile) -> Iterator[Finding]:
    """`assert is_open`: the call is missing, and its `await`."""
    if not isinstance(node.test, ast.Name | ast.Attribute) or is_about_coroutines(function):
        return
    scope = file.module.scope_of(function.node)
    called = file.facts.awaitables.called(node.test, file.module, scope)
    if called.gives is not Gives.COROUTINE or not _is_named(node.test, called):
        return
    yield rule.finding(
        file.place_of_node(node.test),
        f"`{ast.unparse(node.test)}` is the function itself, which is always true: it is never "
        "called",
        symbol=function.definition.qualname,
        advice=f"assert `await {ast.unparse(node.test)}(...)`",
    )


def _is_named(node: ast.Name | ast.Attribute, called: Given) -> bool:
    """Whether an expression is the function under its own name, no slot that may hold it."""
    name = node.id if isinstance(node, ast.Name) else node.attr
    return called.function is not None and called.function.definition.name == name


def _on_tuple(node: ast.Assert, function: Function, file: CheckedFile) -> Iterator[Finding]:
    if not isinstance(node.test, ast.Tuple):
        return
    if all(isinstance(one, ast.Starred) for one in node.test.elts):
        return  # it may be empty
    if not isinstance(function.node, ast.AsyncFunctionDef):
        return
    pair = node.test
    yield rule.finding(
        file.place_of_node(pair),
        "this asserts a tuple, which is always true whatever it holds",
        symbol=function.definition.qualname,
        fix=file.fix(Safety.UNSAFE, "Take the parentheses away", lambda: _unwrapped(pair, file)),
        advice="take the parentheses away, or compare the tuple with what it should be",
    )


def _unwrapped(pair: ast.Tuple, file: CheckedFile) -> Iterator[Edit]:
    """`(condition, "text")` becomes `condition, "text"`.

    Raises:
        FixError: it is no condition with a text behind it.
    """
    match pair.elts:
        case [condition, ast.Constant(value=str()) | ast.JoinedStr() as text]:
            yield from rewrap(file.module.source, pair, (condition, text), ("", ""))
        case _:
            raise FixError("the tuple is no condition with a text")
