"""What calls give: coroutines, futures, tasks, generators, managers, or who knows."""

import ast

import pytest

from bot.analysis.awaiting.third_party_calls import Gives
from bot.analysis.source.walking import own_nodes
from tests.analysis.facts_of import facts_of

SHOP = """
    import functools
    from collections.abc import Awaitable
    from collections.abc import Callable
    from contextlib import asynccontextmanager
    from asgiref.sync import sync_to_async
    from django.db import models

    async def fetch(): ...
    def count(): return 3
    def load(): return fetch()
    def later() -> "Awaitable[int]": return elsewhere()
    def perhaps(x):
        if x:
            return fetch()
    async def stream():
        yield 1
    @asynccontextmanager
    async def opened():
        yield 1
    @functools.cache
    async def cached(): ...
    def maker():
        return fetch
    def keeping(f: F) -> F: return elsewhere(f)
    def keeping_with(name) -> Callable[[F], F]: return elsewhere(name)
    def running(f: F) -> F: return elsewhere(f, asyncio.run)
    def wrapping(f): return elsewhere(f)
    @sync_to_async
    def made_async(): ...
    @keeping
    async def kept(): ...
    @keeping_with("name")
    async def kept_with(): ...
    @running
    async def ran(): ...
    @wrapping
    async def wrapped(): ...
    class PlainMeta(type):
        def close(cls): ...
    class WrappingMeta(type):
        def __new__(cls, *args): return elsewhere(cls, *args)
    class Plain(metaclass=PlainMeta):
        async def fetch(self): ...
    class Wrapping(metaclass=WrappingMeta):
        async def fetch(self): ...
    class Warning:
        def __init_subclass__(cls): warnings.warn("do not")
        async def fetch(self): ...
    class Warned(Warning): ...
    class Changing:
        def __init_subclass__(cls): cls.pull = elsewhere(cls.pull)
        async def pull(self): ...
    class Changed(Changing): ...
    class User(models.Model): ...
    class Service:
        async def fetch(self): ...
        def name(self): ...
        @staticmethod
        async def static(): ...
    class Child(Service):
        pass
    class Sync(Service):
        def fetch(self): ...
"""
START = """
    import asyncio
    import functools
    from unittest.mock import AsyncMock, Mock, patch

    from asgiref.sync import sync_to_async

    import shop
    from shop import *
"""
BODY = """
    async def test_it():
        {}
"""


def given(text: str, **files: str) -> Gives:
    """Return what the last statement of `test_it`, an expression, gives."""
    tree = {"shop.py": SHOP, "test_it.py": START + text, **files}
    facts = facts_of(tree)
    module = facts.project.module("test_it.py")
    assert module is not None
    definition = next(one for one in module.functions() if one.name == "test_it")
    assert isinstance(definition.node, ast.FunctionDef | ast.AsyncFunctionDef)
    last = [one for one in own_nodes(definition.node) if isinstance(one, ast.Expr)][-1]
    return facts.awaitables.given(last.value, module, module.scope_of(definition.node)).gives


@pytest.mark.parametrize(
    ("call", "gives"),
    [
        ("fetch()", Gives.COROUTINE),
        ("shop.fetch()", Gives.COROUTINE),
        ("load()", Gives.COROUTINE),
        ("later()", Gives.FUTURE),
        ("cached()", Gives.COROUTINE),
        ("functools.partial(fetch)()", Gives.COROUTINE),
        ("maker()()", Gives.COROUTINE),
        ("kept()", Gives.COROUTINE),
        ("kept_with()", Gives.COROUTINE),
        ("ran()", Gives.UNKNOWN),
        ("wrapped()", Gives.UNKNOWN),
        ("Plain().fetch()", Gives.COROUTINE),
        ("Wrapping().fetch()", Gives.UNKNOWN),
        ("Warned().fetch()", Gives.COROUTINE),
        ("Changed().pull()", Gives.UNKNOWN),
        ("User().asave()", Gives.COROUTINE),
        ("User.objects.acreate()", Gives.COROUTINE),
        ("stream().__anext__()", Gives.COROUTINE),
        ("sync_to_async(count)()", Gives.COROUTINE),
        ("made_async()", Gives.COROUTINE),
        ("Service().fetch()", Gives.COROUTINE),
        ("Child().fetch()", Gives.COROUTINE),
        ("Service.static()", Gives.COROUTINE),
        ("asyncio.sleep(1)", Gives.COROUTINE),
        ("asyncio.Queue().get()", Gives.COROUTINE),
        ("AsyncMock()()", Gives.COROUTINE),
        ("AsyncMock().child()", Gives.COROUTINE),
        ("stream()", Gives.ASYNC_GENERATOR),
        ("opened()", Gives.ASYNC_MANAGER),
        ("asyncio.gather()", Gives.FUTURE),
        ("asyncio.get_running_loop().run_in_executor()", Gives.FUTURE),
        ("asyncio.create_task(fetch())", Gives.TASK),
        ("asyncio.TaskGroup().create_task(fetch())", Gives.GROUP_TASK),
        ("count()", Gives.PLAIN),
        ("Service()", Gives.PLAIN),
        ("Service().name()", Gives.PLAIN),
        ("Sync().fetch()", Gives.PLAIN),
        ("asyncio.Queue().put_nowait(1)", Gives.UNKNOWN),
        ("AsyncMock().assert_awaited()", Gives.UNKNOWN),
        ("perhaps(1)", Gives.UNKNOWN),
        ("elsewhere()", Gives.UNKNOWN),
    ],
)
def test_calls_give_what_their_functions_say(call: str, gives: Gives) -> None:
    assert given(BODY.format(call)) is gives


def test_a_name_gives_what_it_was_assigned() -> None:
    assert (
        given("""
    async def test_it():
        call = fetch
        one = call()
        one
    """)
        is Gives.COROUTINE
    )


@pytest.mark.parametrize(
    "replacement",
    [
        "monkeypatch.setattr(shop, 'fetch', double)",
        "patch('shop.fetch', double).start()",
        "patch('shop.fetch', new_callable=Mock).start()",
        "patch('shop.fetch', spec=['close']).start()",
        "shop.fetch = double",
    ],
)
def test_what_a_test_replaces_is_unknown(replacement: str) -> None:
    assert (
        given(f"""
    async def test_it(monkeypatch):
        {replacement}
        shop.fetch()
    """)
        is Gives.UNKNOWN
    )


@pytest.mark.parametrize(
    "replacement",
    [
        "monkeypatch.setattr(shop, 'fetch', AsyncMock())",
        "monkeypatch.setattr(shop, 'fetch', double)",
        "patch('shop.fetch').start()",
        "patch.object(shop, 'fetch').start()",
        "patch('shop.fetch', new_callable=AsyncMock).start()",
        "shop.fetch = AsyncMock(return_value=3)",
    ],
)
def test_an_async_double_gives_a_coroutine_as_well(replacement: str) -> None:
    assert (
        given(f"""
    async def test_it(monkeypatch):
        async def double(): ...
        {replacement}
        shop.fetch()
    """)
        is Gives.COROUTINE
    )


def test_what_mock_cannot_see_to_be_async_is_replaced_by_a_plain_mock() -> None:
    assert (
        given("""
    async def test_it():
        with patch("shop.load"):
            shop.load()
    """)
        is Gives.UNKNOWN
    )


def test_what_set_up_or_a_conftest_replaces_is_unknown() -> None:
    text = """
    class TestIt:
        {}

        async def test_it(self):
            shop.fetch()
    """
    start = "def setUp(self): shop.fetch = double"
    conftest = """
    import pytest

    @pytest.fixture(autouse=True)
    def offline(monkeypatch):
        monkeypatch.setattr("shop.fetch", lambda: 3)
    """

    assert given(text.format("pass")) is Gives.COROUTINE
    assert given(text.format(start)) is Gives.UNKNOWN
    assert given(text.format("pass"), **{"conftest.py": conftest}) is Gives.UNKNOWN


def test_what_another_test_replaces_stays_known() -> None:
    assert (
        given("""
    async def test_other(monkeypatch):
        monkeypatch.setattr(shop, "fetch", lambda: 3)

    async def test_it():
        shop.fetch()
    """)
        is Gives.COROUTINE
    )
