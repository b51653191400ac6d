"""`@pytest.mark.asyncio` is given arguments that it does not take, or a deprecated one.

## What it finds

The marker closest to an async test, called with positional arguments, unknown keywords, a loop
scope that is none, or with both `scope` and `loop_scope` (pytest-asyncio 0.24 and later); and, as
a notice, `scope`, the deprecated name of `loop_scope`.

## Why it matters

pytest-asyncio refuses wrong arguments while pytest collects: the test, and in most versions its
whole file, does not run. `scope` still works, with a warning that it will not for ever.

## Fix

Safe: `scope` becomes `loop_scope`. For wrong arguments there is none.
"""

import ast
from collections.abc import Iterator

from bot.analysis.answer import Answer
from bot.analysis.checked_file import CheckedFile
from bot.analysis.collection.collection import Test
from bot.analysis.collection.marks import Mark
from bot.analysis.collection.third_party import Runs
from bot.analysis.finding import Finding, Severity
from bot.analysis.fix import Fix, Safety
from bot.analysis.rule import Bad, Good, Rule

rule = Rule(
    __name__,
    __doc__,
    code="AWT111",
    severity=Severity.FAILURE,
    examples=[
        Bad(
            """
            import pytest

            pytestmark = pytest.mark.asyncio(scope="module")  # error

            async def test_total():
                pass

            async def test_other():
                pass

            @pytest.mark.asyncio(
                scope="session",  # error
            )
            async def test_own():
                pass
            """,
            fixed="""
            import pytest

            pytestmark = pytest.mark.asyncio(loop_scope="module")

            async def test_total():
                pass

            async def test_other():
                pass

            @pytest.mark.asyncio(
                loop_scope="session",
            )
            async def test_own():
                pass
            """,
            safety=Safety.SAFE,
            says="deprecated",
        ),
        Bad(
            """
            import pytest

            @pytest.mark.asyncio("module")  # error
            async def test_positional():
                pass

            @pytest.mark.asyncio(loop="module")  # error
            async def test_unknown():
                pass

            @pytest.mark.asyncio(loop_scope="modul")  # error
            async def test_misspelt():
                pass

            """,
            says="does not take",
        ),
        Bad(
            """
            import pytest

            @pytest.mark.asyncio(scope="module", loop_scope="module")  # error
            class TestBoth:
                async def test_method(self):
                    pass
            """,
            says="both `scope` and `loop_scope`",
        ),
        Bad(
            {
                "requirements.txt": "pytest==8.3.5\npytest-asyncio==1.3.0\n",
                "test_total.py": """
                    import pytest

                    @pytest.mark.asyncio(loop_factories=["uvloop"])  # error
                    async def test_total():
                        pass
                """,
            },
            says="`loop_factories`",
        ),
        Good(
            """
            import pytest

            @pytest.mark.asyncio(loop_scope="module", loop_factories=["uvloop"])
            async def test_total():
                pass

            @pytest.mark.asyncio()
            async def test_other():
                pass

            @pytest.mark.asyncio(loop_scope=None)
            async def test_default():
                pass
            """,
            because="these are the arguments that it takes",
        ),
        Good(
            """
            import pytest

            SCOPE = "module"
            OPTIONS = {"loop_scope": SCOPE}

            @pytest.mark.asyncio(loop_scope=SCOPE)
            async def test_total():
                pass

            @pytest.mark.asyncio(**OPTIONS)
            async def test_other():
                pass
            """,
            because="values that code decides are left alone",
        ),
        Good(
            """
            import pytest

            pytestmark = pytest.mark.asyncio(loop="module")

            @pytest.mark.asyncio
            async def test_total():
                pass

            def test_synchronous():
                pass
            """,
            because="only the marker closest to an async test is looked at",
        ),
        Good(
            {
                "requirements.txt": "pytest==7.4.4\npytest-asyncio==0.21.2\n",
                "test_total.py": """
                    import pytest

                    @pytest.mark.asyncio(scope="module")
                    async def test_total():
                        pass

                    @pytest.mark.asyncio(loop="module")
                    async def test_other():
                        pass
                """,
            },
            because="this version does not look at arguments at all",
        ),
        Good(
            {
                "marks.py": """
                    import pytest

                    module_loop = pytest.mark.asyncio(scope="module")
                """,
                "test_total.py": """
                    from marks import module_loop

                    class Options:
                        def asyncio(self): ...

                    @module_loop
                    async def test_total():
                        Options().asyncio()
                """,
            },
            because="the arguments stand in another file",
        ),
        Good(
            {
                "pytest.ini": "[pytest]\naddopts = -p no:asyncio\n",
                "conftest.py": """
                    def pytest_pyfunc_call(pyfuncitem):
                        return pyfuncitem.config.loop.run(pyfuncitem)
                """,
                "test_total.py": """
                    import pytest

                    @pytest.mark.asyncio(timeout=3)
                    async def test_total():
                        pass
                """,
            },
            because="who runs it here may take other arguments",
        ),
        Good(
            """
            import unittest

            import pytest

            class TestTotal(unittest.IsolatedAsyncioTestCase):
                @pytest.mark.asyncio(scope="module")
                async def test_total(self):
                    pass

            @pytest.mark.anyio(scope="module")
            async def test_other():
                pass
            """,
            because="pytest-asyncio looks at neither",
        ),
    ],
)

_SCOPES = frozenset({"function", "class", "module", "package", "session"})
_SINCE = "0.24"  # before, arguments of the mark were not looked at


@rule.on(CheckedFile)
def check(file: CheckedFile, _: CheckedFile) -> Iterator[Finding]:
    """Look at each mark of the file once, at the first test that it is the closest to."""
    if "asyncio(" not in file.module.source.text:
        return
    seen: set[ast.Call] = set()
    for test in file.tests:
        mark = _closest(test, file)
        if mark is None or mark.call is None or mark.module is not file.module:
            continue
        if mark.call not in seen and _is_looked_at(test, file):
            seen.add(mark.call)
            yield from _findings(mark.call, test, file)


def _closest(test: Test, file: CheckedFile) -> Mark | None:
    """Return the mark that pytest-asyncio gets: of the function, or the only one around it."""
    own = [*file.facts.collector.decorated(test).marks.named("asyncio")]
    every = [*file.facts.collector.marks(test).named("asyncio")]
    if own:
        return own[0]
    return every[0] if len(every) == 1 else None


def _is_looked_at(test: Test, file: CheckedFile) -> bool:
    if file.facts.collector.runs(test) is not Runs.PYTEST:
        return False
    return all(
        run.asyncio_active is not Answer.NO and run.versions.at_least("pytest-asyncio", _SINCE)
        for run in file.facts.tests(file.module)[test]
    )


def _findings(call: ast.Call, test: Test, file: CheckedFile) -> Iterator[Finding]:
    wrong = _wrong(call, test, file)
    old = next((one for one in call.keywords if one.arg == "scope"), None)
    if wrong:
        yield rule.finding(
            file.place_of_node(call),
            f"`@pytest.mark.asyncio` does not take {wrong}: pytest cannot collect `{test.symbol}`",
            symbol=test.symbol,
            advice='the scope of the loop is given by `loop_scope="module"`',
        )
    elif old is not None:
        yield rule.finding(
            file.place_of_node(old.value),
            "`scope` of `@pytest.mark.asyncio` is deprecated and called `loop_scope` now",
            symbol=test.symbol,
            fix=_fix(old, file),
            advice="write `loop_scope`",
            severity=Severity.NOTICE,
        )


def _wrong(call: ast.Call, test: Test, file: CheckedFile) -> str:
    """Return what the mark does not take, "" where nothing is certainly wrong."""
    known = {"scope", "loop_scope"}
    runs = file.facts.tests(file.module)[test]
    if any(run.versions.at_least("pytest-asyncio", "1.4") for run in runs):
        known.add("loop_factories")
    if any(isinstance(one, ast.Constant) for one in call.args):
        return "positional arguments"
    given = {one.arg: one.value for one in call.keywords if one.arg is not None}
    if unknown := given.keys() - known:
        return f"`{min(unknown)}`"
    if given.keys() >= {"scope", "loop_scope"}:
        return "both `scope` and `loop_scope`"
    for value in (given.get("loop_scope"), given.get("scope")):
        if isinstance(value, ast.Constant) and value.value and value.value not in _SCOPES:
            return f"the scope `{value.value!r}`"
    return ""


def _fix(old: ast.keyword, file: CheckedFile) -> Fix | None:
    editor = file.editor
    return file.fix(
        Safety.SAFE,
        "Rename `scope` to `loop_scope`",
        lambda: iter(
            [editor.replace_name(old.lineno, old.col_offset, len("scope"), "loop_scope")]
        ),
    )
