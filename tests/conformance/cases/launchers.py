"""The less usual places that start pytest, each of them the only one that sets the mode."""

from collections.abc import Mapping

from tests.conformance.case import Case, run

OPTION = run("--asyncio-mode=auto")


def _started_by(name: str, files: Mapping[str, str]) -> Case:
    """Return a project whose files start pytest in auto mode."""
    test = "async def test_it(): ran()\n"
    return Case(name, {**files, "tests/test_it.py": test}, invocations=(run(), OPTION))


CASES = (
    _started_by(
        "A script of package.json",
        {"package.json": '{"scripts": {"test": "pytest --asyncio-mode=auto", "lint": "ruff"}}\n'},
    ),
    _started_by(
        "A Taskfile",
        {
            "Taskfile.yml": """
                version: "3"
                tasks:
                  test:
                    cmds:
                      - pytest --asyncio-mode=auto {{.CLI_ARGS}}
            """
        },
    ),
    _started_by(
        "CircleCI",
        {
            ".circleci/config.yml": """
                version: 2.1
                jobs:
                  test:
                    docker: [{image: python}]
                    steps:
                      - checkout
                      - run: pip install .
                      - run:
                          name: Test
                          command: |
                            pytest --asyncio-mode=auto
            """
        },
    ),
    _started_by(
        "Azure's pipelines",
        {
            "azure-pipelines.yml": """
                steps:
                  - script: |
                      pip install .
                      pytest --asyncio-mode=auto
                    displayName: Test
            """
        },
    ),
    _started_by(
        "Travis",
        {".travis.yml": "language: python\nscript:\n  - pytest --asyncio-mode=auto\n"},
    ),
    _started_by(
        "A task of invoke's",
        {
            "tasks.py": """
                from invoke import task

                @task
                def test(c):
                    c.run("pytest --asyncio-mode=auto", pty=True)
            """
        },
    ),
    _started_by(
        "A Python script that calls pytest",
        {
            "runtests.py": """
                import sys
                import pytest

                if __name__ == "__main__":
                    sys.exit(pytest.main(["--asyncio-mode=auto", *sys.argv[1:]]))
            """
        },
    ),
    _started_by(
        "A Python script that starts a process",
        {
            "scripts/test.py": """
                import subprocess
                import sys

                subprocess.run([sys.executable, "-m", "pytest", "--asyncio-mode=auto"], check=True)
            """
        },
    ),
    _started_by(
        "A composition of containers",
        {
            "docker-compose.yml": """
                services:
                  tests:
                    build: .
                    command: pytest --asyncio-mode=auto
            """
        },
    ),
    _started_by(
        "A pre-commit hook",
        {
            ".pre-commit-config.yaml": """
                repos:
                  - repo: local
                    hooks:
                      - id: tests
                        name: tests
                        language: system
                        entry: pytest --asyncio-mode=auto
            """
        },
    ),
    _started_by(
        "A workflow's matrix",
        {
            ".github/workflows/test.yml": """
                on: push
                jobs:
                  test:
                    runs-on: ubuntu-latest
                    strategy:
                      matrix:
                        options: ["--asyncio-mode=auto", ""]
                    steps:
                      - run: pytest ${{ matrix.options }}
            """
        },
    ),
    _started_by(
        "A variable of an included Makefile",
        {
            "Makefile": "include common.mk\n\ntest:\n\tpytest $(PYTEST_FLAGS)\n",
            "common.mk": "PYTEST_FLAGS ?= --asyncio-mode=auto\n",
        },
    ),
    _started_by(
        "A section that tox refers to",
        {
            "tox.ini": "[base]\ncommand = pytest --asyncio-mode=auto\n\n"
            "[testenv]\ncommands = {[base]command}\n",
        },
    ),
    _started_by(
        "A constant of the noxfile",
        {
            "noxfile.py": """
                import nox

                PYTEST = ["pytest", "--asyncio-mode=auto"]

                @nox.session
                def tests(session):
                    session.run(*PYTEST, *session.posargs)
            """
        },
    ),
    _started_by(
        "A constant of the noxfile's arguments",
        {
            "noxfile.py": """
                import nox

                FLAGS = ("--asyncio-mode=auto",)

                @nox.session
                def tests(session):
                    session.run("python", "-m", "pytest", *FLAGS, external=True)
            """
        },
    ),
    _started_by(
        "A script with variables",
        {
            "scripts/ci.sh": '#!/bin/bash\nARGS="--asyncio-mode=auto"\n'
            'if [ -n "$CI" ]; then\n  python -m pytest $ARGS\nfi\n',
        },
    ),
    _started_by(
        "Behind other launchers",
        {"Makefile": "test:\n\t@env CI=1 poetry run coverage run -m pytest --asyncio-mode=auto\n"},
    ),
    _started_by(
        "A Jenkinsfile",
        {
            "Jenkinsfile": """
                pipeline {
                    agent any
                    stages {
                        stage('Test') { steps { sh 'pytest --asyncio-mode=auto' } }
                    }
                }
            """
        },
    ),
    _started_by(
        "A composite action of the repository's own",
        {
            ".github/workflows/test.yml": """
                on: push
                jobs:
                  test:
                    runs-on: ubuntu-latest
                    steps:
                      - uses: ./.github/actions/test
            """,
            ".github/actions/test/action.yml": """
                name: test
                runs:
                  using: composite
                  steps:
                    - run: pytest --asyncio-mode=auto
                      shell: bash
            """,
        },
    ),
)
