"""A test returns what it should have awaited or asserted.

## What it finds

Tests that return a coroutine: async ones, and sync ones of unittest's classes. Async tests that
return the result of a comparison.

## Why it matters

Nobody awaits or looks at what a test returns. Since Python 3.11 that holds for sync tests of
`IsolatedAsyncioTestCase` too: the coroutine is dropped and the test passes.

## Fix

`return work()` becomes `await work()`, and a sync test of a class that runs coroutines `async
def` (safe). `return a == b` becomes `assert a == b` (unsafe).
"""

import ast
from collections.abc import Iterator

from bot.analysis.awaiting.call_results import Fate
from bot.analysis.awaiting.call_uses import CallUse
from bot.analysis.awaiting.third_party_calls import Gives
from bot.analysis.checked_file import CheckedFile
from bot.analysis.collection.collection import Test
from bot.analysis.collection.third_party import Runs
from bot.analysis.edits.node_edits import put_before, replace_word
from bot.analysis.errors import FixError
from bot.analysis.finding import Finding, Severity
from bot.analysis.fix import Edit, Fix, Safety
from bot.analysis.fixes.await_fix import await_fix
from bot.analysis.names.values import Class, External
from bot.analysis.rule import Bad, Good, Rule
from bot.analysis.source.walking import nodes_of, own_nodes_of

rule = Rule(
    __name__,
    __doc__,
    code="AWT209",
    severity=Severity.FAILURE,
    examples=[
        Bad(
            """
            import pytest

            async def check(value):
                assert value

            @pytest.mark.asyncio
            async def test_last():
                return check(0)  # error

            @pytest.mark.asyncio
            async def test_early(flag):
                if flag:
                    return check(0)  # error
                await check(1)
            """,
            fixed="""
            import pytest

            async def check(value):
                assert value

            @pytest.mark.asyncio
            async def test_last():
                await check(0)

            @pytest.mark.asyncio
            async def test_early(flag):
                if flag:
                    return await check(0)
                await check(1)
            """,
            safety=Safety.SAFE,
            says="nobody awaits",
        ),
        Bad(
            """
            from unittest import IsolatedAsyncioTestCase

            from aiohttp.test_utils import AioHTTPTestCase
            from django.test import TestCase
            from rest_framework.test import APITestCase

            class Checks:
                async def check(self, value):
                    self.assertTrue(value)

            class TestShop(Checks, IsolatedAsyncioTestCase):
                def test_check(self):
                    return self.check(0)  # error

            class TestPages(Checks, TestCase):
                def test_check(self):
                    return self.check(0)  # error

            class TestAnswers(Checks, APITestCase):
                def test_check(self):
                    return self.check(0)  # error

            class TestServer(Checks, AioHTTPTestCase):
                def test_check(self):
                    return self.check(0)  # error
            """,
            fixed="""
            from unittest import IsolatedAsyncioTestCase

            from aiohttp.test_utils import AioHTTPTestCase
            from django.test import TestCase
            from rest_framework.test import APITestCase

            class Checks:
                async def check(self, value):
                    self.assertTrue(value)

            class TestShop(Checks, IsolatedAsyncioTestCase):
                async def test_check(self):
                    await self.check(0)

            class TestPages(Checks, TestCase):
                async def test_check(self):
                    await self.check(0)

            class TestAnswers(Checks, APITestCase):
                async def test_check(self):
                    await self.check(0)

            class TestServer(Checks, AioHTTPTestCase):
                async def test_check(self):
                    await self.check(0)
            """,
            safety=Safety.SAFE,
        ),
        Bad(
            """
            from unittest import TestCase

            class TestShop(TestCase):
                async def check(self, value):
                    self.assertTrue(value)

                def test_check(self):
                    return self.check(0)  # error
            """,
        ),
        Bad(
            """
            import pytest

            async def total():
                return 3

            @pytest.mark.asyncio
            async def test_total():
                return await total() == 4  # error
            """,
            fixed="""
            import pytest

            async def total():
                return 3

            @pytest.mark.asyncio
            async def test_total():
                assert await total() == 4
            """,
            safety=Safety.UNSAFE,
            says="nobody looks at",
        ),
        Bad(
            """
            import pytest

            async def total():
                return 3

            @pytest.mark.asyncio
            async def test_total(flag):
                if flag:
                    return await total() == 4  # error
                await total()
            """,
        ),
        Good(
            """
            import asyncio
            from unittest import IsolatedAsyncioTestCase
            from unittest.mock import AsyncMock

            import pytest
            from elsewhere import running

            async def check(value):
                assert value

            @pytest.mark.asyncio
            async def test_dropped():
                check(1)

            @pytest.mark.asyncio
            async def test_task():
                return asyncio.ensure_future(check(1))

            @pytest.mark.asyncio
            async def test_mock():
                mock = AsyncMock()
                return mock()

            def test_plain():
                return check(1)

            class TestShop(IsolatedAsyncioTestCase):
                @running
                def test_check(self):
                    return check(1)

            class TestPlain:
                def test_check(self):
                    return check(1)
            """,
            because="other rules, a decorator or pytest itself have a word on these",
        ),
        Good(
            """
            import pytest
            from twisted.trial import unittest

            async def check(value):
                assert value

            @pytest.mark.asyncio
            async def test_awaited():
                return await check(1)

            def helper():
                return check(1)

            class TestDeferred(unittest.TestCase):
                def test_check(self):
                    return check(1)
            """,
            because="it is awaited, is no test, or trial takes what tests return",
        ),
        Good(
            """
            import pytest

            @pytest.mark.asyncio
            async def test_total():
                return 3 == 4

            def run_all():
                return test_total()

            class TestTotal:
                @pytest.mark.asyncio
                async def test_method(self):
                    return 3 == 4

                async def run_all(self):
                    return await self.test_method()
            """,
            because="somebody asks the test for its result",
        ),
        Good(
            """
            from unittest import IsolatedAsyncioTestCase

            class TestShop(IsolatedAsyncioTestCase):
                async def check(self, value):
                    self.assertTrue(value)

                async def test_check(self):
                    await self.check(1)

                def check_later(self):
                    return self.check(1)
            """,
            because="only tests are called by nobody who awaits",
        ),
    ],
)
# Classes that call tests with `inspect.iscoroutinefunction` and drop what others return.
_DROPPING = ("unittest.", "django.", "rest_framework.", "aiohttp.")


@rule.on(CheckedFile)
def check(file: CheckedFile, _: CheckedFile) -> Iterator[Finding]:
    """Report tests that return what nobody takes."""
    tests = {test.function: test for test in _tests(file)}
    for use in file.facts.call_uses.in_module(file.module):
        test = tests.get(use.function)
        if test is not None and use.fate is Fate.RETURNED and _is_dropped(use, test, file):
            yield rule.finding(
                file.place_of_node(use.place),
                f"the test returns the coroutine of `{use.name}()`, and nobody awaits it",
                symbol=test.symbol,
                fix=_fix(use, test, file),
                advice="make the test async and await it",
            )
    for test in file.tests:
        if test.function in tests:
            yield from _on_comparisons(test, file)


def _tests(file: CheckedFile) -> Iterator[Test]:
    """Yield the tests that the file defines, sync ones too."""
    facts = file.facts
    for run in facts.setup.runs_for(file.path)[:1]:
        for test in facts.collector.tests(file.module, run):
            if test.function.module is file.module:
                yield test


def _is_dropped(use: CallUse, test: Test, file: CheckedFile) -> bool:
    if use.given.gives is not Gives.COROUTINE or use.given.by_mock:
        return False
    if use.in_async:
        return True
    if test.owner is None or test.function.node.decorator_list:
        return False
    return _drops_returned(test.owner, file)


def _drops_returned(owner: Class, file: CheckedFile) -> bool:
    """Whether a test case class certainly drops what a sync test returns."""
    if file.facts.classes.runs(owner) not in {Runs.ITSELF, Runs.NOBODY}:
        return False
    bases = [one for one in file.facts.resolver.mro(owner) if isinstance(one, External)]
    return bool(bases) and all(one.dotted.startswith(_DROPPING) for one in bases)


def _fix(use: CallUse, test: Test, file: CheckedFile) -> Fix | None:
    returned = use.body.parent(use.call)
    if not isinstance(returned, ast.Return):
        return None
    if use.in_async and returned is not test.function.node.body[-1]:
        return await_fix(use, file)
    if test.owner is not None and file.facts.classes.runs(test.owner) is Runs.NOBODY:
        return None
    return file.fix(Safety.SAFE, "Await the call", lambda: _edits(returned, use, file))


def _edits(returned: ast.Return, use: CallUse, file: CheckedFile) -> Iterator[Edit]:
    """Yield the edits that await instead of returning.

    Raises:
        FixError: the `return` does not end the test.
    """
    node = use.function.node
    if returned is not node.body[-1]:
        raise FixError("the test returns early")
    yield replace_word(file.module.source, returned, "return", "await")
    if not use.in_async:
        yield put_before(file.module.source, node, "async ")


def _on_comparisons(test: Test, file: CheckedFile) -> Iterator[Finding]:
    """`return result == 3`."""
    for node in own_nodes_of(test.function.node, ast.Return):
        match node:
            case ast.Return(value=ast.Compare()) if not _is_asked(test, file):
                yield rule.finding(
                    file.place_of_node(node),
                    "the test returns whether this holds, and nobody looks at that",
                    symbol=test.symbol,
                    fix=_asserting(node, test, file),
                    advice="assert it",
                )
            case _:
                continue


def _is_asked(test: Test, file: CheckedFile) -> bool:
    """Whether something in the file calls the test itself."""
    name = test.function.definition.name
    tree = file.module.tree
    return any(one.id == name for one in nodes_of(tree, ast.Name)) or any(
        one.attr == name for one in nodes_of(tree, ast.Attribute)
    )


def _asserting(node: ast.Return, test: Test, file: CheckedFile) -> Fix | None:
    if node is not test.function.node.body[-1]:
        return None
    return file.fix(
        Safety.UNSAFE,
        "Assert it",
        lambda: iter([replace_word(file.module.source, node, "return", "assert")]),
    )
