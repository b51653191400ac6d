"""Files in which a repair is easy to get wrong; what is repaired has to run under real pytest."""

from tests.conformance.case import AUTO, Case
from tests.conformance.cases.plugins import ANYIO_INSTALLED

CRLF = "import os\r\n\r\n\r\nclass TestIt:\r\n    async def test_it(self):\r\n        ran()\r\n"
TABS = "class TestIt:\n\tclass TestIn:\n\t\tasync def test_it(self):\n\t\t\tran()"
LATIN = "# coding: latin-1\nname = 'é'\nasync def test_it():\n    ran()\n"
UNICODE = 'EMOJI = "👍"; ASYNC = "é"\nasync def test_ñ(): ran(); "👍"\n'

CASES = (
    Case(
        "The import of pytest finds its place in every kind of file",
        {
            "test_bare.py": """
                async def test_it(): ran()
            """,
            "test_docstring.py": '''
                """What is tested."""

                async def test_it(): ran()
            ''',
            "test_future.py": '''
                #!/usr/bin/env python
                # -*- coding: utf-8 -*-
                """What is tested."""

                from __future__ import annotations

                import os
                from pathlib import Path

                async def test_it(tmp_path: Path): ran()
            ''',
            "test_conditional.py": """
                import sys
                from typing import TYPE_CHECKING

                if TYPE_CHECKING:
                    import pytest

                async def test_it(): ran()
            """,
            "test_late.py": """
                async def test_first(): ran()

                import pytest

                async def test_last(): ran()
            """,
            "test_as.py": """
                import pytest as pt

                async def test_it(): ran()
            """,
            "test_mark.py": """
                from pytest import mark

                @mark.parametrize("n", [1])
                async def test_it(n): ran()
            """,
            "test_other_names.py": """
                from pytest import fixture, raises

                async def test_it():
                    ran()
                    with raises(KeyError):
                        {}["a"]
            """,
            "test_shadowed.py": """
                import pytest

                def helper():
                    pytest = None
                    return pytest

                async def test_it(pytestconfig): ran()
            """,
            "test_multiline.py": """
                from os import (
                    getcwd,
                    path,
                )
                import \\
                    sys

                async def test_it(): ran()
            """,
            "test_semicolons.py": """
                import os; import sys
                x = 1; y = 2

                async def test_it(): ran()
            """,
        },
        repairable=True,
    ),
    Case(
        "A repair keeps bytes, line ends and indentation",
        {
            "test_crlf.py": CRLF.encode(),
            "test_tabs.py": TABS.encode(),
            "test_bom.py": b"\xef\xbb\xbf# first\nasync def test_it():\n    ran()\n",
            "test_latin.py": LATIN.encode("latin-1"),
            "test_bom_crlf.py": b"\xef\xbb\xbfasync def test_it():\r\n    ran()",
            "test_unicode.py": UNICODE.encode(),
            "test_form_feed.py": b"import os\n\x0c\nasync def test_it():\n    ran()\n",
        },
        repairable=True,
    ),
    Case(
        "Line ends of very old machines are no reason to stop",
        {"test_old_mac.py": b"import os\rasync def test_it():\r    ran()\r"},
    ),
    Case(
        "A marker goes below what must stand above it",
        {
            "test_it.py": """
                from unittest.mock import patch
                import pytest

                class TestIt:
                    @staticmethod
                    async def test_static(): ran()

                    @classmethod
                    async def test_class(cls): ran()

                    @patch("os.getcwd")
                    @pytest.mark.parametrize(
                        "n",
                        [1, 2],  # a comment
                    )
                    async def test_stacked(self, getcwd, n): ran()

                    # a comment above
                    async def test_commented(self): ran()

                    async   def   test_spaced (self) : ran()

                async def test_one(): ran()
                async def test_two(): ran()
            """
        },
        repairable=True,
    ),
    Case(
        "A plain TestCase becomes an isolated one with all that hangs on it",
        {
            "test_name.py": """
                from unittest import TestCase

                class TestIt(TestCase):
                    async def test_it(self): ran()

                class TestOther(TestCase):
                    def test_sync(self): ran()
            """,
            "test_only.py": """
                from unittest import TestCase, mock

                class TestIt(TestCase):
                    @mock.patch("os.getcwd")
                    async def test_it(self, getcwd): ran()
            """,
            "test_mixins.py": """
                import unittest

                class Mixin:
                    async def helper(self):
                        return 1

                class TestIt(Mixin, unittest.TestCase):
                    async def test_it(self):
                        ran()
                        assert await self.helper() == 1
            """,
            "test_hooks.py": """
                import unittest

                class TestIt(unittest.TestCase):
                    def setUp(self):
                        self.number = 1

                    def tearDown(self):
                        del self.number

                    @classmethod
                    def setUpClass(cls):
                        cls.shared = 2

                    async def test_it(self):
                        ran()
                        self.assertEqual((self.number, self.shared), (1, 2))

                    def test_sync(self):
                        ran()
            """,
            "test_family.py": """
                import unittest

                class Base(unittest.TestCase):
                    def test_sync(self): ran()

                class TestOne(Base):
                    async def test_one(self): ran()

                class TestTwo(Base):
                    async def test_two(self): ran()
            """,
            "test_marked.py": """
                import unittest
                import pytest

                @pytest.mark.asyncio
                class TestClass(unittest.TestCase):
                    async def test_it(self): ran()

                class TestMethods(unittest.TestCase):
                    @pytest.mark.asyncio
                    async def test_one(self): ran()

                    @pytest.mark.asyncio
                    @unittest.skipIf(False, "never")
                    async def test_two(self): ran()

                    def test_sync(self): ran()
            """,
            "test_runs_itself.py": """
                import asyncio
                import unittest

                class TestIt(unittest.TestCase):
                    def test_sync(self):
                        async def work():
                            return 1

                        ran()
                        self.assertEqual(asyncio.run(work()), 1)

                    async def test_it(self): ran()
            """,
        },
        repairable=True,
    ),
    Case(
        "A TestCase with async hooks is repaired together with them",
        {
            "test_it.py": """
                import unittest

                class TestIt(unittest.TestCase):
                    async def setUp(self):
                        ran()
                        self.number = 1

                    async def tearDown(self):
                        del self.number

                    async def test_it(self):
                        ran()
            """
        },
        repairable=True,
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
        plugins=frozenset(),
        installed=ANYIO_INSTALLED,
        loaded=("anyio.pytest_plugin",),
        repairable=True,
    ),
)
