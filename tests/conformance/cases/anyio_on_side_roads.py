"""Roads on which anyio's `anyio_backend` reaches tests that bear no marker."""

from tests.conformance.case import Case


def with_anyio(name: str, files: dict[str, str]) -> Case:
    declared = {"requirements.txt": "anyio\npytest\n", **files}
    return Case(
        name,
        declared,
        plugins=frozenset({"anyio"}),
    )


CASES = (
    with_anyio(
        "An inherited test gets the autouse fixtures of the file that it is collected from",
        {
            "base.py": """
                class Base:
                    async def test_it(self):
                        ran()
            """,
            "test_it.py": """
                import pytest
                from base import Base

                @pytest.fixture(autouse=True)
                def backend(anyio_backend): return anyio_backend

                class TestIt(Base): pass
            """,
        },
    ),
    with_anyio(
        "An inherited test asks the file that it is collected from",
        {
            "base.py": """
                class Base:
                    async def test_it(self, backend):
                        ran()
            """,
            "test_it.py": """
                import pytest
                from base import Base

                @pytest.fixture
                def backend(anyio_backend): return anyio_backend

                class TestIt(Base): pass
            """,
        },
    ),
    with_anyio(
        "A nested class gets the autouse fixtures of the class around it",
        {
            "test_it.py": """
                import pytest

                class TestOuter:
                    @pytest.fixture(autouse=True)
                    def backend(self, anyio_backend): return anyio_backend
                    class TestInner:
                        async def test_it(self): ran()
            """,
        },
    ),
    with_anyio(
        "A nested class gets the fixtures of the class around it",
        {
            "test_it.py": """
                import pytest

                class TestOuter:
                    @pytest.fixture
                    def backend(self, anyio_backend): return anyio_backend
                    class TestInner:
                        async def test_it(self, backend): ran()
            """,
        },
    ),
    with_anyio(
        "Fixtures that are used may be named by a constant",
        {
            "test_it.py": """
                import pytest

                NAMES = ["anyio_backend"]

                @pytest.mark.usefixtures(*NAMES)
                async def test_it(): ran()

                NAME = "anyio_backend"

                @pytest.mark.usefixtures(NAME)
                async def test_other(): ran()
            """,
        },
    ),
    with_anyio(
        "Fixtures of anyio itself bring its backend along",
        {
            "test_it.py": "async def test_it(anyio_backend_name): ran()\n",
        },
    ),
    with_anyio(
        "A fixture's decorator may be prepared by functools.partial",
        {
            "test_it.py": """
                import functools, pytest

                auto = functools.partial(pytest.fixture, autouse=True)

                @auto()
                def backend(anyio_backend): return anyio_backend

                async def test_it(): ran()
            """,
        },
    ),
    with_anyio(
        "A fixture's decorator may be called elsewhere",
        {
            "test_it.py": """
                import functools, pytest

                auto = pytest.fixture(autouse=True)

                @auto
                def backend(anyio_backend): return anyio_backend

                async def test_it(): ran()
            """,
        },
    ),
    with_anyio(
        "A fixture's name may be a constant",
        {
            "test_it.py": """
                import functools, pytest

                NAME = "backend"

                @pytest.fixture(name=NAME)
                def _backend(anyio_backend): return anyio_backend

                async def test_it(backend): ran()
            """,
        },
    ),
    with_anyio(
        "A fixture's arguments may be a dictionary",
        {
            "test_it.py": """
                import functools, pytest

                OPTIONS = {"autouse": True}

                @pytest.fixture(**OPTIONS)
                def _backend(anyio_backend): return anyio_backend

                async def test_it(): ran()
            """,
        },
    ),
    with_anyio(
        "A fixture that is made by a call is autouse",
        {
            "test_it.py": """
                import functools, pytest

                def _backend(anyio_backend): return anyio_backend

                backend = pytest.fixture(autouse=True)(_backend)

                async def test_it(): ran()
            """,
        },
    ),
    with_anyio(
        "A fixture that a function makes is autouse",
        {
            "test_it.py": """
                import functools, pytest

                def make():
                    @pytest.fixture(autouse=True)
                    def backend(anyio_backend): return anyio_backend
                    return backend

                backend = make()

                async def test_it(): ran()
            """,
        },
    ),
    with_anyio(
        "A fixture that a function of another file makes",
        {
            "fixes.py": """
                import pytest

                def make():
                    @pytest.fixture
                    def backend(anyio_backend): return anyio_backend
                    return backend
            """,
            "test_it.py": """
                from fixes import make

                backend = make()

                async def test_it(backend): ran()
            """,
        },
    ),
    with_anyio(
        "A fixture that is assigned from another module is autouse",
        {
            "fixes.py": """
                import pytest

                @pytest.fixture(autouse=True)
                def backend(anyio_backend): return anyio_backend
            """,
            "test_it.py": """
                import fixes

                backend = fixes.backend

                async def test_it(): ran()
            """,
        },
    ),
    with_anyio(
        "A fixture that a test file imports is autouse",
        {
            "fixes.py": """
                import pytest

                @pytest.fixture(autouse=True)
                def backend(anyio_backend): return anyio_backend
            """,
            "test_it.py": """
                from fixes import backend

                async def test_it(): ran()
            """,
        },
    ),
    with_anyio(
        "A fixture that a star brings is autouse",
        {
            "fixes.py": """
                import pytest

                @pytest.fixture(autouse=True)
                def backend(anyio_backend): return anyio_backend
            """,
            "test_it.py": """
                from fixes import *

                async def test_it(): ran()
            """,
        },
    ),
    with_anyio(
        "A fixture that conftest imports is autouse",
        {
            "fixes.py": """
                import pytest

                @pytest.fixture(autouse=True)
                def backend(anyio_backend): return anyio_backend
            """,
            "conftest.py": "from fixes import backend\n",
            "test_it.py": """
                async def test_it():
                    ran()
            """,
        },
    ),
)
