"""TestCases that lose coroutines and those that run them, in every spelling."""

from tests.conformance.case import AUTO, Case

CASES = (
    Case(
        "A plain TestCase never awaits its async tests",
        {
            "test_it.py": """
                import unittest

                class TestIt(unittest.TestCase):
                    async def test_it(self):
                        ran()

                    def test_beside_it(self):
                        ran()
            """
        },
    ),
    Case(
        "A marker on a method of a TestCase does nothing",
        {
            "test_it.py": """
                import unittest
                import pytest

                class TestIt(unittest.TestCase):
                    @pytest.mark.asyncio
                    async def test_it(self):
                        ran()
            """
        },
    ),
    Case(
        "A marker on a TestCase does nothing",
        {
            "test_it.py": """
                from unittest import TestCase
                import pytest

                @pytest.mark.asyncio
                class TestIt(TestCase):
                    async def test_it(self):
                        ran()

                class TestOther(TestCase):
                    pytestmark = [pytest.mark.asyncio]

                    async def test_it(self):
                        ran()
            """
        },
    ),
    Case(
        "A module's marker helps functions and not TestCases",
        {
            "test_it.py": """
                import unittest
                import pytest

                pytestmark = pytest.mark.asyncio

                class TestIt(unittest.TestCase):
                    async def test_it(self):
                        ran()

                async def test_function():
                    ran()
            """
        },
    ),
    Case(
        "Auto mode never reaches a TestCase",
        {
            "pytest.ini": AUTO,
            "test_it.py": """
                import unittest

                class TestIt(unittest.TestCase):
                    async def test_it(self):
                        ran()

                class TestPlain:
                    async def test_it(self):
                        ran()
            """,
        },
    ),
    Case(
        "An expected failure of a TestCase turns into an unexpected success",
        {
            "test_it.py": """
                import unittest

                class TestIt(unittest.TestCase):
                    @unittest.expectedFailure
                    async def test_it(self):
                        ran()
                        self.fail()
            """
        },
    ),
    Case(
        "An IsolatedAsyncioTestCase runs all of its tests, marked or not",
        {
            "test_it.py": """
                import unittest
                import pytest

                class TestIt(unittest.IsolatedAsyncioTestCase):
                    async def asyncSetUp(self):
                        ran()
                        self.value = 1

                    async def test_unmarked(self):
                        ran()

                    @pytest.mark.asyncio
                    async def test_marked(self):
                        ran()

                    @unittest.skipIf(False, "never")
                    async def test_condition(self):
                        ran()

                    @unittest.expectedFailure
                    async def test_expected_failure(self):
                        ran()
                        self.fail()

                    @unittest.skip("later")
                    async def test_skipped(self):
                        ran()

                    def test_sync(self):
                        ran()
            """
        },
    ),
    Case(
        "Every spelling of an IsolatedAsyncioTestCase is one",
        {
            "test_it.py": """
                import unittest
                import unittest as ut
                import unittest.async_case
                from unittest import IsolatedAsyncioTestCase
                from unittest import IsolatedAsyncioTestCase as AsyncCase
                from unittest.async_case import IsolatedAsyncioTestCase as Deep

                Alias = unittest.IsolatedAsyncioTestCase

                class TestDotted(unittest.IsolatedAsyncioTestCase):
                    async def test_it(self):
                        ran()

                class TestAs(ut.IsolatedAsyncioTestCase):
                    async def test_it(self):
                        ran()

                class TestName(IsolatedAsyncioTestCase):
                    async def test_it(self):
                        ran()

                class TestRenamed(AsyncCase):
                    async def test_it(self):
                        ran()

                class TestDeep(Deep):
                    async def test_it(self):
                        ran()

                class TestDeepDotted(unittest.async_case.IsolatedAsyncioTestCase):
                    async def test_it(self):
                        ran()

                class TestAlias(Alias):
                    async def test_it(self):
                        ran()
            """
        },
    ),
    Case(
        "Every spelling of a plain TestCase is one",
        {
            "test_it.py": """
                import unittest as ut
                import unittest.case
                from unittest import TestCase as Base, case
                from unittest.case import TestCase

                Alias = Other = ut.TestCase
                Annotated: type = TestCase

                class TestAs(ut.TestCase):
                    async def test_it(self):
                        ran()

                class TestRenamed(Base):
                    async def test_it(self):
                        ran()

                class TestDeep(TestCase):
                    async def test_it(self):
                        ran()

                class TestDeepDotted(unittest.case.TestCase):
                    async def test_it(self):
                        ran()

                class TestModule(case.TestCase):
                    async def test_it(self):
                        ran()

                class TestAlias(Alias):
                    async def test_it(self):
                        ran()

                class TestSecondAlias(Other):
                    async def test_it(self):
                        ran()

                class TestAnnotated(Annotated):
                    async def test_it(self):
                        ran()
            """
        },
    ),
    Case(
        "A TestCase is collected whatever its name",
        {
            "test_it.py": """
                import unittest

                class Whatever(unittest.TestCase):
                    async def test_it(self):
                        ran()

                    async def check_it(self):
                        ran()

                class whichever(unittest.IsolatedAsyncioTestCase):
                    async def test_it(self):
                        ran()
            """
        },
    ),
    Case(
        "An isolated class anywhere in the bases is enough",
        {
            "test_it.py": """
                import unittest

                class Plain(unittest.TestCase):
                    async def test_in_plain(self):
                        ran()

                class TestBoth(Plain, unittest.IsolatedAsyncioTestCase):
                    async def test_in_both(self):
                        ran()

                class Mixin:
                    async def test_in_mixin(self):
                        ran()

                class TestMixed(Mixin, unittest.IsolatedAsyncioTestCase):
                    pass

                class TestLost(Mixin, unittest.TestCase):
                    pass
            """
        },
    ),
    Case(
        "An inherited test is judged in each class that inherits it",
        {
            "test_it.py": """
                import unittest
                import pytest

                class Common:
                    async def test_it(self):
                        ran()

                class TestUnmarked(Common):
                    pass

                @pytest.mark.asyncio
                class TestMarked(Common):
                    pass

                class TestCaseOfIt(Common, unittest.TestCase):
                    pass

                class TestIsolated(Common, unittest.IsolatedAsyncioTestCase):
                    pass
            """
        },
    ),
    Case(
        "A child that overrides decides for itself",
        {
            "test_it.py": """
                import unittest

                class TestBase(unittest.TestCase):
                    async def test_overridden(self):
                        ran()

                    async def test_removed(self):
                        ran()

                    async def test_kept(self):
                        ran()

                class TestChild(TestBase):
                    def test_overridden(self):
                        ran()

                    test_removed = None
            """
        },
    ),
)
