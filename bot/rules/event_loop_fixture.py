"""The fixture `event_loop` is overridden or asked for, and pytest-asyncio 1.0 has none.

## What it finds

Tests and fixtures that ask for `event_loop` where pytest-asyncio 1.0 or later is in use and the
repository has no such fixture; async ones that get the repository's own; and fixtures of that name
that nobody asks for. Where sync tests use a loop of their own making, all is well.

## Why it matters

Who asks for it ends with "fixture 'event_loop' not found". An override has no effect any more: it
is a fixture like any other, and the loop that it makes never runs an async test or fixture, so
whoever passes it on has the wrong loop in hand. An override that is merely left over is a notice.

## Fix

Unsafe: an async function uses `asyncio.get_running_loop()` in place of the parameter. None for an
override: what it was for is said by `loop_scope` and `asyncio_default_test_loop_scope` now, or by
the fixture `event_loop_policy`.
"""

import ast
from collections.abc import Iterator

from bot.analysis.checked_file import CheckedFile
from bot.analysis.errors import FixError
from bot.analysis.finding import Finding, Severity
from bot.analysis.fix import Edit, Fix, Safety
from bot.analysis.fixtures.fixtures import Fixture, requested
from bot.analysis.handling.event_loop import EVENT_LOOP
from bot.analysis.names.values import Function
from bot.analysis.rule import Bad, Good, Rule
from bot.analysis.source.scopes import parameters
from bot.analysis.source.walking import every_node

rule = Rule(
    __name__,
    __doc__,
    code="AWT305",
    severity=Severity.FAILURE,
    examples=[
        Bad(
            """
            import pytest
            import pytest_asyncio

            @pytest_asyncio.fixture
            async def started(event_loop, request):  # error
                return event_loop.time()

            @pytest.mark.asyncio
            async def test_total(started, event_loop):  # error
                task = event_loop.create_task(started.total())
                assert await task == 3

            class TestTotal:
                @pytest.mark.asyncio
                async def test_time(self, event_loop):  # error
                    assert event_loop.time()
            """,
            fixed="""
            import asyncio

            import pytest
            import pytest_asyncio

            @pytest_asyncio.fixture
            async def started(request):
                return asyncio.get_running_loop().time()

            @pytest.mark.asyncio
            async def test_total(started):
                task = asyncio.get_running_loop().create_task(started.total())
                assert await task == 3

            class TestTotal:
                @pytest.mark.asyncio
                async def test_time(self):
                    assert asyncio.get_running_loop().time()
            """,
            safety=Safety.UNSAFE,
            says="pytest-asyncio 1.0 has no such fixture",
        ),
        Bad(
            """
            import pytest

            pytestmark = pytest.mark.asyncio

            def test_total(event_loop):  # error
                assert event_loop.run_until_complete(total()) == 3

            async def total():
                return 3
            """,
            says="asyncio.Runner",
        ),
        Bad(
            {
                "conftest.py": """
                    import asyncio

                    import pytest

                    @pytest.fixture(scope="session")
                    def event_loop():  # error
                        loop = asyncio.new_event_loop()
                        yield loop
                        loop.close()
                """,
                "test_total.py": """
                    import pytest

                    @pytest.mark.asyncio
                    async def test_total():
                        pass
                """,
                "requirements.txt": "pytest-asyncio\n",
            },
            says="loop_scope",
        ),
        Bad(
            {
                "conftest.py": """
                    import asyncio

                    import pytest

                    @pytest.fixture
                    def event_loop():
                        return asyncio.new_event_loop()
                """,
                "test_total.py": """
                    import pytest

                    @pytest.mark.asyncio
                    async def test_total(event_loop):  # error
                        assert event_loop.is_running()
                """,
            },
            fixed={
                "test_total.py": """
                    import asyncio

                    import pytest

                    @pytest.mark.asyncio
                    async def test_total():
                        assert asyncio.get_running_loop().is_running()
                """
            },
            safety=Safety.UNSAFE,
            says="it does not run while",
        ),
        Good(
            {
                "requirements.txt": "pytest-asyncio<1\n",
                "test_total.py": """
                    import pytest

                    @pytest.mark.asyncio
                    async def test_total(event_loop):
                        assert event_loop.is_running()
                """,
            },
            because="before 1.0 it is there",
        ),
        Good(
            """
            import asyncio

            import pytest
            import pytest_asyncio

            @pytest.fixture
            def event_loop():
                return asyncio.new_event_loop()

            def test_total(event_loop):
                assert event_loop.run_until_complete(asyncio.sleep(0, 3)) == 3
            """,
            because="a loop of one's own, for tests that run it by themselves",
        ),
        Good(
            {
                "requirements.txt": "pytest-asyncio-cooperative\n",
                "test_total.py": """
                    import pytest

                    @pytest.mark.asyncio_cooperative
                    async def test_total(event_loop):
                        assert event_loop
                """,
            },
            because="another plugin may bring it along",
        ),
        Good(
            """
            def test_total(event_loop):
                assert event_loop
            """,
            because="nothing shows that pytest-asyncio has to do with it",
        ),
        Good(
            """
            import pytest

            def drive(event_loop):
                return event_loop

            @pytest.mark.parametrize("event_loop", [None])
            @pytest.mark.asyncio
            async def test_total(event_loop):
                assert drive(event_loop) is None
            """,
            because="the one is no test, the other has its value from elsewhere",
        ),
    ],
)

_ADVICE = {
    True: "use asyncio.get_running_loop()",
    False: "make a loop, for example by `with asyncio.Runner() as runner`",
}


@rule.on(CheckedFile)
def check(file: CheckedFile, _: CheckedFile) -> Iterator[Finding]:
    """Report tests that ask for the fixture, each function once."""
    if EVENT_LOOP not in file.module.source.text or not file.facts.event_loop_is_gone(file.module):
        return
    told: set[Function] = set()
    for test in file.facts.every_test(file.module):
        if test.function.module is file.module and test.function not in told:
            told.add(test.function)
            if file.facts.asks_directly(test, EVENT_LOOP):
                yield from _asking(test.function, file)


@rule.on(Fixture)
def check_fixture(fixture: Fixture, file: CheckedFile) -> Iterator[Finding]:
    """Report a fixture that asks for it, and one of that name that nobody asks for."""
    names = (fixture.name, *requested(fixture.function.node))
    if EVENT_LOOP not in names or not file.facts.event_loop_is_gone(file.module):
        return
    if EVENT_LOOP in requested(fixture.function.node):
        yield from _asking(fixture.function, file)
    elif _is_left_over(fixture, file):
        definition = fixture.function.definition
        yield rule.finding(
            file.place_of(definition),
            "pytest-asyncio 1.0 and later make no use of a fixture `event_loop`: this one has no "
            "effect",
            symbol=definition.qualname,
            advice="remove it; for a wider loop set `loop_scope` on the mark, or "
            "asyncio_default_test_loop_scope",
            severity=Severity.NOTICE,
        )


def _is_left_over(fixture: Fixture, file: CheckedFile) -> bool:
    uses = file.facts.fixture_uses(fixture)
    return uses.complete and not uses.modules


def _asking(function: Function, file: CheckedFile) -> Iterator[Finding]:
    given = file.facts.fixture_for(EVENT_LOOP, function)
    is_async = isinstance(function.node, ast.AsyncFunctionDef)
    name = function.definition.qualname
    match given:
        case None:
            why = "pytest-asyncio 1.0 has no such fixture, so pytest does not find it"
        case Fixture() if is_async:
            why = "it does not run while the function does; pytest-asyncio 1.0 takes another loop"
        case _:
            return
    parameter = next(one for one in parameters(function.node) if one.arg == EVENT_LOOP)
    yield rule.finding(
        file.place_of_node(parameter),
        f"`{name}` asks for `event_loop`: {why}",
        symbol=name,
        fix=_fix(function, parameter, file) if is_async else None,
        advice=_ADVICE[is_async],
    )


def _fix(function: Function, parameter: ast.arg, file: CheckedFile) -> Fix | None:
    return file.fix(
        Safety.UNSAFE,
        "Use `asyncio.get_running_loop()`",
        lambda: _edits(function, parameter, file),
    )


def _edits(function: Function, parameter: ast.arg, file: CheckedFile) -> Iterator[Edit]:
    name, imports = file.editor.imports.module("asyncio", before=function.node.lineno)
    yield from imports
    yield file.editor.remove_parameter(function.node, parameter)
    for statement in function.node.body:
        for node in every_node(statement):
            if isinstance(node, ast.JoinedStr) and EVENT_LOOP in ast.dump(node):
                raise FixError("Python 3.11 does not tell where in the string it stands")
            if isinstance(node, ast.Name) and node.id == EVENT_LOOP:
                yield file.editor.replace_expression(node, f"{name}.get_running_loop()")
