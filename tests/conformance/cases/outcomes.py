"""What becomes of async tests that nobody handles, and of those that are handled."""

from tests.conformance.case import AUTO, Case

CASES = (
    Case(
        "An async function without a marker has nobody to run it",
        {
            "test_it.py": """
                async def test_it():
                    ran()

                def test_beside_it():
                    ran()
            """
        },
    ),
    Case(
        "An async method of a plain class without a marker has nobody to run it",
        {
            "test_it.py": """
                class TestIt:
                    async def test_it(self):
                        ran()

                    def test_beside_it(self):
                        ran()
            """
        },
    ),
    Case(
        "A marked async function runs",
        {
            "test_it.py": """
                import pytest

                @pytest.mark.asyncio
                async def test_it():
                    ran()
            """
        },
    ),
    Case(
        "Auto mode runs functions, methods and nested classes",
        {
            "pytest.ini": AUTO,
            "test_it.py": """
                async def test_function():
                    ran()

                class TestOuter:
                    async def test_method(self):
                        ran()

                    class TestInner:
                        async def test_deep(self):
                            ran()
            """,
        },
    ),
    Case(
        "Nested classes without a marker are as unhandled as their outer class",
        {
            "test_it.py": """
                class TestOuter:
                    class TestInner:
                        async def test_deep(self):
                            ran()

                        class TestInnermost:
                            async def test_deeper(self):
                                ran()
            """
        },
    ),
    Case(
        "The bare name test is a test too",
        {
            "test_it.py": """
                async def test():
                    ran()

                async def testcamel():
                    ran()

                class Test_It:
                    async def test(self):
                        ran()
            """
        },
    ),
    Case(
        "A strict expected failure hides that the test never ran",
        {
            "test_it.py": """
                import pytest

                @pytest.mark.xfail
                async def test_loose():
                    ran()

                @pytest.mark.xfail(strict=True, reason="broken upstream")
                async def test_strict():
                    ran()

                @pytest.mark.asyncio
                @pytest.mark.xfail(strict=True)
                async def test_marked():
                    ran()
                    raise RuntimeError
            """
        },
    ),
    Case(
        "An async generator without a marker never runs",
        {
            "test_it.py": """
                async def test_it():
                    ran()
                    yield

                class TestIt:
                    async def test_it(self):
                        ran()
                        yield 1
            """
        },
    ),
    Case(
        "An async generator with a marker is an expected failure that never runs",
        {
            "test_it.py": """
                import pytest

                @pytest.mark.asyncio
                async def test_it():
                    ran()
                    yield

                @pytest.mark.asyncio
                async def test_beside_it():
                    ran()
            """
        },
    ),
    Case(
        "An async generator in auto mode is an expected failure that never runs",
        {
            "pytest.ini": AUTO,
            "test_it.py": """
                async def test_it():
                    ran()
                    yield

                class TestIt:
                    async def test_it(self):
                        ran()
                        yield
            """,
        },
    ),
    Case(
        "A yield inside a nested function does not make the test a generator",
        {
            "pytest.ini": AUTO,
            "test_it.py": """
                async def test_it():
                    ran()

                    async def numbers():
                        yield 1

                    lines = [line for line in (lambda: (yield))()] if False else []
                    assert [n async for n in numbers()] == [1]
            """,
        },
    ),
    Case(
        "An async generator in an IsolatedAsyncioTestCase passes and never runs",
        {
            "test_it.py": """
                import unittest

                class TestIt(unittest.IsolatedAsyncioTestCase):
                    async def test_generator(self):
                        ran()
                        yield

                    async def test_coroutine(self):
                        ran()
            """
        },
    ),
    Case(
        "An async generator in a plain TestCase passes and never runs",
        {
            "test_it.py": """
                import unittest

                class TestIt(unittest.TestCase):
                    async def test_generator(self):
                        ran()
                        yield
            """
        },
    ),
)
