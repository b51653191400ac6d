"""Things that people do so that async tests run, and that pytest does not look at."""

from tests.conformance.case import Case, run
from tests.conformance.cases.hooks import ONE_TEST

MARKED = """
    import pytest

    @pytest.mark.asyncio
    async def test_it():
        ran()
"""

CASES = (
    Case(
        "pytestmark in a conftest file hurts where tests rely on it",
        {
            "tests/conftest.py": """
                import pytest

                pytestmark = [pytest.mark.asyncio, pytest.mark.usefixtures()]
            """,
            "tests/unit/test_it.py": ONE_TEST,
        },
    ),
    Case(
        "pytestmark in a conftest file hurts nobody where tests are marked",
        {
            "tests/conftest.py": """
                import pytest

                pytestmark = pytest.mark.asyncio
            """,
            "tests/test_it.py": MARKED,
            "other/test_other.py": MARKED,
        },
    ),
    Case(
        "pytestmark in a package marks nothing",
        {
            "tests/__init__.py": """
                import pytest

                pytestmark = pytest.mark.asyncio
            """,
            "tests/test_it.py": ONE_TEST,
        },
    ),
    Case(
        "pytestmark that is only annotated, or replaced, marks nothing",
        {
            "test_annotated.py": """
                import pytest

                pytestmark: pytest.mark.asyncio

                async def test_it():
                    ran()
            """,
            "test_replaced.py": """
                import pytest

                pytestmark = pytest.mark.asyncio
                pytestmark = [pytest.mark.usefixtures()]

                async def test_it():
                    ran()

                class TestIt:
                    pytestmark = [pytest.mark.asyncio]
                    pytestmark = pytest.mark.usefixtures()

                    async def test_method(self):
                        ran()
            """,
            "test_kept.py": """
                import pytest

                pytestmark = [pytest.mark.asyncio]
                pytestmark = [*pytestmark, pytest.mark.usefixtures()]

                async def test_it():
                    ran()
            """,
        },
        repairable=True,
    ),
    Case(
        "A replaced pytestmark hurts nobody where tests are marked",
        {
            "test_it.py": """
                import pytest

                pytestmark = pytest.mark.asyncio
                pytestmark = pytest.mark.usefixtures()

                @pytest.mark.asyncio
                async def test_it():
                    ran()

                class TestParent:
                    pytestmark = pytest.mark.asyncio

                class TestChild(TestParent):
                    pytestmark = pytest.mark.usefixtures()

                    async def test_method(self):
                        ran()
            """,
        },
    ),
    Case(
        "A hook that marks too late hurts where tests rely on it",
        {
            "tests/conftest.py": """
                import pytest

                LATE = pytest.mark.asyncio(loop_scope="session")

                def pytest_collection_modifyitems(items):
                    for item in items:
                        item.add_marker(LATE)
            """,
            "tests/test_it.py": ONE_TEST,
        },
    ),
    Case(
        "A hook that marks too late hurts nobody where tests are marked",
        {
            "conftest.py": """
                import pytest

                def pytest_collection_modifyitems(items):
                    for item in items:
                        item.add_marker(pytest.mark.asyncio)
            """,
            "test_it.py": MARKED,
        },
    ),
    Case(
        "Auto mode in a masked file does not count",
        {
            "pyproject.toml": '[tool.pytest.ini_options]\nasyncio_mode = "auto"\n',
            "pytest.ini": "",
            "test_it.py": ONE_TEST,
        },
    ),
    Case(
        "Auto mode in a masked file counts for who names the file",
        {
            "Makefile": "test:\n\tpytest -c pyproject.toml\n",
            "pyproject.toml": '[tool.pytest.ini_options]\nasyncio_mode = "auto"\n',
            "pytest.ini": "",
            "test_it.py": ONE_TEST,
        },
        invocations=(run(), run("-c", "pyproject.toml")),
    ),
    Case(
        "Auto mode in a masked file hurts nobody where tests are marked",
        {
            "pyproject.toml": '[tool.pytest.ini_options]\nasyncio_mode = "auto"\n',
            "pytest.ini": "",
            "test_it.py": MARKED,
        },
    ),
    Case(
        "Auto mode in a section that pytest does not read does not count",
        {
            "pyproject.toml": '[tool.pytest-asyncio]\nasyncio_mode = "auto"\n',
            "test_it.py": ONE_TEST,
        },
    ),
    Case(
        "Auto mode under a misspelt name does not count",
        {"pytest.ini": "[pytest]\nasyncio-mode = auto\n", "test_it.py": ONE_TEST},
    ),
    Case(
        "Auto mode does not count where the plugin is switched off",
        {
            "pytest.ini": "[pytest]\naddopts = -p no:asyncio\nasyncio_mode = auto\n",
            "test_it.py": ONE_TEST,
        },
    ),
    Case(
        "A misspelt marker is no marker",
        {
            "test_it.py": """
                import pytest

                @pytest.mark.async_io
                async def test_underlined():
                    ran()

                @pytest.mark.asyncIO
                async def test_capital():
                    ran()
            """
        },
        repairable=True,
    ),
)
