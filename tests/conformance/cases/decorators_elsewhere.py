"""Decorators that are objects, or stand in other modules and packages."""

from tests.conformance.case import AUTO, Case
from tests.conformance.cases.decorators_wrapping import PASS_THROUGH, RUNNER

CASES = (
    Case(
        "A function that returns one of several marks of a name leaves the test as it is",
        {
            "marks.py": """
                import pytest

                MODULES = [{"name": "json", "ver": 3}]

                def without(name, version):
                    try:
                        modules = MODULES
                    except KeyError:
                        return pytest.mark.skipif(True, reason="no modules")
                    if modules == []:
                        return pytest.mark.skipif(True, reason="none found")
                    for one in modules:
                        if one["name"] == name:
                            return pytest.mark.skipif(one["ver"] < version, reason="too old")
                    raise AttributeError(name)

                def either(quick):
                    if quick:
                        return pytest.mark.slow
                    return pytest.mark.asyncio
            """,
            "test_it.py": """
                from marks import either, without

                @without("json", 2)
                async def test_lost(): ran()

                @either(False)
                async def test_marked(): ran()
            """,
            "pytest.ini": "[pytest]\nmarkers = slow\n",
        },
    ),
    Case(
        "A partial of a coroutine function is a coroutine function",
        {
            "pytest.ini": AUTO,
            "test_it.py": """
                import functools

                async def _check(number):
                    ran()

                test_one = functools.partial(_check, 1)
            """,
        },
    ),
    Case(
        "A partial in strict mode needs a marker like any other",
        {
            "test_it.py": """
                import functools

                async def _check(number):
                    ran()

                test_one = functools.partial(_check, 1)
            """
        },
        unknown_ok="the test is an object that a call returns",
    ),
    Case(
        "A decorator that is an object with a call of its own",
        {
            "test_it.py": """
                import asyncio
                import functools

                class Blocking:
                    def __init__(self, timeout):
                        self.timeout = timeout

                    def __call__(self, function):
                        @functools.wraps(function)
                        def wrapper(*args, **kwargs):
                            return asyncio.run(function(*args, **kwargs))
                        return wrapper

                class Logged:
                    def __call__(self, function):
                        @functools.wraps(function)
                        def wrapper(*args, **kwargs):
                            return function(*args, **kwargs)
                        return wrapper

                quick = Blocking(1)

                @Blocking(5)
                async def test_runs(): ran()

                @quick
                async def test_runs_by_name(): ran()

                @Logged()
                async def test_lost(): ran()
            """
        },
        unknown_ok="an object's call may do anything",
        unknown=("test_lost",),
    ),
    Case(
        "A decorator that is defined two modules away is followed",
        {
            "testing/__init__.py": "from .running import blocking\nfrom .logging import *\n",
            "testing/running.py": RUNNER,
            "testing/logging.py": PASS_THROUGH,
            "test_it.py": """
                import testing
                from testing import blocking, logged

                @blocking
                async def test_runs(): ran()

                @testing.blocking
                async def test_runs_dotted(): ran()

                @logged
                async def test_lost(): ran()

                @testing.logged
                async def test_lost_dotted(): ran()
            """,
        },
    ),
    Case(
        "A third-party decorator that runs the coroutine is left alone",
        {
            "test_it.py": """
                import unittest
                from distributed.utils_test import gen_cluster
                from tornado.testing import AsyncTestCase, gen_test

                @gen_cluster(client=True)
                async def test_cluster(): ran()

                class TestTornado(AsyncTestCase):
                    @gen_test
                    async def test_it(self): ran()
            """
        },
        installed={
            "distributed/__init__.py": "",
            "distributed/utils_test.py": """
                import asyncio, functools

                def gen_cluster(**options):
                    def decorate(function):
                        @functools.wraps(function)
                        def wrapper(*args, **kwargs):
                            return asyncio.run(function(*args, **kwargs))
                        return wrapper
                    return decorate
            """,
            "tornado/__init__.py": "",
            "tornado/testing.py": """
                import asyncio, functools, unittest

                class AsyncTestCase(unittest.TestCase):
                    pass

                def gen_test(function):
                    @functools.wraps(function)
                    def wrapper(*args, **kwargs):
                        return asyncio.run(function(*args, **kwargs))
                    return wrapper
            """,
        },
    ),
    Case(
        "A third-party decorator that nobody knows is left alone",
        {
            "test_it.py": """
                import unittest
                import pytest
                from elsewhere import decorated

                @decorated
                async def test_unmarked(): ran()

                @pytest.mark.asyncio
                @decorated
                async def test_marked(): ran()

                class TestIt(unittest.TestCase):
                    @decorated
                    async def test_it(self): ran()
            """
        },
        installed={"elsewhere.py": RUNNER.replace("blocking", "decorated")},
    ),
    Case(
        "Known third-party decorators keep the test",
        {
            "pytest.ini": AUTO,
            "test_it.py": """
                from freezegun import freeze_time

                @freeze_time("2024-01-01")
                async def test_frozen(): ran()
            """,
        },
        installed={
            "freezegun.py": """
                import functools

                def freeze_time(instant):
                    def decorate(function):
                        @functools.wraps(function)
                        async def wrapper(*args, **kwargs):
                            return await function(*args, **kwargs)
                        return wrapper
                    return decorate
            """
        },
    ),
    Case(
        "Known third-party decorators lose the test",
        {
            "pytest.ini": AUTO,
            "test_it.py": """
                import requests_mock

                @requests_mock.Mocker()
                async def test_mocked(requests): ran()
            """,
        },
        installed={
            "requests_mock.py": """
                import functools

                class Mocker:
                    def __call__(self, function):
                        @functools.wraps(function)
                        def wrapper(*args, **kwargs):
                            return function(*args, self, **kwargs)
                        del wrapper.__wrapped__
                        return wrapper
            """
        },
    ),
)
