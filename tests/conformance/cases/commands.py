"""The usual places that say how tests are started."""

from tests.conformance.case import AUTO, Case, run
from tests.conformance.cases.projects import ONE_TEST

AUTO_OPTION = run("--asyncio-mode=auto")


def _started_by(path: str, text: str) -> dict[str, str]:
    """Return a project with one unmarked async test and one file that starts pytest."""
    return {path: text, "tests/test_it.py": ONE_TEST}


CASES = (
    Case(
        "A Makefile sets the mode",
        _started_by("Makefile", "PYTEST = pytest\n\ntest: lint\n\tpytest --asyncio-mode=auto\n"),
        invocations=(run(), AUTO_OPTION),
    ),
    Case(
        "A Makefile sets the mode through a variable",
        _started_by(
            "Makefile",
            "PYTEST = python -m pytest\nFLAGS := --asyncio-mode=auto\n\n"
            "test:\n\t@$(PYTEST) $(FLAGS) tests\n",
        ),
        invocations=(run(), run("--asyncio-mode=auto", "tests")),
    ),
    Case(
        "tox sets the mode",
        _started_by(
            "tox.ini",
            "[tox]\nenvlist = py311\n\n[testenv]\ndeps = pytest-asyncio\ncommands =\n"
            "    python -m pip list\n    pytest --asyncio-mode=auto {posargs}\n",
        ),
        invocations=(run(), AUTO_OPTION),
    ),
    Case(
        "tox sets the mode over several lines",
        _started_by(
            "tox.ini",
            "[testenv]\ncommands =\n    coverage run -m pytest \\\n"
            "        --asyncio-mode=auto \\\n        {posargs:tests}\n",
        ),
        invocations=(run(), run("--asyncio-mode=auto", "tests")),
    ),
    Case(
        "tox in pyproject.toml sets the mode",
        _started_by(
            "pyproject.toml",
            '[tool.tox.env_run_base]\ncommands = [["pytest", "--asyncio-mode=auto", "tests"]]\n',
        ),
        invocations=(run(), run("--asyncio-mode=auto", "tests")),
    ),
    Case(
        "nox sets the mode",
        _started_by(
            "noxfile.py",
            """
            import nox

            @nox.session(python=["3.11", "3.12"])
            def tests(session):
                session.install("-e", ".", "pytest-asyncio")
                session.run("pytest", "--asyncio-mode=auto", *session.posargs)
            """,
        ),
        invocations=(run(), AUTO_OPTION),
    ),
    Case(
        "A workflow sets the mode",
        _started_by(
            ".github/workflows/test.yml",
            """
            name: tests
            on: [push]
            jobs:
              test:
                runs-on: ubuntu-latest
                steps:
                  - uses: actions/checkout@v4
                  - run: pip install -e . pytest-asyncio
                  - name: Test
                    run: |
                      export A=1
                      python -m pytest --asyncio-mode=auto
            """,
        ),
        invocations=(run(), AUTO_OPTION),
    ),
    Case(
        "A workflow starts pytest in a folder",
        {
            ".github/workflows/test.yaml": """
                on: push
                jobs:
                  backend:
                    runs-on: ubuntu-latest
                    steps:
                      - run: pytest
                        working-directory: backend
                  worker:
                    runs-on: ubuntu-latest
                    steps:
                      - run: cd worker && pytest -q
            """,
            "backend/pytest.ini": AUTO,
            "backend/test_backend.py": ONE_TEST,
            "worker/pytest.ini": AUTO,
            "worker/test_worker.py": ONE_TEST,
            "other/pytest.ini": AUTO,
            "other/test_other.py": ONE_TEST,
        },
        invocations=(run(), run(cwd="backend"), run("-q", cwd="worker")),
    ),
    Case(
        "A workflow's default folder is where pytest starts",
        {
            ".github/workflows/test.yml": """
                on: push
                defaults:
                  run:
                    working-directory: backend
                jobs:
                  backend:
                    runs-on: ubuntu-latest
                    steps:
                      - run: pytest
            """,
            "backend/pytest.ini": AUTO,
            "backend/test_backend.py": ONE_TEST,
        },
        invocations=(run(), run(cwd="backend")),
    ),
    Case(
        "A workflow's environment adds options",
        {
            ".github/workflows/test.yml": """
                on: push
                env:
                  PYTEST_ADDOPTS: --asyncio-mode=auto
                jobs:
                  test:
                    runs-on: ubuntu-latest
                    steps:
                      - run: pytest
            """,
            "tests/test_it.py": ONE_TEST,
        },
        invocations=(run(), run(PYTEST_ADDOPTS="--asyncio-mode=auto")),
    ),
    Case(
        "A script sets the mode",
        _started_by(
            "scripts/test.sh",
            '#!/bin/sh\nset -e\nexec python3 -m pytest --asyncio-mode=auto "$@"\n',
        ),
        invocations=(run(), AUTO_OPTION),
    ),
    Case(
        "A script without an ending sets the mode",
        _started_by("bin/test", "#!/usr/bin/env bash\npytest -o asyncio_mode=auto tests\n"),
        invocations=(run(), run("-o", "asyncio_mode=auto", "tests")),
    ),
    Case(
        "A hatch script sets the mode",
        _started_by(
            "pyproject.toml",
            """
            [tool.hatch.envs.default.scripts]
            test = "pytest --asyncio-mode=auto {args:tests}"
            """,
        ),
        invocations=(run(), run("--asyncio-mode=auto", "tests")),
    ),
    Case(
        "A poe task and a pdm script set the mode",
        _started_by(
            "pyproject.toml",
            '[tool.poe.tasks]\ntest = "pytest --asyncio-mode=auto"\n'
            '[tool.pdm.scripts]\ntest = {cmd = "pytest -q"}\n',
        ),
        invocations=(run(), AUTO_OPTION, run("-q")),
    ),
    Case(
        "GitLab's pipeline sets the mode",
        _started_by(
            ".gitlab-ci.yml",
            """
            test:
              image: python:3.11
              script:
                - pip install -e .
                - pytest --asyncio-mode=auto
            """,
        ),
        invocations=(run(), AUTO_OPTION),
    ),
    Case(
        "A justfile sets the mode",
        _started_by("justfile", "test *args:\n    uv run pytest --asyncio-mode=auto {{args}}\n"),
        invocations=(run(), AUTO_OPTION),
    ),
    Case(
        "A container starts pytest with the mode",
        _started_by(
            "Dockerfile",
            'FROM python:3.11\nCOPY . /app\nWORKDIR /app\nCMD ["pytest", "--asyncio-mode=auto"]\n',
        ),
        invocations=(run(), AUTO_OPTION),
    ),
    Case(
        "A command that only speaks of pytest starts nothing",
        _started_by(
            "Makefile",
            "# pytest --asyncio-mode=auto would be nice\n"
            'help:\n\t@echo "run pytest --asyncio-mode=auto"\n\ntest:\n\tpytest\n',
        ),
    ),
    Case(
        "A file of a tool's arguments that speaks of another folder",
        {
            "Makefile": "unit:\n\tpytest tests/unit --asyncio-mode=auto\n\nall:\n\tpytest tests\n",
            "tests/unit/test_unit.py": ONE_TEST,
            "tests/other/test_other.py": ONE_TEST,
        },
        invocations=(run(), run("tests/unit", "--asyncio-mode=auto"), run("tests")),
    ),
    Case(
        "A command names a folder with a configuration",
        {
            "Makefile": "test:\n\tpytest backend\n",
            "backend/pytest.ini": AUTO,
            "backend/tests/test_it.py": ONE_TEST,
            "tests/test_root.py": ONE_TEST,
        },
        invocations=(run(), run("backend")),
    ),
    Case(
        "A command names two folders, one with a configuration",
        {
            "Makefile": "test:\n\tpytest one two\n",
            "one/pytest.ini": AUTO,
            "one/test_one.py": ONE_TEST,
            "two/test_two.py": ONE_TEST,
        },
        invocations=(run(), run("one", "two")),
    ),
    Case(
        "A command sets the root folder and a configuration elsewhere",
        {
            "Makefile": "test:\n\tpytest -c config/pytest.ini --rootdir=. tests\n",
            "config/pytest.ini": AUTO,
            "tests/test_it.py": ONE_TEST,
        },
        invocations=(run(), run("-c", "config/pytest.ini", "--rootdir=.", "tests")),
    ),
    Case(
        "A command switches the plugin off and another does not",
        {
            "pytest.ini": AUTO,
            "Makefile": "quick:\n\tpytest -p no:asyncio tests\n",
            "tests/test_it.py": ONE_TEST,
        },
        invocations=(run(), run("-p", "no:asyncio", "tests")),
    ),
    Case(
        "unittest alone is no way to run pytest's tests",
        _started_by("Makefile", "test:\n\tpython -m unittest discover\n"),
    ),
    Case(
        "Commands in another folder's Makefile start there",
        {
            "backend/Makefile": "test:\n\tpytest --asyncio-mode=auto\n",
            "backend/tests/test_it.py": ONE_TEST,
            "other/test_other.py": ONE_TEST,
        },
        invocations=(run(), run("--asyncio-mode=auto", cwd="backend")),
    ),
    Case(
        "A later test path does not hide what the command line names",
        {
            "pyproject.toml": """
                [tool.pytest.ini_options]
                testpaths = ["tests"]
                addopts = "-ra"
            """,
            "Makefile": "e2e:\n\tpytest e2e --asyncio-mode=auto\n",
            "tests/test_it.py": ONE_TEST,
            "e2e/test_e2e.py": ONE_TEST,
        },
        invocations=(run(), run("e2e", "--asyncio-mode=auto")),
    ),
    Case(
        "A folder that only a command names is checked by that command",
        {
            "pytest.ini": "[pytest]\ntestpaths = tests\n",
            "Makefile": "e2e:\n\tpytest e2e\n",
            "tests/test_it.py": ONE_TEST,
            "e2e/test_e2e.py": ONE_TEST,
        },
        invocations=(run(), run("e2e")),
    ),
)
