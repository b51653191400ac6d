"""Repairs that could break what worked: scripts, parents called by name, awaited fixtures."""

from tests.conformance.case import Case

CASES = (
    Case(
        "A parent's async hook that is called by its name",
        {
            "test_it.py": """
                import unittest

                class Base(unittest.TestCase):
                    async def setUp(self):
                        ran()
                        self.x = 1

                class Child(Base):
                    async def setUp(self):
                        ran()
                        await Base.setUp(self)

                    async def test_child(self):
                        ran()
                        assert self.x == 1
            """
        },
    ),
    Case(
        "A parent's async hook that is called by super",
        {
            "test_it.py": """
                import unittest

                class Base(unittest.TestCase):
                    async def setUp(self):
                        ran()
                        self.x = 1

                class Child(Base):
                    async def setUp(self):
                        ran()
                        await super().setUp()

                    async def test_child(self):
                        ran()
                        assert self.x == 1
            """
        },
    ),
    Case(
        "A method of a TestCase with an argument that nobody gives",
        {
            "test_it.py": """
                import unittest
                from unittest import mock
                import pytest

                class TestIt(unittest.TestCase):
                    async def test_missing(self, client): ran()

                    @pytest.mark.parametrize("n", [1])
                    async def test_parameter(self, n): ran()

                    async def test_default(self, n=1): ran()

                class TestPatched(unittest.TestCase):
                    @mock.patch("os.getcwd")
                    async def test_patched(self, getcwd): ran()
            """
        },
    ),
    Case(
        "A TestCase that replaces its method in setUp, which is too late",
        {
            "test_it.py": """
                import asyncio
                import unittest

                class TestIt(unittest.TestCase):
                    def setUp(self):
                        method = getattr(self, self._testMethodName)
                        setattr(self, self._testMethodName, lambda: asyncio.run(method()))

                    async def test_it(self): ran()
            """
        },
    ),
    Case(
        "A TestCase whose fixture replaces its method",
        {
            "conftest.py": """
                import asyncio
                import inspect
                import pytest

                @pytest.fixture(autouse=True)
                def blocking(request):
                    name = request.node.name
                    method = getattr(request.instance, name, None)
                    if inspect.iscoroutinefunction(method):
                        setattr(request.instance, name, lambda: asyncio.run(method()))
            """,
            "test_it.py": """
                import unittest

                class TestIt(unittest.TestCase):
                    async def test_it(self): ran()
            """,
        },
    ),
    Case(
        "A fixture that its users await",
        {
            "test_it.py": """
                import pytest

                @pytest.fixture
                async def client():
                    ran()
                    return 5

                @pytest.mark.asyncio
                async def test_it(client):
                    ran()
                    assert await client == 5
            """
        },
    ),
    Case(
        "A class attribute that hides pytest from the marker",
        {
            "test_it.py": """
                class TestIt:
                    pytest = 3

                    async def test_it(self): ran()
            """
        },
    ),
    Case(
        "Sync tests that share a class with repaired ones still pass",
        {
            "test_it.py": """
                import asyncio
                import threading
                import unittest

                class TestIt(unittest.TestCase):
                    def setUp(self):
                        self.loop = asyncio.new_event_loop()
                        asyncio.set_event_loop(self.loop)
                        self.thread = threading.get_ident()

                    def tearDown(self):
                        self.loop.close()

                    async def test_async(self): ran()

                    def test_loop(self):
                        ran()
                        self.assertEqual(self.loop.run_until_complete(asyncio.sleep(0, 1)), 1)

                    def test_run(self):
                        ran()
                        self.assertEqual(asyncio.run(asyncio.sleep(0, 2)), 2)
            """
        },
    ),
)
