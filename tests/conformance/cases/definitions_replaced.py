"""Definitions that code of the same file replaces before they are called."""

from tests.conformance.case import Case

CASES = (
    Case(
        "A class that a condition has replaced is not collected under a name that takes over",
        {
            "replaced.py": """
                import sys

                class Base:
                    async def test_lost(self): ran()

                if sys.argv:
                    class Base:
                        def test_it(self): ran()
            """,
            "test_it.py": """
                from replaced import Base as TestImported
                from replaced import Base

                class Four:
                    async def test_lost(self): ran()

                try:
                    class Four:
                        def test_it(self): ran()
                except ImportError:
                    raise

                TestAlias = Four
                TestOther = Base
            """,
        },
    ),
    Case(
        "A function of the file replaces its tests",
        {
            "test_it.py": """
                import asyncio, inspect

                async def test_it(): ran()

                def _sync_all():
                    for name, f in list(globals().items()):
                        if inspect.iscoroutinefunction(f):
                            globals()[name] = lambda f=f: asyncio.run(f())

                _sync_all()
            """,
        },
    ),
    Case(
        "A function that is handed the module replaces its tests",
        {
            "test_it.py": """
                import asyncio, inspect, sys

                async def test_it(): ran()

                def sync(module):
                    for name, f in list(vars(module).items()):
                        if inspect.iscoroutinefunction(f):
                            setattr(module, name, lambda f=f: asyncio.run(f()))

                sync(sys.modules[__name__])
            """,
        },
    ),
    Case(
        "A function that is told the module's name replaces its tests",
        {
            "helper.py": """
                import asyncio, inspect, sys

                def sync(name):
                    module = sys.modules[name]
                    for name, f in list(vars(module).items()):
                        if inspect.iscoroutinefunction(f):
                            setattr(module, name, lambda f=f: asyncio.run(f()))
            """,
            "test_it.py": """
                from helper import sync

                async def test_it(): ran()

                sync(__name__)
            """,
        },
    ),
    Case(
        "A class is given other methods before its first test",
        {
            "test_it.py": """
                import asyncio, inspect, sys, unittest

                class TestIt(unittest.TestCase):
                    @classmethod
                    def setUpClass(cls):
                        f = cls.test_it
                        setattr(cls, "test_it", lambda self: asyncio.run(f(self)))
                    async def test_it(self): ran()
            """,
        },
    ),
    Case(
        "A method that is replaced before a test has been taken already",
        {
            "test_it.py": """
                import asyncio, inspect, sys, unittest

                class TestIt(unittest.TestCase):
                    def setUp(self):
                        f = self.test_it
                        setattr(self, self._testMethodName, lambda: asyncio.run(f()))
                    async def test_it(self): ran()
            """,
        },
    ),
    Case(
        "A fixture of a class replaces what is called",
        {
            "test_it.py": """
                import asyncio, inspect, sys, pytest

                class TestIt:
                    @pytest.fixture(autouse=True)
                    def _wrap(self, request):
                        f = self.test_it
                        request.node.obj = lambda: asyncio.run(f())
                    async def test_it(self): ran()
            """,
        },
    ),
)
