"""Decorators that look, choose, or come from the standard library."""

from tests.conformance.case import AUTO, Case

CASES = (
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
        "A decorator of functions and classes does to a function what it does to functions",
        {
            "test_it.py": """
                import functools
                import inspect
                import pytest
                from typing import TypeVar, cast

                Decorated = TypeVar("Decorated")

                def required(**conditions):
                    def decorate(target: Decorated) -> Decorated:
                        if not isinstance(target, type):
                            if inspect.iscoroutinefunction(target):
                                @functools.wraps(target)
                                async def checked(*args, **kwargs):
                                    return await target(*args, **kwargs)
                            else:
                                @functools.wraps(target)
                                def checked(*args, **kwargs):
                                    return target(*args, **kwargs)
                            return cast(Decorated, checked)
                        for name, method in list(vars(target).items()):
                            if name.startswith("test"):
                                setattr(target, name, decorate(method))
                        return target
                    return decorate

                @required(speed="slow")
                async def test_unmarked():
                    ran()

                @required(speed="slow")
                @pytest.mark.asyncio
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
        "A decorator that looks at what another one has lost",
        {
            "pytest.ini": AUTO,
            "test_it.py": """
                import asyncio
                import functools

                def lost(function):
                    @functools.wraps(function)
                    def wrapper(*args):
                        return function(*args)
                    return wrapper

                def either(function):
                    if asyncio.iscoroutinefunction(function):
                        @functools.wraps(function)
                        async def wrapper(*args):
                            return await function(*args)
                    else:
                        @functools.wraps(function)
                        def wrapper(*args):
                            return function(*args)
                    return wrapper

                @either
                async def test_kept(): ran()

                @either
                @lost
                async def test_lost(): ran()
            """,
        },
        unknown_ok="the branch that a decorator takes for a lost coroutine is not followed",
        unknown=("test_lost",),
    ),
)
