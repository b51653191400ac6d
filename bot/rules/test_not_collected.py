"""An async test is written so that pytest does not collect it, and nobody notices.

## What it finds

Async tests in classes with a constructor (`__init__`, `__new__`, a dataclass), below
`if TYPE_CHECKING:`, and under `asgiref.sync.async_to_sync`, which makes an object of the function.

## Why it matters

pytest passes them by, at most with a warning. The run is green without them.

## Fix

None: whether a fixture should do what the constructor does is for the author to say.
"""

from collections.abc import Iterator

from bot.analysis.answer import Answer
from bot.analysis.checked_file import CheckedFile
from bot.analysis.collection.collection import Test
from bot.analysis.collection.third_party import Runs
from bot.analysis.evidence.uncollected import tests_for_type_checkers, uncollected_classes
from bot.analysis.finding import Finding, Severity
from bot.analysis.rule import Bad, Good, Rule
from bot.analysis.source.module import Definition

rule = Rule(
    __name__,
    __doc__,
    code="AWT115",
    severity=Severity.FAILURE,
    examples=[
        Bad(
            """
            from dataclasses import dataclass

            import pytest

            @pytest.mark.asyncio
            class TestTotal:  # error
                def __init__(self):
                    self.price = 3

                async def test_total(self):
                    assert self.price == 4

            @dataclass
            class TestOther:  # error
                price: int = 3

                @pytest.mark.asyncio
                async def test_other(self):
                    assert self.price == 4
            """,
            says="has a constructor",
        ),
        Bad(
            """
            from typing import TYPE_CHECKING

            import pytest

            if TYPE_CHECKING:
                import decimal

                @pytest.mark.asyncio
                async def test_total():  # error
                    pass
            """,
            says="TYPE_CHECKING",
        ),
        Bad(
            """
            from asgiref.sync import async_to_sync

            @async_to_sync
            async def test_total():  # error
                assert False

            class TestTotal:
                @async_to_sync
                async def test_method(self):  # error
                    assert False
            """,
            says="`async_to_sync`",
        ),
        Good(
            """
            import pytest

            @pytest.mark.asyncio
            class TestTotal:
                def setup_method(self):
                    self.price = 3

                async def test_total(self):
                    assert self.price == 3
            """,
            because="this is how pytest wants it",
        ),
        Good(
            """
            import unittest

            class TestTotal(unittest.IsolatedAsyncioTestCase):
                def __init__(self, name):
                    super().__init__(name)

                async def test_total(self):
                    pass
            """,
            because="classes of unittest may have a constructor",
        ),
        Good(
            """
            import pytest

            class TestServer:
                def __init__(self, port):
                    self.port = port

                async def test_connection(self):
                    return self.port

            @pytest.mark.asyncio
            async def test_total():
                assert await TestServer(80).test_connection()
            """,
            because="it is no test but a helper, which the file uses",
        ),
        Good(
            {
                "test_server.py": """
                    class TestServer:
                        def __init__(self):
                            self.port = 80

                        async def test_connection(self):
                            return self.port
                """,
                "test_shop.py": """
                    import pytest
                    from test_server import TestServer

                    @pytest.mark.asyncio
                    async def test_total():
                        assert await TestServer().test_connection() == 80
                """,
            },
            because="it is a helper, which another file uses",
        ),
        Good(
            """
            class TestServer:
                def __init__(self, port):
                    self.port = port

                async def test_connection(self):
                    return self.port
            """,
            because="only other code can bring what it needs: it is no test",
        ),
        Good(
            """
            from elsewhere import Suite

            class TestTotal(Suite):
                def __init__(self):
                    pass

                async def test_total(self):
                    pass

            class TestOther:
                __test__ = False

                def __init__(self):
                    pass

                async def test_other(self):
                    pass

            class Total:
                def __init__(self):
                    pass

                async def test_third(self):
                    pass

            class TestPlain:
                def __init__(self):
                    pass

                def test_plain(self):
                    pass

                async def helper(self):
                    pass
            """,
            because="an unknown base, a word against it, another name, and no async test",
        ),
        Good(
            {
                "cases.py": """
                    from asgiref.sync import async_to_sync

                    @async_to_sync
                    async def test_total():
                        pass
                """,
                "test_total.py": """
                    from asgiref.sync import async_to_sync
                    from cases import test_total

                    @async_to_sync
                    def test_synchronous():
                        pass

                    async def helper():
                        pass
                """,
            },
            because="the one stands in another file, the other is not async",
        ),
        Good(
            {
                "conftest.py": """
                    class TestServer:
                        def __init__(self, port):
                            self.port = port

                        async def test_connection(self):
                            pass
                """,
                "test_total.py": "def test_total():\n    pass\n",
            },
            because="pytest looks for no tests in conftest files",
        ),
        Good(
            """
            from dataclasses import dataclass

            import pytest

            @dataclass(init=False)
            class TestTotal:
                price: int = 3

                @pytest.mark.asyncio
                async def test_total(self):
                    pass
            """,
            because="this dataclass has no constructor",
        ),
        Good(
            """
            from typing import TYPE_CHECKING

            import pytest

            if TYPE_CHECKING:
                async def test_total(): ...
                async def price(): ...
            else:
                @pytest.mark.asyncio
                async def test_total():
                    pass
            """,
            because="there is another one for pytest",
        ),
        Good(
            """
            import unittest

            from asgiref.sync import async_to_sync

            class TestTotal(unittest.TestCase):
                @async_to_sync
                async def test_total(self):
                    pass

            class TestOther:
                @property
                async def test_other(self):
                    pass
            """,
            because="unittest calls what it finds, and a property is no test",
        ),
        Good(
            {
                "conftest.py": 'collect_ignore = ["test_total.py"]\n',
                "test_total.py": """
                    from typing import TYPE_CHECKING

                    if TYPE_CHECKING:
                        async def test_total(): ...
                """,
            },
            because="nothing of the file is collected, whatever stands in it",
        ),
        Good(
            """
            import pytest

            class TestTotal:
                def __init__(self):
                    self.price = 1

                @pytest.mark.asyncio
                async def test_total(self):
                    pass

            class TestTotal:
                @pytest.mark.asyncio
                async def test_total(self):
                    pass
            """,
            because="the second takes the place of the first, which is duplicate-test-name",
        ),
    ],
)

_MAKES_OBJECTS = "asgiref.sync.async_to_sync"


@rule.on(CheckedFile)
def check(file: CheckedFile, _: CheckedFile) -> Iterator[Finding]:
    """Report what looks like a test and is passed by."""
    runs = file.facts.setup.runs
    collected = any(run.collects_file(file.path) is not Answer.NO for run in runs)
    if not collected or "async" not in file.module.source.text:
        return
    if all(file.facts.is_left_out(file.module, run) for run in runs):
        return
    for definition in uncollected_classes(file.module, file.facts):
        what = f"`{definition.qualname}` has a constructor, so pytest collects none of its tests"
        yield _finding(definition, what, "use a fixture or `setup_method` instead", file)
    for definition in tests_for_type_checkers(file.module, file.facts):
        what = f"async test `{definition.qualname}` stands below `if TYPE_CHECKING:`"
        yield _finding(definition, f"{what} and is never defined", "move it out", file)
    for test in file.facts.every_test(file.module):
        if test.function.module is file.module and _is_object(test, file):
            what = f"`async_to_sync` makes an object of async test `{test.symbol}`"
            advice = "mark the test, or use `async_to_sync` inside of a synchronous one"
            definition = test.function.definition
            yield _finding(definition, f"{what}, which pytest does not collect", advice, file)


def _finding(definition: Definition, what: str, advice: str, file: CheckedFile) -> Finding:
    return rule.finding(file.place_of(definition), what, symbol=definition.qualname, advice=advice)


def _is_object(test: Test, file: CheckedFile) -> bool:
    collector = file.facts.collector
    return (
        test.is_async
        and collector.runs(test) is Runs.PYTEST
        and _MAKES_OBJECTS in collector.applied_names(test)
    )
