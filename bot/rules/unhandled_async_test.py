"""An async test is collected, but nothing runs its body.

## What it finds

Async test functions and methods that no marker, mode, plugin, fixture or hook runs, in any way
that pytest is started in this repository. Every marker form that counts is known (decorator,
class, base class, `pytestmark`, aliases, helpers, other modules), and so are the forms that do
not (`pytestmark` in a conftest file, marks added by hooks after collection). With
`--strict-unknown`, a test of which this cannot be told is a notice.

## Why it matters

Up to pytest 8.3 such a test is skipped with a warning and the run stays green; later versions
fail it. Whatever it was written to prove has never been tested.

## Fix

Puts `@pytest.mark.asyncio` (or the mark of the framework that the tests here use) directly above
`async def`, and imports pytest if it must. Safe where anything shows that the plugin is in use,
or where no dependencies are declared at all. None is offered where pytest-asyncio is older than
1.0 and would refuse the test for its two event loops. The test then runs for the first time and
may fail.
"""

from collections.abc import Iterator

from bot.analysis.answer import Answer
from bot.analysis.checked_file import CheckedFile
from bot.analysis.collection.collection import Test
from bot.analysis.evidence.attempts import attempt_for, vain_pytestmarks_around
from bot.analysis.finding import Finding, Severity
from bot.analysis.fix import Fix, Safety
from bot.analysis.fixes.marker_fix import marking_fix
from bot.analysis.handling.handling import Cause, Verdict
from bot.analysis.rule import Bad, Good, Rule

rule = Rule(
    __name__,
    __doc__,
    code="AWT103",
    severity=Severity.FAILURE,
    examples=[
        Bad(
            """
            import pytest

            async def test_total():  # error
                assert True
            """,
            fixed="""
            import pytest

            @pytest.mark.asyncio
            async def test_total():
                assert True
            """,
            safety=Safety.SAFE,
            says="no marker, mode, plugin or fixture runs it",
        ),
        Bad(
            """
            import pytest

            try:
                import uvloop
                with_uvloop = pytest.mark.skipif(False, reason="it is there")
            except ImportError:
                with_uvloop = pytest.mark.skipif("1 == 2", reason="it is not there")

            @with_uvloop
            async def test_total():  # error
                assert True
            """,
            fixed="""
            import pytest

            try:
                import uvloop
                with_uvloop = pytest.mark.skipif(False, reason="it is there")
            except ImportError:
                with_uvloop = pytest.mark.skipif("1 == 2", reason="it is not there")

            @with_uvloop
            @pytest.mark.asyncio
            async def test_total():
                assert True
            """,
            safety=Safety.SAFE,
        ),
        Bad(
            '''
            """Tests of the till."""

            import os

            class TestTotal:
                @staticmethod
                async def test_static():  # error
                    assert os.sep

                async def test_method(self):  # error
                    assert os.sep
            ''',
            fixed='''
            """Tests of the till."""

            import os

            import pytest

            class TestTotal:
                @staticmethod
                @pytest.mark.asyncio
                async def test_static():
                    assert os.sep

                @pytest.mark.asyncio
                async def test_method(self):
                    assert os.sep
            ''',
            safety=Safety.SAFE,
        ),
        Bad(
            {
                "requirements.txt": "pytest\nrequests\n",
                "test_total.py": "async def test_total():  # error\n    pass\n",
            },
            fixed={
                "test_total.py": """
                import pytest

                @pytest.mark.asyncio
                async def test_total():
                    pass
                """
            },
            safety=Safety.UNSAFE,
            says="no async plugin is among the declared dependencies",
        ),
        Bad(
            """
            import pytest

            @pytest.mark.anyio
            async def test_marked():
                pass

            async def test_forgotten():  # error
                pass
            """,
            fixed="""
            import pytest

            @pytest.mark.anyio
            async def test_marked():
                pass

            @pytest.mark.anyio
            async def test_forgotten():
                pass
            """,
            safety=Safety.SAFE,
        ),
        Bad(
            {
                "requirements.txt": "pytest\npytest-asyncio-cooperative\n",
                "conftest.py": """
                    import pytest

                    cooperative = pytest.mark.asyncio_cooperative
                """,
                "test_total.py": "async def test_total():  # error\n    pass\n",
            },
            fixed={
                "test_total.py": """
                import pytest

                @pytest.mark.asyncio
                async def test_total():
                    pass
                """
            },
            safety=Safety.UNSAFE,
            says="another async plugin is",
        ),
        Bad(
            {
                "requirements.txt": "pytest\npytest-aiohttp\n",
                "test_total.py": "async def test_total():  # error\n    pass\n",
            },
            fixed={
                "test_total.py": """
                import pytest

                @pytest.mark.asyncio
                async def test_total():
                    pass
                """
            },
            safety=Safety.SAFE,
        ),
        Bad(
            {
                "conftest.py": """
                    import pytest

                    pytestmark = pytest.mark.asyncio

                    def pytest_collection_modifyitems(items):
                        for item in items:
                            item.add_marker(pytest.mark.asyncio)
                """,
                "test_total.py": "async def test_total():  # error\n    pass\n",
            },
            fixed={
                "test_total.py": """
                import pytest

                @pytest.mark.asyncio
                async def test_total():
                    pass
                """
            },
            safety=Safety.SAFE,
            says="`pytestmark` in conftest.py has no effect",
        ),
        Bad(
            {
                "conftest.py": """
                    import pytest

                    def pytest_itemcollected(item):
                        item.add_marker(pytest.mark.asyncio)
                """,
                "test_total.py": "async def test_total():  # error\n    pass\n",
            },
            fixed={
                "test_total.py": """
                import pytest

                @pytest.mark.asyncio
                async def test_total():
                    pass
                """
            },
            safety=Safety.SAFE,
            says="`pytest_itemcollected` in conftest.py marks it too late",
        ),
        Bad(
            {
                "pyproject.toml": '[tool.pytest.ini_options]\nasyncio_mode = "auto"\n',
                "pytest.ini": "",
                "test_total.py": "async def test_total():  # error\n    pass\n",
            },
            fixed={
                "test_total.py": """
                import pytest

                @pytest.mark.asyncio
                async def test_total():
                    pass
                """
            },
            safety=Safety.SAFE,
            says="`asyncio_mode` in pyproject.toml has no effect: `pytest.ini` is the file",
        ),
        Bad(
            """
            import pytest

            @pytest.mark.async_io
            async def test_total():  # error
                pass
            """,
            fixed="""
            import pytest

            @pytest.mark.async_io
            @pytest.mark.asyncio
            async def test_total():
                pass
            """,
            safety=Safety.SAFE,
            says="`@pytest.mark.async_io` is not called `asyncio`",
        ),
        Bad(
            """
            import pytest

            pytestmark: pytest.mark.asyncio

            async def test_total():  # error
                pass
            """,
            says="`pytestmark` in line 3 has no effect",
        ),
        Bad(
            {
                "base.py": "class Common:\n    async def test_common(self):\n        pass\n",
                "test_child.py": """
                    from base import Common

                    class TestChild(Common):  # error
                        pass
                """,
            },
            says="`TestChild.test_common`",
        ),
        Bad(
            """
            from elsewhere import is_old

            if is_old:
                async def test_total():  # error
                    pass
            else:
                async def test_total():  # error
                    pass
            """,
            fixed="""
            import pytest
            from elsewhere import is_old

            if is_old:
                @pytest.mark.asyncio
                async def test_total():
                    pass
            else:
                @pytest.mark.asyncio
                async def test_total():
                    pass
            """,
            safety=Safety.SAFE,
        ),
        Bad(
            {
                "requirements.txt": "pytest==7.4.4\npytest-asyncio==0.21.2\n",
                "pytest.ini": "[pytest]\naddopts = -p no:asyncio\n",
                "conftest.py": """
                    import pytest

                    def pytest_collection_modifyitems(items):
                        for item in items:
                            item.add_marker(pytest.mark.asyncio)
                """,
                "test_total.py": """
                    import pytest

                    @pytest.mark.asyncio
                    async def test_total():  # error
                        pass
                """,
            },
            says="remove `-p no:asyncio`",
        ),
        Bad(
            {
                "requirements.txt": "pytest==8.3.5\npytest-asyncio==0.26.0\n",
                "pytest.ini": "[pytest]\nasyncio_default_test_loop_scope = session\n",
                "test_total.py": """
                    import pytest
                    import pytest_asyncio

                    @pytest_asyncio.fixture
                    async def shop():
                        yield 3

                    async def test_total(shop):  # error
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

                    @pytest_asyncio.fixture
                    async def shop():
                        yield 3

                    async def test_total(shop):  # error
                        pass
                """,
            },
            fixed={
                "test_total.py": """
                    import pytest
                    import pytest_asyncio

                    @pytest_asyncio.fixture
                    async def shop():
                        yield 3

                    @pytest.mark.asyncio
                    async def test_total(shop):
                        pass
                """,
            },
            safety=Safety.SAFE,
        ),
        Bad(
            {
                "requirements.txt": "pytest-asyncio==1.0.0\n",
                "pytest.ini": "[pytest]\nasyncio_default_test_loop_scope = session\n",
                "test_total.py": """
                    import pytest
                    import pytest_asyncio

                    @pytest_asyncio.fixture
                    async def shop():
                        yield 3

                    async def test_total(shop):  # error
                        pass
                """,
            },
            fixed={
                "test_total.py": """
                    import pytest
                    import pytest_asyncio

                    @pytest_asyncio.fixture
                    async def shop():
                        yield 3

                    @pytest.mark.asyncio
                    async def test_total(shop):
                        pass
                """,
            },
            safety=Safety.SAFE,
        ),
        Good(
            {
                "pytest.ini": "[pytest]\nasyncio_mode = auto\n",
                "test_total.py": "async def test_total():\n    assert True\n",
            },
            because="in auto mode pytest-asyncio runs unmarked tests",
        ),
        Good(
            """
            import pytest

            pytestmark = [pytest.mark.asyncio]

            async def test_total():
                pass
            """,
            because="a module's mark counts",
        ),
        Good(
            {
                "base.py": """
                    import pytest

                    @pytest.mark.asyncio
                    class Marked:
                        pass
                """,
                "test_child.py": """
                    from base import Marked

                    class TestChild(Marked):
                        async def test_total(self):
                            pass
                """,
            },
            because="so does that of a base class in another file",
        ),
        Good(
            {
                "conftest.py": """
                    import pytest

                    @pytest.fixture(autouse=True)
                    def backend(anyio_backend):
                        return anyio_backend
                """,
                "test_total.py": "async def test_total():\n    pass\n",
            },
            because="anyio runs every test that gets its backend, by whatever way",
        ),
        Good(
            """
            import asyncio

            def synchronous(function):
                def wrapper():
                    asyncio.run(function())

                return wrapper

            @synchronous
            async def test_total():
                pass
            """,
            because="the decorator runs it",
        ),
        Good(
            """
            from elsewhere import decorated

            @decorated
            async def test_total():
                pass
            """,
            because="what an unknown decorator does is unknown",
        ),
        Good(
            {
                "conftest.py": """
                    def pytest_pyfunc_call(pyfuncitem):
                        return pyfuncitem.config.loop.run(pyfuncitem)
                """,
                "test_total.py": "async def test_total():\n    pass\n",
            },
            because="a hook may run it",
        ),
        Good(
            """
            import pytest
            from elsewhere import is_old

            if is_old:
                async def test_total(): ...
            else:
                @pytest.mark.asyncio
                async def test_total(): ...
            """,
            because="a condition decides which of them there is, and one of them runs",
        ),
        Good(
            {
                "a/test_shop.py": "async def test_total(): ...\n",
                "b/conftest.py": """
                    def pytest_configure(config):
                        config.option.asyncio_mode = "auto"
                """,
                "c/test_shop.py": "async def test_total(): ...\n",
            },
            because="a conftest file that pytest reads on its way sets the mode from there on",
        ),
        Good(
            {
                "requirements.txt": "pytest-tornasync\n",
                "test_total.py": "async def test_total():\n    pass\n",
            },
            because="this plugin runs every async test",
        ),
        Good(
            """
            import pytest

            @pytest.mark.skip
            async def test_total():
                pass

            @pytest.mark.skipif(True, reason="the till is closed")
            async def test_closed():
                pass

            @pytest.mark.xfail(run=False)
            async def test_crashing():
                pass

            @pytest.fixture
            async def test_client():
                pass

            def outer():
                async def test_inner():
                    pass
            """,
            because="none of these is a test that should run",
        ),
        Good(
            {
                "Makefile": "test:\n\tpytest --asyncio-mode=auto\n",
                "test_total.py": "async def test_total():\n    pass\n",
            },
            because="one way of starting pytest here runs it",
        ),
    ],
)

_CAUSES = {
    Cause.UNHANDLED: "no marker, mode, plugin or fixture runs it",
    Cause.PLUGIN_OFF: "it asks for pytest-asyncio, which this configuration switches off",
}


@rule.on(Test)
def check(test: Test, file: CheckedFile) -> Iterator[Finding]:
    """Report a test that never runs, whatever class but a test case it is in."""
    verdict = file.verdict(test)
    if verdict.runs is Answer.UNKNOWN and file.facts.setup.strict_unknown:
        yield _undecided(test, verdict, file)
    if verdict.runs is not Answer.NO or verdict.cause not in _CAUSES or verdict.run is None:
        return
    attempt = attempt_for(test, verdict.run, file.facts)
    fix = _fix(test, verdict, file)
    yield rule.finding(
        file.place_of_test(test),
        f"async test `{test.symbol}` never runs: {_CAUSES[verdict.cause]}"
        + (f" ({attempt})" if attempt else ""),
        symbol=test.symbol,
        fix=fix,
        advice=_advice(verdict, fix, file),
        reveals=(test.symbol,),
    )


def _undecided(test: Test, verdict: Verdict, file: CheckedFile) -> Finding:
    return rule.finding(
        file.place_of_test(test),
        f"whether async test `{test.symbol}` runs cannot be told: {verdict.reason}",
        symbol=test.symbol,
        severity=Severity.NOTICE,
    )


def _fix(test: Test, verdict: Verdict, file: CheckedFile) -> Fix | None:
    """Mark the test, unless a `pytestmark` of the file only has to be put right (AWT109)."""
    if verdict.cause is not Cause.UNHANDLED or any(vain_pytestmarks_around(test, file.facts)):
        return None
    return marking_fix(test, file, file.framework.safety)


def _advice(verdict: Verdict, fix: Fix | None, file: CheckedFile) -> str:
    if verdict.cause is Cause.PLUGIN_OFF:
        return "remove `-p no:asyncio`, or load the plugin"
    if file.framework.caveat:
        return file.framework.caveat
    return "" if fix else f"mark it with @pytest.mark.{file.framework.mark}"
