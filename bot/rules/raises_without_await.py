"""A coroutine is made under `pytest.raises`, and nothing awaits it.

## What it finds

Coroutines that nothing awaits in the block of `pytest.raises` or `assertRaises`, async functions
handed to their calling form, and `async with pytest.raises(...)`. Where a sync decorator of the
function, or what makes its arguments, may raise instead, nothing is said.

## Why it matters

The exception that is waited for can only come from the body of the function, and that never
runs: the test fails with "DID NOT RAISE", or, where it never ran itself, proves nothing.

## Fix

Puts `await` in front of the call; `async with` becomes `with`. Both are safe.
"""

import ast
from collections.abc import Iterator

from bot.analysis.awaiting.awaitables import Given
from bot.analysis.awaiting.call_results import RESULT_FATES, Fate
from bot.analysis.awaiting.call_uses import CallUse, is_about_coroutines, last_name
from bot.analysis.awaiting.third_party_calls import Gives
from bot.analysis.checked_file import CheckedFile
from bot.analysis.collection.decorators import Kind
from bot.analysis.edits.node_edits import without_async
from bot.analysis.finding import Finding, Severity
from bot.analysis.fix import Safety
from bot.analysis.fixes.await_fix import await_fix
from bot.analysis.names.values import Class, Function
from bot.analysis.rule import Bad, Good, Rule
from bot.analysis.source.scopes import Scope
from bot.analysis.source.walking import below, own_nodes_of

rule = Rule(
    __name__,
    __doc__,
    code="AWT207",
    severity=Severity.FAILURE,
    examples=[
        Bad(
            """
            import asyncio

            import pytest

            async def pay(amount):
                raise ValueError

            @pytest.mark.asyncio
            async def test_pay():
                with pytest.raises(ValueError, match="amount"):
                    pay(-1)  # error
                with pytest.raises(TimeoutError):
                    asyncio.wait_for(pay(1), 0)  # error
                with pytest.raises(ValueError):
                    assert pay(-1) == 3  # error
            """,
            fixed="""
            import asyncio

            import pytest

            async def pay(amount):
                raise ValueError

            @pytest.mark.asyncio
            async def test_pay():
                with pytest.raises(ValueError, match="amount"):
                    await pay(-1)
                with pytest.raises(TimeoutError):
                    await asyncio.wait_for(pay(1), 0)
                with pytest.raises(ValueError):
                    assert await pay(-1) == 3
            """,
            safety=Safety.SAFE,
        ),
        Bad(
            """
            from unittest import IsolatedAsyncioTestCase

            async def pay(amount):
                raise ValueError

            class TestPay(IsolatedAsyncioTestCase):
                async def test_pay(self):
                    with self.assertRaises(ValueError):
                        pay(-1)  # error
            """,
            fixed="""
            from unittest import IsolatedAsyncioTestCase

            async def pay(amount):
                raise ValueError

            class TestPay(IsolatedAsyncioTestCase):
                async def test_pay(self):
                    with self.assertRaises(ValueError):
                        await pay(-1)
            """,
            safety=Safety.SAFE,
        ),
        Bad(
            """
            import functools

            import pytest

            class Till:
                async def pay(self, amount):
                    raise ValueError

            def logged(function):
                @functools.wraps(function)
                async def wrapper(amount):
                    return await function(amount)

                return wrapper

            @logged
            async def give(amount):
                raise ValueError

            @pytest.mark.asyncio
            async def test_pay():
                with pytest.raises(ValueError):
                    Till().pay(-1)  # error
                with pytest.raises(ValueError):
                    give(-1)  # error
            """,
            fixed="""
            import functools

            import pytest

            class Till:
                async def pay(self, amount):
                    raise ValueError

            def logged(function):
                @functools.wraps(function)
                async def wrapper(amount):
                    return await function(amount)

                return wrapper

            @logged
            async def give(amount):
                raise ValueError

            @pytest.mark.asyncio
            async def test_pay():
                with pytest.raises(ValueError):
                    await Till().pay(-1)
                with pytest.raises(ValueError):
                    await give(-1)
            """,
            safety=Safety.SAFE,
        ),
        Bad(
            """
            from unittest import TestCase

            import pytest

            async def pay(amount):
                raise ValueError

            def test_pay():
                pytest.raises(ValueError, pay, -1)  # error

            class TestPay(TestCase):
                def test_pay(self):
                    self.assertRaises(ValueError, pay, -1)  # error
            """,
            says="`pay` is async",
        ),
        Bad(
            """
            import pytest

            async def pay(amount):
                raise ValueError

            @pytest.mark.asyncio
            async def test_pay():
                async with pytest.raises(ValueError):  # error
                    await pay(-1)
            """,
            fixed="""
            import pytest

            async def pay(amount):
                raise ValueError

            @pytest.mark.asyncio
            async def test_pay():
                with pytest.raises(ValueError):
                    await pay(-1)
            """,
            safety=Safety.SAFE,
            says="no async context manager",
        ),
        Good(
            """
            import pytest

            async def pay(amount):
                raise ValueError

            @pytest.mark.asyncio
            async def test_pay():
                with pytest.raises(ValueError):
                    await pay(-1)
                with pytest.raises(ValueError):
                    payment = pay(-1)
                    await payment
            """,
            because="it is awaited",
        ),
        Good(
            """
            import pytest

            async def pay(amount): ...

            def test_pay():
                with pytest.raises(TypeError):
                    pay()
                with pytest.raises((ValueError, TypeError)):
                    pay()
                with pytest.raises(Exception):
                    pay()
                with pytest.raises(BaseException):
                    pay()
                with pytest.raises(AttributeError):
                    pay(1).amount
                with pytest.raises(AssertionError):
                    assert pay(1) == 1
                pytest.raises(TypeError, pay)
            """,
            because="these errors come from the call itself, or from using the coroutine",
        ),
        Good(
            """
            import pytest

            async def pay(amount): ...

            def checked(amount):
                if amount < 0:
                    raise ValueError
                return pay(amount)

            @pytest.mark.parametrize("error", [TypeError])
            def test_pay(error, loop):
                with pytest.raises(ValueError):
                    checked(-1)
                pytest.raises(ValueError, checked, -1)
                with pytest.raises(error):
                    pay()
                with pytest.raises(match="missing"):
                    pay()
                loop.add_handler(ValueError, pay)
                pytest.raises(ValueError, int, "one")
            """,
            because="a plain function may raise before it makes the coroutine",
        ),
        Good(
            """
            import pytest

            class Amount:
                def __init__(self, number):
                    if number < 0:
                        raise ValueError

            def parsed(text):
                return int(text)

            def checked(function):
                def wrapper(amount):
                    if amount < 0:
                        raise ValueError
                    return function(amount)

                return wrapper

            @checked
            async def pay(amount): ...

            async def give(amount): ...

            class Till:
                def __init__(self, name):
                    self.name = parsed(name)

                async def pay(self, amount): ...

            @pytest.mark.asyncio
            async def test_pay():
                with pytest.raises(ValueError):
                    pay(-1)
                with pytest.raises(ValueError):
                    give(Amount(-1))
                with pytest.raises(ValueError):
                    give(amount=parsed("one"))
                with pytest.raises(ValueError):
                    Till("one").pay(1)
            """,
            because="a decorator, an argument or a constructor may raise it",
        ),
        Good(
            """
            import asyncio
            import inspect
            from unittest.mock import AsyncMock

            import pytest

            async def pay(amount):
                raise ValueError

            def made(amount):
                with pytest.raises(ValueError):
                    return pay(amount)

            @pytest.mark.asyncio
            async def test_others():
                pay(1)
                mock = AsyncMock(side_effect=ValueError)
                with pytest.raises(ValueError):
                    mock()
                with pytest.raises(ValueError):
                    asyncio.gather(pay(-1))

            def test_kind():
                pytest.raises(ValueError, pay, -1)
                assert inspect.iscoroutinefunction(pay)
            """,
            because="these are the business of other rules, or about coroutines themselves",
        ),
        Good(
            """
            import pytest
            from elsewhere import Raises, opened

            @pytest.mark.asyncio
            async def test_pay():
                async with opened(), Raises().raises(ValueError):
                    pass
                async with opened:
                    pass
            """,
            because="other context managers may be async",
        ),
        Good(
            """
            import aiofiles
            import pytest

            @pytest.mark.asyncio
            async def test_detached():
                with pytest.raises(ValueError):
                    async with aiofiles.open("file.bin", mode="rb") as file:
                        raw = file.detach()
                        assert raw
            """,
            because="what aiofiles does not hand to a thread is a plain method",
        ),
    ],
)
# What calling an async function, or using its coroutine, raises by itself.
_RAISED_BY_CALLS = frozenset(
    {"TypeError", "AttributeError", "AssertionError", "Exception", "BaseException"}
)
_RAISES = frozenset({"raises", "assertRaises"})
_FATES = RESULT_FATES | {Fate.DROPPED}


@rule.on(CheckedFile)
def check(file: CheckedFile, _: CheckedFile) -> Iterator[Finding]:
    """Report calls that cannot raise what is waited for."""
    for use in file.facts.call_uses.in_module(file.module):
        if use.fate in _FATES and _cannot_raise(use, file):
            yield rule.finding(
                file.place_of_node(use.place),
                f"`{use.name}()` only makes a coroutine, so it cannot raise what is waited for",
                symbol=use.function.definition.qualname,
                fix=await_fix(use, file),
                advice="" if use.in_async else "make the function async and await the call",
            )
    for definition in file.module.functions():
        function = Function(file.module, definition)
        for call in own_nodes_of(function.node, ast.Call):
            yield from _on_calling_form(call, function, file)
        for block in own_nodes_of(function.node, ast.AsyncWith):
            yield from _on_async_with(block, function, file)


def _cannot_raise(use: CallUse, file: CheckedFile) -> bool:
    if use.raises is None or not _only_makes_coroutine(use.given, file):
        return False
    scope = file.module.scope_of(use.function.node)
    inner = (one for one in below(use.call) if isinstance(one, ast.Call) and one is not use.call)
    return _expects_from_body(use.raises) and all(_is_quiet(one, scope, file) for one in inner)


def _only_makes_coroutine(given: Given, file: CheckedFile) -> bool:
    """Whether a call certainly runs nothing: `async def`, with no sync wrapper around it."""
    if given.gives is not Gives.COROUTINE or given.by_mock:
        return False
    if given.function is None:
        return True
    return file.facts.decorators.decorated(given.function).kind is Kind.COROUTINE


def _is_quiet(call: ast.Call, scope: Scope, file: CheckedFile) -> bool:
    """Whether a call inside of another one raises nothing itself."""
    if _only_makes_coroutine(file.facts.awaitables.called(call.func, file.module, scope), file):
        return True
    made = file.facts.instances.callee(call.func, file.module, scope)
    if not isinstance(made, Class) or file.facts.classes.has_unknown_base(made):
        return False
    return not file.facts.classes.has_constructor(made)


def _expects_from_body(raises: ast.Call) -> bool:
    """Whether what is waited for is named, and nothing that a call itself may raise."""
    if not raises.args:
        return False
    expected = raises.args[0]
    names = expected.elts if isinstance(expected, ast.Tuple) else [expected]
    return all(
        last_name(one)[:1].isupper() and last_name(one) not in _RAISED_BY_CALLS for one in names
    )


def _on_calling_form(node: ast.Call, function: Function, file: CheckedFile) -> Iterator[Finding]:
    """`pytest.raises(ValueError, pay, -1)`."""
    match node:
        case ast.Call(func=ast.Attribute(attr=name), args=[_, ast.expr() as called, *_]) if (
            name in _RAISES
        ):
            scope = file.module.scope_of(function.node)
            given = file.facts.awaitables.called(called, file.module, scope)
        case _:
            return
    if _only_makes_coroutine(given, file) and _expects_from_body(node):
        if not is_about_coroutines(function):
            yield rule.finding(
                file.place_of_node(node),
                f"`{ast.unparse(called)}` is async: calling it only makes a coroutine, which "
                "raises nothing",
                symbol=function.definition.qualname,
                advice="await the call in a `with` block",
            )


def _on_async_with(
    node: ast.AsyncWith, function: Function, file: CheckedFile
) -> Iterator[Finding]:
    scope = file.module.scope_of(function.node)
    for item in node.items:
        raises = item.context_expr
        if not isinstance(raises, ast.Call):
            continue
        if file.facts.resolver.dotted(raises.func, file.module, scope) != "pytest.raises":
            continue
        yield rule.finding(
            file.place_of_node(raises),
            "`pytest.raises` is no async context manager: `async with` fails on it",
            symbol=function.definition.qualname,
            fix=file.fix(
                Safety.SAFE, "Use `with`", lambda: iter([without_async(file.module.source, node)])
            )
            if len(node.items) == 1
            else None,
            advice="enter it with a plain `with`",
        )
