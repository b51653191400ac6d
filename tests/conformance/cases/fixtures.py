"""Async fixtures: handled, refused, or asked for by name."""

from tests.conformance.case import AUTO, Case

FIXTURES = """
    import pytest

    @pytest.fixture
    async def number():
        ran()
        return 3

    @pytest.fixture
    async def connection():
        ran()
        yield 4
"""
USERS = """
    import pytest

    @pytest.mark.asyncio
    async def test_number(number):
        ran()

    @pytest.mark.asyncio
    async def test_connection(connection):
        ran()
"""

CASES = (
    Case(
        "pytest's own fixture decorator on async functions is refused in strict mode",
        {"conftest.py": FIXTURES, "test_it.py": USERS},
    ),
    Case(
        "pytest's own fixture decorator on async functions is handled in auto mode",
        {"pytest.ini": AUTO, "conftest.py": FIXTURES, "test_it.py": USERS},
    ),
    Case(
        "Sync tests are refused async fixtures as well",
        {
            "test_it.py": """
                import pytest

                @pytest.fixture
                async def number():
                    ran()
                    return 3

                def test_it(number):
                    ran()
            """
        },
    ),
    Case(
        "Every form of pytest-asyncio's fixture is handled in strict mode",
        {
            "test_it.py": """
                import pytest
                import pytest_asyncio
                import pytest_asyncio as aio
                from pytest_asyncio import fixture
                from pytest_asyncio import fixture as async_fixture

                local = pytest_asyncio.fixture

                @pytest_asyncio.fixture
                async def plain(): ran()

                @pytest_asyncio.fixture()
                async def called():
                    ran()
                    yield

                @pytest_asyncio.fixture(scope="module", loop_scope="module")
                async def scoped(): ran()

                @aio.fixture
                async def by_as(): ran()

                @fixture
                async def by_name(): ran()

                @async_fixture(name="renamed")
                async def by_other_name(): ran()

                @local
                async def by_local(): ran()

                @pytest.mark.asyncio
                async def test_it(plain, called, by_as, by_name, renamed, by_local):
                    ran()

                @pytest.mark.asyncio(loop_scope="module")
                async def test_scoped(scoped):
                    ran()

                def test_sync(plain, renamed):
                    ran()
            """
        },
    ),
    Case(
        "Every spelling of pytest's fixture is refused in strict mode",
        {
            "test_it.py": """
                import pytest
                import pytest as pt
                from pytest import fixture
                from pytest import fixture as fix

                @pytest.fixture()
                async def called(): ran()

                @pytest.fixture(scope="module")
                async def scoped(): ran()

                @pt.fixture
                async def by_as(): ran()

                @fixture
                async def by_name(): ran()

                @fix(name="renamed")
                async def by_other_name(): ran()

                @pytest.fixture(params=[1, 2])
                async def with_params(request): ran()

                def test_called(called): ran()

                def test_scoped(scoped): ran()

                def test_as(by_as): ran()

                def test_name(by_name): ran()

                def test_renamed(renamed): ran()

                def test_params(with_params): ran()
            """
        },
    ),
    Case(
        "An autouse fixture is refused for every test",
        {
            "test_it.py": """
                import pytest

                @pytest.fixture(autouse=True)
                async def prepare():
                    ran()
                    yield

                @pytest.mark.asyncio
                async def test_async():
                    ran()
            """
        },
    ),
    Case(
        "Fixtures asked for by name are refused as well",
        {
            "conftest.py": FIXTURES,
            "test_it.py": """
                import pytest

                @pytest.mark.usefixtures("number")
                def test_used():
                    ran()

                class TestIt:
                    def test_asked(self, request):
                        ran()
                        request.getfixturevalue("connection")
            """,
        },
    ),
    Case(
        "A fixture that goes through a sync fixture is refused",
        {
            "test_it.py": """
                import pytest

                @pytest.fixture
                async def inner():
                    ran()

                @pytest.fixture
                def outer(inner):
                    return inner

                def test_it(outer):
                    ran()
            """
        },
    ),
    Case(
        "Methods are fixtures too",
        {
            "test_it.py": """
                import pytest
                import pytest_asyncio

                class TestIt:
                    @pytest.fixture
                    async def refused(self):
                        ran()

                    @pytest_asyncio.fixture
                    async def handled(self):
                        ran()

                    @pytest.mark.asyncio
                    async def test_refused(self, refused):
                        ran()

                    @pytest.mark.asyncio
                    async def test_handled(self, handled):
                        ran()
            """
        },
    ),
    Case(
        "A fixture in conftest is judged by the tests below it",
        {
            "tests/conftest.py": FIXTURES,
            "tests/unit/test_it.py": USERS,
            "tests/unit/conftest.py": """
                import pytest_asyncio

                @pytest_asyncio.fixture
                async def number():
                    ran()
                    return 5
            """,
        },
    ),
)
