"""Marks that pytest refuses, or warns of, and marks where no mark is needed."""

from tests.conformance.case import Case, run

ON = (run("--continue-on-collection-errors"),)

CASES = (
    Case(
        "A marker on a synchronous test only makes the plugin warn",
        {
            "test_it.py": """
                import asyncio
                import functools
                import pytest

                def blocking(function):
                    @functools.wraps(function)
                    def wrapper(*args, **kwargs):
                        return asyncio.run(function(*args, **kwargs))
                    return wrapper

                @pytest.mark.asyncio
                def test_plain():
                    ran()

                @pytest.mark.asyncio
                @blocking
                async def test_wrapped():
                    ran()

                @blocking
                @pytest.mark.asyncio
                async def test_marked_below():
                    ran()

                @pytest.mark.asyncio
                async def test_async():
                    ran()

                class TestIt:
                    @pytest.mark.asyncio(loop_scope="class")
                    def test_method(self):
                        ran()
            """
        },
        repairable=True,
    ),
    Case(
        "A synchronous test that returns a coroutine is lost, marked or not",
        {
            "test_it.py": """
                import pytest

                async def body():
                    ran()

                @pytest.mark.asyncio
                def test_returning():
                    return body()

                @pytest.mark.asyncio
                async def test_async():
                    await body()
                    ran()
            """
        },
    ),
    Case(
        "pytestmark as a tuple stops collection",
        {
            "test_it.py": """
                import pytest

                pytestmark = (pytest.mark.asyncio, pytest.mark.filterwarnings("error"))

                async def test_it():
                    ran()
            """,
            "test_beside_it.py": """
                import pytest

                pytestmark = (pytest.mark.asyncio)

                async def test_it():
                    ran()
            """,
        },
        repairable=True,
        invocations=ON,
    ),
    Case(
        "pytestmark as a tuple in a class stops collection",
        {
            "test_it.py": """
                import pytest

                class TestIt:
                    pytestmark = pytest.mark.asyncio,

                    async def test_it(self):
                        ran()
            """,
            "test_beside_it.py": """
                import pytest

                @pytest.mark.asyncio
                async def test_it():
                    ran()
            """,
        },
        repairable=True,
        invocations=ON,
    ),
    Case(
        "pytestmark as text stops collection",
        {
            "test_list.py": """
                pytestmark = ["asyncio"]

                async def test_it():
                    ran()
            """,
            "test_text.py": """
                pytestmark = "asyncio"

                async def test_it():
                    ran()
            """,
            "test_beside_it.py": """
                import pytest

                @pytest.mark.asyncio
                async def test_it():
                    ran()
            """,
        },
        repairable=True,
        invocations=ON,
    ),
    Case(
        "A tuple under pytestmark that is replaced in time does no harm",
        {
            "test_it.py": """
                import pytest

                pytestmark = (pytest.mark.asyncio,)
                pytestmark = [*pytestmark]

                async def test_it():
                    ran()
            """
        },
    ),
    Case(
        "Arguments that the marker does not take stop collection",
        {
            "test_name.py": """
                import pytest

                @pytest.mark.asyncio(loop="session")
                async def test_it():
                    ran()
            """,
            "test_position.py": """
                import pytest

                @pytest.mark.asyncio("module")
                async def test_it():
                    ran()
            """,
            "test_value.py": """
                import pytest

                pytestmark = pytest.mark.asyncio(loop_scope="modul")

                async def test_it():
                    ran()
            """,
            "test_both.py": """
                import pytest

                @pytest.mark.asyncio(scope="module", loop_scope="module")
                class TestIt:
                    async def test_it(self):
                        ran()
            """,
            "test_beside_it.py": """
                import pytest

                @pytest.mark.asyncio(loop_scope="module")
                async def test_it():
                    ran()
            """,
        },
        invocations=ON,
    ),
    Case(
        "The marker's old argument for the loop's scope still works",
        {
            "test_it.py": """
                import pytest

                pytestmark = pytest.mark.asyncio(scope="module")

                async def test_it():
                    ran()

                @pytest.mark.asyncio(scope="function")
                async def test_own():
                    ran()
            """
        },
        repairable=True,
    ),
    Case(
        "A mark above staticmethod or classmethod",
        {
            "test_it.py": """
                import pytest

                class TestIt:
                    @pytest.mark.asyncio
                    @staticmethod
                    async def test_above_static():
                        ran()

                    @staticmethod
                    @pytest.mark.asyncio
                    async def test_below_static():
                        ran()

                    @pytest.mark.usefixtures()
                    @pytest.mark.asyncio
                    @classmethod
                    async def test_above_class(cls):
                        ran()

                    @classmethod
                    @pytest.mark.asyncio
                    async def test_below_class(cls):
                        ran()

                class TestMarked:
                    pytestmark = pytest.mark.asyncio

                    @pytest.mark.usefixtures()
                    @staticmethod
                    async def test_above_static():
                        ran()

                    @pytest.mark.usefixtures()
                    @classmethod
                    async def test_above_class(cls):
                        ran()

                    @classmethod
                    async def test_class(cls):
                        ran()
            """
        },
    ),
    Case(
        "Only the closest marker's arguments are looked at",
        {
            "test_it.py": """
                import pytest

                pytestmark = pytest.mark.asyncio(loop="session")

                @pytest.mark.asyncio
                async def test_it():
                    ran()

                def test_plain():
                    ran()
            """
        },
    ),
    Case(
        "A mark on a sync test in a file that an older version stops at",
        {
            "test_it.py": """
                import pytest

                @pytest.mark.asyncio
                def test_sync(): ran()

                @pytest.mark.asyncio(loop_scope="class")
                async def test_it(): ran()
            """,
            "test_other.py": """
                async def test_unmarked(): ran()
            """,
        },
        invocations=(run("--continue-on-collection-errors"),),
    ),
)
