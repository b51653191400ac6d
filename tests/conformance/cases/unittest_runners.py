"""TestCases that run coroutines by code of their own: left alone."""

from tests.conformance.case import Case

CASES = (
    Case(
        "A TestCase with its own runner runs what it likes",
        {
            "test_it.py": """
                import asyncio
                import inspect
                import unittest

                class AsyncCase(unittest.TestCase):
                    def _callTestMethod(self, method):
                        if inspect.iscoroutinefunction(method):
                            asyncio.run(method())
                        else:
                            method()

                class TestIt(AsyncCase):
                    async def test_it(self):
                        ran()

                    def test_sync(self):
                        ran()
            """
        },
    ),
    Case(
        "A TestCase that wraps its method before it runs is left alone",
        {
            "test_it.py": """
                import asyncio
                import functools
                import inspect
                import unittest

                class AsyncCase(unittest.TestCase):
                    def run(self, result=None):
                        method = getattr(self, self._testMethodName)
                        if inspect.iscoroutinefunction(method):
                            wrapped = functools.partial(asyncio.run)
                            setattr(self, self._testMethodName, lambda: wrapped(method()))
                        return super().run(result)

                class TestIt(AsyncCase):
                    async def test_it(self):
                        ran()
            """
        },
    ),
    Case(
        "A constructor that wraps the test method is left alone",
        {
            "test_it.py": """
                import asyncio
                import unittest

                class AsyncCase(unittest.TestCase):
                    def __init__(self, name="runTest"):
                        super().__init__(name)
                        method = getattr(self, name, None)
                        if method is not None:
                            setattr(self, name, lambda: asyncio.run(method()))

                class TestIt(AsyncCase):
                    async def test_it(self):
                        ran()
            """
        },
    ),
    Case(
        "A lookup that wraps coroutine functions is left alone",
        {
            "test_it.py": """
                import asyncio
                import inspect
                import unittest

                class AsyncCase(unittest.TestCase):
                    def __getattribute__(self, name):
                        found = super().__getattribute__(name)
                        if name.startswith("test_") and inspect.iscoroutinefunction(found):
                            return lambda: asyncio.run(found())
                        return found

                class TestIt(AsyncCase):
                    async def test_it(self):
                        ran()
            """
        },
    ),
    Case(
        "A metaclass that wraps methods is left alone",
        {
            "test_it.py": """
                import asyncio
                import functools
                import inspect
                import unittest

                def blocking(method):
                    @functools.wraps(method)
                    def wrapper(*args):
                        return asyncio.run(method(*args))
                    return wrapper

                class Wrapping(type):
                    def __new__(cls, name, bases, names):
                        for key, value in list(names.items()):
                            if inspect.iscoroutinefunction(value):
                                names[key] = blocking(value)
                        return super().__new__(cls, name, bases, names)

                class TestIt(unittest.TestCase, metaclass=Wrapping):
                    async def test_it(self):
                        ran()

                class TestPlain(metaclass=Wrapping):
                    async def test_it(self):
                        ran()

                class TestChild(TestIt):
                    async def test_child(self):
                        ran()
            """
        },
    ),
    Case(
        "An init_subclass that wraps methods is left alone",
        {
            "test_it.py": """
                import asyncio
                import functools
                import inspect
                import unittest

                class Blocking:
                    def __init_subclass__(cls, **options):
                        super().__init_subclass__(**options)
                        for name, value in list(vars(cls).items()):
                            if inspect.iscoroutinefunction(value):
                                setattr(cls, name, cls.blocking(value))

                    @staticmethod
                    def blocking(method):
                        @functools.wraps(method)
                        def wrapper(*args):
                            return asyncio.run(method(*args))
                        return wrapper

                class TestIt(Blocking, unittest.TestCase):
                    async def test_it(self):
                        ran()

                class TestPlain(Blocking):
                    async def test_it(self):
                        ran()
            """
        },
    ),
)
