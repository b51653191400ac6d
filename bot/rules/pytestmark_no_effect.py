"""`pytestmark` names a mark for async tests and has no effect, so they never run.

## What it finds

`pytestmark` in a conftest file or in the `__init__.py` of a package, an annotation without a value
(`pytestmark: pytest.mark.asyncio`), and an assignment that a later one of the same file or class
throws away. Only where an async test never runs for want of that mark.

## Why it matters

It reads as if every test below it were marked. pytest looks at `pytestmark` of test modules and
classes only, and at what it is bound to in the end.

## Fix

Safe in a test file: the annotation becomes an assignment, two assignments become one list. There
is none in a conftest file or package, nor where a pytest-asyncio below 1.0 might refuse the loop
that the mark asks for; each of the tests is reported as well (AWT103).
"""

import ast
from collections.abc import Iterator

from bot.analysis.checked_file import CheckedFile
from bot.analysis.collection.pytestmarks import PytestMark
from bot.analysis.errors import FixError
from bot.analysis.evidence.attempts import vain_pytestmarks_around
from bot.analysis.evidence.lost_tests import lost_tests_below, lost_tests_of
from bot.analysis.evidence.vain_pytestmarks import VainPytestMark, vain_pytestmarks
from bot.analysis.finding import Finding, Severity
from bot.analysis.fix import Edit, Fix, Safety
from bot.analysis.fixes.older_loops import bring_other_loops
from bot.analysis.pytest_runs.config_files import is_within, parent
from bot.analysis.rule import Bad, Good, Rule

rule = Rule(
    __name__,
    __doc__,
    code="AWT109",
    severity=Severity.FAILURE,
    examples=[
        Bad(
            """
            import pytest

            pytestmark: pytest.mark.asyncio  # error

            async def test_total():
                pass
            """,
            fixed="""
            import pytest

            pytestmark = pytest.mark.asyncio

            async def test_total():
                pass
            """,
            safety=Safety.SAFE,
            says="assigns nothing",
        ),
        Bad(
            """
            import pytest

            pytestmark = pytest.mark.asyncio  # error

            pytestmark = pytest.mark.slow

            async def test_total():
                pass

            class TestTotal:
                pytestmark = [pytest.mark.asyncio, pytest.mark.one]  # error
                pytestmark = [
                    pytest.mark.two,  # the second
                ]

                async def test_method(self):
                    pass
            """,
            fixed="""
            import pytest


            pytestmark = [pytest.mark.asyncio, pytest.mark.slow]

            async def test_total():
                pass

            class TestTotal:
                pytestmark = [
                    pytest.mark.asyncio, pytest.mark.one, pytest.mark.two,  # the second
                ]

                async def test_method(self):
                    pass
            """,
            safety=Safety.SAFE,
            says="replaces it",
        ),
        Bad(
            """
            import pytest

            SLOW = [pytest.mark.slow]
            pytestmark = pytest.mark.asyncio  # error
            pytestmark = SLOW

            async def test_total():
                pass

            class TestTotal:
                MARKS = [pytest.mark.asyncio]
                pytestmark = MARKS  # error
                pytestmark = pytest.mark.slow

                async def test_method(self):
                    pass
            """,
        ),
        Bad(
            {
                "tests/conftest.py": """
                    import pytest

                    pytestmark = pytest.mark.asyncio  # error
                """,
                "tests/test_total.py": "async def test_total():\n    pass\n",
            },
            says="conftest files",
        ),
        Bad(
            {
                "tests/__init__.py": """
                    import pytest

                    pytestmark = [pytest.mark.anyio]  # error
                """,
                "tests/unit/test_total.py": "async def test_total():\n    pass\n",
                "tests/test_other.py": "def test_total():\n    pass\n",
            },
            says="packages",
        ),
        Bad(
            {
                "requirements.txt": "pytest==8.3.5\npytest-asyncio==0.26.0\n",
                "test_total.py": """
                    import pytest
                    import pytest_asyncio

                    pytestmark: pytest.mark.asyncio(loop_scope="class")  # error

                    @pytest_asyncio.fixture
                    async def shop():
                        yield 3

                    async def test_total():
                        pass
                """,
            },
        ),
        Bad(
            {
                "requirements.txt": "pytest==8.3.5\npytest-asyncio==0.26.0\n",
                "pytest.ini": "[pytest]\nasyncio_default_test_loop_scope = session\n",
                "test_total.py": """
                    import pytest
                    import pytest_asyncio

                    pytestmark: pytest.mark.asyncio  # error

                    @pytest_asyncio.fixture
                    async def shop():
                        yield 3

                    async def test_total(shop):
                        pass
                """,
            },
        ),
        Bad(
            {
                "requirements.txt": "pytest==8.3.5\npytest-asyncio==0.26.0\n",
                "test_total.py": """
                    import pytest
                    import pytest_asyncio

                    pytestmark: pytest.mark.asyncio()  # error

                    @pytest_asyncio.fixture
                    async def shop():
                        yield 3

                    async def test_total(shop):
                        pass
                """,
            },
            fixed={
                "test_total.py": """
                    import pytest
                    import pytest_asyncio

                    pytestmark = pytest.mark.asyncio()

                    @pytest_asyncio.fixture
                    async def shop():
                        yield 3

                    async def test_total(shop):
                        pass
                """,
            },
            safety=Safety.SAFE,
        ),
        Bad(
            {
                "requirements.txt": "pytest-asyncio==1.0.0\n",
                "test_total.py": """
                    import pytest
                    import pytest_asyncio

                    pytestmark: pytest.mark.asyncio(loop_scope="class")  # error

                    @pytest_asyncio.fixture
                    async def shop():
                        yield 3

                    async def test_total():
                        pass
                """,
            },
            fixed={
                "test_total.py": """
                    import pytest
                    import pytest_asyncio

                    pytestmark = pytest.mark.asyncio(loop_scope="class")

                    @pytest_asyncio.fixture
                    async def shop():
                        yield 3

                    async def test_total():
                        pass
                """,
            },
            safety=Safety.SAFE,
        ),
        Good(
            """
            import pytest

            pytestmark: list = pytest.mark.asyncio

            async def test_total():
                pass
            """,
            because="an annotation with a value assigns it",
        ),
        Good(
            """
            import pytest

            pytestmark = [pytest.mark.asyncio]
            pytestmark = [*pytestmark, pytest.mark.slow]

            async def test_total():
                pass
            """,
            because="the second takes the first one over",
        ),
        Good(
            """
            import pytest

            pytestmark = pytest.mark.asyncio
            pytestmark = pytest.mark.slow

            @pytest.mark.asyncio
            async def test_total():
                pass

            class TestOther:
                pytestmark = pytest.mark.anyio

                async def test_other(self):
                    pass
            """,
            because="every test runs, so the lost mark does no harm",
        ),
        Good(
            {
                "tests/conftest.py": """
                    import pytest

                    pytestmark = pytest.mark.asyncio
                """,
                "tests/test_total.py": """
                    import pytest

                    @pytest.mark.asyncio
                    async def test_total():
                        pass
                """,
                "test_total.py": "async def test_total():\n    pass\n",
            },
            because="the test that is lost is not below it",
        ),
        Good(
            {
                "conftest.py": "import pytest\n\npytestmark = pytest.mark.slow\n",
                "test_total.py": """
                    import pytest

                    pytestmark = pytest.mark.one
                    pytestmark = pytest.mark.two

                    async def test_total():
                        pass
                """,
            },
            because="none of these marks would make it run",
        ),
        Good(
            """
            import pytest

            class TestOne:
                pytestmark = pytest.mark.asyncio

                async def test_one(self):
                    pass

            class TestTwo:
                pytestmark = pytest.mark.slow

                async def test_two(self):
                    pass
            """,
            because="these are two classes",
        ),
    ],
)


@rule.on(CheckedFile)
def check(file: CheckedFile, _: CheckedFile) -> Iterator[Finding]:
    """Report what has no effect if a test is lost for it."""
    for one in vain_pytestmarks(file.module, file.facts):
        if _hurts(one, file):
            yield rule.finding(
                file.place_of_node(one.mark.statement),
                f"`pytestmark` has no effect here: {one.why}, and async tests below it never run",
                symbol=one.mark.owner.qualname if one.mark.owner else "",
                fix=_fix(one, file),
                advice=_advice(one),
            )


def _advice(one: VainPytestMark) -> str:
    if one.of_folder:
        return "put `pytestmark` into the test files, or set `asyncio_mode = auto`"
    return "put the marks of both into one list" if one.replaced_by else "assign it with `=`"


def _hurts(one: VainPytestMark, file: CheckedFile) -> bool:
    statement = one.mark.statement
    if one.of_folder:
        folder = parent(file.path)
        return any(
            is_within(test.module.path, folder) for test, _ in lost_tests_below(folder, file.facts)
        )
    return any(
        around.mark.statement is statement
        for test, _ in lost_tests_of(file.module, file.facts)
        for around in vain_pytestmarks_around(test, file.facts)
    )


def _fix(one: VainPytestMark, file: CheckedFile) -> Fix | None:
    if one.of_folder or _brings_other_loops(one.mark, file):
        return None
    title = "Join both in one list" if one.replaced_by else "Assign it"
    return file.fix(Safety.SAFE, title, lambda: _edits(one, file))


def _brings_other_loops(mark: PytestMark, file: CheckedFile) -> bool:
    value = mark.annotation if mark.value is None else mark.value
    assert value is not None  # noqa: S101 - it names a mark
    return bring_other_loops(file.facts.marks.of_list(value, file.module, mark.scope), file)


def _edits(one: VainPytestMark, file: CheckedFile) -> Iterator[Edit]:
    mark, second = one.mark, one.replaced_by
    if second is None:
        assert mark.annotation is not None  # noqa: S101 - else it would assign something
        start, end = file.module.source.span(mark.statement)
        text = file.module.source.text_of(mark.annotation)
        yield file.editor.replace(start, end, f"pytestmark = {text}")
        return
    if mark.value is None or second.value is None:
        raise FixError("there are not two values to join")
    yield file.editor.remove_statement(mark.statement)
    first, others = _elements(mark.value, mark, file), _elements(second.value, second, file)
    elements = ", ".join(file.module.source.text_of(node) for node in first)
    if isinstance(second.value, ast.List) and others:
        start, _ = file.module.source.span(others[0])
        yield file.editor.replace(start, start, f"{elements}, ")
    else:
        text = ", ".join([elements, *map(file.module.source.text_of, others)])
        yield file.editor.replace_expression(second.value, f"[{text}]")


def _elements(node: ast.expr, mark: PytestMark, file: CheckedFile) -> list[ast.expr]:
    """Return the marks that a value holds, as they are written.

    Raises:
        FixError: it may be a list under a name.
    """
    if isinstance(node, ast.List):
        return node.elts
    called = node.func if isinstance(node, ast.Call) else node
    dotted = file.facts.resolver.dotted(called, file.module, mark.scope) or ""
    if not dotted.startswith("pytest.mark."):
        raise FixError("whether it is one mark or several cannot be told")
    return [node]
