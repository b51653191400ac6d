"""Tests that pytest refuses because nothing sets up an async fixture that they get."""

from tests.conformance.case import Case

NUMBER = """
    import pytest

    @pytest.fixture
    async def number():
        ran()
        return 3
"""

CASES = (
    Case(
        "Every road from a test to an async fixture of conftest",
        {
            "conftest.py": NUMBER
            + """
    @pytest.fixture
    def basket(number):
        return [number]

    @pytest.fixture
    def late(request):
        return request.getfixturevalue("number")
""",
            "test_argument.py": """
                def test_it(number): ran()
            """,
            "test_mark.py": """
                import pytest

                pytestmark = pytest.mark.usefixtures("number")

                def test_it(): ran()
            """,
            "test_chain.py": """
                def test_it(basket): ran()
            """,
            "test_late.py": """
                class TestIt:
                    def test_it(self, late): ran()
            """,
            "test_indirect.py": """
                import pytest

                @pytest.mark.parametrize("number", [1], indirect=True)
                def test_it(number): ran()
            """,
            "test_keyword.py": """
                def test_it(*, number): ran()
            """,
            "test_async.py": """
                import pytest

                @pytest.mark.asyncio
                async def test_it(number): ran()
            """,
        },
    ),
    Case(
        "Roads that end before the async fixture of conftest",
        {
            "conftest.py": NUMBER
            + """
    @pytest.fixture
    def basket(number):
        return [number]
""",
            "test_it.py": """
                import pytest
                from unittest.mock import patch

                def test_none(): ran()

                @pytest.mark.parametrize("number", [1, 2])
                def test_direct(number, basket): ran()

                @pytest.mark.parametrize(("number", "other"), [(1, 2)], indirect=["other"])
                def test_partly(number, other): ran()

                @pytest.fixture
                def other(request):
                    return request.param

                @patch("os.sep")
                def test_patched(number): ran()

                def test_default(number=4): ran()

                def test_branch(request):
                    ran()
                    if request is None:
                        request.getfixturevalue("number")

                class TestOverridden:
                    @pytest.fixture
                    def number(self):
                        return 5

                    def test_it(self, number, basket): ran()
            """,
            "test_renamed.py": """
                import pytest

                @pytest.fixture(name="number")
                def own_number():
                    return 6

                def test_it(number, basket): ran()
            """,
            "test_star.py": """
                from replaced import *

                def test_it(number, basket): ran()
            """,
            "replaced.py": """
                import pytest

                @pytest.fixture
                def number():
                    return 7
            """,
            "test_case.py": """
                import unittest

                class TestIt(unittest.TestCase):
                    def test_it(self, number=3): ran()
            """,
        },
    ),
    Case(
        "An autouse fixture of conftest is refused to the tests of every class",
        {
            "conftest.py": """
                import pytest

                @pytest.fixture(autouse=True)
                async def prepare():
                    ran()
                    yield
            """,
            "test_function.py": "def test_it(): ran()\n",
            "test_method.py": """
                class TestIt:
                    def test_it(self): ran()
            """,
            "test_case.py": """
                import unittest

                class TestIt(unittest.TestCase):
                    def test_it(self): ran()
            """,
            "test_async_case.py": """
                import unittest

                class TestIt(unittest.IsolatedAsyncioTestCase):
                    async def test_it(self): ran()
            """,
        },
    ),
    Case(
        "A fixture imported by name is refused to the tests that import it",
        {
            "shop_fixtures.py": NUMBER,
            "test_it.py": """
                from shop_fixtures import number

                def test_it(number): ran()
            """,
        },
        unknown_ok="the fixture itself is in a file that is neither test file nor conftest",
        unknown=("number",),
    ),
    Case(
        "anyio's tests get a fixture that others are refused",
        {
            "conftest.py": NUMBER,
            "test_it.py": """
                import pytest

                @pytest.mark.anyio
                async def test_handled(number): ran()

                def test_with_backend(anyio_backend, number): ran()
            """,
            "test_other.py": """
                def test_refused(number): ran()
            """,
        },
        plugins=frozenset({"asyncio", "anyio"}),
    ),
    Case(
        "A fixture of conftest that only anyio's tests in other files get",
        {
            "conftest.py": NUMBER
            + """
    @pytest.fixture(autouse=True)
    async def prepare():
        ran()
        yield
""",
            "tests/test_it.py": """
                import pytest

                pytestmark = pytest.mark.anyio

                async def test_it(number): ran()
            """,
        },
        plugins=frozenset({"asyncio", "anyio"}),
    ),
)
