"""Markers that reach a test on side roads: grown lists, helpers, parameters."""

from tests.conformance.case import Case

CASES = (
    Case(
        "Parameters in a constant may be marked",
        {
            "test_it.py": """
                import pytest

                PARAMS = [pytest.param(1, marks=pytest.mark.asyncio)]

                @pytest.mark.parametrize("x", PARAMS)
                async def test_it(x): ran()
            """,
        },
    ),
    Case(
        "Parameters that a function gives may be marked",
        {
            "test_it.py": """
                import pytest

                def params(): return [pytest.param(1, marks=pytest.mark.asyncio)]

                @pytest.mark.parametrize("x", params())
                async def test_it(x): ran()
            """,
        },
    ),
    Case(
        "Parameters may be marked by a helper",
        {
            "test_it.py": """
                import pytest

                def p(x): return pytest.param(x, marks=pytest.mark.asyncio)

                @pytest.mark.parametrize("x", [p(1)])
                async def test_it(x): ran()
            """,
        },
    ),
    Case(
        "Parameters may be marked by a constant of another module",
        {
            "marks.py": """
                import pytest

                ASYNC = pytest.mark.asyncio
            """,
            "test_it.py": """
                import pytest, marks

                @pytest.mark.parametrize("x", [pytest.param(1, marks=marks.ASYNC)])
                async def test_it(x): ran()
            """,
        },
    ),
    Case(
        "Parameters of a fixture may be marked",
        {
            "test_it.py": """
                import pytest

                @pytest.fixture(params=[pytest.param("a", marks=pytest.mark.asyncio)])
                def backend(request): return request.param

                async def test_it(backend): ran()
            """,
        },
    ),
    Case(
        "A marker that is inserted counts",
        {
            "test_it.py": """
                import pytest

                pytestmark = []
                pytestmark.insert(0, pytest.mark.asyncio)

                async def test_it(): ran()
            """,
        },
    ),
    Case(
        "A marker that is put into a slice counts",
        {
            "test_it.py": """
                import pytest

                pytestmark = []
                pytestmark[:0] = [pytest.mark.asyncio]

                async def test_it(): ran()
            """,
        },
    ),
    Case(
        "A marker that a loop appends counts",
        {
            "test_it.py": """
                import pytest

                pytestmark = []
                for one in (pytest.mark.asyncio,):
                    pytestmark.append(one)

                async def test_it(): ran()
            """,
        },
    ),
    Case(
        "A marker counts that is set where an import fails",
        {
            "test_it.py": """
                import pytest

                try:
                    import nothing_such

                except ImportError:
                    pytestmark = pytest.mark.asyncio

                async def test_it(): ran()
            """,
        },
    ),
    Case(
        "A marker counts that is set at last",
        {
            "test_it.py": """
                import pytest

                try:
                    pass

                finally:
                    pytestmark = pytest.mark.asyncio

                async def test_it(): ran()
            """,
        },
    ),
    Case(
        "A list of markers may grow under its other name",
        {
            "test_it.py": """
                import pytest

                pytestmark = marks = []
                marks.append(pytest.mark.asyncio)

                async def test_it(): ran()
            """,
        },
    ),
    Case(
        "A list of markers may grow before it is one",
        {
            "test_it.py": """
                import pytest

                MARKS = []
                MARKS.append(pytest.mark.asyncio)
                pytestmark = MARKS

                async def test_it(): ran()
            """,
        },
    ),
    Case(
        "A function may add to the markers of its module",
        {
            "test_it.py": """
                import pytest

                pytestmark = []

                def _add(): pytestmark.append(pytest.mark.asyncio)

                _add()

                async def test_it(): ran()
            """,
        },
    ),
    Case(
        "A function may return one marker of two",
        {
            "test_it.py": """
                import pytest, sys

                def mark():
                    if sys.version_info >= (3, 5):
                        return pytest.mark.asyncio
                    return pytest.mark.slow

                @mark()
                async def test_it(): ran()
            """,
        },
    ),
    Case(
        "A function may return a marker from within a block",
        {
            "test_it.py": """
                import pytest, sys

                def mark():
                    try:
                        return pytest.mark.asyncio
                    finally:
                        pass
                    return pytest.mark.slow

                pytestmark = mark()

                async def test_it(): ran()
            """,
        },
    ),
)
