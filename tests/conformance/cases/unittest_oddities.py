"""TestCases that are made, changed or named while a module runs."""

from tests.conformance.case import Case, run

CASES = (
    Case(
        "A base that a call returns is not decided",
        {
            "test_it.py": """
                import unittest

                def make_base(isolated):
                    return unittest.IsolatedAsyncioTestCase if isolated else unittest.TestCase

                class TestIt(make_base(True)):
                    async def test_it(self):
                        ran()
            """
        },
    ),
    Case(
        "A base that a call returns may lose coroutines unseen",
        {
            "test_it.py": """
                import unittest

                def make_base(isolated):
                    return unittest.IsolatedAsyncioTestCase if isolated else unittest.TestCase

                class TestIt(make_base(False)):
                    async def test_it(self):
                        ran()
            """
        },
        unknown_ok="the base class is worked out at import",
    ),
    Case(
        "A class made by type() is a class",
        {
            "test_it.py": """
                import unittest

                async def _body(self):
                    ran()

                bases = (unittest.IsolatedAsyncioTestCase,)
                TestMade = type("TestMade", bases, {"test_it": _body})
            """
        },
    ),
    Case(
        "A method that is set on a TestCase later runs as little as the others",
        {
            "test_it.py": """
                import unittest

                class TestIt(unittest.TestCase):
                    pass

                async def body(self):
                    ran()

                setattr(TestIt, "test_set", body)
                TestIt.test_assigned = body
            """
        },
        unknown_ok="the method is added while the module runs",
    ),
    Case(
        "A TestCase's methods that a decorator replaces are left alone",
        {
            "test_it.py": """
                import asyncio
                import functools
                import inspect
                import unittest

                def runs_coroutines(cls):
                    for name, value in list(vars(cls).items()):
                        if inspect.iscoroutinefunction(value):
                            setattr(cls, name, blocking(value))
                    return cls

                def blocking(method):
                    @functools.wraps(method)
                    def wrapper(*args):
                        return asyncio.run(method(*args))
                    return wrapper

                @runs_coroutines
                class TestIt(unittest.TestCase):
                    async def test_it(self):
                        ran()

                @runs_coroutines
                class TestPlain:
                    async def test_it(self):
                        ran()
            """
        },
    ),
    Case(
        "load_tests is unittest's and changes nothing for pytest",
        {
            "test_it.py": """
                import unittest

                def load_tests(loader, tests, pattern):
                    return unittest.TestSuite()

                class TestIt(unittest.TestCase):
                    async def test_it(self):
                        ran()
            """
        },
    ),
    Case(
        "An alias of a test in a TestCase is a second test",
        {
            "test_it.py": """
                import unittest

                class TestIt(unittest.TestCase):
                    async def test_one(self):
                        ran()

                    test_other = test_one
            """
        },
    ),
    Case(
        "A local name that hides unittest is not unittest",
        {
            "test_it.py": """
                class unittest:
                    class TestCase:
                        pass

                class TestIt(unittest.TestCase):
                    async def test_it(self):
                        ran()
            """
        },
    ),
    Case(
        "Static and class methods of a TestCase are lost too",
        {
            "test_it.py": """
                import unittest

                class TestIt(unittest.TestCase):
                    @staticmethod
                    async def test_static():
                        ran()

                    @classmethod
                    async def test_class(cls):
                        ran()
            """
        },
    ),
    Case(
        "runTest alone is run by nobody unless it is the only test",
        {
            "test_it.py": """
                import unittest

                class TestOnly(unittest.TestCase):
                    async def runTest(self):
                        ran()

                class TestBeside(unittest.TestCase):
                    def test_it(self):
                        ran()

                    async def runTest(self):
                        ran()
            """
        },
    ),
    Case(
        "A class of unittest that cannot be made of a test's name is not collected",
        {
            "test_it.py": """
                import unittest

                class TestNothing(unittest.TestCase):
                    def __init__(self):
                        pass

                    async def test_it(self):
                        ran()

                class TestMore(unittest.TestCase):
                    def __init__(self, name, more):
                        super().__init__(name)

                    async def test_it(self):
                        ran()

                class TestByKeyword(unittest.TestCase):
                    def __init__(self, name, *, more):
                        super().__init__(name)

                    async def test_it(self):
                        ran()

                class TestInherited(TestNothing):
                    async def test_own(self):
                        ran()

                class TestName(unittest.TestCase):
                    def __init__(self, name="test_it", more=None):
                        super().__init__(name)

                    async def test_it(self):
                        ran()

                class TestAnything(unittest.TestCase):
                    def __init__(self, *args, **kwargs):
                        super().__init__(*args, **kwargs)

                    async def test_it(self):
                        ran()

                class Mixin:
                    def __init__(self):
                        pass

                class TestBefore(unittest.TestCase, Mixin):
                    async def test_it(self):
                        ran()
            """
        },
        invocations=(run("--continue-on-collection-errors"),),
    ),
)
