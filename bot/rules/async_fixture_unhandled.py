"""An async fixture is a plain `@pytest.fixture`, and nothing awaits it.

## What it finds

Async fixtures (coroutines and async generators) made with `@pytest.fixture` where pytest-asyncio
is in strict mode and neither anyio nor another plugin sets them up.

## Why it matters

Up to pytest 8 the test gets the coroutine itself; where the value is not used, as with `autouse`
or `usefixtures`, set-up and teardown never run and nothing is said. pytest 9 refuses the test.

## Fix

`@pytest.fixture` becomes `@pytest_asyncio.fixture`, with the import. Safe, except where anyio or
trio have a hand in the tests here, or no async plugin is among the declared dependencies.
"""

from collections.abc import Iterator

from bot.analysis.answer import Answer
from bot.analysis.checked_file import CheckedFile
from bot.analysis.finding import Finding, Severity
from bot.analysis.fix import Edit, Fix, Safety
from bot.analysis.fixtures import Fixture
from bot.analysis.framework import uses_other_frameworks
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
    """Report an async fixture that nothing sets up."""
    if file.facts.fixture_handled(fixture) is not Answer.NO:
        return
    definition = fixture.function.definition
    yield rule.finding(
        file.place_of(definition),
        f"async fixture `{fixture.name}` is never awaited: in strict mode pytest-asyncio only "
        "sets up `@pytest_asyncio.fixture`",
        symbol=definition.qualname,
        fix=_fix(fixture, file),
        advice=file.framework.caveat,
    )


def _fix(fixture: Fixture, file: CheckedFile) -> Fix | None:
    safety = file.framework.safety
    if uses_other_frameworks(file.module, file.facts):
        safety = Safety.UNSAFE
    return file.fix(safety, "Use `@pytest_asyncio.fixture`", lambda: _edits(fixture, file))


def _edits(fixture: Fixture, file: CheckedFile) -> Iterator[Edit]:
    node = fixture.node
    name, imports = file.editor.import_module("pytest_asyncio", before=node.lineno)
    yield from imports
    yield file.editor.replace_decorator_name(node.lineno, node.col_offset, f"{name}.fixture")
