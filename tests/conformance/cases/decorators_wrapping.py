"""Wrappers that keep a coroutine function one, lose it, or run it."""

from tests.conformance.case import AUTO, Case

PASS_THROUGH = """
    import functools

    def logged(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            return function(*args, **kwargs)
        return wrapper
"""
RUNNER = """
    import asyncio
    import functools

    def blocking(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            return asyncio.run(function(*args, **kwargs))
        return wrapper
"""

CASES = (
    Case(
        "A sync wrapper that hands the coroutine back loses the test",
        {
            "helpers.py": PASS_THROUGH,
            "test_it.py": """
                import pytest
                from helpers import logged

                @logged
                async def test_unmarked():
                    ran()

                @pytest.mark.asyncio
                @logged
                async def test_marked_above():
                    ran()

                @logged
                @pytest.mark.asyncio
                async def test_marked_below():
                    ran()

                class TestIt:
                    @pytest.mark.asyncio
                    @logged
                    async def test_method(self):
                        ran()
            """,
        },
    ),
    Case(
        "A sync wrapper that hands the coroutine back loses the test in auto mode",
        {
            "pytest.ini": AUTO,
            "helpers.py": PASS_THROUGH,
            "test_it.py": """
                from helpers import logged

                @logged
                async def test_lost():
                    ran()

                async def test_kept():
                    ran()
            """,
        },
    ),
    Case(
        "A sync wrapper in an IsolatedAsyncioTestCase loses the test",
        {
            "helpers.py": PASS_THROUGH,
            "test_it.py": """
                import unittest
                from helpers import logged

                class TestIt(unittest.IsolatedAsyncioTestCase):
                    @logged
                    async def test_lost(self):
                        ran()

                    async def test_kept(self):
                        ran()
            """,
        },
    ),
    Case(
        "A wrapper that is async keeps the test",
        {
            "test_it.py": """
                import functools
                import unittest
                import pytest

                def logged(function):
                    @functools.wraps(function)
                    async def wrapper(*args, **kwargs):
                        return await function(*args, **kwargs)
                    return wrapper

                def retried(times):
                    def decorate(function):
                        @functools.wraps(function)
                        async def wrapper(*args, **kwargs):
                            for _ in range(times):
                                await function(*args, **kwargs)
                        return wrapper
                    return decorate

                @pytest.mark.asyncio
                @logged
                async def test_marked():
                    ran()

                @pytest.mark.asyncio
                @retried(2)
                async def test_retried():
                    ran()

                @logged
                async def test_unmarked():
                    ran()

                class TestIt(unittest.IsolatedAsyncioTestCase):
                    @logged
                    async def test_it(self):
                        ran()
            """
        },
    ),
    Case(
        "A wrapper that runs the coroutine makes a sync test of it",
        {
            "helpers.py": RUNNER,
            "test_it.py": """
                import unittest
                import pytest
                from helpers import blocking

                @blocking
                async def test_unmarked():
                    ran()

                @pytest.mark.asyncio
                @blocking
                async def test_marked():
                    ran()

                class TestIt(unittest.TestCase):
                    @blocking
                    async def test_it(self):
                        ran()

                    async def test_bare(self):
                        ran()
            """,
        },
    ),
    Case(
        "Every way of running a coroutine to its end counts",
        {
            "test_it.py": """
                import asyncio
                import functools

                def by_loop(function):
                    @functools.wraps(function)
                    def wrapper(*args, **kwargs):
                        loop = asyncio.new_event_loop()
                        try:
                            loop.run_until_complete(function(*args, **kwargs))
                        finally:
                            loop.close()
                    return wrapper

                def by_runner(function):
                    @functools.wraps(function)
                    def wrapper(*args, **kwargs):
                        with asyncio.Runner() as runner:
                            return runner.run(function(*args, **kwargs))
                    return wrapper

                def by_name(function):
                    def wrapper(*args, **kwargs):
                        coroutine = function(*args, **kwargs)
                        return asyncio.run(asyncio.wait_for(coroutine, timeout=5))
                    return functools.update_wrapper(wrapper, function)

                def by_hand(function):
                    @functools.wraps(function)
                    def wrapper(*args, **kwargs):
                        coroutine = function(*args, **kwargs)
                        try:
                            coroutine.send(None)
                        except StopIteration as stop:
                            return stop.value
                    return wrapper

                def by_inner(function):
                    @functools.wraps(function)
                    def wrapper():
                        async def main():
                            await function()
                        asyncio.run(main())
                    return wrapper

                @by_loop
                async def test_loop(): ran()

                @by_runner
                async def test_runner(): ran()

                @by_name
                async def test_name(): ran()

                @by_hand
                async def test_hand(): ran()

                @by_inner
                async def test_inner(): ran()
            """
        },
    ),
)
