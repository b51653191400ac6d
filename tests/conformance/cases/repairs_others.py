"""Files in which a repair of a fixture or a mock is easy to get wrong."""

from tests.conformance.case import AUTO, Case, run

CASES = (
    Case(
        "An async hook is made no fixture where one of two starts cannot set that up",
        {
            "Makefile": "quick:\n\tpytest -p no:asyncio\n\nall:\n\tpytest\n",
            "test_it.py": """
                import pytest

                class TestIt:
                    async def setup_method(self): ran()

                    def test_sync(self): ran()

                    @pytest.mark.asyncio
                    async def test_it(self): ran()
            """,
        },
        invocations=(run("-p", "no:asyncio"), run()),
    ),
    Case(
        "A shared TestCase in another file is changed only when asked",
        {
            "base.py": """
                import unittest

                class ShopCase(unittest.TestCase):
                    def setUp(self):
                        self.shop = "shop"
            """,
            "test_one.py": """
                from base import ShopCase

                class TestOne(ShopCase):
                    async def test_it(self):
                        ran()
                        assert self.shop == "shop"
            """,
            "test_two.py": """
                from base import ShopCase

                class TestTwo(ShopCase):
                    def test_sync(self): ran()
            """,
        },
    ),
    Case(
        "An async fixture gets pytest-asyncio's decorator and keeps its arguments",
        {
            "conftest.py": """
                import pytest

                @pytest.fixture
                async def plain(): ran()

                @pytest.fixture()
                async def called():
                    ran()
                    yield 1

                @pytest.fixture(name="renamed", params=[1, 2], ids=["one", "two"])
                async def other(request): ran()

                @pytest.fixture(
                    autouse=True,
                )
                async def everywhere(): ran()
            """,
            "test_it.py": """
                import pytest

                @pytest.mark.asyncio
                async def test_plain(plain): ran()

                def test_called(called): ran()

                def test_renamed(renamed): ran()
            """,
        },
        repairable=True,
    ),
    Case(
        "An async fixture whose imports are by name",
        {
            "test_it.py": """
                from pytest import fixture, mark

                @fixture
                async def number():
                    ran()
                    return 3

                @fixture
                def sync_number():
                    return 4

                @mark.asyncio
                async def test_it(number, sync_number):
                    ran()
            """
        },
        repairable=True,
    ),
    Case(
        "An async fixture of a wider scope",
        {
            "test_it.py": """
                import pytest

                @pytest.fixture(scope="module")
                async def number():
                    ran()
                    return 3

                @pytest.mark.asyncio
                async def test_one(number): ran()

                @pytest.mark.asyncio
                async def test_two(number): ran()
            """
        },
        repairable=True,
    ),
    Case(
        "A fixture and a test that both need repair",
        {
            "test_it.py": """
                import pytest

                @pytest.fixture
                async def number():
                    ran()
                    return 3

                async def test_it(number):
                    ran()
                    assert number == 3
            """
        },
        repairable=True,
    ),
    Case(
        "A mock becomes an async mock with its import",
        {
            "pytest.ini": AUTO,
            "service.py": """
                async def run(service):
                    return await service.execute()
            """,
            "test_name.py": """
                from unittest.mock import Mock
                from service import run

                async def test_it():
                    ran()
                    service = Mock()
                    service.execute = Mock(return_value=1)
                    assert await run(service) == 1

                async def test_other():
                    ran()
                    plain = Mock(return_value=2)
                    assert plain() == 2
            """,
            "test_dotted.py": """
                from unittest import mock
                from service import run

                async def test_it():
                    ran()
                    service = mock.Mock()
                    service.execute = mock.MagicMock(return_value=1)
                    assert await run(service) == 1
            """,
            "test_only_use.py": """
                from unittest.mock import MagicMock

                async def test_it():
                    ran()
                    call = MagicMock(return_value=1)
                    assert await call() == 1
            """,
            "test_as.py": """
                from unittest.mock import Mock as M

                async def test_it():
                    ran()
                    call = M(return_value=1)
                    assert await call() == 1
            """,
        },
        repairable=True,
    ),
    Case(
        "Everything at once in one file",
        {
            "test_it.py": '''
                """A believable mixture."""

                import unittest
                from unittest.mock import Mock

                import pytest

                class Service:
                    def __init__(self, store):
                        self.store = store

                    async def total(self):
                        return await self.store.sum()

                @pytest.fixture
                async def store():
                    ran()
                    yield 5

                async def test_unmarked():
                    ran()

                @pytest.mark.asyncio
                async def test_mock():
                    ran()
                    store = Mock()
                    store.sum = Mock(return_value=3)
                    assert await Service(store).total() == 3

                class TestPlain:
                    async def test_method(self, store):
                        ran()
                        assert store == 5

                class TestOld(unittest.TestCase):
                    async def test_lost(self):
                        ran()

                    @pytest.mark.asyncio
                    async def test_marked(self):
                        ran()
            '''
        },
        repairable=True,
    ),
    Case(
        "A module's marker that is there and does not count",
        {
            "test_tuple.py": """
                import pytest

                pytestmark = [pytest.mark.slow]

                async def test_it(): ran()
            """,
            "test_single.py": """
                import pytest

                pytestmark = pytest.mark.slow

                async def test_it(): ran()

                def test_sync(): ran()
            """,
        },
        repairable=True,
    ),
    Case(
        "The marker of the framework that is in use",
        {
            "requirements.txt": "anyio\npytest\n",
            "test_it.py": """
                import pytest

                @pytest.mark.anyio
                async def test_marked(): ran()

                async def test_unmarked(): ran()
            """,
        },
        plugins=frozenset({"anyio"}),
        repairable=True,
    ),
)
