"""A hook marks async tests when it is too late, so the mark does not make them run.

## What it finds

`pytest_collection_modifyitems`, `pytest_itemcollected`, `pytest_generate_tests` and
`pytest_runtest_setup` that add `pytest.mark.asyncio` to tests, with pytest-asyncio 0.22 or later,
where a test in their reach never runs. The recipe that asks `is_async_test` is left alone: it
changes the loop scope of tests that run already.

## Why it matters

pytest-asyncio decides while pytest makes an item of a function. What is added to the item later
is shown by `pytest --markers` and by reports, and the test is skipped or fails all the same.

## Fix

None here: set `asyncio_mode = auto`, or mark the tests. Each test is reported as well (AWT103).
"""

from collections.abc import Iterator

from bot.analysis.checked_file import CheckedFile
from bot.analysis.collection.late_marks import late_marking_hooks
from bot.analysis.evidence.attempts import late_hooks_for
from bot.analysis.evidence.lost_tests import lost_tests_below
from bot.analysis.finding import Finding, Severity
from bot.analysis.pytest_runs.config_files import parent
from bot.analysis.rule import Bad, Good, Rule
from bot.analysis.source.module import Definition

rule = Rule(
    __name__,
    __doc__,
    code="AWT107",
    severity=Severity.FAILURE,
    examples=[
        Bad(
            {
                "tests/conftest.py": """
                    import pytest

                    def pytest_collection_modifyitems(items):  # error
                        for item in items:
                            item.add_marker(pytest.mark.asyncio)
                """,
                "tests/test_total.py": "async def test_total():\n    pass\n",
            },
            says="too late",
        ),
        Bad(
            {
                "conftest.py": """
                    import pytest

                    MARK = pytest.mark.asyncio(loop_scope="session")

                    def pytest_itemcollected(item):  # error
                        item.add_marker(MARK)

                    def pytest_runtest_setup(item):  # error
                        item.add_marker("asyncio")
                """,
                "test_total.py": """
                    import pytest

                    @pytest.mark.xfail
                    async def test_total():
                        pass
                """,
            },
        ),
        Good(
            {
                "conftest.py": """
                    import pytest

                    def pytest_collection_modifyitems(items):
                        for item in items:
                            item.add_marker(pytest.mark.asyncio)
                """,
                "test_total.py": """
                    import pytest

                    @pytest.mark.asyncio
                    async def test_total():
                        pass
                """,
            },
            because="every test runs, so the hook does no harm",
        ),
        Good(
            {
                "conftest.py": """
                    import pytest
                    from pytest_asyncio import is_async_test

                    def pytest_collection_modifyitems(items):
                        mark = pytest.mark.asyncio(loop_scope="session")
                        for item in items:
                            if is_async_test(item):
                                item.add_marker(mark, append=False)
                """,
                "test_total.py": "async def test_total():\n    pass\n",
            },
            because="this documented recipe is about the loop of tests that run",
        ),
        Good(
            {
                "tests/conftest.py": """
                    import pytest

                    def pytest_collection_modifyitems(items):
                        for item in items:
                            item.add_marker(pytest.mark.asyncio)
                """,
                "tests/test_total.py": "def test_total():\n    pass\n",
                "test_total.py": "async def test_total():\n    pass\n",
            },
            because="the test that is lost is not in its reach",
        ),
        Good(
            {
                "requirements.txt": "pytest==7.4.4\npytest-asyncio==0.21.2\n",
                "conftest.py": """
                    import pytest

                    def pytest_collection_modifyitems(items):
                        for item in items:
                            item.add_marker(pytest.mark.asyncio)
                """,
                "test_total.py": "async def test_total():\n    pass\n",
            },
            because="this version looks at the mark when the test is called",
        ),
        Good(
            {
                "conftest.py": """
                    import pytest

                    def pytest_collection_modifyitems(items):
                        for item in items:
                            if item.get_closest_marker("asyncio") is None:
                                item.add_marker(pytest.mark.slow)

                    def mark_all(items):
                        for item in items:
                            item.add_marker(pytest.mark.asyncio)
                """,
                "test_total.py": "async def test_total():\n    pass\n",
            },
            because="another mark, and a function that is no hook",
        ),
    ],
)


@rule.on(CheckedFile)
def check(file: CheckedFile, _: CheckedFile) -> Iterator[Finding]:
    """Report the hooks of a file if a test in their reach is lost."""
    hooks = list(late_marking_hooks(file.module))
    if hooks and _hurts(file):
        yield from (_finding(hook, file) for hook in hooks)


def _hurts(file: CheckedFile) -> bool:
    is_conftest = file.path.rpartition("/")[2] == "conftest.py"
    folder = parent(file.path) if is_conftest else ""
    return any(
        file.module is module
        for test, run in lost_tests_below(folder, file.facts)
        for module, _ in late_hooks_for(test, run, file.facts)
    )


def _finding(hook: Definition, file: CheckedFile) -> Finding:
    return rule.finding(
        file.place_of(hook),
        f"`{hook.name}` marks tests with `asyncio` too late: pytest-asyncio has decided by then, "
        "and async tests without a mark of their own never run",
        symbol=hook.qualname,
        advice="set `asyncio_mode = auto` in the configuration of pytest, or mark the tests",
    )
