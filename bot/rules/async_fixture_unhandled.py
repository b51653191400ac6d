"""An async fixture is a plain `@pytest.fixture`, and nothing awaits it.

## What it finds

Async fixtures (coroutines and async generators) made with `@pytest.fixture` where pytest-asyncio
is in strict mode and neither anyio nor another plugin sets them up.

The tests that pytest refuses because of such a fixture are reported with it where it is in another
file, or is set up for other tests: those that ask for it by a parameter, `usefixtures` or
`getfixturevalue`, by way of other fixtures, or get it unasked (`autouse`).

## Why it matters

Up to pytest 8 the test gets the coroutine itself; where the value is not used, as with `autouse`
or `usefixtures`, set-up and teardown never run and nothing is said. pytest 9 refuses the test.

Where pytest is pinned below 9, a test may await the coroutine that it is handed, and nothing is
reported.

## Fix

`@pytest.fixture` becomes `@pytest_asyncio.fixture`, with the import; who awaited its value by hand
(`await client`) uses the value itself. Safe, except where anyio or trio have a hand in the tests
here, no async plugin is among the declared dependencies, not everybody who may await the value
could be looked at, or tests have to move to the loop of a wider fixture. None is offered where
the value is awaited in another file, or is otherwise used as a coroutine (`asyncio.run(client)`),
and none where pytest-asyncio is switched off.
"""

from collections.abc import Iterator

from bot.analysis.answer import Answer
from bot.analysis.checked_file import CheckedFile
from bot.analysis.collection.collection import Test
from bot.analysis.finding import Finding, Severity
from bot.analysis.fix import Safety
from bot.analysis.fixes.fixture_fix import (
    advice_for_requester,
    asyncio_fixture_advice,
    asyncio_fixture_fix,
    why_unhandled,
)
from bot.analysis.fixtures.fixtures import Fixture
from bot.analysis.handling.refusals import Refusal
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

                    def test_without():
                        pass
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
                    async def test_price(price):  # error
                        assert await price == 3
                """,
            },
            says="price",
        ),
        Bad(
            """
            import pytest

            @pytest.fixture(scope="module")
            async def shop():  # error
                return open_shop()

            @pytest.mark.asyncio
            async def test_shop(shop):
                assert shop
            """,
            fixed="""
            import pytest
            import pytest_asyncio

            @pytest_asyncio.fixture(scope="module")
            async def shop():
                return open_shop()

            @pytest.mark.asyncio(loop_scope="module")
            async def test_shop(shop):
                assert shop
            """,
            safety=Safety.UNSAFE,
        ),
        Bad(
            """
            import pytest

            pytestmark = pytest.mark.asyncio

            @pytest.fixture(scope="module")
            async def shop():  # error
                return open_shop()

            async def test_shop(shop):
                assert shop
            """,
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
                "test_price.py": "def test_nothing():\n    pass\n",
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
        Bad(
            {
                "conftest.py": """
                    import pytest

                    pytest_asyncio = None

                    @pytest.fixture
                    async def price():  # error
                        return 3

                    @pytest.fixture
                    def basket(price):
                        return [price]

                    @pytest.fixture(autouse=True)
                    async def shop(request):  # error
                        if "closed" in request.keywords:
                            yield
                """,
                "autouse/test_shop.py": """
                    def test_sync():  # error
                        pass

                    class TestShop:
                        def test_method(self):  # error
                            pass
                """,
                "asked/conftest.py": """
                    import pytest

                    @pytest.fixture(autouse=True)
                    def shop():
                        pass
                """,
                "asked/test_price.py": """
                    from unittest.mock import patch

                    import pytest

                    def test_argument(price):  # error
                        pass

                    @pytest.mark.usefixtures("price")
                    def test_mark():  # error
                        pass

                    def test_asked(request):
                        basket = request.getfixturevalue("basket")  # error
                        assert basket

                    def test_further_on(basket):  # error
                        pass

                    @pytest.mark.parametrize("price", [3])
                    def test_own_price(price, basket):
                        pass

                    @pytest.mark.parametrize("price", [3], indirect=True)
                    def test_indirect(price):  # error
                        pass

                    @patch("os.path")
                    def test_patched(price):
                        pass

                    def test_maybe(request):
                        if request:
                            request.getfixturevalue("price")

                    class TestOwn:
                        @pytest.fixture
                        def price(self):
                            return 4

                        def test_own(self, price, basket):
                            pass
                """,
            },
            says="async fixture",
        ),
        Bad(
            {
                "conftest.py": """
                    import pytest

                    pytest_asyncio = None

                    @pytest.fixture
                    async def price():  # error
                        return 3
                """,
                "shop/test_price.py": """
                    import contextlib
                    import functools
                    import inspect

                    import pytest

                    def logged(function):
                        @functools.wraps(function)
                        def wrapper(*args, **kwargs):
                            print(function.__name__)
                            return function(*args, **kwargs)

                        return wrapper

                    def priced(function):
                        def wrapper():
                            return function(price=4)

                        return wrapper

                    def signed(function):
                        @functools.wraps(function)
                        def wrapper():
                            return function(price=4)

                        wrapper.__signature__ = inspect.Signature()
                        return wrapper

                    @contextlib.asynccontextmanager
                    async def opened():
                        yield

                    class Counted(contextlib.ContextDecorator):
                        def __enter__(self):
                            pass

                        def __exit__(self, *error):
                            pass

                    @logged
                    def test_logged(price):  # error
                        pass

                    @logged
                    def test_asking(request):
                        request.getfixturevalue("price")

                    @priced
                    def test_priced(price):
                        pass

                    @signed
                    def test_signed(price):
                        pass

                    @pytest.mark.asyncio
                    @opened()
                    async def test_opened(price):  # error
                        pass

                    @Counted()
                    def test_counted(price):  # error
                        pass
                """,
            },
            says="price",
        ),
        Bad(
            """
            import pytest

            @pytest.fixture
            async def price():
                return 3

            @pytest.mark.anyio
            async def test_handled(price):
                pass

            def test_refused(price):  # error
                pass
            """,
            says="pytest refuses `test_refused`",
        ),
        Bad(
            {
                "pytest.ini": "[pytest]\naddopts = -p no:asyncio\n",
                "test_price.py": """
                    import pytest

                    @pytest.fixture
                    async def price():  # error
                        return 3

                    def test_price(price):
                        assert price == 3
                """,
            },
            says="pytest-asyncio is switched off here",
        ),
        Bad(
            {
                "conftest.py": """
                    import pytest_asyncio

                    @pytest_asyncio.fixture
                    async def price():  # error
                        return 3
                """,
                "pytest.ini": "[pytest]\naddopts = -p no:asyncio\n",
                "test_price.py": """
                    def test_price(price):  # error
                        assert price == 3
                """,
            },
            says="price",
        ),
        Bad(
            {
                "conftest.py": "pytest_plugins = ['prices']",
                "prices.py": """
                    import pytest

                    @pytest.fixture
                    async def price():  # error
                        return 3
                """,
                "test_price.py": """
                    import asyncio
                    import functools

                    def run(function):
                        @functools.wraps(function)
                        def wrapper(*args, **kwargs):
                            return asyncio.run(function(*args, **kwargs))

                        return wrapper

                    class TestPrice:
                        @run
                        @staticmethod
                        async def test_price(price):
                            pass
                """,
            },
            fixed={
                "prices.py": """
                    import pytest
                    import pytest_asyncio

                    @pytest_asyncio.fixture
                    async def price():
                        return 3
                """
            },
            safety=Safety.UNSAFE,
            says="`price` is never awaited",
        ),
        Good(
            {
                "requirements.txt": "pytest<9\npytest-asyncio\n",
                "test_price.py": """
                    import pytest

                    @pytest.fixture
                    async def price():
                        return 3

                    @pytest.mark.asyncio
                    async def test_price(price):
                        assert await price == 3
                """,
            },
            because="before pytest 9 a test may await what it is handed",
        ),
        Good(
            {
                "requirements.txt": "pytest<9\npytest-asyncio\n",
                "shop_fixtures.py": """
                    import pytest

                    @pytest.fixture
                    async def price():
                        return 3
                """,
                "test_price.py": """
                    from shop_fixtures import price

                    def test_price(price):
                        assert price
                """,
            },
            because="before pytest 9 no test is refused",
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
            {
                "Makefile": "test:\n\tpytest --asyncio-mode=auto\n",
                "conftest.py": "pytest_plugins = ['shop_fixtures']\n",
                "shop_fixtures.py": """
                    import pytest

                    @pytest.fixture
                    async def shop():
                        return 3
                """,
                "test_shop.py": """
                    import pytest

                    @pytest.mark.asyncio
                    async def test_price(shop):
                        assert shop == 3
                """,
            },
            because="a plugin of the repository is loaded by every run",
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
            {
                "conftest.py": """
                    import pytest

                    @pytest.fixture
                    async def price():
                        return 3
                """,
                "tests/test_price.py": """
                    import pytest

                    pytestmark = pytest.mark.anyio

                    async def test_price(price):
                        assert price == 3
                """,
            },
            because="so it does where the tests are in another file",
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
        f"async fixture `{fixture.name}` is never awaited: {why_unhandled(file)}",
        symbol=definition.qualname,
        fix=asyncio_fixture_fix(fixture, file),
        advice=asyncio_fixture_advice(fixture, file),
    )


@rule.on(CheckedFile)
def check_requesters(file: CheckedFile, _: CheckedFile) -> Iterator[Finding]:
    """Report tests that pytest refuses where no finding on the fixture in this file says so."""
    told: set[Test] = set()
    for refusal in file.facts.refusals(file.module):
        if refusal.test not in told and not _is_reported(refusal.fixture, file):
            told.add(refusal.test)
            yield _refused(refusal, file)


def _is_reported(fixture: Fixture, file: CheckedFile) -> bool:
    is_here = fixture.function.module is file.module
    return is_here and file.facts.fixture_handled(fixture) is Answer.NO


def _refused(refusal: Refusal, file: CheckedFile) -> Finding:
    test, fixture, node = refusal.test, refusal.fixture, refusal.request.node
    is_here = node is not None and test.function.module is file.module
    path = fixture.function.module.path
    where = f" of {path}" if path != file.path else ""
    through = " by way of " + ", ".join(f"`{one}`" for one in refusal.request.through)
    return rule.finding(
        file.place_of_node(node) if node is not None and is_here else file.place_of_test(test),
        f"pytest refuses `{test.symbol}`: nothing sets up the async fixture `{fixture.name}`"
        f"{where}, which it gets{through if refusal.request.through else ''}",
        symbol=test.symbol,
        advice=advice_for_requester(file),
    )
