"""An async fixture is never set up, and no test notices.

## What it finds

Async fixtures made with `@pytest.fixture` in strict mode whose value nobody looks at: used by
every test (`autouse`), asked for by `usefixtures`, giving no value, or given to tests that ignore
it. Only where the pinned pytest is older than 9; pytest 9 refuses such tests, and AWT301 says so.

## Why it matters

The tests pass, but neither set-up nor tear-down ever runs. Of an async generator there is not even
a warning.

## Fix

`@pytest.fixture` becomes `@pytest_asyncio.fixture`, with the import. Safe, except where anyio or
trio have a hand in the tests here, no async plugin is among the declared dependencies, or not
everybody who asks for the fixture could be looked at. None is offered where the pinned
pytest-asyncio would refuse it, for a test that runs in a loop of another scope or gets fixtures in
one, or would not see it, in a file whose tests are all unittest's, or in a class of unittest.
"""

from collections.abc import Iterator

from bot.analysis.answer import Answer
from bot.analysis.checked_file import CheckedFile
from bot.analysis.finding import Finding, Severity
from bot.analysis.fix import Safety
from bot.analysis.fixes.fixture_fix import (
    asyncio_fixture_advice,
    asyncio_fixture_fix,
    why_unhandled,
)
from bot.analysis.fixtures.fixtures import Fixture
from bot.analysis.rule import Bad, Good, Rule

_OLD = "pytest<9\npytest-asyncio\n"

rule = Rule(
    __name__,
    __doc__,
    code="AWT302",
    severity=Severity.FAILURE,
    examples=[
        Bad(
            {
                "requirements.txt": _OLD,
                "test_price.py": """
                    import pytest

                    @pytest.fixture(autouse=True)
                    async def clean_shop():  # error
                        yield "shop"

                    @pytest.fixture
                    async def till():  # error
                        return "till"

                    @pytest.fixture
                    async def prepared():  # error
                        yield

                    @pytest.fixture
                    async def ignored():  # error
                        return 3

                    @pytest.mark.usefixtures("till")
                    def test_till():
                        pass

                    @pytest.mark.asyncio
                    async def test_prepared(prepared, ignored):
                        assert prepared is None
                """,
            },
            fixed={
                "test_price.py": """
                    import pytest
                    import pytest_asyncio

                    @pytest_asyncio.fixture(autouse=True)
                    async def clean_shop():
                        yield "shop"

                    @pytest_asyncio.fixture
                    async def till():
                        return "till"

                    @pytest_asyncio.fixture
                    async def prepared():
                        yield

                    @pytest_asyncio.fixture
                    async def ignored():
                        return 3

                    @pytest.mark.usefixtures("till")
                    def test_till():
                        pass

                    @pytest.mark.asyncio
                    async def test_prepared(prepared, ignored):
                        assert prepared is None
                """
            },
            safety=Safety.SAFE,
            says="no test notices",
        ),
        Bad(
            {
                "requirements.txt": _OLD,
                "conftest.py": """
                    import pytest

                    @pytest.fixture(autouse=True)
                    async def clean_shop():  # error
                        yield
                """,
                "test_price.py": """
                    def test_price():
                        pass
                """,
            },
            fixed={
                "conftest.py": """
                    import pytest
                    import pytest_asyncio

                    @pytest_asyncio.fixture(autouse=True)
                    async def clean_shop():
                        yield
                """
            },
            safety=Safety.SAFE,
        ),
        Bad(
            {
                "requirements.txt": _OLD,
                "test_price.py": """
                    import pytest

                    @pytest.fixture
                    async def clean_shop():  # error
                        yield

                    @pytest.mark.usefixtures("clean_shop")
                    def test_price():
                        pass

                    @pytest.mark.anyio
                    async def test_other():
                        pass
                """,
            },
            fixed={
                "test_price.py": """
                    import pytest
                    import pytest_asyncio

                    @pytest_asyncio.fixture
                    async def clean_shop():
                        yield

                    @pytest.mark.usefixtures("clean_shop")
                    def test_price():
                        pass

                    @pytest.mark.anyio
                    async def test_other():
                        pass
                """
            },
            safety=Safety.UNSAFE,
        ),
        Bad(
            {
                "requirements.txt": "pytest==7.4.4\npytest-asyncio==0.21.2\n",
                "test_price.py": """
                    import pytest

                    @pytest.fixture(autouse=True, scope="module")
                    async def clean_shop():  # error
                        yield

                    def test_price():
                        pass
                """,
            },
            says="is never set up",
        ),
        Bad(
            {
                "requirements.txt": "pytest==8.3.5\npytest-asyncio==0.26.0\n",
                "test_price.py": """
                    import unittest

                    import pytest

                    @pytest.fixture(autouse=True)
                    async def clean_shop():  # error
                        yield

                    class TestPrice(unittest.TestCase):
                        def test_price(self):
                            pass
                """,
            },
            says="is never set up",
        ),
        Bad(
            {
                "requirements.txt": "pytest==8.3.5\npytest-asyncio==0.26.0\n",
                "test_price.py": """
                    import unittest

                    import pytest

                    class Shop:
                        @pytest.fixture(autouse=True)
                        async def clean_shop(self):  # error
                            yield

                    class TestPrice(Shop, unittest.TestCase):
                        def test_price(self):
                            pass

                    def test_name():
                        pass
                """,
            },
            says="is never set up",
        ),
        Bad(
            {
                "requirements.txt": "pytest==8.3.5\npytest-asyncio==0.26.0\n",
                "test_price.py": """
                    import unittest

                    import pytest

                    @pytest.fixture
                    async def clean_shop():  # error
                        yield

                    @pytest.mark.usefixtures("clean_shop")
                    class TestPrice(unittest.TestCase):
                        def test_price(self):
                            pass

                    def test_name():
                        pass
                """,
            },
            fixed={
                "test_price.py": """
                    import unittest

                    import pytest
                    import pytest_asyncio

                    @pytest_asyncio.fixture
                    async def clean_shop():
                        yield

                    @pytest.mark.usefixtures("clean_shop")
                    class TestPrice(unittest.TestCase):
                        def test_price(self):
                            pass

                    def test_name():
                        pass
                """,
            },
            safety=Safety.SAFE,
        ),
        Bad(
            {
                "requirements.txt": "pytest==8.3.5\npytest-asyncio==0.26.0\n",
                "test_price.py": """
                    import pytest
                    import pytest_asyncio

                    @pytest.fixture(scope="module")
                    async def shop():  # error
                        yield 3

                    @pytest.fixture(scope="module")
                    async def town():  # error
                        yield 4

                    @pytest.fixture(scope="module")
                    async def land():  # error
                        yield 5

                    @pytest_asyncio.fixture
                    async def weight():
                        yield 1

                    @pytest_asyncio.fixture(loop_scope="function")
                    async def length():
                        yield 2

                    @pytest.mark.asyncio
                    async def test_price(shop, weight):
                        pass

                    @pytest.mark.asyncio
                    async def test_size(town, length):
                        pass

                    @pytest.mark.asyncio
                    async def test_name(land, event_loop):
                        pass
                """,
            },
            says="is never set up",
        ),
        Bad(
            {
                "requirements.txt": "pytest==8.3.5\npytest-asyncio==0.26.0\n",
                "pytest.ini": "[pytest]\nasyncio_default_fixture_loop_scope = module\n",
                "test_price.py": """
                    import pytest
                    import pytest_asyncio

                    @pytest.fixture(scope="module")
                    async def shop():  # error
                        yield 3

                    @pytest.fixture
                    def name():
                        return "bread"

                    @pytest_asyncio.fixture
                    async def weight():
                        yield 1

                    @pytest_asyncio.fixture(scope="function", loop_scope="session")
                    async def length():
                        yield 2

                    @pytest.mark.asyncio
                    async def test_price(shop, name, weight, length):
                        pass
                """,
            },
            fixed={
                "test_price.py": """
                    import pytest
                    import pytest_asyncio

                    @pytest_asyncio.fixture(scope="module")
                    async def shop():
                        yield 3

                    @pytest.fixture
                    def name():
                        return "bread"

                    @pytest_asyncio.fixture
                    async def weight():
                        yield 1

                    @pytest_asyncio.fixture(scope="function", loop_scope="session")
                    async def length():
                        yield 2

                    @pytest.mark.asyncio(loop_scope="module")
                    async def test_price(shop, name, weight, length):
                        pass
                """,
            },
            safety=Safety.UNSAFE,
        ),
        Bad(
            {
                "requirements.txt": "pytest==8.3.5\npytest-asyncio==0.26.0\n",
                "test_price.py": """
                    import pytest
                    import pytest_asyncio

                    @pytest.fixture(scope="module")
                    async def shop():  # error
                        yield 3

                    @pytest.fixture
                    def name():
                        return "bread"

                    @pytest_asyncio.fixture
                    async def weight():
                        yield 1

                    @pytest.mark.asyncio
                    async def test_price(shop, name):
                        pass

                    async def setup_module():
                        pass

                    @pytest.mark.asyncio
                    async def test_size(weight):
                        pass
                """,
            },
            fixed={
                "test_price.py": """
                    import pytest
                    import pytest_asyncio

                    @pytest_asyncio.fixture(scope="module")
                    async def shop():
                        yield 3

                    @pytest.fixture
                    def name():
                        return "bread"

                    @pytest_asyncio.fixture
                    async def weight():
                        yield 1

                    @pytest.mark.asyncio(loop_scope="module")
                    async def test_price(shop, name):
                        pass

                    async def setup_module():
                        pass

                    @pytest.mark.asyncio
                    async def test_size(weight):
                        pass
                """,
            },
            safety=Safety.UNSAFE,
        ),
        Bad(
            {
                "requirements.txt": "pytest==8.3.5\npytest-asyncio==0.26.0\n",
                "test_price.py": """
                    import pytest

                    @pytest.fixture(scope="module")
                    async def shop():  # error
                        yield 3

                    class TestPrice:
                        async def setup_method(self):
                            pass

                        @pytest.mark.asyncio
                        async def test_price(self, shop):
                            pass
                """,
            },
            says="is never set up",
        ),
        Bad(
            {
                "requirements.txt": "pytest==8.4.2\npytest-asyncio==1.0.0\n",
                "test_price.py": """
                    import pytest
                    import pytest_asyncio

                    @pytest.fixture(scope="module")
                    async def shop():  # error
                        yield 3

                    @pytest_asyncio.fixture
                    async def weight():
                        yield 1

                    async def setup_function():
                        pass

                    @pytest.mark.asyncio
                    async def test_price(shop, weight):
                        pass
                """,
            },
            fixed={
                "test_price.py": """
                    import pytest
                    import pytest_asyncio

                    @pytest_asyncio.fixture(scope="module")
                    async def shop():
                        yield 3

                    @pytest_asyncio.fixture
                    async def weight():
                        yield 1

                    @pytest_asyncio.fixture(autouse=True)
                    async def setup_function():
                        pass

                    @pytest.mark.asyncio(loop_scope="module")
                    async def test_price(shop, weight):
                        pass
                """,
            },
            safety=Safety.UNSAFE,
        ),
        Bad(
            {
                "requirements.txt": "pytest==8.3.5\npytest-asyncio==0.26.0\n",
                "test_price.py": """
                    import pytest
                    import pytest_asyncio

                    @pytest_asyncio.fixture(scope="module")
                    async def shop():
                        yield 3

                    class TestPrice:
                        @pytest.fixture(autouse=True)
                        async def clean_shop(self):  # error
                            yield

                        @pytest_asyncio.fixture
                        async def shop(self, shop):
                            return shop

                        @pytest.mark.asyncio
                        async def test_price(self, shop):
                            pass
                """,
            },
            says="is never set up",
        ),
        Bad(
            {
                "requirements.txt": "pytest==8.3.5\npytest-asyncio==0.26.0\n",
                "conftest.py": """
                    import pytest

                    @pytest.fixture
                    async def clean_shop():  # error
                        yield
                """,
                "test_price.py": """
                    import unittest

                    import pytest

                    @pytest.mark.usefixtures("clean_shop")
                    class TestPrice(unittest.TestCase):
                        def test_price(self):
                            pass
                """,
            },
            says="is never set up",
        ),
        Bad(
            {
                "requirements.txt": "pytest==8.3.5\npytest-asyncio==0.26.0\n",
                "test_price.py": """
                    import pytest

                    @pytest.mark.asyncio(loop_scope="class")
                    class TestPrice:
                        @pytest.fixture(autouse=True)
                        async def clean_shop(self):  # error
                            yield

                        async def test_price(self):
                            pass
                """,
            },
            says="is never set up",
        ),
        Good(
            {
                "requirements.txt": _OLD,
                "test_price.py": """
                    import pytest

                    @pytest.fixture
                    async def price():
                        return 3

                    @pytest.fixture
                    async def nobody_asks():
                        return 3

                    def test_price(price):
                        assert price == 3
                """,
            },
            because="a test that looks at the value fails, and a fixture that nobody asks for is "
            "in nobody's way: AWT301 speaks of them",
        ),
        Good(
            """
            import pytest

            @pytest.fixture(autouse=True)
            async def clean_shop():
                yield

            def test_price():
                pass
            """,
            because="pytest 9 refuses the test: AWT301 speaks of it",
        ),
        Good(
            {
                "requirements.txt": _OLD,
                "pytest.ini": "[pytest]\nasyncio_mode = auto\n",
                "test_price.py": """
                    import pytest

                    @pytest.fixture(autouse=True)
                    async def clean_shop():
                        yield

                    def test_price():
                        pass
                """,
            },
            because="in auto mode pytest-asyncio takes over async fixtures",
        ),
        Good(
            {
                "requirements.txt": _OLD,
                "test_price.py": """
                    import pytest

                    @pytest.mark.asyncio
                    @pytest.fixture(autouse=True)
                    async def clean_shop():
                        yield

                    def test_price():
                        pass
                """,
            },
            because="the mark on it is the first thing to repair: AWT307 does both",
        ),
    ],
)


@rule.on(Fixture)
def check(fixture: Fixture, file: CheckedFile) -> Iterator[Finding]:
    """Report an async fixture that nothing sets up and whose value nobody misses."""
    facts = file.facts
    if facts.fixture_handled(fixture) is not Answer.NO or facts.fixtures.marks(fixture):
        return
    if not facts.fixture_is_silent(fixture):
        return
    definition = fixture.function.definition
    yield rule.finding(
        file.place_of(definition),
        f"async fixture `{fixture.name}` is never set up, and no test notices: "
        f"{why_unhandled(file)}",
        symbol=definition.qualname,
        fix=asyncio_fixture_fix(fixture, file),
        advice=asyncio_fixture_advice(fixture, file),
    )
