"""Set-up and tear-down functions that pytest and unittest call by name, and never await."""

from tests.conformance.case import AUTO, Case

EVERYTHING = """
    import pytest
    import unittest

    async def setup_module(): ran()

    async def teardown_module(): ran()

    async def setup_function(): ran()

    async def teardown_function(): ran()

    def test_function(): ran()

    class TestPlain:
        @classmethod
        async def setup_class(cls): ran()

        @classmethod
        async def teardown_class(cls): ran()

        async def setup_method(self): ran()

        async def teardown_method(self):
            ran()

        async def setup(self): ran()

        async def teardown(self): ran()

        @pytest.mark.asyncio
        async def test_async(self): ran()

        def test_sync(self): ran()
"""

CASES = (
    Case("Every function that pytest calls by name is never awaited", {"test_it.py": EVERYTHING}),
    Case(
        "Auto mode awaits no function that pytest calls by name",
        {"pytest.ini": AUTO, "test_it.py": EVERYTHING},
    ),
    Case(
        "Every function that unittest calls by name is never awaited",
        {
            "test_it.py": """
                import unittest

                async def setUpModule(): ran()

                async def tearDownModule(): ran()

                class TestPlain(unittest.TestCase):
                    @classmethod
                    async def setUpClass(cls): ran()

                    @classmethod
                    async def tearDownClass(cls): ran()

                    async def setUp(self): ran()

                    async def tearDown(self): ran()

                    async def setup_method(self, method): ran()

                    async def asyncSetUp(self): ran()

                    async def asyncTearDown(self): ran()

                    def test_sync(self): ran()

                class TestAsync(unittest.IsolatedAsyncioTestCase):
                    @classmethod
                    async def setUpClass(cls): ran()

                    async def setUp(self): ran()

                    async def tearDown(self): ran()

                    async def teardown_method(self, method): ran()

                    async def test_async(self): ran()
            """
        },
    ),
    Case(
        "A class is set up for the tests of classes inside it, and its methods are called there",
        {
            "test_class.py": """
                import unittest

                class TestOuter:
                    @classmethod
                    async def setup_class(cls): ran()

                    @classmethod
                    async def teardown_class(cls): ran()

                    class TestMiddle:
                        class TestInner:
                            def test_it(self): ran()

                        class TestCase(unittest.TestCase):
                            def test_it(self): ran()
            """,
            "test_method.py": """
                class TestOuter:
                    async def setup_method(self): ran()

                    async def teardown_method(self): ran()

                    def test_it(self): ran()

                    class TestInner:
                        def setup_method(self): ...

                        def teardown_method(self): ...

                        def test_it(self): ran()
            """,
            "test_function.py": """
                async def setup_function(): ran()

                class TestIt:
                    def test_it(self): ran()
            """,
        },
    ),
    Case(
        "What is awaited around tests",
        {
            "test_it.py": """
                import asyncio
                import unittest
                import pytest
                import pytest_asyncio

                def synchronous(function):
                    def wrapper(self):
                        asyncio.run(function(self))
                    return wrapper

                class TestFixtures:
                    @pytest_asyncio.fixture(autouse=True)
                    async def setup_method(self): ran()

                    @pytest_asyncio.fixture(autouse=True, scope="class")
                    async def teardown_class(self):
                        yield
                        ran()

                    def test_it(self): ran()

                class TestByHand:
                    async def setup_method(self): ran()

                    async def setup(self): ran()

                    @pytest.mark.asyncio
                    async def test_it(self):
                        await self.setup_method()
                        await self.setup()
                        ran()

                class TestDecorated:
                    @synchronous
                    async def setup_method(self): ran()

                    def test_it(self): ran()

                class TestAsync(unittest.IsolatedAsyncioTestCase):
                    async def asyncSetUp(self):
                        ran()
                        self.addAsyncCleanup(self.clean)

                    async def asyncTearDown(self): ran()

                    async def clean(self): ran()

                    async def test_it(self): ran()

                class Base(unittest.TestCase):
                    def setUp(self):
                        asyncio.run(self.asyncSetUp())

                    async def asyncSetUp(self): ...

                class TestOwnWay(Base):
                    async def asyncSetUp(self):
                        await super().asyncSetUp()
                        ran()

                    def test_it(self): ran()
            """
        },
    ),
    Case(
        "Async setUp and tearDown of an async class",
        {
            "test_it.py": """
                import unittest

                class Base(unittest.IsolatedAsyncioTestCase):
                    async def setUp(self):
                        ran()
                        self.total = 3

                class TestOne(Base):
                    async def tearDown(self):
                        await super().tearDown()
                        ran()

                    async def test_one(self):
                        ran()
                        assert self.total == 3

                class TestTwo(Base):
                    def test_two(self):
                        ran()
                        assert self.total == 3
            """
        },
        repairable=True,
    ),
    Case(
        "An asyncSetUp beside an async setUp keeps its name",
        {
            "test_it.py": """
                import unittest

                class Base(unittest.IsolatedAsyncioTestCase):
                    async def asyncSetUp(self):
                        ran()

                class TestIt(Base):
                    async def setUp(self): ran()

                    async def test_it(self): ran()
            """
        },
    ),
    Case(
        "Async set-up of a plain TestCase with sync tests",
        {
            "test_it.py": """
                from unittest import TestCase

                class TestHook(TestCase):
                    async def setUp(self):
                        ran()
                        self.total = 3

                    def test_it(self):
                        ran()
                        assert self.total == 3

                class TestUncalled(TestCase):
                    async def asyncSetUp(self):
                        ran()
                        self.total = 3

                    def test_it(self):
                        ran()
                        assert self.total == 3
            """
        },
        repairable=True,
    ),
    Case(
        "Async set-up of a plain TestCase with async tests",
        {
            "test_it.py": """
                import unittest

                class TestHook(unittest.TestCase):
                    async def setUp(self):
                        ran()
                        self.total = 3

                    async def tearDown(self): ran()

                    async def test_it(self):
                        ran()
                        assert self.total == 3

                class TestUncalled(unittest.TestCase):
                    async def asyncSetUp(self):
                        ran()
                        self.total = 3
                        self.addAsyncCleanup(self.clean)

                    async def clean(self): ran()

                    async def test_it(self):
                        ran()
                        assert self.total == 3

                class TestHelper(unittest.TestCase):
                    async def test_it(self):
                        ran()
                        self.addAsyncCleanup(self.clean)

                    async def clean(self): ran()
            """
        },
        repairable=True,
    ),
    Case(
        "Async set-up that becomes a fixture",
        {
            "test_it.py": """
                import pytest

                LOG = []

                async def setup_function():
                    ran()
                    LOG.append("up")

                async def teardown_function():
                    '''Clear.'''
                    ran()
                    LOG.clear()

                def test_sync():
                    ran()
                    assert LOG == ["up"]

                @pytest.mark.asyncio
                async def test_async():
                    ran()
                    assert LOG == ["up"]

                class TestIt:
                    async def setup_method(self):
                        ran()
                        self.total = 3

                    async def teardown_method(self):
                        ran()

                    def test_sync(self):
                        ran()
                        assert self.total == 3
            """
        },
        repairable=True,
    ),
    Case(
        "An asyncSetUp that is right for one class and wrong for another",
        {
            "mixin.py": """
                class Prepared:
                    async def asyncSetUp(self): ran()
            """,
            "test_it.py": """
                import unittest
                from mixin import Prepared

                class Local:
                    async def asyncTearDown(self): ran()

                class TestPlain(Prepared, Local, unittest.TestCase):
                    def test_it(self): ran()

                class TestAsync(Prepared, Local, unittest.IsolatedAsyncioTestCase):
                    async def test_it(self): ran()
            """,
        },
        repairable=True,
    ),
    Case(
        "Names that mean nothing where they are",
        {
            "test_it.py": """
                class Shop:
                    async def setUp(self): ...

                    async def setup_method(self): ...

                class TestIt:
                    async def setUp(self): ...

                    def test_it(self): ran()

                def helper():
                    async def setup_module(): ...
            """
        },
    ),
)
