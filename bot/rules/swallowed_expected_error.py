"""A test expects an error, and passes without it too.

## What it finds

Async tests whose only awaits stand in one `try`, where every handler does nothing, or checks the
error only, and nothing fails the test if no error comes. Tests that check something afterwards
are left alone, and so is waiting for a timeout or a cancellation.

## Why it matters

Where the code does not raise, no handler runs and no check does: the test passes.

## Fix

Where the `try` holds nothing but the await and one handler does nothing, it becomes
`with pytest.raises(...)`. Unsafe: perhaps the error is only tolerated.
"""

import ast
from collections.abc import Iterator

from bot.analysis.awaiting.call_uses import last_name
from bot.analysis.checked_file import CheckedFile
from bot.analysis.collection.collection import Test
from bot.analysis.edits.node_edits import remove_after, replace_word
from bot.analysis.errors import FixError
from bot.analysis.finding import Finding, Severity
from bot.analysis.fix import Edit, Safety
from bot.analysis.rule import Bad, Good, Rule
from bot.analysis.source.scopes import FunctionNode, parameters
from bot.analysis.source.walking import below, own_nodes

rule = Rule(
    __name__,
    __doc__,
    code="AWT212",
    severity=Severity.FAILURE,
    examples=[
        Bad(
            """
            import pytest
            from shop import pay

            @pytest.mark.asyncio
            async def test_pay():
                try:  # error
                    await pay(-1)
                except ValueError:
                    pass
            """,
            fixed="""
            import pytest
            from shop import pay

            @pytest.mark.asyncio
            async def test_pay():
                with pytest.raises(ValueError):
                    await pay(-1)
            """,
            safety=Safety.UNSAFE,
            says="if no error comes",
        ),
        Bad(
            """
            import pytest
            from shop import pay

            @pytest.mark.asyncio
            async def test_pay():
                amount = -1
                try:  # error
                    await pay(amount)
                except ValueError as error:
                    assert "amount" in str(error)
            """,
        ),
        Bad(
            """
            import pytest
            from shop import fail_to_pay

            @pytest.mark.asyncio
            async def test_fail_to_pay():
                try:  # error
                    await fail_to_pay()
                except ValueError:
                    pass
            """,
            fixed="""
            import pytest
            from shop import fail_to_pay

            @pytest.mark.asyncio
            async def test_fail_to_pay():
                with pytest.raises(ValueError):
                    await fail_to_pay()
            """,
            safety=Safety.UNSAFE,
        ),
        Bad(
            """
            import pytest
            from shop import pay

            @pytest.mark.asyncio
            @pytest.mark.parametrize("amount", [-1, -2])
            async def test_pay(amount):
                try:  # error
                    await pay(amount)
                except ValueError as error:
                    assert error.amount == amount
            """,
        ),
        Good(
            """
            import pytest
            from shop import pay

            @pytest.mark.asyncio
            @pytest.mark.parametrize("amount", [-1, 0, 1])
            async def test_pay(amount):
                try:
                    await pay(amount)
                except ValueError as error:
                    assert "negative" in str(error)
            """,
            because="the error may come with one parameter and not with the next",
        ),
        Good(
            """
            import pytest
            from shop import Closed, pay

            @pytest.mark.asyncio
            async def test_no_loop_is_run_twice():
                try:
                    await pay(1)
                except Exception as error:
                    assert "event loop" not in str(error)

            @pytest.mark.asyncio
            async def test_code():
                try:
                    await pay(1)
                except ValueError as error:
                    assert error.code != 3

            @pytest.mark.asyncio
            async def test_kind():
                try:
                    await pay(1)
                except Exception as error:
                    assert not isinstance(error, Closed)
            """,
            because="it only says which error must not come",
        ),
        Good(
            """
            import asyncio
            import pytest

            from server import serve, talk

            @pytest.mark.asyncio
            async def test_serve():
                class Done(Exception):
                    pass

                async def client():
                    await talk()
                    raise Done

                try:
                    await asyncio.gather(serve(), client())
                except Done:
                    pass
            """,
            because="the test raises its own error to end what would run for ever",
        ),
        Good(
            """
            import pytest
            from shop import pay

            @pytest.mark.asyncio
            async def test_raises():
                with pytest.raises(ValueError):
                    await pay(-1)

            @pytest.mark.asyncio
            async def test_fails():
                try:
                    await pay(-1)
                except ValueError:
                    pass
                else:
                    pytest.fail("nothing was raised")

            @pytest.mark.asyncio
            async def test_fails_inside():
                try:
                    await pay(-1)
                    assert False
                except ValueError:
                    pass
            """,
            because="without the error these tests fail",
        ),
        Good(
            """
            import asyncio

            import pytest
            from shop import pay, till

            @pytest.mark.asyncio
            async def test_state():
                try:
                    await pay(-1)
                except ValueError:
                    pass
                assert till.total == 0

            @pytest.mark.asyncio
            async def test_more():
                try:
                    await pay(-1)
                except ValueError:
                    pass
                await pay(1)

            @pytest.mark.asyncio
            async def test_what_came_before(stream):
                events = []
                try:
                    events.append(await anext(stream))
                except ValueError:
                    pass
                _assert_events(events, ["paid"])

            @pytest.mark.asyncio
            async def test_tries():
                for _ in range(3):
                    try:
                        await pay(1)
                        break
                    except ConnectionError:
                        pass

            @pytest.mark.asyncio
            async def test_timeout(task):
                try:
                    await asyncio.wait_for(task, 1)
                except asyncio.TimeoutError:
                    pass

            @pytest.mark.asyncio
            async def test_not_here():
                try:
                    await pay(-1)
                except ImportError:
                    pytest.skip("the shop is closed")

            @pytest.mark.asyncio
            async def test_no_error():
                try:
                    await pay(1)
                except ValueError:
                    pytest.fail("it was raised")

            @pytest.mark.asyncio
            async def test_finally():
                try:
                    await pay(1)
                finally:
                    till.close()
            """,
            because="something else is checked, or the error is not what is expected",
        ),
    ],
)
# Handlers of these are for tests that end something.
_ENDING = ("Cancel", "Timeout", "Stop", "Exit", "Interrupt", "Closed", "Disconnect", "Import")
_FAILING = ("assert", "fail", "raises", "check", "verify", "expect", "skip", "warns", "xfail")


@rule.on(Test)
def check(test: Test, file: CheckedFile) -> Iterator[Finding]:
    """Report a test that passes with its error and without it."""
    if test.function.module is not file.module:
        return
    node = test.function.node
    attempts = [one for one in own_nodes(node) if isinstance(one, ast.Try)]
    if len(attempts) != 1 or not _swallows(attempts[0]) or _checks_elsewhere(node, attempts[0]):
        return
    attempt = attempts[0]
    if _is_of_the_test(attempt, node) or _depends_on_parameters(attempt, node):
        return
    yield rule.finding(
        file.place_of_line(attempt),
        "the test passes with the error that it expects, and also if no error comes",
        symbol=test.symbol,
        fix=file.fix(Safety.UNSAFE, "Use `pytest.raises`", lambda: _edits(attempt, file)),
        advice="use `with pytest.raises(...)`",
    )


def _swallows(attempt: ast.Try) -> bool:
    """Whether an error ends in handlers that let the test pass."""
    if not attempt.handlers or attempt.orelse or attempt.finalbody:
        return False
    if not any(isinstance(one, ast.Await) for part in attempt.body for one in below(part)):
        return False
    return not any(_fails(part) or _leaves(part) for part in attempt.body) and all(
        _lets_pass(one) for one in attempt.handlers
    )


def _lets_pass(handler: ast.ExceptHandler) -> bool:
    """Whether a handler is for an expected error, and does no more than look at it."""
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    names = [last_name(one) if one is not None else "" for one in kinds]
    if any(not name or any(word in name for word in _ENDING) for name in names):
        return False
    return all(
        isinstance(one, ast.Pass)
        or (isinstance(one, ast.Assert) and not _excludes(one.test))
        or (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))
        for one in handler.body
    )


def _excludes(test: ast.expr) -> bool:
    """Whether an assertion says only what an error is not: any other may come, or none."""
    match test:
        case ast.UnaryOp(op=ast.Not()):
            return True
        case ast.Compare(ops=[ast.NotIn() | ast.NotEq()]):
            return True
        case _:
            return False


def _is_of_the_test(attempt: ast.Try, node: FunctionNode) -> bool:
    """Whether the error is a class of the test's own: a way out of what runs for ever."""
    own = {one.name for one in node.body if isinstance(one, ast.ClassDef)}
    return any(
        isinstance(one, ast.Name) and one.id in own
        for handler in attempt.handlers
        if handler.type is not None
        for one in ast.walk(handler.type)
    )


def _depends_on_parameters(attempt: ast.Try, node: FunctionNode) -> bool:
    """Whether the error may come with some parameters only: no handler looks at one of them."""
    decorators = (one.func for one in node.decorator_list if isinstance(one, ast.Call))
    if all(last_name(one) != "parametrize" for one in decorators):
        return False
    given = {one.arg for one in parameters(node)}
    return not any(
        isinstance(one, ast.Name) and one.id in given
        for handler in attempt.handlers
        for statement in handler.body
        for one in below(statement)
    )


def _checks_elsewhere(node: FunctionNode, attempt: ast.Try) -> bool:
    """Whether anything outside of the `try` is awaited, or can fail the test."""
    inside = set(ast.walk(attempt))
    return any(
        isinstance(one, ast.Await | ast.AsyncWith | ast.AsyncFor | ast.Raise | ast.Return)
        or _is_check(one)
        for one in own_nodes(node)
        if one not in inside
    )


def _fails(statement: ast.stmt) -> bool:
    nodes = below(statement)
    awaited = {one.value for one in nodes if isinstance(one, ast.Await)}
    return any(
        isinstance(one, ast.Raise) or (_is_check(one) and not (one in awaited and _is_fail(one)))
        for one in nodes
    )


def _is_fail(node: ast.AST) -> bool:
    """`await fail()`: what fails a test is never awaited, so this is what is tested."""
    return isinstance(node, ast.Call) and last_name(node.func).startswith("fail")


def _leaves(statement: ast.stmt) -> bool:
    """Whether a statement ends a loop or the test: what was tried has worked."""
    return any(isinstance(one, ast.Break | ast.Continue | ast.Return) for one in below(statement))


def _is_check(node: ast.AST) -> bool:
    match node:
        case ast.Assert():
            return True
        case ast.Call(func=func):
            return last_name(func).lstrip("_").startswith(_FAILING)
        case _:
            return False


def _edits(attempt: ast.Try, file: CheckedFile) -> Iterator[Edit]:
    """Yield the edits that make `with pytest.raises(...)` of a `try` with one empty handler.

    Raises:
        FixError: the statement does more than that.
    """
    match attempt:
        case ast.Try(
            body=[ast.Expr() | ast.Assign() as only],
            handlers=[ast.ExceptHandler(type=ast.expr() as kind, body=[ast.Pass() as nothing])],
        ):
            name, imports = file.editor.imports.module("pytest", before=attempt.lineno)
            yield from imports
            yield replace_word(
                file.module.source, attempt, "try", f"with {name}.raises({ast.unparse(kind)})"
            )
            yield remove_after(file.module.source, only, nothing)
        case _:
            raise FixError("more than one await and one empty handler")
