"""A decorator hides that an async test is a coroutine function, so nothing awaits it.

## What it finds

Async tests below a decorator that makes a plain function of them and does not run them: context
managers used as decorators, wrappers that only pass the call on (with `functools.wraps`, too),
`functools.cache` and known ones of other packages. The decorator's own source is read.

## Why it matters

pytest's plugins and unittest ask `inspect.iscoroutinefunction` of the finished function. The
answer is no, so markers and modes do not help; in `unittest.IsolatedAsyncioTestCase` the test
passes without a word from Python 3.11 on.

## Fix

Unsafe: a context manager is entered with `with` inside the test. For other decorators there is
none: they have to be taught to await, which concerns everybody who uses them.
"""

from collections.abc import Iterator

from bot.analysis.answer import Answer
from bot.analysis.checked_file import CheckedFile
from bot.analysis.collection.collection import Test
from bot.analysis.finding import Finding, Severity
from bot.analysis.fix import Safety
from bot.analysis.fixes.decorator_fix import entering_edits, losing_decorators
from bot.analysis.handling.handling import Cause
from bot.analysis.rule import Bad, Good, Rule

rule = Rule(
    __name__,
    __doc__,
    code="AWT104",
    severity=Severity.FAILURE,
    examples=[
        Bad(
            '''
            from contextlib import contextmanager

            import pytest

            @contextmanager
            def frozen(day):
                yield day

            @pytest.mark.asyncio
            @frozen("monday")
            async def test_total():  # error
                """Prices of a monday."""
                # the list is long
                expected = """
            bread
            """

                assert expected
            ''',
            fixed='''
            from contextlib import contextmanager

            import pytest

            @contextmanager
            def frozen(day):
                yield day

            @pytest.mark.asyncio
            async def test_total():
                """Prices of a monday."""
                # the list is long
                with frozen("monday"):
                    expected = """
            bread
            """

                    assert expected
            ''',
            safety=Safety.UNSAFE,
            says="enter it with `with` inside the test",
        ),
        Bad(
            """
            import unittest
            from contextlib import ContextDecorator

            from moto import mock_aws

            class Quiet(ContextDecorator):
                pass

            class TestTotal(unittest.IsolatedAsyncioTestCase):
                @Quiet()
                @mock_aws
                async def test_total(self):  # error
                    @staticmethod
                    def inner():
                        pass
            """,
            fixed="""
            import unittest
            from contextlib import ContextDecorator

            from moto import mock_aws

            class Quiet(ContextDecorator):
                pass

            class TestTotal(unittest.IsolatedAsyncioTestCase):
                async def test_total(self):
                    with Quiet(), mock_aws():
                        @staticmethod
                        def inner():
                            pass
            """,
            safety=Safety.UNSAFE,
            says="`moto.mock_aws`",
        ),
        Bad(
            """
            import functools

            import pytest

            def logged(function):
                @functools.wraps(function)
                def wrapper(*args, **kwargs):
                    return function(*args, **kwargs)

                return wrapper

            @pytest.mark.asyncio
            @logged
            async def test_total():  # error
                pass
            """,
            says="let its wrapper be a coroutine function",
        ),
        Bad(
            """
            from contextlib import contextmanager

            import pytest

            @contextmanager
            def frozen():
                yield

            @pytest.mark.asyncio
            @frozen()
            async def test_total(): assert True  # error
            """
        ),
        Bad(
            """
            import functools
            from contextlib import contextmanager

            import pytest

            @contextmanager
            def frozen():
                yield

            @pytest.mark.asyncio
            @functools.cache
            @frozen()
            async def test_total():  # error
                assert True
            """
        ),
        Bad(
            """
            from contextlib import contextmanager

            import pytest

            @contextmanager
            def frozen():
                yield

            def tagged(function):
                function.tag = "shop"
                return function

            def calm(function):
                return pytest.mark.asyncio(frozen()(tagged(function)))

            def logged(function):
                def wrapper(*args, **kwargs):
                    return function(*args, **kwargs)

                wrapper.__name__ = function.__name__
                return pytest.mark.asyncio(wrapper)

            def marked(function):
                return pytest.mark.asyncio(tagged(function))

            @calm
            async def test_total():  # error
                assert True

            @logged
            async def test_logged():  # error
                assert True

            @frozen()
            @marked
            async def test_marked(): assert True  # error
            """
        ),
        Bad(
            {
                "requirements.txt": "pytest==7.4.4\npytest-asyncio==0.21.2\n",
                "pytest.ini": "[pytest]\naddopts = -p no:asyncio\n",
                "test_total.py": """
                    import functools

                    import pytest

                    def logged(function):
                        @functools.wraps(function)
                        def wrapper():
                            return function()

                        return wrapper

                    @pytest.mark.asyncio
                    @logged
                    async def test_total():  # error
                        pass
                """,
            },
            says="hides that it is a coroutine function",
        ),
        Good(
            """
            import functools
            from contextlib import contextmanager

            import pytest

            @contextmanager
            def frozen():
                yield

            def awaiting(function):
                @functools.wraps(function)
                async def wrapper(*args, **kwargs):
                    return await function(*args, **kwargs)

                return wrapper

            def calm(function):
                return pytest.mark.asyncio(awaiting(frozen()(function)))

            @calm
            async def test_total():
                assert True
            """,
            because="what one decorator hides another may await",
        ),
        Good(
            """
            import asyncio
            import functools

            def synchronous(function):
                @functools.wraps(function)
                def wrapper(*args, **kwargs):
                    return asyncio.run(function(*args, **kwargs))

                return wrapper

            @synchronous
            async def test_total():
                pass
            """,
            because="this wrapper runs the coroutine",
        ),
        Good(
            """
            import functools

            import pytest

            def logged(function):
                @functools.wraps(function)
                async def wrapper(*args, **kwargs):
                    return await function(*args, **kwargs)

                return wrapper

            @pytest.mark.asyncio
            @logged
            async def test_total():
                pass
            """,
            because="this wrapper is a coroutine function itself",
        ),
        Good(
            """
            from contextlib import asynccontextmanager

            import pytest

            @asynccontextmanager
            async def frozen():
                yield

            @pytest.mark.asyncio
            @frozen()
            async def test_total():
                pass
            """,
            because="an asynchronous context manager wraps in a coroutine function",
        ),
        Good(
            {
                "requirements.txt": "pytest==7.4.4\npytest-asyncio==0.21.2\n",
                "test_total.py": """
                    import functools

                    import pytest

                    def logged(function):
                        @functools.wraps(function)
                        def wrapper():
                            return function()

                        return wrapper

                    @pytest.mark.asyncio
                    @logged
                    async def test_total():
                        pass
                """,
            },
            because="this version of pytest-asyncio awaits what a marked test returns",
        ),
        Good(
            {
                "requirements.txt": "pytest==7.4.4\npytest-asyncio==0.21.2\n",
                "test_total.py": """
                    import functools

                    import pytest

                    def logged(function):
                        @functools.wraps(function)
                        def wrapper(*args):
                            return function(*args)

                        return wrapper

                    @pytest.mark.parametrize("n", [pytest.param(1, marks=pytest.mark.asyncio)])
                    @logged
                    async def test_total(n):
                        pass
                """,
            },
            because="it does so for each parameter that is marked",
        ),
        Good(
            """
            import unittest
            from contextlib import contextmanager

            @contextmanager
            def frozen():
                yield

            class TestTotal(unittest.TestCase):
                @frozen()
                async def test_total(self):
                    pass
            """,
            because="this class would not run a coroutine function either (AWT101)",
        ),
        Good(
            """
            from contextlib import contextmanager

            import pytest

            @contextmanager
            def frozen():
                yield

            @pytest.mark.asyncio
            async def test_total():
                with frozen():
                    pass
            """,
            because="this is how it is meant",
        ),
    ],
)

_HYPOTHESIS = "hypothesis.given"


@rule.on(Test)
def check(test: Test, file: CheckedFile) -> Iterator[Finding]:
    """Report a test that is no coroutine function any more."""
    verdict = file.verdict(test)
    if verdict.runs is not Answer.NO or verdict.cause is not Cause.LOST:
        return
    yield rule.finding(
        file.place_of_test(test),
        f"async test `{test.symbol}` never runs: the decorator `{verdict.reason}` hides that it "
        "is a coroutine function",
        symbol=test.symbol,
        fix=file.fix(
            Safety.UNSAFE,
            "Enter the context manager inside the test",
            lambda: entering_edits(test.function, file),
        ),
        advice=_advice(test, verdict.reason, file),
        reveals=(test.symbol,),
    )


def _advice(test: Test, name: str, file: CheckedFile) -> str:
    if name == _HYPOTHESIS:
        return "let the test be synchronous and run the coroutine inside it"
    losing = losing_decorators(test.function, file).values()
    if any(one.name == name and one.manages for one in losing):
        return "enter it with `with` inside the test"
    if "." in name:
        return "do without it, or use it inside the test"
    return "let its wrapper be a coroutine function that awaits what it wraps"
