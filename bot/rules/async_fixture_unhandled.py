"""An async fixture is a plain `@pytest.fixture`, and nothing awaits it.

## What it finds

Async fixtures (coroutines and async generators) made with `@pytest.fixture` where pytest-asyncio
is in strict mode and neither anyio nor another plugin sets them up.

## Why it matters

Up to pytest 8 the test gets the coroutine itself; where the value is not used, as with `autouse`
or `usefixtures`, set-up and teardown never run and nothing is said. pytest 9 refuses the test.

## Fix

`@pytest.fixture` becomes `@pytest_asyncio.fixture`, with the import; who awaited its value by hand
(`await client`) uses the value itself. Safe, except where anyio or trio have a hand in the tests
here, no async plugin is among the declared dependencies, or not everybody who may await the value
could be looked at. None is offered where the value is awaited in another file, or is otherwise
used as a coroutine (`asyncio.run(client)`).
"""

from collections.abc import Iterator

from bot.analysis.answer import Answer
from bot.analysis.checked_file import CheckedFile
from bot.analysis.finding import Finding, Severity
from bot.analysis.fix import Safety
from bot.analysis.fixture_fix import asyncio_fixture_advice, asyncio_fixture_fix
from bot.analysis.fixtures import Fixture
from bot.analysis.rule import Bad, Good, Rule

rule = Rule(
    __name__,
    __doc__,
    code="AWT301",
    severity=Severity.FAILURE,
    examples=[
        Bad(
            """
            import pytest

            @pytest.fixture
            async def price():  # error
                return 3

            @pytest.mark.asyncio
            async def test_price(price):
                assert price == 3
            """,
            fixed="""
            import pytest
            import pytest_asyncio

            @pytest_asyncio.fixture
            async def price():
                return 3

            @pytest.mark.asyncio
            async def test_price(price):
                assert price == 3
            """,
            safety=Safety.SAFE,
        ),
        Bad(
            {
                "conftest.py": """
                    from pytest import fixture

                    @fixture(scope="session", name="db")
                    async def database():  # error
                        yield "connection"
                """,
                "test_price.py": """
                    import pytest

                    @pytest.mark.asyncio
                    async def test_price(db):
                        assert db
                """,
            },
            fixed={
                "conftest.py": """
                import pytest_asyncio
                from pytest import fixture

                @pytest_asyncio.fixture(scope="session", name="db")
                async def database():
                    yield "connection"
                """
            },
            safety=Safety.SAFE,
            says="`db`",
        ),
        Bad(
            """
            import pytest

            @pytest.fixture
            async def price():  # error
                return 3

            def test_price(price):
                assert price

            @pytest.mark.anyio
            async def test_other():
                pass
            """,
            fixed="""
            import pytest
            import pytest_asyncio

            @pytest_asyncio.fixture
            async def price():
                return 3

            def test_price(price):
                assert price

            @pytest.mark.anyio
            async def test_other():
                pass
            """,
            safety=Safety.UNSAFE,
        ),
        Bad(
            """
            import pytest

            @pytest.fixture
            async def price():  # error
                return 3

            @pytest.fixture
            def handed_on(price, request):
                return price

            @pytest.mark.asyncio
            async def test_by_hand(price, request):
                assert await price == 3

            @pytest.mark.asyncio
            async def test_further_on(handed_on):
                assert (await handed_on) == 3

            async def add(price):
                return await price + 1
            """,
            fixed="""
            import pytest
            import pytest_asyncio

            @pytest_asyncio.fixture
            async def price():
                return 3

            @pytest.fixture
            def handed_on(price, request):
                return price

            @pytest.mark.asyncio
            async def test_by_hand(price, request):
                assert price == 3

            @pytest.mark.asyncio
            async def test_further_on(handed_on):
                assert (handed_on) == 3

            async def add(price):
                return await price + 1
            """,
            safety=Safety.SAFE,
        ),
        Bad(
            """
            import asyncio

            import pytest

            @pytest.fixture
            async def price():  # error
                return 3

            def test_price(price):
                assert asyncio.run(price) == 3
            """,
            says="where now its coroutine is used: test_example.py:10",
        ),
        Bad(
            {
                "conftest.py": """
                    import pytest

                    @pytest.fixture
                    async def price():  # error
                        return 3
                """,
                "shop/test_price.py": """
                    import pytest

                    @pytest.mark.asyncio
                    async def test_price(price):
                        assert await price == 3
                """,
            },
            says="shop/test_price.py:5",
        ),
        Bad(
            {
                "conftest.py": "pytest_plugins = ['shop_fixtures']\n",
                "shop_fixtures.py": """
                    import pytest

                    @pytest.fixture
                    async def price():  # error
                        return 3
                """,
                "test_price.py": """
                    import pytest

                    @pytest.mark.asyncio
                    async def test_price(price):
                        assert price == 3
                """,
            },
            fixed={
                "shop_fixtures.py": """
                    import pytest
                    import pytest_asyncio

                    @pytest_asyncio.fixture
                    async def price():
                        return 3
                """
            },
            safety=Safety.UNSAFE,
        ),
        Good(
            {
                "requirements.txt": "pytest<9\npytest-asyncio\n",
                "test_price.py": """
                    import pytest

                    @pytest.fixture(autouse=True)
                    async def price():
                        yield

                    def test_price():
                        pass
                """,
            },
            because="where nobody looks at the value the tests pass: AWT302 speaks of it",
        ),
        Good(
            """
            import pytest

            @pytest.fixture
            @pytest.mark.asyncio
            async def price():
                return 3

            @pytest.mark.asyncio
            async def test_price(price):
                assert price == 3
            """,
            because="the mark on it is the first thing to repair: AWT307 does both",
        ),
        Good(
            {
                "Dockerfile": "CMD pytest --asyncio-mode=auto\n",
                "test_price.py": """
                    import pytest

                    @pytest.fixture
                    async def price():
                        return 3

                    async def test_price(price):
                        assert price == 3
                """,
            },
            because="it may be started in auto mode elsewhere",
        ),
        Good(
            {
                "pytest.ini": "[pytest]\nasyncio_mode = auto\n",
                "test_price.py": """
                    import pytest

                    @pytest.fixture
                    async def price():
                        return 3

                    async def test_price(price):
                        assert price == 3
                """,
            },
            because="in auto mode pytest-asyncio takes over async fixtures",
        ),
        Good(
            """
            import pytest_asyncio

            @pytest_asyncio.fixture
            async def price():
                return 3
            """,
            because="this is how strict mode wants it",
        ),
        Good(
            """
            import pytest

            @pytest.fixture
            async def price():
                return 3

            @pytest.mark.anyio
            async def test_price(price):
                assert price == 3
            """,
            because="anyio sets up the fixtures of its tests",
        ),
        Good(
            """
            import pytest

            @pytest.fixture
            def price():
                return 3
            """,
            because="it is not async",
        ),
    ],
)


@rule.on(Fixture)
def check(fixture: Fixture, file: CheckedFile) -> Iterator[Finding]:
    """Report an async fixture that nothing sets up; a marked one is for AWT307."""
    facts = file.facts
    if facts.fixture_handled(fixture) is not Answer.NO or facts.fixtures.marks(fixture):
        return
    if facts.fixture_is_silent(fixture):
        return  # AWT302
    definition = fixture.function.definition
    yield rule.finding(
        file.place_of(definition),
        f"async fixture `{fixture.name}` is never awaited: in strict mode pytest-asyncio only "
        "sets up `@pytest_asyncio.fixture`",
        symbol=definition.qualname,
        fix=asyncio_fixture_fix(fixture, file),
        advice=asyncio_fixture_advice(fixture, file),
    )
