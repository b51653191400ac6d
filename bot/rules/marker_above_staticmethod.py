"""A mark stands above `@staticmethod` or `@classmethod`, where this pytest does not see it.

## What it finds

Async tests, with pytest pinned below 8.4, whose mark was put on what `staticmethod` makes, and
those with any mark on what `classmethod` makes.

## Why it matters

Before 8.4 pytest reads marks off the function below: the static method counts as unmarked and is
skipped. A marked class method is not collected at all; a warning says that it is not a function.

## Fix

Safe: the marks move below, directly above `async def`, where every version sees them. None is
offered where they are of two plugins, both of which would run the test.
"""

import ast
from collections.abc import Iterator

from bot.analysis.answer import Answer
from bot.analysis.checked_file import CheckedFile
from bot.analysis.collection.collection import Test
from bot.analysis.collection.third_party import RUNNING_MARKS
from bot.analysis.errors import FixError
from bot.analysis.finding import Finding, Severity
from bot.analysis.fix import Edit, Safety
from bot.analysis.handling.handling import Cause
from bot.analysis.rule import Bad, Good, Rule

_OLD = "pytest==8.3.5\npytest-asyncio==0.26.0\n"

rule = Rule(
    __name__,
    __doc__,
    code="AWT113",
    severity=Severity.FAILURE,
    examples=[
        Bad(
            {
                "requirements.txt": _OLD,
                "test_total.py": """
                    import pytest

                    class TestTotal:
                        @pytest.mark.asyncio
                        @pytest.mark.slow
                        @staticmethod
                        async def test_static():  # error
                            pass

                        @pytest.mark.asyncio(
                            loop_scope="class",
                        )
                        @classmethod
                        async def test_class(cls):  # error
                            pass
                """,
            },
            fixed={
                "test_total.py": """
                import pytest

                class TestTotal:
                    @staticmethod
                    @pytest.mark.asyncio
                    @pytest.mark.slow
                    async def test_static():
                        pass

                    @classmethod
                    @pytest.mark.asyncio(
                        loop_scope="class",
                    )
                    async def test_class(cls):
                        pass
                """
            },
            safety=Safety.SAFE,
            says="does not see a mark above",
        ),
        Bad(
            {
                "requirements.txt": _OLD,
                "pytest.ini": "[pytest]\nasyncio_mode = auto\n",
                "test_total.py": """
                    import pytest

                    class TestTotal:
                        @pytest.mark.slow
                        @classmethod
                        async def test_class(cls):  # error
                            pass

                        @pytest.mark.slow
                        @staticmethod
                        async def test_static():
                            pass
                """,
            },
            fixed={
                "test_total.py": """
                import pytest

                class TestTotal:
                    @classmethod
                    @pytest.mark.slow
                    async def test_class(cls):
                        pass

                    @pytest.mark.slow
                    @staticmethod
                    async def test_static():
                        pass
                """
            },
            safety=Safety.SAFE,
        ),
        Bad(
            {
                "requirements.txt": _OLD,
                "test_total.py": """
                    import functools

                    import pytest

                    class TestTotal:
                        @pytest.mark.asyncio
                        @classmethod
                        async def test_class(cls):  # error
                            yield

                        @pytest.mark.asyncio
                        @classmethod
                        @functools.lru_cache
                        async def test_cached(cls):  # error
                            pass

                        @pytest.mark.asyncio
                        @staticmethod
                        async def test_static():
                            yield
                """,
            },
            says="does not see a mark above",
        ),
        Bad(
            {
                "requirements.txt": _OLD,
                "test_total.py": """
                    import pytest

                    class TestTotal:
                        @pytest.mark.asyncio
                        @classmethod
                        @pytest.mark.anyio
                        async def test_class(cls):  # error
                            pass
                """,
            },
        ),
        Good(
            """
            import pytest

            class TestTotal:
                @pytest.mark.asyncio
                @staticmethod
                async def test_static():
                    pass

                @pytest.mark.asyncio
                @classmethod
                async def test_class(cls):
                    pass
            """,
            because="pytest 8.4 and later see the mark",
        ),
        Good(
            {
                "requirements.txt": _OLD,
                "test_total.py": """
                    import pytest

                    class TestTotal:
                        @staticmethod
                        @pytest.mark.asyncio
                        async def test_static():
                            pass

                        @classmethod
                        @pytest.mark.asyncio
                        async def test_class(cls):
                            pass
                """,
            },
            because="below, every version sees it",
        ),
        Good(
            {
                "requirements.txt": _OLD,
                "test_total.py": """
                    import pytest

                    @pytest.mark.asyncio
                    class TestTotal:
                        @pytest.mark.asyncio
                        @staticmethod
                        async def test_static():
                            pass

                        @classmethod
                        async def test_class(cls):
                            pass
                """,
            },
            because="the mark of the class makes them run",
        ),
        Good(
            {
                "requirements.txt": _OLD,
                "test_total.py": """
                    import pytest

                    class TestTotal:
                        @pytest.mark.slow
                        @staticmethod
                        async def test_static():
                            pass
                """,
            },
            because="no mark would make it run (AWT103)",
        ),
    ],
)


@rule.on(Test)
def check(test: Test, file: CheckedFile) -> Iterator[Finding]:
    """Report a test whose marks stand too high for its version of pytest."""
    verdict = file.verdict(test)
    if verdict.runs is not Answer.NO or verdict.cause is not Cause.ABOVE:
        return
    yield rule.finding(
        file.place_of_test(test),
        f"async test `{test.symbol}` never runs: before version 8.4, pytest does not see a mark "
        f"above `@{verdict.reason}`",
        symbol=test.symbol,
        fix=file.fix(
            Safety.SAFE,
            f"Put the mark below `@{verdict.reason}`",
            lambda: _edits(test, verdict.reason, file),
        ),
        advice=f"put the mark below `@{verdict.reason}`",
        reveals=(test.symbol,),
    )


def _edits(test: Test, descriptor: str, file: CheckedFile) -> Iterator[Edit]:
    if test.function.module is not file.module:
        raise FixError("the test stands in another file")
    marks = file.facts.collector.marks(test)
    if sum(marks.has(name) is Answer.YES for name in ("asyncio", *RUNNING_MARKS)) > 1:
        raise FixError("two plugins would run the test, each in its own way")
    for node in _marks_above(test, descriptor, file):
        yield file.editor.remove_decorator(node.lineno, node.col_offset)
        yield file.editor.add_decorator(test.function.node, file.module.source.text_of(node))


def _marks_above(test: Test, descriptor: str, file: CheckedFile) -> Iterator[ast.expr]:
    """Yield the decorators above the descriptor that are marks, the outermost first."""
    scope = test.function.definition.scope
    for node in test.function.node.decorator_list:
        applied = file.facts.decorators.application(node, file.module, scope)
        if applied.name == f"builtins.{descriptor}":
            return
        if applied.marks.marks:
            yield node
