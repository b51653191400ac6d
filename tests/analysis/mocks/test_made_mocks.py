"""Which mock an expression is, as real tests find it: every `tell` is judged by running it."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

from bot.analysis.answer import Answer
from bot.analysis.source.module import Module
from bot.analysis.source.scopes import FunctionNode
from bot.analysis.source.walking import own_nodes
from tests.analysis.facts_of import facts_of

# `tell` writes down whether what it gets is a mock, and whether calling that gives a coroutine.
CONFTEST = """
    import builtins
    import inspect
    import json
    import os
    import sys
    from unittest import mock

    import pytest

    def called(value):
        try:
            return value()
        except TypeError:
            return value("url")

    def tell(value):
        is_mock = isinstance(value, mock.NonCallableMock) or hasattr(value, "mock")
        result = called(value) if is_mock else None
        is_async = inspect.iscoroutine(result)
        if is_async:
            result.close()
        line = sys._getframe(1).f_lineno
        with open(os.environ["RECORDS"], "a") as records:
            records.write(json.dumps([line, is_async if is_mock else None]) + "\\n")

    builtins.tell = tell

    class Patch:
        def __init__(self, finish):
            self._finish = finish

        def __call__(self, *args, **kwargs):
            return self._started(mock.patch(*args, **kwargs))

        def object(self, *args, **kwargs):
            return self._started(mock.patch.object(*args, **kwargs))

        def _started(self, patcher):
            self._finish(patcher.stop)
            return patcher.start()

    class Mocker:
        AsyncMock, MagicMock, Mock = mock.AsyncMock, mock.MagicMock, mock.Mock
        create_autospec = staticmethod(mock.create_autospec)

        def __init__(self, finish):
            self.patch = Patch(finish)

        def stub(self):
            return mock.MagicMock()

    @pytest.fixture
    def mocker(request):
        '''Does what pytest-mock's fixture does.'''
        return Mocker(request.addfinalizer)

    @pytest.fixture
    def client():
        client = mock.AsyncMock()
        client.name = mock.Mock(return_value="shop")
        return client

    @pytest.fixture
    def quiet(client):
        client.log = mock.MagicMock()

    @pytest.fixture
    def fetched():
        with mock.patch("shop.fetch") as fetch:
            yield fetch
"""
SHOP = """
    import functools

    async def fetch(url):
        return url

    def count():
        return 3

    def passed_on(function):
        @functools.wraps(function)
        def wrapper(*args):
            return function(*args)
        return wrapper

    @passed_on
    async def wrapped():
        return 3

    class Service:
        size = 3

        async def execute(self):
            return 3

        @staticmethod
        async def run():
            return 3

        def describe(self):
            return "shop"

    service = Service()

    class Shop:
        async def load(self):
            return 3
"""
TESTS = """
    import contextlib
    import unittest
    from unittest import mock
    from unittest.mock import DEFAULT, AsyncMock, MagicMock, Mock, create_autospec, patch

    import pytest
    import shop
    from shop import Service

    FETCH = "shop.fetch"
    SHOP = "shop"
    shared = AsyncMock()

    def make():
        made = AsyncMock()
        made.close = Mock()
        return made

    def test_made_here():
        one, two, three = AsyncMock(), 2, 3
        plain = Mock()
        tell(plain)
        magic = mock.MagicMock(fetch=AsyncMock(), send=Mock())
        tell(magic)
        tell(magic.fetch)
        tell(magic.send)
        tell(magic.send.later)
        client = AsyncMock()
        tell(client)
        tell(client.get)
        tell(client.get.return_value)
        tell(client.get.return_value.json)
        client.post = MagicMock()
        tell(client.post)
        get = client.get
        tell(get)
        tell(shared)
        tell(make())
        made = make()
        tell(made)
        tell(made.open)
        tell(made.close)

    def test_specs():
        tell(Mock(spec=Service))
        service = Mock(spec=Service)
        tell(service.execute)
        tell(service.run)
        tell(service.describe)
        other = AsyncMock(spec=Service)
        tell(other)
        tell(other.execute)
        tell(other.describe)
        auto = create_autospec(Service, instance=True)
        tell(auto.execute)
        tell(auto.describe)
        function = create_autospec(shop.fetch)
        tell(function)
        tell(create_autospec(shop.count))

    def test_with():
        with patch("shop.fetch") as fetch, patch("shop.count") as count:
            tell(fetch)
            tell(count)
        with patch(FETCH) as fetch_by_name:
            tell(fetch_by_name)
        with patch(f"{SHOP}.count") as count_by_name:
            tell(count_by_name)
        with patch(shop.__name__ + ".fetch") as by_module:
            tell(by_module)
        with patch.object(Service, "execute") as execute:
            tell(execute)
        with patch.object(shop.service, "describe") as describe:
            tell(describe)
        with patch("shop.Service") as service:
            tell(service)
            tell(service.return_value.execute)
        with patch("shop.wrapped") as wrapped:
            tell(wrapped)
        with patch("shop.count", new_callable=AsyncMock) as counted:
            tell(counted)
        with patch("shop.fetch", new_callable=MagicMock) as magic:
            tell(magic)
        with patch("shop.fetch", Mock()) as new:
            tell(new)
        with patch("shop.fetch", autospec=True) as auto:
            tell(auto)
        patcher = patch("shop.fetch")
        with patcher as started:
            tell(started)
        with contextlib.ExitStack() as stack:
            entered = stack.enter_context(patch("shop.fetch"))
            tell(entered)

    @patch("shop.count")
    @patch.object(Service, "describe", Mock())
    @pytest.mark.parametrize("number", [1])
    @patch(FETCH)
    def test_decorated(fetch, count, client, number):
        tell(fetch)
        tell(count)
        tell(client)
        tell(client.get)
        tell(client.name)

    @patch("shop.fetch")
    class TestPatched:
        TARGET = "shop.fetch"

        @patch("shop.count")
        def test_class(self, count, fetch):
            tell(count)
            tell(fetch)

        def test_attribute(self, fetch):
            with patch(self.TARGET) as again:
                tell(again)

    class TestSetUp(unittest.TestCase):
        def setUp(self):
            self.client = AsyncMock()
            self.client.name = Mock()
            patcher = patch("shop.fetch")
            self.fetch = patcher.start()
            self.addCleanup(patcher.stop)
            self.counter = patch("shop.count")
            self.count = self.counter.start()
            self.addCleanup(self.counter.stop)
            other = MagicMock()
            other.run = AsyncMock()
            self.other = other

        def test_attributes(self):
            tell(self.client)
            tell(self.client.get)
            tell(self.client.name)
            tell(self.fetch)
            tell(self.count)
            tell(self.other)
            tell(self.other.run)

        @patch("shop.Service")
        @patch.multiple("shop", count=DEFAULT, wrapped=DEFAULT, fetch=Mock())
        @patch.object(Service, "run")
        def test_several(self, run, service, wrapped, count):
            tell(run)
            tell(service)
            tell(wrapped)
            tell(count)

        def test_entered(self):
            execute = self.enterContext(patch.object(Service, "execute"))
            tell(execute)

    class TestFixture:
        @pytest.fixture(autouse=True)
        def _prepare(self, client):
            self.client = client

        def test_attribute(self):
            tell(self.client)
            tell(self.client.name)

    def test_mocker(mocker):
        fetch = mocker.patch("shop.fetch")
        tell(fetch)
        tell(mocker.patch("shop.count"))
        execute = mocker.patch.object(Service, "execute", return_value=3)
        tell(execute)
        tell(mocker.AsyncMock())
        client = mocker.MagicMock()
        client.get = mocker.AsyncMock()
        tell(client)
        tell(client.get)
        tell(mocker.stub())
        tell(mocker.create_autospec(shop.Shop.load))

    def test_fixtures(client, quiet, fetched):
        tell(client)
        tell(client.get)
        tell(client.name)
        tell(client.log)
        tell(fetched)
"""
# What source cannot tell, or what is no mock: nothing may be said.
SILENT = """
    from unittest.mock import AsyncMock, MagicMock, Mock, patch

    import pytest
    import shop

    def pick(*mocks):
        return mocks[-1] if mocks else Mock()

    def either(flag):
        if flag:
            return AsyncMock()
        return Mock()

    class AsyncLike:
        get = None

    @pytest.mark.parametrize("client", [1])
    def test_replaced(client):
        tell(client)

    def test_unsure(request):
        tell(pick(AsyncMock()))
        tell(either(True))
        client = AsyncMock()
        client.get = len
        tell(client.get)
        tell(client.called)
        tell(client.assert_awaited)
        client = Mock()
        tell(client)
        with patch.dict("os.environ", {}) as environ:
            tell(environ)
        made = AsyncLike()
        tell(made.get)
        tell(request)
"""
FILES = {"shop.py": SHOP, "conftest.py": CONFTEST, "test_made.py": TESTS, "test_silent.py": SILENT}


def test_a_mock_is_what_real_tests_find(tmp_path: Path) -> None:
    observed = observed_in("test_made.py", tmp_path)
    said = told("test_made.py")

    assert {line: Answer.of(found) for line, found in observed.items()} == said


def test_nothing_is_said_where_source_does_not_tell() -> None:
    assert set(told("test_silent.py").values()) == {None}


def observed_in(name: str, room: Path) -> dict[str, bool | None]:
    """Return what real pytest finds at each `tell`."""
    for path, text in FILES.items():
        (room / path).write_text(dedent(text))
    records = room / "records"
    run = pytest_on(name, room, {"RECORDS": str(records)})
    assert run.returncode == 0, run.stdout
    lines = (room / name).read_text().splitlines()
    found = [json.loads(line) for line in records.read_text().splitlines()]
    return {f"{line}: {lines[line - 1].strip()}": answer for line, answer in found}


def pytest_on(name: str, room: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", name]
    own = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", **env}
    return subprocess.run(command, cwd=room, env=own, capture_output=True, text=True, check=False)


def told(name: str) -> dict[str, Answer | None]:
    """Return what the analysis says at each `tell`: None where it knows of no mock."""
    facts = facts_of(FILES)
    module = facts.project.module(name)
    assert isinstance(module, Module)
    found: dict[str, Answer | None] = {}
    for definition in module.functions():
        assert isinstance(definition.node, FunctionNode)
        for node in own_nodes(definition.node):
            match node:
                case ast.Call(func=ast.Name(id="tell"), args=[subject]):
                    made = facts.mocks.at(subject, module, module.scope_of(definition.node))
                    answer = made.is_async if made is not None else None
                    found[f"{node.lineno}: {module.source.line(node.lineno).strip()}"] = answer
                case _:
                    continue
    return found
