"""Several projects in one repository, each with its own way to run tests."""

from tests.conformance.case import AUTO, Case, run

ONE_TEST = """
    async def test_it():
        ran()
"""
AUTO_PROJECT = """
    [project]
    name = "one"
    version = "1"
    [tool.pytest.ini_options]
    asyncio_mode = "auto"
"""
STRICT_PROJECT = """
    [project]
    name = "two"
    version = "1"
    [tool.pytest.ini_options]
    asyncio_mode = "strict"
"""

CASES = (
    Case(
        "Two projects with modes of their own",
        {
            "one/pyproject.toml": AUTO_PROJECT,
            "one/tests/test_one.py": ONE_TEST,
            "two/pyproject.toml": STRICT_PROJECT,
            "two/tests/test_two.py": ONE_TEST,
        },
        invocations=(run(), run(cwd="one"), run(cwd="two")),
    ),
    Case(
        "A project in a folder is started there",
        {
            "README.md": "Two halves.\n",
            "backend/setup.cfg": """
                [metadata]
                name = backend
                [tool:pytest]
                asyncio_mode = auto
            """,
            "backend/tests/test_it.py": ONE_TEST,
            "frontend/package.json": "{}\n",
        },
        invocations=(run(), run(cwd="backend")),
    ),
    Case(
        "A project in a folder with a setup script is started there",
        {
            "backend/setup.py": "from setuptools import setup\n\nsetup(name='backend')\n",
            "backend/pytest.ini": AUTO,
            "backend/tests/test_it.py": ONE_TEST,
        },
        invocations=(run(), run(cwd="backend")),
    ),
    Case(
        "A folder with a configuration and no project is not started by itself",
        {
            "pyproject.toml": STRICT_PROJECT,
            "backend/pytest.ini": AUTO,
            "backend/tests/test_it.py": ONE_TEST,
        },
    ),
    Case(
        "A project's tests outside of its folder are not its own",
        {
            "pyproject.toml": STRICT_PROJECT,
            "libs/one/pyproject.toml": AUTO_PROJECT,
            "libs/one/test_one.py": ONE_TEST,
            "tests/test_it.py": ONE_TEST,
        },
        invocations=(run(), run(cwd="libs/one")),
    ),
    Case(
        "The root's mode reaches a project without a configuration of its own",
        {
            "pyproject.toml": AUTO_PROJECT,
            "libs/two/pyproject.toml": '[project]\nname = "two"\nversion = "1"\n',
            "libs/two/tests/test_it.py": ONE_TEST,
        },
        invocations=(run(), run(cwd="libs/two")),
    ),
    Case(
        "Two strict projects are strict from everywhere",
        {
            "pyproject.toml": STRICT_PROJECT,
            "libs/two/pyproject.toml": STRICT_PROJECT,
            "libs/two/tests/test_it.py": ONE_TEST,
        },
        invocations=(run(), run(cwd="libs/two")),
    ),
    Case(
        "A project in a folder has a conftest with a hook of its own",
        {
            "one/pyproject.toml": STRICT_PROJECT,
            "one/conftest.py": """
                import asyncio
                import inspect

                def pytest_pyfunc_call(pyfuncitem):
                    if inspect.iscoroutinefunction(pyfuncitem.obj):
                        asyncio.run(pyfuncitem.obj())
                        return True
            """,
            "one/test_one.py": ONE_TEST,
            "two/pyproject.toml": STRICT_PROJECT,
            "two/test_two.py": ONE_TEST,
        },
        invocations=(run(), run(cwd="one"), run(cwd="two")),
    ),
)
