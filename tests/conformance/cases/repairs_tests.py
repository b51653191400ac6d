"""Files in which a repair of a test is easy to get wrong."""

from tests.conformance.case import Case

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
                        ran()
                        del self.number

                    async def test_it(self):
                        ran()
            """
        },
        repairable=True,
    ),
)
