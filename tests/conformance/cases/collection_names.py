"""What pytest collects, and what looks like a test and is none."""

from tests.conformance.case import Case

CASES = (
    Case(
        "Code for type checkers holds no tests",
        {
            "test_it.py": """
                import typing
                from typing import TYPE_CHECKING

                if TYPE_CHECKING:
                    async def test_checking():
                        ran()

                    class TestChecking:
                        async def test_it(self):
                            ran()

                if typing.TYPE_CHECKING:
                    async def test_dotted():
                        ran()
                else:
                    async def test_otherwise():
                        ran()

                if not TYPE_CHECKING:
                    async def test_not_checking():
                        ran()
            """
        },
    ),
    Case(
        "Nested functions and classes in functions hold no tests",
        {
            "test_it.py": """
                def helper():
                    async def test_nested():
                        ran()

                    class TestLocal:
                        async def test_it(self):
                            ran()

                    return test_nested, TestLocal

                async def test_outer():
                    async def test_inner():
                        ran()

                    ran()
            """
        },
    ),
    Case(
        "A class or function that says that it is no test is none",
        {
            "test_it.py": """
                import unittest

                class TestNot:
                    __test__ = False

                    async def test_it(self):
                        ran()

                class TestNotEither(unittest.TestCase):
                    __test__ = False

                    async def test_it(self):
                        ran()

                class TestChild(TestNot):
                    __test__ = True

                class TestStillNot(TestNot):
                    pass

                async def test_not():
                    ran()

                test_not.__test__ = False

                def not_a_test(function):
                    function.__test__ = False
                    return function

                @not_a_test
                async def test_decorated():
                    ran()

                async def test_it():
                    ran()
            """
        },
    ),
    Case(
        "A class says that it is a test when its name does not",
        {
            "test_it.py": """
                class Checks:
                    __test__ = True

                    async def test_it(self):
                        ran()
            """
        },
    ),
    Case(
        "A module that says that it is no test holds none",
        {
            "test_it.py": """
                __test__ = False

                async def test_it():
                    ran()
            """,
            "test_other.py": """
                async def test_other():
                    ran()
            """,
        },
    ),
    Case(
        "Classes with a constructor are not collected",
        {
            "test_it.py": """
                import dataclasses
                import enum
                from dataclasses import dataclass
                from typing import NamedTuple

                class TestInit:
                    def __init__(self):
                        pass

                    async def test_it(self): ran()

                class TestNew:
                    def __new__(cls):
                        return super().__new__(cls)

                    async def test_it(self): ran()

                @dataclass
                class TestData:
                    number: int = 0

                    async def test_it(self): ran()

                @dataclasses.dataclass(frozen=True)
                class TestFrozen:
                    async def test_it(self): ran()

                class TestChild(TestInit):
                    async def test_own(self): ran()

                class TestTuple(NamedTuple):
                    number: int = 0

                    async def test_it(self): ran()

                class TestEnum(enum.Enum):
                    ONE = 1

                    async def test_it(self): ran()

                class TestPlain:
                    async def test_it(self): ran()
            """
        },
    ),
    Case(
        "Names decide what is a test",
        {
            "test_it.py": """
                async def helper_test(): ran()

                async def _test_private(): ran()

                async def check_it(): ran()

                async def Test_upper(): ran()

                class Helper:
                    async def test_it(self): ran()

                class _TestPrivate:
                    async def test_it(self): ran()

                class ItTest:
                    async def test_it(self): ran()

                class TestIt:
                    async def helper(self): ran()

                    async def test_it(self): ran()

                class Testing:
                    async def testing(self): ran()
            """
        },
    ),
    Case(
        "File names decide where tests are",
        dict.fromkeys(
            (
                "tests.py",
                "testx.py",
                "shop_test.py",
                "test_shop.py",
                "test.py",
                "tests/helper.py",
                "tests/conftest.py",
                "tests/__init__.py",
                "deep/down/test_below.py",
                "test_stub.pyi",
                "test_text.txt",
            ),
            """\n                async def test_it():\n                    ran()\n            """,
        ),
    ),
    Case(
        "The first of two definitions is lost and is not reported",
        {
            "test_it.py": """
                import pytest

                async def test_first():
                    ran()

                @pytest.mark.asyncio
                async def test_first():
                    ran()

                @pytest.mark.asyncio
                async def test_last():
                    ran()

                async def test_last():
                    ran()

                class TestTwice:
                    async def test_lost(self):
                        ran()

                class TestTwice:
                    async def test_it(self):
                        ran()

                async def test_then_sync():
                    ran()

                def test_then_sync():
                    ran()
            """
        },
    ),
    Case(
        "A test that is taken away again is none",
        {
            "test_it.py": """
                async def test_deleted():
                    ran()

                del test_deleted

                async def test_nothing():
                    ran()

                test_nothing = None

                class TestIt:
                    async def test_it(self):
                        ran()

                    async def test_gone(self):
                        ran()

                    del test_gone

                async def test_left():
                    ran()
            """
        },
    ),
    Case(
        "Conditional definitions are judged by what holds here",
        {
            "test_it.py": """
                import sys

                if sys.version_info < (3,):
                    async def test_old():
                        ran()

                if False:
                    async def test_false():
                        ran()

                if True:
                    async def test_true():
                        ran()

                for _ in range(1):
                    async def test_loop():
                        ran()

                with open(__file__):
                    async def test_with():
                        ran()
            """
        },
    ),
    Case(
        "A function chosen by the platform is unhandled on each",
        {
            "test_it.py": """
                import sys

                if sys.platform == "win32":
                    async def test_it():
                        ran()
                else:
                    async def test_it():
                        ran()
            """
        },
    ),
)
