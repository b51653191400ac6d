"""What was waited for may have failed, and nothing looks.

## What it finds

In async tests, `await asyncio.gather(..., return_exceptions=True)` and `await asyncio.wait(...)`
whose results are dropped, where the test itself checks nothing and does not come back to the
tasks. Cleaning up (`cancel()`, `finally`) is left alone.

## Why it matters

Both keep exceptions to themselves: a failed assertion in what they wait for is returned, or stays
in its task, and the test passes.

## Fix

None is offered: look at what is returned, or let `gather` raise.
"""

import ast
from collections.abc import Iterator

from bot.analysis.awaiting.call_results import Body
from bot.analysis.awaiting.call_uses import last_name
from bot.analysis.checked_file import CheckedFile
from bot.analysis.finding import Finding, Severity
from bot.analysis.names.values import Function
from bot.analysis.rule import Bad, Good, Rule
from bot.analysis.source.walking import own_nodes, own_nodes_of

rule = Rule(
    __name__,
    __doc__,
    code="AWT208",
    severity=Severity.FAILURE,
    examples=[
        Bad(
            """
            import asyncio

            import pytest

            async def check(): ...

            @pytest.mark.asyncio
            async def test_gather():
                await asyncio.gather(check(), check(), return_exceptions=True)  # error

            @pytest.mark.asyncio
            async def test_wait():
                tasks = [asyncio.create_task(asyncio.sleep(0))]
                await asyncio.wait(tasks)  # error
                print("waited", pytest)

            @pytest.mark.asyncio
            async def test_blocks(flag):
                if flag:
                    try:
                        await asyncio.wait([asyncio.sleep(0)])  # error
                    except OSError:
                        pass
            """,
            says="nothing looks at",
        ),
        Good(
            """
            import asyncio

            import pytest

            async def check(): ...

            @pytest.mark.asyncio
            async def test_gather():
                await asyncio.gather(check(), check())

            @pytest.mark.asyncio
            async def test_results():
                first, second = await asyncio.gather(check(), check(), return_exceptions=True)
                assert first is second is None

            @pytest.mark.asyncio
            async def test_flag():
                await asyncio.gather(check(), return_exceptions=False)

            @pytest.mark.asyncio
            async def test_done():
                tasks = [asyncio.create_task(check())]
                await asyncio.wait(tasks)
                for task in tasks:
                    task.result()
            """,
            because="`gather` raises, or the results are looked at",
        ),
        Good(
            """
            import asyncio

            import pytest

            async def pay(till): ...

            @pytest.mark.asyncio
            async def test_race(till):
                await asyncio.gather(pay(till), pay(till), return_exceptions=True)
                assert till.count == 1

            @pytest.mark.asyncio
            async def test_times(till):
                with assert_faster_than(till.limit):
                    await asyncio.gather(pay(till), return_exceptions=True)

            @pytest.mark.asyncio
            async def test_raises(till):
                await asyncio.gather(pay(1), return_exceptions=True)
                with pytest.raises(ValueError):
                    till.close()

            @pytest.mark.asyncio
            async def test_fails(till):
                await asyncio.gather(pay(1), return_exceptions=True)
                if till.count != 1:
                    pytest.fail("it is not paid")

            @pytest.mark.asyncio
            async def test_helpers(till):
                await asyncio.gather(pay(1), return_exceptions=True)
                check_paid(till)

            @pytest.mark.asyncio
            async def test_private_helpers(till):
                await asyncio.gather(pay(1), return_exceptions=True)
                _assert_paid(till)

            @pytest.mark.asyncio
            async def test_more_helpers(till):
                await asyncio.gather(pay(1), return_exceptions=True)
                till.verify()

            @pytest.mark.asyncio
            async def test_expectations(till):
                await asyncio.gather(pay(1), return_exceptions=True)
                expect(till).to_be_closed()

            @pytest.mark.asyncio
            async def test_end(till):
                assert till.count == 1
                await asyncio.wait([till.close()])

            @pytest.mark.asyncio
            async def test_calls(pay):
                await asyncio.gather(pay(1), pay(2), return_exceptions=True)
                pay.assert_called()
            """,
            because="the test looks at what came of it",
        ),
        Good(
            """
            import asyncio

            import pytest

            async def serve(): ...

            @pytest.mark.asyncio
            async def test_clean(server):
                task = asyncio.create_task(serve())
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

            @pytest.mark.asyncio
            async def test_finally(server):
                try:
                    await server.start()
                finally:
                    await asyncio.wait([server.stop()])

            @pytest.mark.asyncio
            async def test_except(server):
                try:
                    await server.start()
                except OSError:
                    await asyncio.wait([server.stop()])

            @pytest.fixture
            async def tasks():
                yield
                await asyncio.gather(serve(), return_exceptions=True)
            """,
            because="this is cleaning up",
        ),
        Good(
            """
            import asyncio

            import pytest

            @pytest.mark.asyncio
            async def test_stop(server):
                server.stop()
                await asyncio.wait(asyncio.all_tasks() - {asyncio.current_task()})
            """,
            because="what others have started is only waited for",
        ),
    ],
)
# Words of tests that wait for what is cancelled, or for tasks that others have started.
_OF_OTHERS = (".cancel(", "all_tasks(")
_CHECKS = ("assert", "raises", "fail", "check", "verify", "expect")


@rule.on(CheckedFile)
def check(file: CheckedFile, _: CheckedFile) -> Iterator[Finding]:
    """Report waiting whose outcome nothing looks at."""
    for test in file.tests:
        function = test.function
        if function.module is not file.module:
            continue
        text = file.module.text_of(function.definition)
        if any(word in text for word in _OF_OTHERS):
            continue
        body = file.facts.call_uses.body(function)
        for node in own_nodes_of(function.node, ast.Expr):
            match node:
                case ast.Expr(value=ast.Await(value=ast.Call() as call)) if _swallows(
                    call, function, file
                ):
                    if not _is_checked(node, call, body) and not _cleans_up(node, body):
                        yield _finding(call, function, file)
                case _:
                    continue


def _finding(call: ast.Call, function: Function, file: CheckedFile) -> Finding:
    return rule.finding(
        file.place_of_node(call),
        f"nothing looks at what `{ast.unparse(call.func)}` returns: exceptions in what it waits "
        "for, failed assertions too, are lost",
        symbol=function.definition.qualname,
        advice="look at the results, or use `asyncio.gather` without `return_exceptions`",
    )


def _swallows(call: ast.Call, function: Function, file: CheckedFile) -> bool:
    """Whether a call keeps the exceptions of what it waits for."""
    scope = file.module.scope_of(function.node)
    match file.facts.resolver.dotted(call.func, file.module, scope):
        case "asyncio.wait":
            return True
        case "asyncio.gather":
            return any(
                one.arg == "return_exceptions"
                and isinstance(one.value, ast.Constant)
                and one.value.value is True
                for one in call.keywords
            )
        case _:
            return False


def _is_checked(statement: ast.Expr, call: ast.Call, body: Body) -> bool:
    """Whether the test comes back to what was waited for, or checks anything itself."""
    end = statement.end_lineno or statement.lineno
    handed = {one.id for one in ast.walk(call) if isinstance(one, ast.Name)} - {"asyncio"}
    waiting = set(ast.walk(call))
    for one in own_nodes(body.node):
        match one:
            case ast.Assert():
                return True
            case ast.Name(id=name, lineno=line) if name in handed and line > end:
                return True
            case ast.Call(func=func) if last_name(func).lstrip("_").startswith(_CHECKS):
                if one not in waiting:
                    return True
            case _:
                continue
    return False


def _cleans_up(statement: ast.Expr, body: Body) -> bool:
    return any(
        isinstance(one, ast.ExceptHandler)
        or (isinstance(one, ast.Try) and _is_below(statement, one.finalbody))
        for one in body.above(statement)
    )


def _is_below(statement: ast.stmt, block: list[ast.stmt]) -> bool:
    return any(statement is node for one in block for node in ast.walk(one))
