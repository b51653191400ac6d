"""An `__aexit__` is a mock that returns a mock, and so swallows every exception.

## What it finds

`session.__aexit__ = AsyncMock()` and its like: as an argument of a mock, in a class body, by
`patch`. A `return_value` that is a mock itself is found too. Objects that nobody enters are left
alone, and so is whatever has a `side_effect` or gets its `return_value` later.

## Why it matters

`async with` suppresses an exception if `__aexit__` returns something true. An `AsyncMock()`
returns a mock, which is true: every error inside the block is lost, failed assertions too, and
the test passes. The `__aexit__` that `MagicMock()` and `AsyncMock()` have by themselves returns
False.

## Fix

`AsyncMock(return_value=None)`. Safe where nothing was said; unsafe where another `return_value`
is replaced. A test whose errors were swallowed may fail from then on.
"""

from collections.abc import Iterator

from bot.analysis.checked_file import CheckedFile
from bot.analysis.finding import Finding, Severity
from bot.analysis.fix import Edit, Safety
from bot.analysis.mocks.exit_mocks import ExitMocks, TruthyExit
from bot.analysis.rule import Bad, Good, Rule

rule = Rule(
    __name__,
    __doc__,
    code="AWT401",
    severity=Severity.FAILURE,
    examples=[
        Bad(
            """
            from unittest.mock import AsyncMock, MagicMock

            import pytest

            @pytest.mark.asyncio
            async def test_total():
                session = MagicMock()
                session.__aenter__ = AsyncMock(return_value=session)
                session.__aexit__ = AsyncMock()  # error
                async with session as entered:
                    assert entered is None
            """,
            fixed="""
            from unittest.mock import AsyncMock, MagicMock

            import pytest

            @pytest.mark.asyncio
            async def test_total():
                session = MagicMock()
                session.__aenter__ = AsyncMock(return_value=session)
                session.__aexit__ = AsyncMock(return_value=None)
                async with session as entered:
                    assert entered is None
            """,
            safety=Safety.SAFE,
            says="leaving `session` swallows every exception",
        ),
        Bad(
            """
            from unittest import IsolatedAsyncioTestCase, mock

            class TestPool(IsolatedAsyncioTestCase):
                def setUp(self):
                    self.pool = mock.MagicMock()
                    leave = mock.AsyncMock(  # error
                        name="leave",
                    )
                    self.pool.acquire.return_value.__aexit__ = leave

                async def test_context(self):
                    self.pool.get.return_value = mock.MagicMock(
                        __aenter__=mock.AsyncMock(),
                        **{"__aexit__": mock.AsyncMock()},  # error
                    )
            """,
            fixed="""
            from unittest import IsolatedAsyncioTestCase, mock

            class TestPool(IsolatedAsyncioTestCase):
                def setUp(self):
                    self.pool = mock.MagicMock()
                    leave = mock.AsyncMock(
                        name="leave",
                        return_value=None,
                    )
                    self.pool.acquire.return_value.__aexit__ = leave

                async def test_context(self):
                    self.pool.get.return_value = mock.MagicMock(
                        __aenter__=mock.AsyncMock(),
                        **{"__aexit__": mock.AsyncMock(return_value=None)},
                    )
            """,
            safety=Safety.SAFE,
        ),
        Bad(
            {
                "shop.py": """
                    class Session:
                        async def __aenter__(self):
                            return self

                        async def __aexit__(self, *error):
                            return None

                    class Fake(Session):
                        pass
                """,
                "test_shop.py": """
                    from unittest.mock import AsyncMock, patch

                    import pytest
                    from shop import Session

                    class Own:
                        __aenter__ = AsyncMock()
                        __aexit__ = AsyncMock()  # error

                    @pytest.mark.asyncio
                    @patch.object(Session, "__aexit__")  # error
                    @patch("shop.Session.__aenter__")
                    async def test_leaving(enter, leave):
                        async with Session() as session:
                            await session.__aexit__()
                        with patch(  # error
                            "shop.Fake.__aexit__", new_callable=AsyncMock
                        ):
                            pass
                        with patch("shop.Session.__aexit__", AsyncMock()):  # error
                            pass
                """,
            },
            fixed={
                "test_shop.py": """
                    from unittest.mock import AsyncMock, patch

                    import pytest
                    from shop import Session

                    class Own:
                        __aenter__ = AsyncMock()
                        __aexit__ = AsyncMock(return_value=None)

                    @pytest.mark.asyncio
                    @patch.object(Session, "__aexit__", return_value=None)
                    @patch("shop.Session.__aenter__")
                    async def test_leaving(enter, leave):
                        async with Session() as session:
                            await session.__aexit__()
                        with patch(
                            "shop.Fake.__aexit__", new_callable=AsyncMock, return_value=None
                        ):
                            pass
                        with patch("shop.Session.__aexit__", AsyncMock(return_value=None)):
                            pass
                """
            },
            safety=Safety.SAFE,
        ),
        Bad(
            """
            from unittest.mock import AsyncMock, MagicMock

            client = MagicMock()
            client.__aenter__ = AsyncMock(return_value=client)
            client.__aexit__ = AsyncMock(return_value=client)  # error
            stream = MagicMock()
            stream.__aexit__ = AsyncMock(return_value=MagicMock())  # error
            client.stream.return_value = stream
            client.configure_mock(
                __aenter__=AsyncMock(),
                __aexit__=AsyncMock(return_value=client),  # error
            )
            """,
            fixed="""
            from unittest.mock import AsyncMock, MagicMock

            client = MagicMock()
            client.__aenter__ = AsyncMock(return_value=client)
            client.__aexit__ = AsyncMock(return_value=None)
            stream = MagicMock()
            stream.__aexit__ = AsyncMock(return_value=None)
            client.stream.return_value = stream
            client.configure_mock(
                __aenter__=AsyncMock(),
                __aexit__=AsyncMock(return_value=None),
            )
            """,
            safety=Safety.UNSAFE,
        ),
        Bad(
            """
            from unittest.mock import AsyncMock, MagicMock, patch

            import pytest

            @pytest.mark.asyncio
            async def test_entered(shop):
                one = MagicMock()
                one.__aexit__ = AsyncMock()  # error
                async with one:
                    pass
                six = MagicMock()
                six.__aenter__.return_value = six
                six.__aexit__ = AsyncMock()  # error
                two = MagicMock()
                two.__aexit__ = AsyncMock()  # error
                with patch("shop.connect", return_value=two):
                    await shop.run()
                three, four = MagicMock(), MagicMock()
                type(three).__aexit__ = AsyncMock()  # error
                four.__aenter__ = AsyncMock()
                four.__aexit__ = AsyncMock()  # error
                five = MagicMock()
                five.__aexit__ = AsyncMock()
                await five.__aexit__(None, None, None)
            """,
            fixed="""
            from unittest.mock import AsyncMock, MagicMock, patch

            import pytest

            @pytest.mark.asyncio
            async def test_entered(shop):
                one = MagicMock()
                one.__aexit__ = AsyncMock(return_value=None)
                async with one:
                    pass
                six = MagicMock()
                six.__aenter__.return_value = six
                six.__aexit__ = AsyncMock(return_value=None)
                two = MagicMock()
                two.__aexit__ = AsyncMock(return_value=None)
                with patch("shop.connect", return_value=two):
                    await shop.run()
                three, four = MagicMock(), MagicMock()
                type(three).__aexit__ = AsyncMock(return_value=None)
                four.__aenter__ = AsyncMock()
                four.__aexit__ = AsyncMock(return_value=None)
                five = MagicMock()
                five.__aexit__ = AsyncMock()
                await five.__aexit__(None, None, None)
            """,
            safety=Safety.SAFE,
        ),
        Good(
            """
            from unittest.mock import AsyncMock, MagicMock

            import pytest

            def keep(*error):
                return None

            def make(**arguments):
                return arguments["__aenter__"]

            @pytest.mark.asyncio
            async def test_total():
                session = MagicMock()
                session.__aenter__ = AsyncMock()
                session.__aexit__ = AsyncMock(return_value=False)
                session.get.return_value.__aexit__ = AsyncMock(side_effect=keep)
                session.put.return_value.__aexit__ = AsyncMock(wraps=keep)
                session.post.return_value.__aexit__ = AsyncMock(**{"return_value": None})
                session.swallow.return_value.__aexit__ = AsyncMock(return_value=True)
                session.drop.return_value.__aexit__ = AsyncMock(return_value=bool(session))
                session.head.return_value.__aexit__ = AsyncMock(*[keep, keep])
                session.seven.return_value = MagicMock(**session.arguments)
                session.make(__aenter__=AsyncMock(), __aexit__=AsyncMock())
                session.sync.return_value.__aexit__ = MagicMock()
                make(__aenter__=AsyncMock(), __aexit__=AsyncMock())
                session.stream.return_value.__aenter__ = AsyncMock()
                async with session, MagicMock(), AsyncMock():
                    pass
            """,
            because="what is returned is false, decided by a side effect, or true on purpose",
        ),
        Good(
            """
            from unittest.mock import AsyncMock, MagicMock

            import pytest

            @pytest.mark.asyncio
            async def test_return_value():
                session = MagicMock()
                session.__aenter__ = AsyncMock()
                session.__aexit__ = AsyncMock()
                session.__aexit__.return_value = None
                async with session:
                    pass

            @pytest.mark.asyncio
            async def test_by_name():
                leave = AsyncMock()
                leave.return_value = False
                session = MagicMock(__aenter__=AsyncMock(), __aexit__=leave)
                async with session:
                    pass

            @pytest.mark.asyncio
            async def test_set_again():
                session = MagicMock()
                session.get.return_value.__aexit__ = AsyncMock()
                session.get.return_value.__aexit__ = AsyncMock(return_value=None)
            """,
            because="what it returns is decided after it was made",
        ),
        Bad(
            """
            from unittest.mock import AsyncMock, MagicMock

            import pytest

            @pytest.fixture
            def one():
                session = MagicMock()
                session.get.return_value.__aexit__ = AsyncMock()  # error
                return session

            @pytest.fixture
            def two():
                session = MagicMock()
                session.get.return_value.__aexit__ = AsyncMock()  # error
                return session
            """,
            fixed="""
            from unittest.mock import AsyncMock, MagicMock

            import pytest

            @pytest.fixture
            def one():
                session = MagicMock()
                session.get.return_value.__aexit__ = AsyncMock(return_value=None)
                return session

            @pytest.fixture
            def two():
                session = MagicMock()
                session.get.return_value.__aexit__ = AsyncMock(return_value=None)
                return session
            """,
            safety=Safety.SAFE,
        ),
        Bad(
            """
            from unittest.mock import AsyncMock, MagicMock

            import pytest

            @pytest.mark.asyncio
            async def test_decided():
                session = MagicMock(__aenter__=AsyncMock(), __aexit__=AsyncMock())
                session.__aexit__.return_value = False

            @pytest.mark.asyncio
            async def test_forgotten():
                session = MagicMock()
                session.get.return_value.__aexit__ = AsyncMock()  # error
            """,
            fixed="""
            from unittest.mock import AsyncMock, MagicMock

            import pytest

            @pytest.mark.asyncio
            async def test_decided():
                session = MagicMock(__aenter__=AsyncMock(), __aexit__=AsyncMock())
                session.__aexit__.return_value = False

            @pytest.mark.asyncio
            async def test_forgotten():
                session = MagicMock()
                session.get.return_value.__aexit__ = AsyncMock(return_value=None)
            """,
            safety=Safety.SAFE,
        ),
        Good(
            """
            from unittest.mock import AsyncMock, MagicMock

            import pytest

            @pytest.fixture
            def session():
                session = MagicMock()
                session.__aenter__ = AsyncMock()
                session.__aexit__ = AsyncMock()
                return session

            @pytest.mark.asyncio
            async def test_leaving(session):
                session.__aexit__.return_value = False
                async with session:
                    pass
            """,
            because="a test decides what the mock of a fixture returns",
        ),
        Good(
            """
            from unittest.mock import AsyncMock, MagicMock

            import pytest

            @pytest.mark.asyncio
            async def test_closing():
                browser = MagicMock(__aexit__=AsyncMock())
                browser.__aexit__ = AsyncMock()
                await browser.__aexit__(None, None, None)
                browser.__aexit__.assert_awaited_once()

            class Browser:
                __aexit__ = AsyncMock()
            """,
            because="`__aexit__` is called by hand, nobody enters the object",
        ),
        Good(
            {
                "shop.py": """
                    class Session:
                        async def __aenter__(self):
                            return self

                        async def __aexit__(self, *error):
                            return None

                    class Lock:
                        def __aexit__(self, *error):
                            return give_up(error)
                """,
                "test_shop.py": """
                    from unittest.mock import AsyncMock, MagicMock, patch

                    from shop import Lock, Session

                    def test_leaving(settings):
                        with patch.object(Session, "__aexit__", autospec=True, return_value=None):
                            pass
                        with patch.object(Session, "__aexit__", return_value=False):
                            pass
                        with patch.object(Session, "__aexit__", **settings):
                            pass
                        with patch.object(Session, "__aexit__", side_effect=[None]):
                            pass
                        with patch.object(Session, "__aexit__", new_callable=MagicMock):
                            pass
                        with patch.object(Lock, "__aexit__"), patch("lock.Lock.__aexit__"):
                            pass
                        with patch.object(Session, "__aenter__"):
                            pass
                """,
            },
            because="what is patched returns something false, or is no coroutine function",
        ),
        Good(
            """
            class AsyncMock:
                async def __call__(self, *error):
                    return None

            class Session:
                __aenter__ = AsyncMock()
                __aexit__ = AsyncMock()

            def test_session(session):
                session.get.return_value.__aexit__ = AsyncMock()
                session.put.return_value.__aexit__ = session.leave
            """,
            because="it only looks like a mock",
        ),
        Good(
            """
            from unittest.mock import AsyncMock, MagicMock

            def test_what_entering_gives_is_not_left():
                get = MagicMock()
                get.return_value.__aenter__ = AsyncMock()
                get.return_value.__aenter__.return_value.__aexit__ = AsyncMock()
                answer = MagicMock()
                answer.__aexit__ = AsyncMock()
                context = MagicMock()
                context.__aenter__ = AsyncMock(return_value=answer)
                page = MagicMock()
                page.__aexit__ = AsyncMock()
                MagicMock(__aenter__=AsyncMock(return_value=page))
                other = MagicMock()
                other.__aexit__ = AsyncMock()
                context.__aenter__.return_value = other
                connect = MagicMock()
                connect.__aenter__.return_value = other
                connect.__aexit__ = AsyncMock()
            """,
            because="another object is entered, or nothing says that this one is left by a block",
        ),
        Good(
            {
                "shop.py": """
                    class Shop:
                        async def __aexit__(self, *error):
                            pass
                """,
                "test_shop.py": """
                    from unittest.mock import patch

                    import pytest
                    from shop import Shop

                    @pytest.mark.asyncio
                    @patch("shop.Shop.__aexit__")
                    async def test_leave(leave):
                        await Shop().__aexit__()
                        leave.assert_called_once()
                """,
            },
            because="the test calls it by hand: no block is left",
        ),
    ],
)


@rule.on(CheckedFile)
def check(file: CheckedFile, _: CheckedFile) -> Iterator[Finding]:
    """Look at all that sets an `__aexit__`."""
    if "__aexit__" not in file.module.source.text:
        return
    facts = file.facts
    finder = ExitMocks(facts.resolver, facts.decorators, facts.instances, file.module)
    for found in finder.at_top():
        yield _finding(found, "", file)
    for definition in file.module.definitions:
        look = finder.in_class if definition.is_class else finder.in_function
        for found in look(definition):
            yield _finding(found, definition.qualname, file)


def _finding(found: TruthyExit, symbol: str, file: CheckedFile) -> Finding:
    left = f"leaving `{found.owner}`" if found.owner else "leaving the block"
    return rule.finding(
        file.place_of_node(found.call),
        f"this `__aexit__` returns a mock, which is true: {left} swallows every exception, "
        "failed assertions too",
        symbol=symbol,
        fix=file.fix(
            Safety.SAFE if found.returned is None else Safety.UNSAFE,
            "Return None from `__aexit__`",
            lambda: _edits(found, file),
        ),
        advice="use `AsyncMock(return_value=None)`",
    )


def _edits(found: TruthyExit, file: CheckedFile) -> Iterator[Edit]:
    if found.returned is None:
        yield file.editor.add_argument(found.call, "return_value=None")
        return
    yield file.editor.replace_expression(found.returned, "None")
