"""Markers on parameters, by other names, looked up, set later, or misspelt."""

from tests.conformance.case import Case

CASES = (
    Case(
        "Markers in conftest and in the package mark nothing",
        {
            "tests/__init__.py": """
                import pytest

                pytestmark = pytest.mark.asyncio
            """,
            "tests/conftest.py": """
                import pytest

                pytestmark = pytest.mark.asyncio
            """,
            "tests/test_it.py": """
                async def test_it(): ran()
            """,
        },
    ),
    Case(
        "A marker on one parameter handles that parameter only",
        {
            "test_it.py": """
                import pytest

                @pytest.mark.parametrize("n", [1, pytest.param(2, marks=pytest.mark.asyncio)])
                async def test_some(n): ran()

                @pytest.mark.parametrize("n", [pytest.param(2, marks=[pytest.mark.asyncio])])
                async def test_all(n): ran()

                @pytest.mark.parametrize("n", [pytest.param(1, marks=pytest.mark.slow), 2])
                async def test_none(n): ran()
            """
        },
    ),
    Case(
        "Misspelt markers mark nothing",
        {
            "test_it.py": """
                import pytest

                @pytest.mark.asyncIO
                async def test_case(): ran()

                @pytest.mark.async_io
                async def test_underscore(): ran()

                @pytest.mark.asyncio_cooperative
                async def test_other(): ran()

                @pytest.mark.gen_test
                async def test_tornado(): ran()
            """
        },
        unknown=("test_other", "test_tornado"),
        unknown_ok="plugins that are not installed here run what bears these marks",
    ),
    Case(
        "Names that only look like the marker are not it",
        {
            "test_it.py": """
                import asyncio as aio
                import pytest as real_pytest

                class mark:
                    @staticmethod
                    def asyncio(function):
                        return function

                class pytest:
                    mark = mark

                @mark.asyncio
                async def test_local_mark(): ran()

                @pytest.mark.asyncio
                async def test_local_pytest(): ran()

                @real_pytest.mark.asyncio
                async def test_real(): ran()
            """
        },
        unknown=("test_local_mark", "test_local_pytest"),
        unknown_ok="a method of a class decorates",
    ),
    Case(
        "A parameter that hides pytest inside a function changes nothing outside",
        {
            "test_it.py": """
                import pytest

                def helper(pytest):
                    return pytest.mark

                @pytest.mark.asyncio
                async def test_marked(): ran()

                @pytest.mark.slow
                async def test_unmarked(): ran()
            """
        },
    ),
    Case(
        "A marker chosen by a condition on the machine is not decided",
        {
            "test_it.py": """
                import os
                import pytest

                looped = pytest.mark.asyncio if os.name else pytest.mark.slow

                @looped
                async def test_it(): ran()
            """
        },
    ),
    Case(
        "A marker looked up by name counts",
        {
            "test_it.py": """
                import pytest

                @getattr(pytest.mark, "asyncio")
                async def test_it(): ran()
            """
        },
    ),
    Case(
        "Several marks applied by one helper count",
        {
            "test_it.py": """
                import pytest

                def compose(*decorators):
                    def apply(function):
                        for decorator in reversed(decorators):
                            function = decorator(function)
                        return function
                    return apply

                looped = compose(pytest.mark.slow, pytest.mark.asyncio)

                @looped
                async def test_it(): ran()
            """
        },
    ),
    Case(
        "Markers set as an attribute of the function count",
        {
            "test_it.py": """
                import pytest

                async def test_it(): ran()

                test_it.pytestmark = [pytest.mark.asyncio.mark]
            """
        },
    ),
    Case(
        "A class marked after its definition is marked",
        {
            "test_it.py": """
                import pytest

                class TestIt:
                    async def test_it(self): ran()

                TestIt = pytest.mark.asyncio(TestIt)

                class TestOther:
                    async def test_it(self): ran()

                TestOther.pytestmark = pytest.mark.asyncio
            """
        },
    ),
    Case(
        "A marked class with sync tests warns and its async tests run",
        {
            "test_it.py": """
                import pytest

                @pytest.mark.asyncio
                class TestIt:
                    def test_sync(self): ran()

                    async def test_async(self): ran()
            """
        },
    ),
    Case(
        "A module's marker in a try block counts",
        {
            "test_it.py": """
                import pytest

                try:
                    import pytest_asyncio
                except ImportError:
                    pytestmark = pytest.mark.skip
                else:
                    pytestmark = pytest.mark.asyncio

                async def test_it(): ran()
            """
        },
    ),
    Case(
        "A class's marker assembled from its parent's counts",
        {
            "test_it.py": """
                import pytest

                class TestBase:
                    pytestmark = [pytest.mark.asyncio]

                    async def test_base(self): ran()

                class TestChild(TestBase):
                    pytestmark = [*TestBase.pytestmark, pytest.mark.slow]

                    async def test_child(self): ran()
            """
        },
    ),
    Case(
        "A walrus and a chained assignment bind the module's marker",
        {
            "test_walrus.py": """
                import pytest

                if (pytestmark := pytest.mark.asyncio) is not None:
                    pass

                async def test_it(): ran()
            """,
            "test_chained.py": """
                import pytest

                pytestmark = looped = pytest.mark.asyncio

                async def test_it(): ran()
            """,
            "test_unpacked.py": """
                import pytest

                looped, pytestmark = 1, pytest.mark.asyncio

                async def test_it(): ran()
            """,
        },
    ),
    Case(
        "A helper that keeps marks in a table marks",
        {
            "test_it.py": """
                import pytest

                MARKS = {"loop": pytest.mark.asyncio}

                class Marks:
                    loop = pytest.mark.asyncio
                    slow = pytest.mark.slow

                @MARKS["loop"]
                async def test_table(): ran()

                @Marks.loop
                async def test_attribute(): ran()

                @Marks.slow
                async def test_other_attribute(): ran()
            """
        },
    ),
)
