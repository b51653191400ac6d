"""Plain `pytest`, where somebody would type it: at the root and in each project of its own."""

import re
from collections.abc import Iterator

from bot.analysis.pytest_runs.config_files import ConfigFiles, parent
from bot.analysis.pytest_runs.invocation import Invocation

PROJECT_TABLE = re.compile(r"^\s*\[\s*(?:project|tool\.poetry)\s*\]", re.MULTILINE)
METADATA = re.compile(r"^\[metadata\]", re.MULTILINE)
MARKS = {"pyproject.toml": PROJECT_TABLE, "setup.cfg": METADATA, "setup.py": re.compile("")}


def plain(files: ConfigFiles) -> Iterator[Invocation]:
    """Yield `pytest` at the root, then in the folders that hold project metadata of their own."""
    yield Invocation("pytest")
    for folder in sorted(project_folders(files) - {""}):
        yield Invocation(f"pytest in {folder}", folder)


def project_folders(files: ConfigFiles) -> frozenset[str]:
    """Return the folders with a `[project]` table, a setup.py or `[metadata]` in setup.cfg.

    A pytest.ini alone makes no project: nobody starts pytest there because of it.
    """
    return frozenset(
        parent(path)
        for path, text in files.texts.items()
        if (mark := MARKS.get(path.rpartition("/")[2])) and mark.search(text)
    )
