"""Decorators by hand, in chains, and what only looks decorated."""

from tests.conformance.case import Case
from tests.conformance.cases.decorators_wrapping import PASS_THROUGH, RUNNER

CASES = (
    Case(
        "Decorators of the standard library that change nothing",
        {
            "test_it.py": """
                import typing
                import pytest
                from typing import final, no_type_check

                @no_type_check
                async def test_unchecked(): ran()

                @typing.final
                class TestFinal:
                    @final
                    async def test_it(self): ran()

                @pytest.mark.asyncio
                @no_type_check
                async def test_marked(): ran()
            """
        },
    ),
    Case(
        "A decorator applied by hand is a decorator",
        {
            "helpers.py": RUNNER,
            "test_it.py": """
                from helpers import blocking

                async def test_it():
                    ran()

                test_it = blocking(test_it)

                class TestIt:
                    async def test_it(self):
                        ran()

                    test_it = blocking(test_it)
            """,
        },
    ),
    Case(
        "Decorators that apply others in turn do what these do together",
        {
            "helpers.py": RUNNER
            + "\n"
            + PASS_THROUGH
            + """
    import contextlib
    import pytest

    def tagged(function):
        function.tag = "tag"
        return function

    def slow(function):
        return pytest.mark.slow(tagged(function))

    def marked(function):
        return pytest.mark.asyncio(tagged(function))

    def ran_inside(function):
        return pytest.mark.slow(blocking(function))

    def lost_inside(function):
        return pytest.mark.asyncio(logged(tagged(function)))

    def run_after_all(function):
        return blocking(logged(function))

    def wrapped(function):
        async def wrapper(*args, **kwargs):
            return await function(*args, **kwargs)
        wrapper.__name__ = function.__name__
        return pytest.mark.asyncio(wrapper)

    @contextlib.contextmanager
    def managed():
        yield

    def managing(function):
        return managed()(tagged(function))
""",
            "test_it.py": """
                import pytest
                from helpers import (
                    logged, lost_inside, managing, marked, ran_inside, run_after_all, slow, wrapped
                )

                @slow
                async def test_slow(): ran()

                @marked
                async def test_marked(): ran()

                @ran_inside
                async def test_ran(): ran()

                @lost_inside
                async def test_lost(): ran()

                @run_after_all
                async def test_run_after_all(): ran()

                @wrapped
                async def test_wrapped(): ran()

                @pytest.mark.asyncio
                @managing
                async def test_managed(): ran()

                @logged
                @marked
                async def test_lost_above(): ran()
            """,
        },
    ),
    Case(
        "A decorator that is chosen while the module runs is not decided",
        {
            "helpers.py": RUNNER + "\n" + PASS_THROUGH,
            "test_it.py": """
                import sys
                from helpers import blocking, logged

                chosen = blocking if sys.version_info > (3,) else logged

                @chosen
                async def test_it():
                    ran()
            """,
        },
    ),
    Case(
        "A decorator made of others is followed to its end",
        {
            "helpers.py": RUNNER,
            "test_it.py": """
                import functools
                from helpers import blocking

                def twice_decorated(function):
                    return functools.wraps(function)(blocking(function))

                def through(function):
                    wrapped = blocking(function)
                    return wrapped

                def lost(function):
                    return functools.lru_cache(function)

                @twice_decorated
                async def test_nested(): ran()

                @through
                async def test_through(): ran()

                @lost
                async def test_lost(): ran()
            """,
        },
    ),
    Case(
        "A decorator that takes the place of the function with a class's instance hides the test",
        {
            "test_it.py": """
                class Task:
                    def __init__(self, function):
                        self.function = function

                    async def __call__(self):
                        await self.function()

                @Task
                async def test_hidden():
                    ran()

                async def test_seen():
                    ran()
            """
        },
    ),
    Case(
        "A lambda decorator and a dotted method decorator",
        {
            "test_it.py": """
                import asyncio

                class App:
                    def __init__(self):
                        self.handlers = []

                    def handler(self, function):
                        self.handlers.append(function)
                        return function

                    def blocking(self, function):
                        return lambda: asyncio.run(function())

                app = App()

                @app.handler
                async def test_handler(): ran()

                @app.blocking
                async def test_blocking(): ran()

                @(lambda function: lambda: asyncio.run(function()))
                async def test_lambda(): ran()
            """
        },
        unknown_ok="a method of an object decorates",
        unknown=("test_handler",),
    ),
    Case(
        "A fixture that is named like a test is no test",
        {
            "test_it.py": """
                import pytest
                import pytest_asyncio

                @pytest_asyncio.fixture
                async def test_data():
                    ran()
                    return 1

                @pytest.fixture
                def test_other():
                    return 2

                @pytest.mark.asyncio
                async def test_it(test_data, test_other):
                    ran()
            """
        },
    ),
    Case(
        "A helper named like a test that is handed to a runner is still collected",
        {
            "test_it.py": """
                import asyncio

                async def test_work():
                    ran()

                def test_it():
                    asyncio.run(test_work())
            """
        },
    ),
)
