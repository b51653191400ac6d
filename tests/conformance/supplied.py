"""What examples of rules leave out, so that pytest can run them all the same."""

from collections.abc import Mapping

# A client that has got something once, which the test then asks about.
_CLIENT = """
    import asyncio
    from unittest.mock import AsyncMock

    import pytest

    @pytest.fixture
    def client():
        client = AsyncMock()
        asyncio.run(client.get(3))
        return client
"""
# What was opened in another event loop is of no use.
_SHOP = """
    import asyncio

    class Till:
        def __init__(self):
            self.loop = asyncio.get_running_loop()

        def __bool__(self):
            return self.loop is asyncio.get_running_loop()

        def __enter__(self): return self

        def __exit__(self, *error): return None

    open_sale = open_shop = open_till = Sale = Till
    first, second = "first", "second"
"""
# Other test cases that await their tests do so as IsolatedAsyncioTestCase does.
_TEST_CASE = "from unittest import IsolatedAsyncioTestCase as {}\n"

# By code and number of the example: files by path.
SUPPLIED: Mapping[str, Mapping[str, str]] = {
    "AWT103 13": {"elsewhere.py": "is_old = True\n"},
    "AWT104 1": {
        "moto.py": """
            import functools

            class mock_aws:
                def __new__(cls, function=None):
                    return super().__new__(cls) if function is None else cls()(function)

                def __enter__(self): return self

                def __exit__(self, *error): return None

                def __call__(self, function):
                    @functools.wraps(function)
                    def wrapper(*args, **kwargs):
                        with self:
                            return function(*args, **kwargs)
                    return wrapper
        """
    },
    "AWT201 5": {
        "elsewhere.py": """
            class context:
                slow = bool

                @staticmethod
                def require_sync(function): return function
        """
    },
    "AWT209 1": {
        "aiohttp/__init__.py": "",
        "aiohttp/test_utils.py": _TEST_CASE.format("AioHTTPTestCase"),
        "django/__init__.py": "",
        "django/test.py": _TEST_CASE.format("TestCase"),
        "rest_framework/__init__.py": "",
        "rest_framework/test.py": _TEST_CASE.format("APITestCase"),
    },
    "AWT212 0": {"shop.py": "async def pay(amount):\n    return amount\n"},
    "AWT212 2": {"shop.py": "async def fail_to_pay():\n    return 3\n"},
    "AWT301 1": {"test_asking.py": "def test_asking(db):\n    assert db == 'connection'\n"},
    "AWT301 8": {"test_asking.py": "def test_asking(price):\n    assert price == 3\n"},
    "AWT301 14": {"test_asking.py": "def test_asking(price):\n    assert price == 3\n"},
    "AWT306 11": {"shop.py": _SHOP},
    "AWT406 0": {"conftest.py": _CLIENT},
    "AWT406 1": {"shop.py": "log = print\n"},
    "AWT406 2": {"shop.py": "log = print\n"},
    "AWT406 3": {"conftest.py": _CLIENT},
    "AWT406 5": {"conftest.py": _CLIENT},
}
