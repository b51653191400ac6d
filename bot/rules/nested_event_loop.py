"""An async function starts an event loop inside the one that runs it.

## What it finds

`asyncio.run`, `loop.run_until_complete` and `Runner.run` in async tests, fixtures and helpers.

## Why it matters

A loop that runs cannot be run again: asyncio refuses with a RuntimeError. A test that fails so
is loud; one that never ran itself hides it.

## Fix

`asyncio.run(work())` becomes `await work()` (safe).
"""

import ast
from collections.abc import Iterator

from bot.analysis.awaiting.call_results import Body
from bot.analysis.awaiting.call_uses import last_name, raises_around
from bot.analysis.checked_file import CheckedFile
from bot.analysis.edits.node_edits import rewrap
from bot.analysis.finding import Finding, Severity
from bot.analysis.fix import Fix, Safety
from bot.analysis.names.values import External, Function
from bot.analysis.rule import Bad, Good, Rule

rule = Rule(
    __name__,
    __doc__,
    code="AWT210",
    severity=Severity.FAILURE,
    examples=[
        Bad(
            """
            import asyncio

            import pytest

            class Till:
                async def total(self):
                    return 3

            @pytest.mark.asyncio
            async def test_total():
                assert asyncio.run(Till().total()) == 3  # error
                loop = asyncio.get_event_loop()
                loop.run_until_complete(Till().total())  # error
                assert asyncio.run(Till().total()).real == 3  # error
            """,
            fixed="""
            import asyncio

            import pytest

            class Till:
                async def total(self):
                    return 3

            @pytest.mark.asyncio
            async def test_total():
                assert await Till().total() == 3
                loop = asyncio.get_event_loop()
                await Till().total()
                assert (await Till().total()).real == 3
            """,
            safety=Safety.SAFE,
            says="a loop that is running cannot be run again",
        ),
        Bad(
            """
            import asyncio

            import pytest

            async def total():
                return 3

            @pytest.mark.asyncio
            async def test_total():
                asyncio.run(total(), debug=True)  # error
                totals = (asyncio.run(total()) for _ in range(3))  # error
                assert list(totals) == [3, 3, 3]
                asyncio.run(  # error
                    total()  # of the day
                )
                with asyncio.Runner() as runner:
                    runner.run(total(), context=None)  # error
            """,
        ),
        Good(
            """
            import asyncio
            import threading

            import pytest

            async def total():
                return 3

            def test_total():
                assert asyncio.run(total()) == 3

            @pytest.mark.asyncio
            async def test_thread():
                thread = threading.Thread(target=lambda: asyncio.run(total()))
                thread.start()

                def work():
                    return asyncio.run(total())

                await asyncio.to_thread(work)
                await asyncio.to_thread(asyncio.run, total())
            """,
            because="no loop is running there",
        ),
        Good(
            """
            import asyncio

            import pytest

            async def total():
                return 3

            @pytest.mark.asyncio
            async def test_refused():
                with pytest.raises(RuntimeError):
                    asyncio.run(total())
            """,
            because="the test wants the failure",
        ),
        Good(
            """
            import asyncio

            import pytest

            async def total():
                return 3

            @pytest.mark.asyncio
            async def test_refused():
                with pytest.raises(Exception, match="running event loop"):
                    asyncio.run(total())
            """,
            because="so does this one",
        ),
        Good(
            """
            import asyncio

            import nest_asyncio
            import pytest

            nest_asyncio.apply()

            async def total():
                return 3

            @pytest.mark.asyncio
            async def test_nested():
                assert asyncio.run(total()) == 3
            """,
            because="nest_asyncio lets loops nest",
        ),
        Good(
            {
                "pyproject.toml": """
                    [project]
                    name = "shop"
                    dependencies = ["nest-asyncio>=1.5"]

                    [dependency-groups]
                    test = ["pytest", "pytest-asyncio"]
                """,
                "test_example.py": """
                    import asyncio

                    import pytest

                    async def fetch(): ...

                    @pytest.mark.asyncio
                    async def test_fetch():
                        asyncio.run(fetch())
                """,
            },
            because="the project asks for nest_asyncio, and code of it may have loops nest",
        ),
        Good(
            """
            import asyncio
            import os

            import pytest

            async def total():
                return 3

            @pytest.mark.asyncio
            async def test_forked():
                if os.fork() == 0:
                    asyncio.new_event_loop().run_until_complete(total())
            """,
            because="no loop is running in a child process",
        ),
        Good(
            """
            import asyncio

            import pytest
            import trio

            async def total():
                return 3

            @pytest.mark.trio
            async def test_trio():
                assert asyncio.run(total()) == 3
            """,
            because="under trio no loop of asyncio is running",
        ),
        Good(
            """
            import asyncio
            from unittest.mock import patch

            import pytest

            @pytest.mark.asyncio
            async def test_patched(double):
                with patch("asyncio.run"):
                    asyncio.run(double)
                double.run_until_complete(double)
                double.run(double)
            """,
            because="what is replaced, or no loop, may do anything",
        ),
    ],
)
_LOOP = "asyncio.AbstractEventLoop.run_until_complete"
_NAMES = frozenset({"run", "run_until_complete"})
_STARTING = frozenset({"asyncio.run", "asyncio.Runner.run", _LOOP})
# Words of files in which a loop may be run inside another, or none of asyncio runs (asyncio
# forgets in a forked child that a loop is running).
_NESTING = ("nest_asyncio", "trio", "RuntimeError", "os.fork")


@rule.on(CheckedFile)
def check(file: CheckedFile, _: CheckedFile) -> Iterator[Finding]:
    """Report loops that are started where one is running."""
    if any(word in file.module.source.text for word in _NESTING) or _nests(file):
        return
    for definition in file.module.functions():
        if isinstance(definition.node, ast.AsyncFunctionDef) and not definition.typing_only:
            yield from _in_function(Function(file.module, definition), file)


def _nests(file: CheckedFile) -> bool:
    """Whether the project asks for what lets loops run inside each other."""
    runs = file.facts.setup.runs_for(file.path)
    return any(run.versions.declared("nest-asyncio") for run in runs)


def _in_function(function: Function, file: CheckedFile) -> Iterator[Finding]:
    body = file.facts.call_uses.body(function)
    for call in body.calls():
        if last_name(call.func) not in _NAMES or raises_around(call, body) is not None:
            continue
        if _starts(call, function, file):
            yield rule.finding(
                file.place_of_node(call),
                f"`{ast.unparse(call.func)}` in an async function: a loop that is running "
                "cannot be run again",
                symbol=function.definition.qualname,
                fix=_fix(call, body, file),
                advice="await the coroutine",
            )


def _starts(call: ast.Call, function: Function, file: CheckedFile) -> bool:
    scope = file.module.scope_of(function.node)
    called = file.facts.instances.callee(call.func, file.module, scope)
    if not isinstance(called, External) or called.dotted not in _STARTING:
        return False
    name = last_name(call.func)
    return not file.facts.replaced.may_hold(name, file.module, scope)


def _fix(call: ast.Call, body: Body, file: CheckedFile) -> Fix | None:
    if any(isinstance(one, ast.GeneratorExp) for one in body.above(call)):
        return None  # `await` would make an async generator of it
    is_operated_on = isinstance(body.parent(call), ast.Attribute | ast.Subscript)
    around = ("(await ", ")") if is_operated_on else ("await ", "")
    match call:
        case ast.Call(args=[ast.Call() | ast.Name() | ast.Attribute() as work], keywords=[]):
            return file.fix(
                Safety.SAFE,
                "Await it",
                lambda: rewrap(file.module.source, call, (work, work), around),
            )
        case _:
            return None
