"""Helpers of real repositories: runners, third-party marks, look-alikes."""

from tests.conformance.case import AUTO, Case

HAND_MADE = """
    import asyncio
    import concurrent.futures
    import functools
    import threading

    def by_policy(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            loop = asyncio.get_event_loop_policy().new_event_loop()
            try:
                return loop.run_until_complete(asyncio.wait_for(function(*args, **kwargs), 5))
            finally:
                loop.close()
        return wrapper

    def with_timeout(function=None, *, timeout=5):
        if function is None:
            return functools.partial(with_timeout, timeout=timeout)

        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            return asyncio.run(asyncio.wait_for(function(*args, **kwargs), timeout))
        return wrapper

    def in_thread(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            thread = threading.Thread(target=lambda: asyncio.run(function(*args, **kwargs)))
            thread.start()
            thread.join()
        return wrapper

    def in_pool(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            with concurrent.futures.ThreadPoolExecutor(1) as pool:
                return pool.submit(asyncio.run, function(*args, **kwargs)).result()
        return wrapper

    def run_it(coroutine):
        return asyncio.run(coroutine)

    def by_helper(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            return run_it(function(*args, **kwargs))
        return wrapper

    def with_loop(function):
        @functools.wraps(function)
        def wrapper(self):
            return self.loop.run_until_complete(function(self))
        return wrapper

    class Context:
        def __call__(self, function):
            @functools.wraps(function)
            def wrapper(*args, **kwargs):
                with self:
                    asyncio.run(function(*args, **kwargs))
            return wrapper

        def __enter__(self):
            return self

        def __exit__(self, *error):
            return False
"""

CASES = (
    Case(
        "Hand-made runners of every make run their tests",
        {
            "helpers.py": HAND_MADE,
            "test_it.py": """
                import asyncio
                import unittest
                from helpers import (
                    Context, by_helper, by_policy, in_pool, in_thread, with_loop, with_timeout,
                )

                @by_policy
                async def test_policy(): ran()

                @with_timeout
                async def test_timeout(): ran()

                @with_timeout(timeout=1)
                async def test_timeout_called(): ran()

                @in_thread
                async def test_thread(): ran()

                @in_pool
                async def test_pool(): ran()

                @by_helper
                async def test_helper(): ran()

                @Context()
                async def test_context(): ran()

                class TestIt(unittest.TestCase):
                    def setUp(self):
                        self.loop = asyncio.new_event_loop()

                    def tearDown(self):
                        self.loop.close()

                    @with_loop
                    async def test_loop(self): ran()

                    @by_policy
                    async def test_policy(self): ran()
            """,
        },
    ),
    Case(
        "A third-party runner inside a decorator of the repository is left alone",
        {
            "helpers.py": """
                import functools
                import anyio
                from asgiref.sync import async_to_sync

                def by_anyio(function):
                    @functools.wraps(function)
                    def wrapper(*args, **kwargs):
                        return anyio.run(functools.partial(function, *args, **kwargs))
                    return wrapper

                def by_asgiref(function):
                    @functools.wraps(function)
                    def wrapper(*args, **kwargs):
                        return async_to_sync(function)(*args, **kwargs)
                    return wrapper
            """,
            "test_it.py": """
                from helpers import by_anyio, by_asgiref

                @by_anyio
                async def test_anyio(): ran()

                @by_asgiref
                async def test_asgiref(): ran()
            """,
        },
        installed={
            "anyio.py": """
                import asyncio

                def run(function):
                    return asyncio.run(function())
            """,
            "asgiref/__init__.py": "",
            "asgiref/sync.py": """
                import asyncio

                def async_to_sync(function):
                    return lambda *args, **kwargs: asyncio.run(function(*args, **kwargs))
            """,
        },
    ),
    Case(
        "What a third-party module hands over may be a marker",
        {
            "test_star.py": """
                from elsewhere import *

                async def test_it(): ran()
            """,
            "test_name.py": """
                from elsewhere import pytestmark

                async def test_it(): ran()
            """,
            "test_base.py": """
                from elsewhere import Marked

                class TestIt(Marked):
                    async def test_it(self): ran()
            """,
            "test_decorator.py": """
                import elsewhere

                @elsewhere.looped
                async def test_it(): ran()
            """,
            "test_value.py": """
                import elsewhere

                pytestmark = elsewhere.marks()

                async def test_it(): ran()
            """,
        },
        installed={
            "elsewhere.py": """
                import pytest

                pytestmark = looped = pytest.mark.asyncio

                def marks():
                    return [looped]

                @looped
                class Marked:
                    pass
            """
        },
    ),
    Case(
        "A third-party mixin may be nothing at all",
        {
            "test_it.py": """
                from elsewhere import Mixin

                class TestIt(Mixin):
                    async def test_it(self): ran()
            """
        },
        installed={"elsewhere.py": "class Mixin:\n    pass\n"},
        unknown_ok="the base class is not in the repository",
    ),
    Case(
        "Classes of other trades that are named like tests are not collected",
        {
            "test_it.py": """
                import http.server
                import threading
                from typing import Protocol, TypedDict
                from pydantic import BaseModel

                class TestError(Exception):
                    async def test_it(self): ran()

                class TestDict(dict):
                    async def test_it(self): ran()

                class TestThread(threading.Thread):
                    async def test_it(self): ran()

                class TestHandler(http.server.BaseHTTPRequestHandler):
                    async def test_it(self): ran()

                class TestConfig(BaseModel):
                    async def test_connection(self): ran()

                class TestTyped(TypedDict):
                    number: int

                async def test_it(): ran()
            """
        },
        installed={
            "pydantic.py": "class BaseModel:\n    def __init__(self, **fields):\n        pass\n"
        },
    ),
    Case(
        "Helpers of the application that are named like tests",
        {
            "shop/__init__.py": "",
            "shop/testing.py": """
                class TestClient:
                    def __init__(self, app):
                        self.app = app

                    async def test_connection(self): ran()

                class TestTools:
                    async def test_connection(self): ran()

                async def test_server(): ran()
            """,
            "test_class.py": """
                from shop.testing import TestClient

                async def test_it(): ran()
            """,
            "test_tools.py": """
                from shop.testing import TestTools
            """,
            "test_function.py": """
                from shop.testing import test_server
            """,
            "test_module.py": """
                from shop import testing

                async def test_it(): ran()
            """,
        },
    ),
    Case(
        "Third-party classes that are named like tests are not ours",
        {
            "pytest.ini": AUTO,
            "test_it.py": """
                from aiohttp.test_utils import TestClient, TestServer

                async def test_it():
                    ran()
                    assert TestClient is not TestServer
            """,
        },
    ),
    Case(
        "Fixtures that the configuration asks for reach every test",
        {
            "requirements.txt": "anyio\npytest\n",
            "pytest.ini": "[pytest]\nusefixtures = anyio_backend\n",
            "test_it.py": """
                async def test_it(): ran()

                class TestIt:
                    async def test_it(self): ran()
            """,
        },
        plugins=frozenset({"anyio"}),
    ),
)
