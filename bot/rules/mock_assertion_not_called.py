"""An assertion about a mock is not called, misspelt, or awaited: it checks nothing.

## What it finds

`fetch.assert_awaited_once` without parentheses, `assert fetch.assert_called` (a method is always
true), names that only look like assertions (`fetch.awaited_once_with(3)`, `fetch.has_awaits(...)`,
`assert fetch.called_once`), and `await fetch.assert_awaited_once()`. A misspelt name is reported
where what it belongs to is certainly a mock, or is a statement of its own that speaks of awaits.

## Why it matters

A name that a mock does not know is a new child of it: true, callable, and silent. Python 3.12
refuses those that speak of calls (`called_once_with`), no Python those that speak of awaits. An
assertion that is awaited fails, for it returns None.

## Fix

The call is written out, the right name put in, or the `await` taken away. Another name is unsafe:
the assertion never held the test to anything before. Where arguments are missing, there is no fix.
"""

import ast
from collections.abc import Iterator

from bot.analysis.checked_file import CheckedFile
from bot.analysis.errors import FixError
from bot.analysis.finding import Finding, Severity
from bot.analysis.fix import Edit, Safety
from bot.analysis.mocks.mock_assertions import ASSERTIONS, MISSPELT, Use, use_of
from bot.analysis.names.values import Class
from bot.analysis.rule import Bad, Good, Rule
from bot.analysis.source.module import Definition
from bot.analysis.source.scopes import FunctionNode, Scope
from bot.analysis.source.walking import own_nodes, own_nodes_of

rule = Rule(
    __name__,
    __doc__,
    code="AWT406",
    severity=Severity.FAILURE,
    examples=[
        Bad(
            """
            from unittest.mock import AsyncMock

            import pytest

            @pytest.mark.asyncio
            async def test_fetch(client):
                fetch = AsyncMock()
                await fetch(3)
                fetch.assert_awaited_once  # error
                assert fetch.assert_awaited  # error
                await client.get.assert_called  # error
            """,
            fixed="""
            from unittest.mock import AsyncMock

            import pytest

            @pytest.mark.asyncio
            async def test_fetch(client):
                fetch = AsyncMock()
                await fetch(3)
                fetch.assert_awaited_once()
                fetch.assert_awaited()
                client.get.assert_called()
            """,
            safety=Safety.SAFE,
            says="is not called",
        ),
        Bad(
            """
            from unittest.mock import AsyncMock, Mock, patch

            import pytest

            @pytest.mark.asyncio
            @patch("shop.log")
            async def test_fetch(log):
                fetch, send = AsyncMock(), AsyncMock()
                client = AsyncMock()
                await client.get(3)
                client.get.awaited_once_with(3)  # error
                assert client.get.awaited_once  # error
                await client.has_awaits([])  # error
                assert log.called_once_with("get")  # error
                log.not_called()  # error
            """,
            fixed="""
            from unittest.mock import AsyncMock, Mock, patch

            import pytest

            @pytest.mark.asyncio
            @patch("shop.log")
            async def test_fetch(log):
                fetch, send = AsyncMock(), AsyncMock()
                client = AsyncMock()
                await client.get(3)
                client.get.assert_awaited_once_with(3)
                client.get.assert_awaited_once()
                client.assert_has_awaits([])
                log.assert_called_once_with("get")
                log.assert_not_called()
            """,
            safety=Safety.UNSAFE,
            says="is no assertion",
        ),
        Bad(
            """
            from unittest.mock import AsyncMock, patch

            import pytest

            @pytest.mark.asyncio
            async def test_fetch():
                with patch("shop.log") as log:
                    fetch = AsyncMock()
                    await fetch(3)
                    await fetch.assert_awaited_once_with(3)  # error
                    await log.assert_called_once()  # error
            """,
            fixed="""
            from unittest.mock import AsyncMock, patch

            import pytest

            @pytest.mark.asyncio
            async def test_fetch():
                with patch("shop.log") as log:
                    fetch = AsyncMock()
                    await fetch(3)
                    fetch.assert_awaited_once_with(3)
                    log.assert_called_once()
            """,
            safety=Safety.SAFE,
            says="returns None",
        ),
        Bad(
            """
            import pytest

            @pytest.mark.asyncio
            async def test_fetch(client):
                await client.get.assert_awaited_once()  # error
            """,
            fixed="""
            import pytest

            @pytest.mark.asyncio
            async def test_fetch(client):
                client.get.assert_awaited_once()
            """,
            safety=Safety.SAFE,
        ),
        Bad(
            """
            from unittest import IsolatedAsyncioTestCase
            from unittest.mock import AsyncMock

            class TestShop(IsolatedAsyncioTestCase):
                def setUp(self):
                    self.fetch = AsyncMock()

                async def test_fetch(self):
                    await self.fetch(3)
                    self.fetch.assert_awaited_once_with  # error
                    self.fetch.awaited_with  # error
                    self.assertTrue(self.fetch.awaited_once)  # error
                    assert self.fetch.called_once(), "never called"  # error
                    assert (self.fetch.awaited_once())  # error
            """,
            says="self.fetch",
        ),
        Bad(
            """
            import pytest

            @pytest.mark.asyncio
            async def test_fetch(client):
                client.get.awaited_once_with(3)  # error
                await client.get.any_await(3)  # error
            """,
            fixed="""
            import pytest

            @pytest.mark.asyncio
            async def test_fetch(client):
                client.get.assert_awaited_once_with(3)
                client.get.assert_any_await(3)
            """,
            safety=Safety.UNSAFE,
        ),
        Good(
            """
            from unittest.mock import AsyncMock, Mock, call

            import pytest

            @pytest.mark.asyncio
            async def test_fetch():
                fetch = AsyncMock()
                await fetch(3)
                fetch.assert_awaited_once_with(3)
                fetch.assert_has_awaits([call(3)])
                check = fetch.assert_awaited_once
                check()
                assert fetch.called
                assert fetch.await_count == 1
            """,
            because="the assertions are called",
        ),
        Good(
            """
            import pytest

            @pytest.mark.asyncio
            async def test_fetch(spy, requests_mock, fake):
                assert spy.called_with(3)
                assert requests_mock.called_once
                assert spy.awaited_once
                assert spy.awaited_once_with(3)
                spy.any_await
                await fake.assert_called_once()
                fake.called_once_with(3)
                print(fake.awaited_once_with(3))
            """,
            because="other libraries have such names; nobody says that these are mocks",
        ),
        Good(
            {
                "fakes.py": """
                    class Fake:
                        awaited = 0

                        async def assert_awaited(self):
                            assert self.awaited

                        def awaited_once_with(self, number):
                            assert self.awaited == number

                        def called_once(self):
                            return True
                """,
                "test_fakes.py": """
                    from unittest.mock import AsyncMock, Mock

                    import pytest
                    from fakes import Fake

                    @pytest.mark.asyncio
                    async def test_fake():
                        fake = Fake()
                        fake.awaited_once_with(3)
                        await fake.assert_awaited()
                        mock = Mock(spec=Fake)
                        mock.called_once()
                        own = Mock()
                        own.called_once = Mock(return_value=True)
                        assert own.called_once()
                        del own.any_call
                        own.not_called = True
                        assert own.not_called
                """,
            },
            because="the class has methods of that name, or the test sets them",
        ),
    ],
)


@rule.on(CheckedFile)
def check(file: CheckedFile, _: CheckedFile) -> Iterator[Finding]:
    """Look at every attribute that is, or is like, an assertion."""
    for definition in file.module.functions():
        assert isinstance(definition.node, FunctionNode)  # noqa: S101 - functions only
        scope = file.module.scope_of(definition.node)
        told = [
            one
            for one in own_nodes_of(definition.node, ast.Attribute)
            if (one.attr in ASSERTIONS or one.attr in MISSPELT) and isinstance(one.ctx, ast.Load)
        ]
        found = (use_of(one) for one in own_nodes(definition.node)) if told else ()
        uses = {use.attribute: use for use in found if use is not None}
        for node in told:
            yield from _look(node, uses.get(node), definition, scope, file)


def _look(
    node: ast.Attribute, use: Use | None, definition: Definition, scope: Scope, file: CheckedFile
) -> Iterator[Finding]:
    written = ast.unparse(node)
    if node.attr in ASSERTIONS and use is not None:
        if not use.is_called:
            what = f"`{written}` is not called, so it checks nothing"
            yield _finding(use, what, node.attr, definition, file)
        elif use.awaited is not None and _is_assertion(node, scope, file):
            what = f"`{written}()` returns None, which cannot be awaited"
            yield _finding(use, what, node.attr, definition, file)
    elif node.attr in MISSPELT and _is_misspelt(node, use, scope, file):
        what = f"`{written}` is no assertion but a new child of the mock, so it checks nothing"
        if use is not None:
            yield _finding(use, what, MISSPELT[node.attr], definition, file)
        else:
            yield _finding_inside(node, what, definition, file)


def _is_assertion(node: ast.Attribute, scope: Scope, file: CheckedFile) -> bool:
    """Whether an assertion's name certainly is one: of a mock, or what only AsyncMock has."""
    if file.facts.mocks.at(node.value, file.module, scope) is not None:
        return True
    return "await" in node.attr and not _has_class(node.value, scope, file)


def _is_misspelt(node: ast.Attribute, use: Use | None, scope: Scope, file: CheckedFile) -> bool:
    """Whether nothing but a mock's child can be meant."""
    owner = file.facts.mocks.at(node.value, file.module, scope)
    if owner is not None:
        child = file.facts.mocks.at(node, file.module, scope)
        return not owner.has_spec and child is not None and child.is_child
    if use is None or use.is_asserted or not use.is_called or _has_class(node.value, scope, file):
        return False
    return "await" in node.attr


def _has_class(node: ast.expr, scope: Scope, file: CheckedFile) -> bool:
    return isinstance(file.facts.instances.type_of(node, file.module, scope), Class)


def _finding(
    use: Use, message: str, right: str, definition: Definition, file: CheckedFile
) -> Finding:
    is_renamed = right != use.name
    return rule.finding(
        file.place_of_node(use.attribute),
        message,
        symbol=definition.qualname,
        fix=file.fix(
            Safety.UNSAFE if is_renamed else Safety.SAFE,
            f"Call `{right}`",
            lambda: _edits(use, right, file),
        ),
        advice=f"write `{ast.unparse(use.attribute.value)}.{right}(...)`",
    )


def _finding_inside(
    node: ast.Attribute, message: str, definition: Definition, file: CheckedFile
) -> Finding:
    right = MISSPELT[node.attr]
    return rule.finding(
        file.place_of_node(node),
        message,
        symbol=definition.qualname,
        advice=f"make `{ast.unparse(node.value)}.{right}()` a statement of its own",
    )


def _edits(use: Use, right: str, file: CheckedFile) -> Iterator[Edit]:
    if isinstance(use.statement, ast.Assert):
        yield _without_assert(use.statement, file)
    if use.awaited is not None:
        yield file.editor.remove_await(use.awaited)
    if not use.is_called and ASSERTIONS[right]:
        raise FixError("what the arguments should be cannot be told")
    text = right if use.is_called else f"{right}()"
    if text != use.name:
        yield file.editor.replace_attribute(use.attribute, text)


def _without_assert(statement: ast.Assert, file: CheckedFile) -> Edit:
    """Leave of `assert value` only the value."""
    source, test = file.module.source, statement.test
    start = source.offset(statement.lineno, statement.col_offset)
    end = source.offset(test.lineno, test.col_offset)
    if statement.msg is not None or source.text[start:end].strip() != "assert":
        raise FixError("there is more in the `assert` than the call")
    return file.editor.replace(start, end, "")
