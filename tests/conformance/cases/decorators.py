"""Decorators that keep a coroutine function one, lose it, or run it themselves."""

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
    Case(
        "A decorator that only looks is no wrapper",
        {
            "test_it.py": """
                import pytest

                registry = []

                def registered(function):
                    registry.append(function)
                    return function

                def tagged(**tags):
                    def decorate(function):
                        function.tags = tags
                        return function
                    return decorate

                @registered
                async def test_unmarked():
                    ran()

                @tagged(speed="slow")
                async def test_tagged():
                    ran()

                @pytest.mark.asyncio
                @tagged(speed="slow")
                @registered
                async def test_marked():
                    ran()
            """
        },
    ),
    Case(
        "A decorator that chooses by the kind of function keeps coroutines",
        {
            "test_it.py": """
                import asyncio
                import functools
                import inspect
                import pytest

                def logged(function):
                    if asyncio.iscoroutinefunction(function):
                        @functools.wraps(function)
                        async def wrapper(*args, **kwargs):
                            return await function(*args, **kwargs)
                        return wrapper

                    @functools.wraps(function)
                    def wrapper(*args, **kwargs):
                        return function(*args, **kwargs)
                    return wrapper

                @pytest.mark.asyncio
                @logged
                async def test_it():
                    ran()
            """
        },
    ),
    Case(
        "Caches lose the test",
        {
            "pytest.ini": AUTO,
            "test_it.py": """
                import functools
                from functools import cache, lru_cache

                @lru_cache
                async def test_lru():
                    ran()

                @lru_cache(maxsize=None)
                async def test_called():
                    ran()

                @functools.cache
                async def test_cache():
                    ran()
            """,
        },
    ),
    Case(
        "A context manager used as a decorator loses the test",
        {
            "pytest.ini": AUTO,
            "test_it.py": """
                import contextlib
                import unittest
                from contextlib import ContextDecorator, contextmanager

                @contextmanager
                def environment():
                    yield

                @contextlib.contextmanager
                def configured(**options):
                    yield options

                class Frozen(ContextDecorator):
                    def __enter__(self):
                        return self

                    def __exit__(self, *error):
                        return False

                @environment()
                async def test_function():
                    ran()

                @configured(debug=True)
                async def test_configured():
                    ran()

                @Frozen()
                async def test_decorator():
                    ran()

                class TestIt(unittest.IsolatedAsyncioTestCase):
                    @environment()
                    async def test_isolated(self):
                        ran()
            """,
        },
    ),
    Case(
        "An async context manager used as a decorator keeps the test",
        {
            "pytest.ini": AUTO,
            "test_it.py": """
                import contextlib
                from contextlib import AsyncContextDecorator, asynccontextmanager

                @asynccontextmanager
                async def environment():
                    yield

                class Frozen(AsyncContextDecorator):
                    async def __aenter__(self):
                        return self

                    async def __aexit__(self, *error):
                        return False

                @environment()
                async def test_function():
                    ran()

                @Frozen()
                async def test_decorator():
                    ran()
            """,
        },
    ),
    Case(
        "Everything of unittest.mock keeps the test",
        {
            "pytest.ini": AUTO,
            "test_it.py": """
                import os
                import unittest
                from unittest import mock
                from unittest.mock import patch

                @patch("os.getcwd")
                async def test_patch(getcwd): ran()

                @mock.patch("os.getcwd", new=None)
                async def test_new(): ran()

                @patch.object(os, "getcwd")
                async def test_object(getcwd): ran()

                @patch.dict(os.environ, {"A": "1"})
                async def test_dict(): ran()

                @patch.dict("os.environ", clear=True)
                async def test_cleared(): ran()

                @patch.multiple(os, getcwd=mock.DEFAULT)
                async def test_multiple(**mocks): ran()

                @patch("os.getcwd")
                class TestPatched:
                    async def test_it(self, getcwd): ran()

                class TestIt(unittest.IsolatedAsyncioTestCase):
                    @mock.patch.dict("os.environ", A="1")
                    @mock.patch("os.getcwd")
                    async def test_it(self, getcwd): ran()
            """,
        },
    ),
    Case(
        "A patched async test without a marker is as unhandled as a bare one",
        {
            "test_it.py": """
                import unittest
                from unittest.mock import patch

                @patch("os.getcwd")
                async def test_patch(getcwd): ran()

                @patch("os.getcwd")
                class TestPatched:
                    async def test_it(self, getcwd): ran()

                @patch("os.getcwd")
                class TestLost(unittest.TestCase):
                    async def test_it(self, getcwd): ran()
            """
        },
    ),
    Case(
        "unittest's own decorators keep the test",
        {
            "test_it.py": """
                import unittest
                from unittest import skipIf, skipUnless

                class TestIsolated(unittest.IsolatedAsyncioTestCase):
                    @skipIf(False, "never")
                    async def test_if(self): ran()

                    @skipUnless(True, "never")
                    async def test_unless(self): ran()

                class TestLost(unittest.TestCase):
                    @skipIf(False, "never")
                    async def test_if(self): ran()

                    @unittest.skip("later")
                    async def test_skipped(self): ran()
            """
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
