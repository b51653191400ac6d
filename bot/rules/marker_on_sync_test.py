"""`@pytest.mark.asyncio` stands on a test that is not asynchronous, and does nothing there.

## What it finds

Synchronous tests with the marker directly above them, and async tests under a decorator that runs
them by itself. Marks of a class or a module, which are there for its other tests, are left alone.
Before version 1.2 pytest-asyncio makes an event loop for whatever is marked: there, tests that
speak of a loop are left alone, too.

## Why it matters

pytest-asyncio warns at every run that the test "is not an async function"; where warnings are
errors the test fails. A reader takes it for a test that awaits something.

## Fix

The marker is removed: safe with pytest-asyncio 1.2 or later. Before, the test may need the event
loop that the marker brings (unsafe).
"""

import ast
from collections.abc import Iterator

from bot.analysis.answer import Answer
from bot.analysis.checked_file import CheckedFile
from bot.analysis.collection.collection import Test
from bot.analysis.collection.decorators import Kind
from bot.analysis.collection.third_party import Runs
from bot.analysis.finding import Finding, Severity
from bot.analysis.fix import Fix, Safety
from bot.analysis.fixes.older_loops import name_loops
from bot.analysis.rule import Bad, Good, Rule
from bot.analysis.source.walking import own_returns, yields

rule = Rule(
    __name__,
    __doc__,
    code="AWT110",
    severity=Severity.NOTICE,
    examples=[
        Bad(
            """
            import pytest

            @pytest.mark.asyncio
            @pytest.mark.slow
            def test_total():  # error
                assert True
                return

            class TestTotal:
                @pytest.mark.slow
                @pytest.mark.asyncio(loop_scope="class")
                def test_method(self):  # error
                    return None
            """,
            fixed="""
            import pytest

            @pytest.mark.slow
            def test_total():
                assert True
                return

            class TestTotal:
                @pytest.mark.slow
                def test_method(self):
                    return None
            """,
            safety=Safety.SAFE,
            says="is not asynchronous",
        ),
        Bad(
            """
            import asyncio

            import pytest

            def synchronous(function):
                def wrapper():
                    asyncio.run(function())

                return wrapper

            @pytest.mark.asyncio
            @synchronous
            async def test_total():  # error
                pass
            """,
            fixed="""
            import asyncio

            import pytest

            def synchronous(function):
                def wrapper():
                    asyncio.run(function())

                return wrapper

            @synchronous
            async def test_total():
                pass
            """,
            safety=Safety.SAFE,
        ),
        Bad(
            {
                "requirements.txt": "pytest-asyncio==1.1.0\n",
                "test_total.py": """
                    import pytest

                    @pytest.mark.asyncio
                    def test_total():  # error
                        assert True
                """,
            },
            fixed={
                "test_total.py": """
                    import pytest

                    def test_total():
                        assert True
                """
            },
            safety=Safety.UNSAFE,
            says="only warns",
        ),
        Bad(
            {
                "requirements.txt": "pytest==8.3.5\npytest-asyncio==0.26.0\n",
                "test_total.py": """
                    import pytest

                    pytestmark = pytest.mark.asyncio(loop_scope="class")

                    @pytest.mark.asyncio
                    def test_total():  # error
                        pass
                """,
            },
        ),
        Good(
            """
            import asyncio
            import functools

            import pytest

            def synchronous(function):
                @functools.wraps(function)
                def wrapper(*args, **kwargs):
                    asyncio.run(function())

                return wrapper

            class TestTotal:
                @synchronous
                @pytest.mark.asyncio
                @staticmethod
                async def test_total():
                    pass
            """,
            because="by version, the mark is lost with the static method or bears on the wrapper",
        ),
        Good(
            {
                "requirements.txt": "pytest-asyncio==1.1.0\n",
                "test_total.py": """
                    import asyncio

                    import pytest

                    @pytest.mark.asyncio
                    def test_total():
                        loop = asyncio.get_event_loop()
                        assert loop.run_until_complete(asyncio.sleep(0, 3)) == 3
                """,
            },
            because="this version makes the loop for the marker's sake",
        ),
        Good(
            """
            import pytest

            def bare(function):
                def wrapper():
                    return function()
                wrapper.__name__ = function.__name__
                return wrapper

            @bare
            @pytest.mark.asyncio
            def test_total():
                assert True
            """,
            because="the wrapper does not carry the mark, so pytest never sees it",
        ),
        Good(
            """
            import pytest

            @pytest.mark.asyncio
            async def test_total():
                pass
            """,
            because="here it is needed",
        ),
        Good(
            """
            import pytest

            pytestmark = pytest.mark.asyncio

            def test_total():
                pass

            @pytest.mark.asyncio
            class TestTotal:
                def test_method(self):
                    pass
            """,
            because="a mark of a class or module is there for its other tests",
        ),
        Good(
            """
            import pytest

            async def total():
                return 1

            @pytest.mark.asyncio
            def test_total():
                return total()

            @pytest.mark.asyncio
            def test_generator():
                yield total()
            """,
            because="what it returns may be a coroutine: that it never runs is another problem",
        ),
        Good(
            """
            import unittest

            import pytest

            class TestTotal(unittest.TestCase):
                @pytest.mark.asyncio
                def test_total(self):
                    pass
            """,
            because="pytest-asyncio does not look at classes of unittest, and does not warn",
        ),
        Good(
            """
            import pytest

            @pytest.mark.asyncio
            def total():
                pass

            @pytest.mark.anyio
            def test_total():
                pass

            @pytest.mark.asyncio
            @pytest.mark.usefixtures("price")
            @pytest.fixture
            def test_client():
                pass
            """,
            because="no test, another mark, and a fixture",
        ),
        Good(
            {
                "conftest.py": """
                    def pytest_pyfunc_call(pyfuncitem):
                        return pyfuncitem.config.loop.run(pyfuncitem)
                """,
                "test_total.py": """
                    import pytest

                    @pytest.mark.asyncio
                    def test_total():
                        pass
                """,
            },
            because="a hook of the repository may read the mark",
        ),
        Good(
            {
                "pytest.ini": "[pytest]\naddopts = -p no:asyncio\n",
                "test_total.py": """
                    import pytest

                    @pytest.mark.asyncio
                    def test_total():
                        pass
                """,
            },
            because="without the plugin nobody warns, and the mark may be for others",
        ),
        Good(
            {
                "requirements.txt": "pytest==8.3.5\npytest-asyncio==0.26.0\n",
                "test_price.py": """
                    import pytest

                    class TestPrice:
                        @pytest.mark.asyncio
                        @classmethod
                        def test_price(cls):
                            pass
                """,
            },
            because="pytest before 8.4 collects no class method below a mark",
        ),
        Good(
            """
            import pytest

            def priced(function):
                function.price = 3
                return pytest.mark.asyncio(function)

            @priced
            def test_price():
                pass
            """,
            because="the decorator is more than the mark",
        ),
    ],
)


# From this version of pytest-asyncio on, a sync test gets no event loop by the mark (observed).
_WITHOUT_LOOP = "1.2"


@rule.on(CheckedFile)
def check(file: CheckedFile, _: CheckedFile) -> Iterator[Finding]:
    """Look at the tests of a file that bear the mark themselves."""
    if "asyncio" not in file.module.source.text:
        return
    for test in file.facts.every_test(file.module):
        marks = list(_own_marks(test, file)) if test.function.module is file.module else []
        if not marks or _may_need_loop(test, file):
            continue
        if _is_synchronous(test, file) and _is_read_by_plugin_alone(test, file):
            yield rule.finding(
                file.place_of(test.function.definition),
                f"test `{test.symbol}` is not asynchronous when pytest gets it: pytest-asyncio "
                "only warns of its `@pytest.mark.asyncio`",
                symbol=test.symbol,
                fix=_fix(marks, test, file),
                advice="remove the marker",
            )


def _may_need_loop(test: Test, file: CheckedFile) -> bool:
    text = file.module.text_of(test.function.definition)
    return _brings_loop(file) and "loop" in text


def _brings_loop(file: CheckedFile) -> bool:
    """Whether the mark makes an event loop, also for a test that is not async."""
    return not file.facts.always_at_least(file.path, "pytest-asyncio", _WITHOUT_LOOP)


def _fix(marks: list[ast.expr], test: Test, file: CheckedFile) -> Fix | None:
    collector, editor = file.facts.collector, file.editor
    if name_loops(collector.marks(test).without(collector.decorated(test).marks), file):
        return None  # the mark of the class or module would count in its place
    return file.fix(
        Safety.UNSAFE if _brings_loop(file) else Safety.SAFE,
        "Remove `@pytest.mark.asyncio`",
        lambda: (editor.remove_decorator(one.lineno, one.col_offset) for one in marks),
    )


def _own_marks(test: Test, file: CheckedFile) -> Iterator[ast.expr]:
    """Yield the decorators of the test that are the mark and nothing else."""
    scope = test.function.definition.scope
    for node in test.function.node.decorator_list:
        marks = file.facts.marks.of_decorator(node, file.module, scope)
        if marks and not marks.unknown and {one.name for one in marks.marks} == {"asyncio"}:
            yield node


def _is_synchronous(test: Test, file: CheckedFile) -> bool:
    """Whether pytest gets a plain function, and what calling it returns is no coroutine."""
    collector = file.facts.collector
    if collector.runs(test) is not Runs.PYTEST:
        return False
    decorated = collector.decorated(test)
    if decorated.marks.has("asyncio") is not Answer.YES:
        return False
    match decorated.kind:
        case Kind.RUN:
            return True
        case Kind.SYNC:
            node = test.function.node
            values = (one.value for one in own_returns(node.body))
            nothing = all(one is None or isinstance(one, ast.Constant) for one in values)
            return nothing and not yields(node)
        case _:
            return False


def _is_read_by_plugin_alone(test: Test, file: CheckedFile) -> bool:
    """Whether pytest-asyncio sees the marks and nobody else may.

    Before 8.4, pytest sees no mark above `staticmethod`, and no marked `classmethod` at all.
    """
    above = bool(file.facts.collector.decorated(test).above.marks)
    if above and not file.facts.always_at_least(file.path, "pytest", "8.4"):
        return False
    for run in file.facts.setup.runs_for(file.path):
        hooks = file.facts.plugins.plugins(run, file.module).hooks
        if run.asyncio_active is Answer.NO or hooks.may_run or hooks.may_mark:
            return False
    return not file.facts.collector.is_switched_off(test)
