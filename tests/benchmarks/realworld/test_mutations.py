import ast
from collections.abc import Callable, Iterator
from textwrap import dedent

import pytest

from benchmarks.realworld.mutations import (
    Mutant,
    Source,
    mutated,
    with_plain_base,
    with_plain_fixture,
    with_plain_mock,
    without_await,
    without_marker,
    without_mode,
    without_pytestmark,
)

Make = Callable[[Source], Iterator[Mutant]]


def all_made(make: Make, before: str) -> str:
    content = dedent(before).lstrip("\n").encode()
    return mutated(content, list(make(Source(content)))).decode()


@pytest.mark.parametrize(
    ("make", "before", "after"),
    [
        (
            without_marker,
            """
            @pytest.mark.asyncio
            @other
            async def test_it(): ...
            """,
            """
            @other
            async def test_it(): ...
            """,
        ),
        (
            without_marker,
            """
            @pytest.mark.anyio(
                backend="trio",
            )
            class TestIt: ...
            """,
            "class TestIt: ...\n",
        ),
        (without_pytestmark, "pytestmark = pytest.mark.trio\n", "pytestmark = []\n"),
        (
            without_pytestmark,
            "pytestmark = [mark.slow, mark.anyio]\n",
            "pytestmark = [mark.slow]\n",
        ),
        (
            with_plain_base,
            """
            from unittest import IsolatedAsyncioTestCase
            class TestIt(IsolatedAsyncioTestCase): ...
            """,
            """
            from unittest import IsolatedAsyncioTestCase, TestCase
            class TestIt(TestCase): ...
            """,
        ),
        (
            with_plain_base,
            """
            try:
                from unittest import IsolatedAsyncioTestCase
            except ImportError:
                from asynctest import TestCase as IsolatedAsyncioTestCase
            class TestIt(IsolatedAsyncioTestCase): ...
            """,
            """
            try:
                from unittest import IsolatedAsyncioTestCase, TestCase
            except ImportError:
                from asynctest import TestCase as IsolatedAsyncioTestCase
            class TestIt(TestCase): ...
            """,
        ),
        (
            with_plain_base,
            "class TestIt(unittest.IsolatedAsyncioTestCase): ...\n",
            "class TestIt(unittest.TestCase): ...\n",
        ),
        (
            with_plain_fixture,
            """
            import pytest
            @pytest_asyncio.fixture(scope="module")
            async def shop(): ...
            """,
            """
            import pytest
            @pytest.fixture(scope="module")
            async def shop(): ...
            """,
        ),
        (
            without_await(ast.Expr),
            """
            async def test_it():
                price = await total()
                await pay()
            """,
            """
            async def test_it():
                price = await total()
                pay()
            """,
        ),
        (
            without_await(ast.Assert),
            """
            async def test_it():
                assert (await total()) == 3
            """,
            """
            async def test_it():
                assert (total()) == 3
            """,
        ),
        (
            with_plain_mock,
            """
            from unittest.mock import AsyncMock, Mock
            shop = AsyncMock(return_value=1)
            till = mock.AsyncMock()
            """,
            """
            from unittest.mock import AsyncMock, Mock
            shop = Mock(return_value=1)
            till = mock.Mock()
            """,
        ),
    ],
)
def test_one_kind_of_mistake_is_made_and_nothing_else(make: Make, before: str, after: str) -> None:
    assert all_made(make, before) == dedent(after).lstrip("\n")


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (without_marker, "@pytest.mark.slow\nasync def test_it(): ...\n"),
        (without_pytestmark, "pytestmark = pytest.mark.slow\n"),
        (with_plain_base, "class TestIt(IsolatedAsyncioTestCase): ...\n"),
        (with_plain_fixture, "@pytest_asyncio.fixture\nasync def shop(): ...\n"),
        (without_await(ast.Expr), "async def helper():\n    await pay()\n"),
        (with_plain_mock, "from tests import AsyncMock as Fake\nFake()\n"),
    ],
)
def test_no_mistake_is_made_where_the_result_would_be_no_such_mistake(
    make: Make, text: str
) -> None:
    assert all_made(make, text) == text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"[pytest]\nasyncio_mode = auto\nx = 1\n", b"[pytest]\nx = 1\n"),
        (b'anyio_mode = "auto"\n', b""),
        (b"addopts = --asyncio-mode=auto -q\n", b"addopts =  -q\n"),
        (b"asyncio_mode = strict\n", b"asyncio_mode = strict\n"),
    ],
)
def test_a_configuration_loses_its_automatic_mode(before: bytes, after: bytes) -> None:
    assert without_mode(before) == after
