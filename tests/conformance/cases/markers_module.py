"""Markers of a whole module: every way to bind `pytestmark`."""

from tests.conformance.case import Case

CASES = (
    Case(
        "A module's marker counts as a single mark",
        {
            "test_it.py": """
                import pytest

                pytestmark = pytest.mark.asyncio

                async def test_it(): ran()

                class TestIt:
                    async def test_it(self): ran()
            """
        },
    ),
    Case(
        "A module's marker counts in a list with others",
        {
            "test_it.py": """
                import pytest

                pytestmark = [
                    pytest.mark.usefixtures("tmp_path"),
                    pytest.mark.asyncio(loop_scope="module"),
                ]

                async def test_it(): ran()
            """
        },
    ),
    Case(
        "A module's marker counts when it is annotated",
        {
            "test_it.py": """
                import pytest

                pytestmark: pytest.MarkDecorator = pytest.mark.asyncio

                async def test_it(): ran()
            """
        },
    ),
    Case(
        "A module's marker counts when it is added to a list",
        {
            "test_it.py": """
                import pytest

                pytestmark = [pytest.mark.slow]
                pytestmark += [pytest.mark.asyncio]

                async def test_it(): ran()
            """
        },
    ),
    Case(
        "A module's marker counts when it is appended",
        {
            "test_it.py": """
                import pytest

                pytestmark = []
                pytestmark.append(pytest.mark.asyncio)

                async def test_it(): ran()
            """
        },
    ),
    Case(
        "A module's marker counts at the end of the file",
        {
            "test_it.py": """
                import pytest

                async def test_it(): ran()

                pytestmark = pytest.mark.asyncio
            """
        },
    ),
    Case(
        "A module's marker counts under a condition that holds",
        {
            "test_it.py": """
                import sys
                import pytest

                if sys.version_info >= (3, 8):
                    pytestmark = pytest.mark.asyncio

                async def test_it(): ran()
            """
        },
    ),
    Case(
        "A module's marker may be bound to a name first",
        {
            "test_it.py": """
                import pytest

                needs_loop = pytest.mark.asyncio
                all_marks = [needs_loop, pytest.mark.slow]
                pytestmark = all_marks

                async def test_it(): ran()
            """
        },
    ),
    Case(
        "Module markers may be a concatenation of lists",
        {
            "test_it.py": """
                import pytest

                common = [pytest.mark.slow]
                pytestmark = common + [pytest.mark.asyncio]

                async def test_it(): ran()
            """
        },
    ),
    Case(
        "Module markers may be unpacked into a list",
        {
            "test_it.py": """
                import pytest

                common = [pytest.mark.asyncio]
                pytestmark = [*common, pytest.mark.slow]

                async def test_it(): ran()
            """
        },
    ),
    Case(
        "A marker imported from another module counts",
        {
            "common.py": """
                import pytest

                pytestmark = pytest.mark.asyncio
                in_loop = pytest.mark.asyncio
                all_marks = [pytest.mark.slow, in_loop]
            """,
            "test_name.py": """
                from common import pytestmark

                async def test_it(): ran()
            """,
            "test_star.py": """
                from common import *

                async def test_it(): ran()
            """,
            "test_decorator.py": """
                import common
                from common import in_loop as looped

                @common.in_loop
                async def test_dotted(): ran()

                @looped
                async def test_named(): ran()

                async def test_neither(): ran()
            """,
            "test_assigned.py": """
                import common

                pytestmark = common.all_marks

                async def test_it(): ran()
            """,
            "test_not_bound.py": """
                import common

                async def test_it(): ran()
            """,
        },
    ),
    Case(
        "An annotation without a value marks nothing",
        {
            "test_it.py": """
                import pytest

                pytestmark: pytest.mark.asyncio

                async def test_it(): ran()
            """
        },
    ),
    Case(
        "The last assignment of the module's marker wins",
        {
            "test_it.py": """
                import pytest

                pytestmark = pytest.mark.asyncio

                async def test_it(): ran()

                pytestmark = pytest.mark.slow
            """
        },
    ),
    Case(
        "A module's marker that is deleted again marks nothing",
        {
            "test_it.py": """
                import pytest

                pytestmark = pytest.mark.asyncio
                del pytestmark

                async def test_it(): ran()
            """
        },
    ),
    Case(
        "A module's marker inside a function marks nothing",
        {
            "test_it.py": """
                import pytest

                def setup_module():
                    pytestmark = pytest.mark.asyncio

                async def test_it(): ran()
            """
        },
    ),
    Case(
        "A tuple of module markers is a collection error",
        {
            "test_it.py": """
                import pytest

                pytestmark = (pytest.mark.asyncio,)

                async def test_it(): ran()
            """
        },
        unjudged="the file is not collected at all",
    ),
    Case(
        "A string among the module's markers is a collection error",
        {
            "test_it.py": """
                pytestmark = ["asyncio"]

                async def test_it(): ran()
            """
        },
        unjudged="the file is not collected at all",
    ),
)
