"""An async fixture runs in another event loop than the test that gets its value.

## What it finds

Async fixtures of pytest-asyncio (0.24 and later) whose loop is not that of the async tests that
get them: a wider scope or `loop_scope` than the tests', or a narrower one. Reported at the fixture
if it is in the same file, else at the first test that gets it. A fixture that gives no value is
left alone. Also fixtures that outlive their loop (`scope="module"` with `loop_scope="function"`).

## Why it matters

What was made in one loop often does not work in another: connections, sessions, servers and
tasks end in "attached to a different loop", or hang. Where nothing shows that the value
keeps its loop, this is a notice. A fixture that outlives its loop is refused: ScopeMismatch.

## Fix

Unsafe: the tests' own marks get the fixture's `loop_scope`, where all are in one file.
"""

from collections.abc import Iterator

from bot.analysis.checked_file import CheckedFile
from bot.analysis.finding import Finding, Severity
from bot.analysis.fix import Fix, Safety
from bot.analysis.fixes.loop_scope_fix import loop_scope_edits
from bot.analysis.fixtures.fixtures import Fixture
from bot.analysis.handling.loop_mismatches import Mismatch
from bot.analysis.rule import Bad, Good, Rule

rule = Rule(
    __name__,
    __doc__,
    code="AWT306",
    severity=Severity.FAILURE,
    examples=[
        Bad(
            """
            import aiohttp
            import pytest
            import pytest_asyncio

            @pytest_asyncio.fixture(scope="module")
            async def session():  # error
                async with aiohttp.ClientSession() as session:
                    yield session

            @pytest.mark.asyncio
            async def test_one(session):
                assert await session.get("/")

            @pytest.mark.asyncio()
            async def test_two(session):
                assert await session.get("/")
            """,
            fixed="""
            import aiohttp
            import pytest
            import pytest_asyncio

            @pytest_asyncio.fixture(scope="module")
            async def session():
                async with aiohttp.ClientSession() as session:
                    yield session

            @pytest.mark.asyncio(loop_scope="module")
            async def test_one(session):
                assert await session.get("/")

            @pytest.mark.asyncio(loop_scope="module")
            async def test_two(session):
                assert await session.get("/")
            """,
            safety=Safety.UNSAFE,
            says="keeps its loop",
        ),
        Bad(
            {
                "conftest.py": """
                    import pytest_asyncio

                    @pytest_asyncio.fixture(scope="session")
                    async def shop():
                        yield open_shop()
                """,
                "test_shop.py": """
                    import pytest

                    pytestmark = pytest.mark.asyncio

                    async def test_nothing():
                        pass

                    async def test_shop(shop):  # error
                        assert shop

                    async def test_shop_again(shop):
                        assert shop
                """,
            },
            says="of conftest.py",
        ),
        Bad(
            """
            import pytest
            import pytest_asyncio

            def looped(function):
                return pytest.mark.asyncio(function)

            @pytest_asyncio.fixture(scope="module")
            async def shop():  # error
                return open_shop()

            @looped
            async def test_shop(shop):
                assert shop
            """,
        ),
        Bad(
            {
                "pytest.ini": (
                    "[pytest]\nasyncio_mode = auto\nasyncio_default_test_loop_scope = session\n"
                ),
                "test_shop.py": """
                    import pytest

                    @pytest.fixture
                    async def shop():  # error
                        return open_shop()

                    async def test_shop(shop):
                        assert shop
                """,
            },
            says="the loop of its function",
        ),
        Bad(
            """
            import pytest
            import pytest_asyncio

            @pytest_asyncio.fixture(scope="session")
            async def engine():  # error
                return make_engine()

            @pytest_asyncio.fixture
            async def connection(engine):
                return engine.connect()

            @pytest.fixture
            def shop(connection):
                return connection

            @pytest.mark.asyncio
            async def test_shop(shop):
                assert shop
            """,
        ),
        Bad(
            """
            import pytest_asyncio

            @pytest_asyncio.fixture(scope="module", loop_scope="function")
            async def shop():  # error
                yield
            """,
            says="ScopeMismatch",
        ),
        Bad(
            {
                "pytest.ini": "[pytest]\nasyncio_default_fixture_loop_scope = function\n",
                "conftest.py": """
                    import pytest_asyncio

                    @pytest_asyncio.fixture(scope="session")
                    async def shop():  # error
                        yield
                """,
            },
            says="ScopeMismatch",
        ),
        Good(
            """
            import pytest
            import pytest_asyncio

            @pytest_asyncio.fixture
            async def shop():
                return open_shop()

            @pytest_asyncio.fixture(scope="module")
            async def wide():
                return open_shop()

            @pytest_asyncio.fixture(scope="module")
            async def migrated():
                yield

            @pytest_asyncio.fixture(scope="module", loop_scope="session")
            async def far():
                return open_shop()

            @pytest.mark.asyncio
            async def test_shop(shop, migrated):
                assert shop

            @pytest.mark.asyncio(loop_scope="module")
            async def test_wide(wide):
                assert wide

            @pytest.mark.asyncio(loop_scope="session")
            async def test_far(far):
                assert far

            def test_sync(wide):
                assert wide
            """,
            because="these have one loop, or nothing that could keep it",
        ),
        Good(
            {
                "pytest.ini": "[pytest]\nasyncio_default_test_loop_scope = session\n"
                "asyncio_default_fixture_loop_scope = session\n",
                "test_shop.py": """
                    import pytest
                    import pytest_asyncio

                    @pytest_asyncio.fixture(scope="module")
                    async def shop():
                        return open_shop()

                    @pytest.mark.asyncio
                    async def test_shop(shop):
                        assert shop
                """,
            },
            because="the configuration gives both one loop",
        ),
        Good(
            {
                "conftest.py": """
                    import pytest

                    def pytest_collection_modifyitems(items):
                        for item in items:
                            item.add_marker(pytest.mark.asyncio(loop_scope="session"))
                """,
                "test_shop.py": """
                    import pytest
                    import pytest_asyncio

                    @pytest_asyncio.fixture(scope="session")
                    async def shop():
                        return open_shop()

                    @pytest.mark.asyncio
                    async def test_shop(shop):
                        assert shop
                """,
            },
            because="a hook may give the tests another loop",
        ),
        Good(
            {
                "requirements.txt": "pytest-asyncio==0.21.2\n",
                "test_shop.py": """
                    import pytest
                    import pytest_asyncio

                    @pytest_asyncio.fixture(scope="module")
                    async def shop():
                        return open_shop()

                    @pytest.mark.asyncio
                    async def test_shop(shop):
                        assert shop
                """,
            },
            because="before 0.24 the fixture `event_loop` decided",
        ),
        Bad(
            """
            import pytest
            import pytest_asyncio
            from shop import Sale, Till, first, open_sale, open_shop, open_till, second

            @pytest_asyncio.fixture(scope="module")
            async def tills() -> list[Till]:  # error
                return [open_till()]

            @pytest_asyncio.fixture(scope="module")
            async def till():  # error
                return first + second

            @pytest_asyncio.fixture(scope="module")
            async def shop():  # error
                made = opened = open_shop()
                return made

            @pytest_asyncio.fixture(scope="module")
            async def sale() -> Sale:  # error
                return open_sale()

            @pytest_asyncio.fixture(scope="module")
            async def opened():  # error
                with open_till() as opened:
                    yield opened

            @pytest.mark.asyncio
            async def test_shop(tills, till, shop, sale, opened):
                assert shop
            """,
            fixed="""
            import pytest
            import pytest_asyncio
            from shop import Sale, Till, first, open_sale, open_shop, open_till, second

            @pytest_asyncio.fixture(scope="module")
            async def tills() -> list[Till]:
                return [open_till()]

            @pytest_asyncio.fixture(scope="module")
            async def till():
                return first + second

            @pytest_asyncio.fixture(scope="module")
            async def shop():
                made = opened = open_shop()
                return made

            @pytest_asyncio.fixture(scope="module")
            async def sale() -> Sale:
                return open_sale()

            @pytest_asyncio.fixture(scope="module")
            async def opened():
                with open_till() as opened:
                    yield opened

            @pytest.mark.asyncio(loop_scope="module")
            async def test_shop(tills, till, shop, sale, opened):
                assert shop
            """,
            safety=Safety.UNSAFE,
        ),
        Good(
            """
            import secrets
            from collections.abc import AsyncIterator

            import pytest
            import pytest_asyncio

            @pytest_asyncio.fixture(scope="session")
            async def name():
                made = "shop-" + secrets.token_hex(4)
                yield made

            @pytest_asyncio.fixture(scope="session")
            async def path(name):
                return f"/{name}"

            @pytest_asyncio.fixture(scope="session")
            async def number():
                return 3

            @pytest_asyncio.fixture(scope="session")
            async def names(name) -> AsyncIterator[list[str]]:
                yield [name]

            @pytest_asyncio.fixture(scope="session")
            async def prices() -> dict[str, int]:
                return await fetch_prices()

            @pytest.mark.asyncio
            async def test_shop(name, path, number, names, prices):
                assert prices[name]
            """,
            because="texts and numbers work in every loop",
        ),
        Good(
            """
            from unittest import mock
            from unittest.mock import AsyncMock, MagicMock, patch

            import pytest
            import pytest_asyncio

            @pytest_asyncio.fixture(scope="session")
            async def answer():
                with patch("shop.Till.open", new_callable=AsyncMock) as opened:
                    opened.return_value = 3
                    yield opened

            @pytest_asyncio.fixture(scope="session")
            async def closed():
                with mock.patch.object(Till, "close") as closing:
                    yield closing

            @pytest_asyncio.fixture(scope="session")
            async def till():
                made = MagicMock()
                made.total.return_value = 3
                return made

            @pytest.mark.asyncio
            async def test_shop(answer, closed, till):
                assert till.total() == 3
            """,
            because="mocks work in every loop",
        ),
        Good(
            """
            import functools

            import pytest
            import pytest_asyncio

            wide = functools.partial(pytest_asyncio.fixture, scope="module", loop_scope="function")

            @wide()
            async def shop():
                return open_shop()

            @pytest_asyncio.fixture(scope=WIDTH)
            async def other():
                return open_shop()

            @pytest.mark.asyncio
            async def test_shop(shop, other):
                assert shop
            """,
            because="what scope they have cannot be told",
        ),
    ],
)


@rule.on(CheckedFile)
def check(file: CheckedFile, _: CheckedFile) -> Iterator[Finding]:
    """Report each fixture once for a file."""
    told: set[Fixture] = set()
    mismatches = list(file.facts.loop_mismatches(file.module))
    for one in mismatches:
        if one.fixture not in told:
            told.add(one.fixture)
            yield _mismatch(one, [m for m in mismatches if m.fixture == one.fixture], file)


@rule.on(Fixture)
def check_fixture(fixture: Fixture, file: CheckedFile) -> Iterator[Finding]:
    """Report a fixture that outlives its loop."""
    loop = file.facts.fixture_loop(fixture)
    if loop is None or not loop.is_refused:
        return
    definition = fixture.function.definition
    yield rule.finding(
        file.place_of(definition),
        f"async fixture `{fixture.name}` of scope {loop.scope} would run in the loop of a "
        f"{loop.loop}: pytest refuses it (ScopeMismatch)",
        symbol=definition.qualname,
        advice=f'give it loop_scope="{loop.scope}"',
    )


def _mismatch(one: Mismatch, alike: list[Mismatch], file: CheckedFile) -> Finding:
    fixture, test = one.fixture, one.test
    is_here = fixture.function.module is file.module
    node = one.request.node
    place = file.place_of(fixture.function.definition) if is_here else file.place_of_test(test)
    if not is_here and node is not None and test.function.module is file.module:
        place = file.place_of_node(node)
    is_bound = file.facts.loop_scopes.is_bound(fixture)
    user = one.request.consumer.name if one.request.consumer else test.symbol
    return rule.finding(
        place,
        f"async fixture `{fixture.name}`{_where(one, file)} runs in the loop of its "
        f"{one.loop.loop}, and `{user}` in that of its {one.user_loop}: "
        + ("its value keeps its loop" if is_bound else "its value may not work there"),
        symbol=fixture.function.definition.qualname if is_here else test.symbol,
        fix=_fix(alike, file) if is_here else None,
        advice=f'give both one loop_scope (`@pytest.mark.asyncio(loop_scope="{one.loop.loop}")`, '
        "asyncio_default_test_loop_scope)",
        severity=Severity.FAILURE if is_bound else Severity.NOTICE,
    )


def _where(one: Mismatch, file: CheckedFile) -> str:
    path = one.fixture.function.module.path
    return "" if path == file.path else f" of {path}"


def _fix(alike: list[Mismatch], file: CheckedFile) -> Fix | None:
    if any(one.request.consumer is not None for one in alike):
        return None
    return file.fix(
        Safety.UNSAFE,
        "Run the tests in the fixture's loop",
        lambda: (
            edit
            for one in alike
            for edit in loop_scope_edits(one.test.function, one.loop.loop, file)
        ),
    )
