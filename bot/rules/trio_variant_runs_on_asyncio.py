"""The trio variant of anyio's tests runs on asyncio, because auto mode takes them.

## What it finds

Files with tests for anyio that have a variant on trio (anyio's own backends where trio is among
the dependencies, `anyio_backend` with "trio"), in a project where pytest-asyncio is in auto mode.

## Why it matters

In auto mode pytest-asyncio runs every async test itself. `test_x[trio]` is reported as passed and
has run on asyncio: nothing was tested on trio.

## Fix

None: set `asyncio_mode = strict` and mark the tests of asyncio, or leave pytest-asyncio out.
"""

from collections.abc import Iterator

from bot.analysis.checked_file import CheckedFile
from bot.analysis.collection.collection import Test
from bot.analysis.collection.decorators import Kind
from bot.analysis.collection.plugins import asyncio_mode
from bot.analysis.collection.third_party import Runs
from bot.analysis.evidence.anyio_backends import asks_for_trio
from bot.analysis.finding import Finding, Severity
from bot.analysis.pytest_runs.pytest_config import AsyncioMode, PytestRun
from bot.analysis.rule import Bad, Good, Rule

_AUTO = "[pytest]\nasyncio_mode = auto\n"
_TRIO = "anyio\ntrio\npytest-asyncio\n"
_MARKED = """
    import pytest

    @pytest.mark.anyio
    async def test_total():
        pass
"""

rule = Rule(
    __name__,
    __doc__,
    code="AWT114",
    severity=Severity.FAILURE,
    examples=[
        Bad(
            {
                "pytest.ini": _AUTO,
                "requirements.txt": _TRIO,
                "test_total.py": """
                    import pytest

                    pytestmark = pytest.mark.anyio

                    async def test_total():  # error
                        pass

                    async def test_other():
                        pass
                """,
            },
            says="2 tests",
        ),
        Bad(
            {
                "pytest.ini": _AUTO,
                "conftest.py": """
                    import pytest

                    @pytest.fixture(params=["asyncio", "trio"])
                    def anyio_backend(request):
                        return request.param
                """,
                "test_total.py": """
                    async def test_unmarked():
                        pass

                    async def test_total(anyio_backend):  # error
                        pass
                """,
            },
            says="`test_total`",
        ),
        Bad(
            {
                "pytest.ini": _AUTO,
                "test_total.py": """
                    import pytest

                    @pytest.mark.parametrize("anyio_backend", ["trio"])
                    async def test_total(anyio_backend):  # error
                        pass
                """,
            },
        ),
        Good(
            {"requirements.txt": _TRIO, "test_total.py": _MARKED},
            because="in strict mode anyio runs its tests itself",
        ),
        Good(
            {
                "pytest.ini": _AUTO,
                "requirements.txt": "anyio\ntrio\npytest\n",
                "test_total.py": _MARKED,
            },
            because="pytest-asyncio is not among what is installed",
        ),
        Good(
            {
                "pytest.ini": _AUTO,
                "requirements.txt": _TRIO,
                "test_total.py": """
                    import pytest

                    class TestTotal:
                        @pytest.mark.anyio
                        @staticmethod
                        async def test_total():
                            pass

                        @staticmethod
                        @pytest.mark.anyio
                        async def test_other():
                            pass
                """,
            },
            because="anyio sees these late, and makes tests of its own of them",
        ),
        Good(
            {
                "pytest.ini": _AUTO,
                "requirements.txt": _TRIO,
                "conftest.py": """
                    import pytest

                    @pytest.fixture
                    def anyio_backend():
                        return "asyncio"
                """,
                "test_total.py": _MARKED,
            },
            because="there is no trio variant",
        ),
        Good(
            {
                "pytest.ini": _AUTO,
                "requirements.txt": "anyio\npytest-asyncio\n",
                "test_total.py": _MARKED,
            },
            because="without trio there is no such variant",
        ),
        Good(
            {
                "pytest.ini": _AUTO,
                "requirements.txt": _TRIO,
                "test_total.py": """
                    import pytest

                    @pytest.mark.parametrize("anyio_backend", ["asyncio"])
                    async def test_total(anyio_backend):
                        pass

                    async def test_other():
                        pass

                    @pytest.mark.anyio
                    @pytest.mark.skip
                    async def test_skipped():
                        pass
                """,
            },
            because="neither of them is for trio",
        ),
        Good(
            {
                "pytest.ini": _AUTO,
                "requirements.txt": _TRIO,
                "test_total.py": """
                    import unittest

                    import pytest

                    @pytest.mark.anyio
                    class TestTotal(unittest.IsolatedAsyncioTestCase):
                        async def test_total(self):
                            pass

                    @pytest.mark.anyio
                    async def test_generator():
                        yield
                """,
            },
            because="pytest-asyncio runs neither",
        ),
        Good(
            {
                "pytest.ini": _AUTO,
                "requirements.txt": _TRIO,
                "one/conftest.py": """
                    def pytest_pyfunc_call(pyfuncitem):
                        return pyfuncitem.config.loop.run(pyfuncitem)
                """,
                "one/test_one.py": _MARKED,
                "two/conftest.py": 'pytest_plugins = ["company_plugin"]',
                "two/test_two.py": _MARKED,
            },
            because="a hook or an unknown plugin may run it on trio",
        ),
        Good(
            {
                "pytest.ini": _AUTO,
                "requirements.txt": _TRIO,
                "Makefile": "trio:\n\tpytest -p no:asyncio -o asyncio_mode=\n",
                "test_total.py": _MARKED,
            },
            because="one way of starting pytest leaves pytest-asyncio out",
        ),
    ],
)


@rule.on(CheckedFile)
def check(file: CheckedFile, _: CheckedFile) -> Iterator[Finding]:
    """Report the first test of a file that is taken from anyio, and how many there are."""
    if not _mentions_anyio(file):
        return
    taken = [
        test for test, runs in file.facts.tests(file.module).items() if _is_taken(test, runs, file)
    ]
    if not taken:
        return
    first = taken[0]
    variants = (
        f"variants of {len(taken)} tests of this file run"
        if len(taken) > 1
        else f"variant of `{first.symbol}` runs"
    )
    yield rule.finding(
        file.place_of_test(first),
        f"the trio {variants} on asyncio: in auto mode pytest-asyncio takes the tests of anyio",
        symbol=first.symbol,
        advice="set `asyncio_mode = strict`, or leave pytest-asyncio out",
    )


def _mentions_anyio(file: CheckedFile) -> bool:
    run = file.facts.setup.runs_for(file.path)[0]
    modules = (file.module, *file.facts.plugins.plugins(run, file.module).all_modules)
    return any("anyio" in one.source.text for one in modules)


def _is_taken(test: Test, runs: tuple[PytestRun, ...], file: CheckedFile) -> bool:
    collector = file.facts.collector
    is_plain = collector.runs(test) is Runs.PYTEST
    if not is_plain or collector.decorated(test).kind is not Kind.COROUTINE:
        return False
    return all(_is_auto(run, file) and asks_for_trio(test, run, file.facts) for run in runs)


def _is_auto(run: PytestRun, file: CheckedFile) -> bool:
    plugins = file.facts.plugins.plugins(run, file.module)
    if plugins.hooks.may_run or plugins.hooks.may_mark or plugins.unknown:
        return False
    versions = run.versions
    if versions.declares_dependencies and not versions.declared("pytest-asyncio"):
        return False
    return asyncio_mode(run, plugins) is AsyncioMode.AUTO
