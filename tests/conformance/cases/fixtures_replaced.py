"""Async fixtures that are hidden, replaced, or not read where a test asks for their name."""

from tests.conformance.case import Case, run
from tests.conformance.cases.anyio_on_side_roads import with_anyio

CASES = (
    with_anyio(
        "The configuration gives anyio's backend to all tests",
        {
            "pytest.ini": """
                [pytest]
                usefixtures = anyio_backend
            """,
            "test_it.py": """
                import pytest

                @pytest.fixture
                async def conn():
                    ran()
                    return 1

                def test_it(conn): ran()

                async def test_other(conn): ran()
            """,
        },
    ),
    with_anyio(
        "A nested class asks the class around it for an async fixture",
        {
            "test_it.py": """
                import pytest

                class TestOuter:
                    @pytest.fixture
                    async def conn(self):
                        ran()
                        return 1
                    class TestInner:
                        @pytest.mark.anyio
                        async def test_it(self, conn): ran()
            """,
        },
    ),
    Case(
        "The class around a nested one hides a fixture of conftest",
        {
            "conftest.py": """
                import pytest

                @pytest.fixture
                async def conn():
                    ran()
            """,
            "test_it.py": """
                import pytest

                class TestOuter:
                    @pytest.fixture
                    def conn(self): return 1
                    class TestInner:
                        def test_it(self, conn): ran()

                def test_other(conn): ran()
            """,
        },
    ),
    Case(
        "A hook brings values in place of a fixture",
        {
            "conftest.py": """
                import pytest

                @pytest.fixture
                async def conn():
                    ran()

                def pytest_generate_tests(metafunc):
                    if 'conn' in metafunc.fixturenames:
                        metafunc.parametrize('conn', [1])
            """,
            "test_it.py": "def test_it(conn): ran()\n",
        },
    ),
    Case(
        "A hook of the test file brings values in place of a fixture",
        {
            "conftest.py": """
                import pytest

                @pytest.fixture
                async def conn():
                    ran()
            """,
            "test_it.py": """
                def pytest_generate_tests(metafunc):
                    if 'conn' in metafunc.fixturenames:
                        metafunc.parametrize('conn', [1])

                def test_it(conn): ran()
            """,
        },
    ),
    Case(
        "A fixture whose name is a constant hides nothing under its function's",
        {
            "conftest.py": """
                import pytest

                @pytest.fixture
                def conn(): return 1
            """,
            "test_it.py": """
                import pytest

                NAME = "other"

                @pytest.fixture(name=NAME)
                async def conn():
                    ran()

                def test_it(conn): ran()

                def test_other(other): ran()
            """,
        },
    ),
    Case(
        "A fixture is imported under the name of another",
        {
            "fixes.py": """
                import pytest

                @pytest.fixture
                async def conn():
                    ran()

                @pytest.fixture
                def other(): return 1
            """,
            "test_it.py": """
                from fixes import other as conn

                def test_it(conn): ran()
            """,
        },
    ),
    Case(
        "A conftest file above the configuration is not read",
        {
            "conf/pytest.ini": "[pytest]\n",
            "conftest.py": """
                import pytest

                @pytest.fixture(autouse=True)
                async def conn():
                    ran()
            """,
            "tox.ini": """
                [testenv]
                commands = pytest -c conf/pytest.ini tests
            """,
            "tests/test_it.py": """
                def test_it():
                    ran()
            """,
        },
        invocations=(run("-c", "conf/pytest.ini", "tests"),),
    ),
    Case(
        "A fixture of a class hides the one that it inherits",
        {
            "test_it.py": """
                import pytest

                class Base:
                    @pytest.fixture
                    async def conn(self):
                        ran()

                class TestIt(Base):
                    @pytest.fixture
                    def conn(self): return 1
                    def test_it(self, conn): ran()
            """,
        },
    ),
    Case(
        "A class does without a fixture that it would inherit",
        {
            "test_it.py": """
                import pytest

                class Base:
                    @pytest.fixture(autouse=True)
                    async def conn(self):
                        ran()

                class TestIt(Base):
                    conn = None
                    def test_it(self): ran()
            """,
        },
    ),
    Case(
        "A fixture is deleted again",
        {
            "test_it.py": """
                import pytest

                @pytest.fixture(autouse=True)
                async def conn():
                    ran()

                del conn

                def test_it(): ran()
            """,
        },
    ),
    Case(
        "A plain function takes the place of a fixture",
        {
            "test_it.py": """
                import pytest

                @pytest.fixture(autouse=True)
                async def conn():
                    ran()

                def conn(): pass

                def test_it(): ran()
            """,
        },
    ),
    Case(
        "A fixture is defined twice, at last without async",
        {
            "test_it.py": """
                import pytest

                @pytest.fixture(autouse=True)
                async def conn():
                    ran()

                @pytest.fixture(autouse=True)
                def conn(): return 1

                def test_it(): ran()
            """,
        },
    ),
    Case(
        "An autouse fixture is hidden by one that is not",
        {
            "conftest.py": """
                import pytest

                @pytest.fixture(autouse=True)
                async def conn():
                    ran()
            """,
            "test_it.py": """
                import pytest

                @pytest.fixture
                def conn(): return 1

                def test_it(): ran()
            """,
        },
    ),
    Case(
        "Parameters replace a fixture by every kind of mark",
        {
            "test_it.py": """
                import pytest

                @pytest.fixture
                async def conn():
                    ran()

                with_conn = pytest.mark.parametrize("conn", [1])

                @with_conn
                def test_it(conn): ran()

                @pytest.mark.parametrize(argnames="conn,other", argvalues=[(1, 2)])
                def test_two(conn, other): ran()

                NAMES = "conn"

                @pytest.mark.parametrize(NAMES, [1])
                def test_three(conn): ran()

                @pytest.mark.parametrize(("conn",), [(1,)])
                class TestIt:
                    def test_four(self, conn): ran()
            """,
        },
    ),
    Case(
        "Parameters replace a fixture unless they are for it",
        {
            "test_it.py": """
                import pytest

                @pytest.fixture
                async def conn(request):
                    ran()

                @pytest.mark.parametrize("conn,other", [(1, 2)], indirect=["other"])
                def test_it(conn, other): ran()

                @pytest.fixture
                def other(request): return request.param

                @pytest.mark.parametrize("conn", [1], indirect=False)
                def test_two(conn): ran()
            """,
        },
    ),
    Case(
        "A wrapper asks for no fixture",
        {
            "test_it.py": """
                import pytest, functools

                @pytest.fixture
                async def conn():
                    ran()

                def without(fn):
                    def test(): return fn(1)
                    return test

                @without
                def test_it(conn): ran()
            """,
        },
    ),
    Case(
        "No conftest file is read at all",
        {
            "pytest.ini": """
                [pytest]
                addopts = --noconftest
            """,
            "conftest.py": """
                import pytest

                @pytest.fixture(autouse=True)
                async def conn():
                    ran()
            """,
            "test_it.py": """
                def test_it():
                    ran()
            """,
        },
    ),
)
