"""An async context manager is not entered, or an async generator not iterated.

## What it finds

Calls of `@asynccontextmanager` functions and of async generators (`asyncio.timeout(...)` and its
like too) that are dropped or asserted, and those that stand in a plain `with` or `for`.

## Why it matters

Nothing of the function runs until it is entered or iterated, and Python gives no warning at all.
A plain `with` or `for` fails.

## Fix

A plain `with` or `for` in an async function becomes `async with` or `async for` (safe). What was
dropped has none: what should happen inside is the author's to say.
"""

import ast
from collections.abc import Iterator

from bot.analysis.awaiting.call_results import Fate
from bot.analysis.awaiting.call_uses import RAISING, CallUse, last_name
from bot.analysis.awaiting.third_party_calls import Gives
from bot.analysis.checked_file import CheckedFile
from bot.analysis.edits.node_edits import put_before
from bot.analysis.errors import FixError
from bot.analysis.finding import Finding, Severity
from bot.analysis.fix import Edit, Fix, Safety
from bot.analysis.names.values import Function
from bot.analysis.rule import Bad, Good, Rule
from bot.analysis.source.scopes import FunctionNode
from bot.analysis.source.walking import below, own_nodes

rule = Rule(
    __name__,
    __doc__,
    code="AWT206",
    severity=Severity.FAILURE,
    examples=[
        Bad(
            {
                "shop.py": """
                    from contextlib import asynccontextmanager

                    @asynccontextmanager
                    async def opened():
                        yield

                    async def sales():
                        yield 3
                """,
                "test_shop.py": """
                    import asyncio

                    import pytest
                    from shop import opened, sales

                    @pytest.mark.asyncio
                    async def test_shop():
                        opened()  # error
                        sales()  # error
                        assert sales()  # error
                        shop = opened()  # error
                        asyncio.timeout(1)  # error
                        assert sales() is not None  # error
                        if opened():  # error
                            pass
                """,
            },
            says="nothing of it runs",
        ),
        Bad(
            """
            from contextlib import asynccontextmanager

            import pytest

            @asynccontextmanager
            async def opened():
                yield

            async def sales():
                yield 3

            @pytest.mark.asyncio
            async def test_shop():
                with opened():  # error
                    for sale in sales():  # error
                        assert sale
            """,
            fixed="""
            from contextlib import asynccontextmanager

            import pytest

            @asynccontextmanager
            async def opened():
                yield

            async def sales():
                yield 3

            @pytest.mark.asyncio
            async def test_shop():
                async with opened():
                    async for sale in sales():
                        assert sale
            """,
            safety=Safety.SAFE,
        ),
        Bad(
            """
            from contextlib import asynccontextmanager

            import pytest

            @asynccontextmanager
            async def opened():
                yield 3

            def test_shop(runner):
                def job():
                    with opened():  # error
                        pass

                runner.expects(TypeError)
                with pytest.raises(ValueError):
                    runner.wait(job)
            """,
            says="a plain `with` fails",
        ),
        Bad(
            """
            from contextlib import asynccontextmanager, nullcontext

            import pytest

            @asynccontextmanager
            async def opened():
                yield

            @pytest.mark.asyncio
            async def test_shop():
                with nullcontext(), opened():  # error
                    pass

            def test_sync():
                with opened():  # error
                    pass
            """,
        ),
        Good(
            """
            from contextlib import AsyncExitStack, asynccontextmanager

            import pytest

            @asynccontextmanager
            async def opened():
                yield

            async def sales():
                yield 3

            @pytest.mark.asyncio
            async def test_shop():
                shop = opened()
                async with shop:
                    assert [one async for one in sales()] == [3]
                async with AsyncExitStack() as stack:
                    await stack.enter_async_context(opened())
                stream = sales()
                assert await anext(stream) == 3
                await sales().aclose()
            """,
            because="each is entered or iterated",
        ),
        Bad(
            """
            async def sales():
                yield 3

            def stream():
                \"\"\"Hand the sales on.\"\"\"
                return sales()

            def test_stream():
                stream()  # error
            """,
        ),
        Good(
            """
            import pytest

            class Till:
                started = False

                async def sales(self):
                    yield 3

                def stream(self):
                    if self.started:
                        raise ValueError
                    self.started = True
                    return self.sales()

            def test_stream_starts_once():
                till = Till()
                till.stream()
                with pytest.raises(ValueError):
                    till.stream()
            """,
            because="a plain function has done something by then",
        ),
        Good(
            """
            import pytest

            async def sales():
                yield 3

            def test_for():
                with pytest.raises(TypeError):
                    for sale in sales():
                        pass
            """,
            because="the test wants the failure",
        ),
        Good(
            """
            import asyncio
            import contextlib

            async def fetch(): ...

            async def stream():
                yield 3

            def streamed():
                fetch()
                return stream()

            def sales():
                yield 3

            @contextlib.contextmanager
            def opened():
                yield

            def test_shop():
                with opened():
                    for sale in sales():
                        assert sale
                sales()
            """,
            because="these are not async",
        ),
        Good(
            """
            from contextlib import asynccontextmanager

            import pytest

            @asynccontextmanager
            async def opened():
                yield 3

            def test_a_plain_with_is_refused(runner):
                @runner.job
                class Job:
                    def run(self):
                        with opened():
                            pass

                with pytest.raises((TypeError, AttributeError)):
                    runner.wait(Job)
            """,
            because="that it fails is what is tested",
        ),
    ],
)
_KINDS = frozenset({Gives.ASYNC_GENERATOR, Gives.ASYNC_MANAGER})
_UNUSED = frozenset({Fate.DROPPED, Fate.ASSERTED, Fate.TESTED, Fate.COMPARED})
# What a plain `with` or `for` raises on something async (AttributeError before Python 3.11).
_ERRORS = frozenset({"TypeError", "AttributeError", "Exception"})
_KEYWORDS = {Fate.ENTERED: "with", Fate.ITERATED: "for"}


@rule.on(CheckedFile)
def check(file: CheckedFile, _: CheckedFile) -> Iterator[Finding]:
    """Report managers and generators that nothing gets going."""
    for use in file.facts.call_uses.in_module(file.module):
        if use.given.gives not in _KINDS or use.raises is not None:
            continue
        if use.fate in _UNUSED and not _did_more(use.given.function):
            yield _finding(use, file, "nothing of it runs")
        elif _is_misused(use) and not _is_meant_to_fail(use):
            keyword = _KEYWORDS[use.fate]
            fix = _fix(use, file, keyword) if use.in_async else None
            yield _finding(use, file, f"a plain `{keyword}` fails on it", fix)


def _did_more(called: Function | None) -> bool:
    """Whether a plain function that hands something on has more to do."""
    if called is None or isinstance(called.node, ast.AsyncFunctionDef):
        return False
    return any(not _hands_on(one) for one in called.node.body)


def _hands_on(statement: ast.stmt) -> bool:
    match statement:
        case ast.Return() | ast.Expr(value=ast.Constant()):
            return True
        case _:
            return False


def _finding(use: CallUse, file: CheckedFile, what: str, fix: Fix | None = None) -> Finding:
    is_manager = use.given.gives is Gives.ASYNC_MANAGER
    kind, verb = ("async context manager", "entered") if is_manager else (
        "async generator", "iterated",
    )  # fmt: skip
    keyword = "async with" if is_manager else "async for"
    return rule.finding(
        file.place_of_node(use.place),
        f"the {kind} of `{use.name}()` is never {verb}: {what}",
        symbol=use.function.definition.qualname,
        fix=fix,
        advice=f"use it in `{keyword}`",
    )


def _is_misused(use: CallUse) -> bool:
    """Whether the statement that wants a sync one gets an async one."""
    match use.given.gives, use.body.parent(use.call):
        case Gives.ASYNC_MANAGER, ast.withitem():
            return use.fate is Fate.ENTERED
        case Gives.ASYNC_GENERATOR, ast.For():
            return use.fate is Fate.ITERATED
        case _:
            return False


def _is_meant_to_fail(use: CallUse) -> bool:
    """Whether a function around it expects the error that comes of it."""
    outer = use.function.definition.outer
    while outer is not None:
        if isinstance(outer.node, FunctionNode) and any(map(_expects, own_nodes(outer.node))):
            return True
        outer = outer.outer
    return False


def _expects(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=func, args=[error, *_]) if last_name(func) in RAISING:
            return any(isinstance(one, ast.Name) and one.id in _ERRORS for one in below(error))
        case _:
            return False


def _fix(use: CallUse, file: CheckedFile, keyword: str) -> Fix | None:
    return file.fix(Safety.SAFE, f"Use `async {keyword}`", lambda: _edits(use, file))


def _edits(use: CallUse, file: CheckedFile) -> Iterator[Edit]:
    """Yield the edit that makes the statement async.

    Raises:
        FixError: the statement enters other context managers too, which may not be async.
    """
    statement = use.body.statement(use.call)
    if isinstance(statement, ast.With) and len(statement.items) > 1:
        raise FixError("other context managers are entered by the same statement")
    yield put_before(file.module.source, statement, "async ")
