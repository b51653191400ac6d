"""A task is started, and nobody keeps or awaits it.

## What it finds

`asyncio.create_task`, `ensure_future` and `loop.create_task` in an async test whose task is
dropped (a statement of its own, or a name that nobody reads), where the test awaits nothing any
more afterwards, or where what the task runs ends with an assertion.

## Why it matters

A task begins to run when something is next awaited in its loop: without that it never does, and
where that is in a tear-down, the test has passed by then. What goes wrong in a task that nobody
awaits, a failed assertion too, is lost.

## Fix

None is offered: whether to await the task, or to cancel it at the end, is the author's to say.
"""

import ast
from collections.abc import Iterator

from bot.analysis.awaiting.call_results import Fate
from bot.analysis.awaiting.call_uses import CallUse
from bot.analysis.awaiting.third_party_calls import Gives
from bot.analysis.checked_file import CheckedFile
from bot.analysis.finding import Finding, Severity
from bot.analysis.rule import Bad, Good, Rule
from bot.analysis.source.walking import own_nodes

rule = Rule(
    __name__,
    __doc__,
    code="AWT205",
    severity=Severity.FAILURE,
    examples=[
        Bad(
            """
            import asyncio

            import pytest

            async def check(): ...

            @pytest.mark.asyncio
            async def test_check():
                await check()
                asyncio.create_task(check())  # error
                asyncio.ensure_future(check())  # error
                task = asyncio.get_running_loop().create_task(check())  # error
            """,
            says="may never begin to run",
        ),
        Bad(
            """
            import asyncio

            import pytest

            @pytest.mark.asyncio
            async def test_check():
                async def check():
                    value = await asyncio.sleep(0, 3)
                    assert value == 3

                asyncio.create_task(check())  # error
                await asyncio.sleep(1)
            """,
            says="its assertions are lost",
        ),
        Good(
            """
            import asyncio

            import pytest

            @pytest.mark.asyncio
            async def test_event():
                event = asyncio.Event()

                async def fire():
                    assert not event.is_set()
                    event.set()

                asyncio.create_task(fire())
                await event.wait()
            """,
            because="the test waits for what the task does",
        ),
        Good(
            """
            import asyncio

            import pytest

            async def serve(): ...

            @pytest.mark.asyncio
            async def test_loops():
                for _ in range(3):
                    await asyncio.sleep(0)
                    asyncio.create_task(serve())
                async with asyncio.timeout(1):
                    asyncio.create_task(serve())

            @pytest.mark.asyncio
            async def test_unknown(serving):
                asyncio.create_task(serving.serve())
                await serve()

            def test_sync(loop):
                asyncio.ensure_future(serve())

            @pytest.fixture
            async def served():
                asyncio.create_task(serve())
                yield
            """,
            because="something is awaited afterwards, or may be",
        ),
        Good(
            """
            import asyncio

            import pytest

            async def check(): ...

            @pytest.mark.asyncio
            async def test_check():
                task = asyncio.create_task(check())
                await task
                tasks = {asyncio.create_task(check())}
                await asyncio.wait(tasks)
                asyncio.create_task(check()).add_done_callback(print)
                assert asyncio.create_task(check())
                asyncio.sleep(0)
                group = asyncio.TaskGroup()
                group.create_task(check())
            """,
            because="somebody holds each of these tasks",
        ),
        Good(
            """
            import asyncio

            import pytest

            async def check(): ...

            def spawn():
                return asyncio.create_task(check())

            @pytest.mark.asyncio
            async def test_check():
                spawn()
            """,
            because="what a function of the repository starts, it may keep",
        ),
        Good(
            """
            import asyncio

            import pytest

            async def check(): ...

            @pytest.mark.asyncio
            async def test_check():
                asyncio.create_task(check())
                finish(asyncio.all_tasks())
            """,
            because="the loop is asked for all tasks",
        ),
        Good(
            """
            import asyncio

            import pytest

            @pytest.mark.asyncio
            async def test_eager():
                ran = []

                async def run():
                    ran.append(True)

                asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
                asyncio.create_task(run())
                assert ran
            """,
            because="it runs as soon as it is made",
        ),
        Good(
            """
            import asyncio

            import pytest
            from shop import run

            @pytest.mark.asyncio
            async def test_start():
                asyncio.Task(run(), eager_start=True)
                asyncio.create_task(run(), eager_start=True)
            """,
            because="these run as soon as they are made, too",
        ),
    ],
)
# Words of files that ask for all tasks, or whose tasks run as soon as they are made (Python 3.12).
_TOLD = ("all_tasks", "eager_task_factory", "eager_start")


@rule.on(CheckedFile)
def check(file: CheckedFile, _: CheckedFile) -> Iterator[Finding]:
    """Report tasks that nobody holds and that have no effect, or whose failures are lost."""
    if any(word in file.module.source.text for word in _TOLD):
        return
    for use in file.facts.call_uses.in_module(file.module):
        if use.fate is Fate.DROPPED and _is_started_by_test(use):
            if (harm := _harm(use, file)) is not None:
                yield rule.finding(
                    file.place_of_node(use.place),
                    f"nobody awaits the task of `{use.name}()`: {harm}",
                    symbol=use.function.definition.qualname,
                    advice="keep the task and await it before the test ends",
                )


def _is_started_by_test(use: CallUse) -> bool:
    if use.given.gives is not Gives.TASK or use.given.function is not None:
        return False
    return use.in_async and use.function.definition.name.startswith("test")


def _harm(use: CallUse, file: CheckedFile) -> str | None:
    if not _awaits_later(use):
        return "nothing is awaited after it, so it may never begin to run"
    return "its assertions are lost" if _ends_with_assertion(use, file) else None


def _awaits_later(use: CallUse) -> bool:
    """Whether the event loop gets a turn after the task was started."""
    around = list(use.body.above(use.call))
    if any(isinstance(one, ast.For | ast.While | ast.AsyncFor | ast.AsyncWith) for one in around):
        return True
    end = use.body.statement(use.call).end_lineno or 0
    return any(
        isinstance(one, ast.Await | ast.AsyncFor | ast.AsyncWith | ast.comprehension)
        and _line(one) > end
        for one in own_nodes(use.function.node)
    )


def _line(node: ast.AST) -> int:
    return node.iter.lineno if isinstance(node, ast.comprehension) else getattr(node, "lineno", 0)


def _ends_with_assertion(use: CallUse, file: CheckedFile) -> bool:
    """Whether the last thing that the task does is an assertion."""
    match use.call.args:
        case [ast.Call(func=called), *_]:
            scope = file.module.scope_of(use.function.node)
            made = file.facts.awaitables.called(called, file.module, scope).function
            return made is not None and isinstance(made.node.body[-1], ast.Assert)
        case _:
            return False
