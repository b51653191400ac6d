"""Where the tree begins that the checked paths are part of."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

# Any of them makes a directory the place that people start pytest in.
_PROJECT_FILES = (
    "pyproject.toml",
    "setup.py",
    "setup.cfg",
    "tox.ini",
    "pytest.ini",
    ".pytest.ini",
    "pytest.toml",
    ".pytest.toml",
)


def find_root(directories: Sequence[Path], working_directory: Path) -> Path:
    """Return the root of the tree that holds all of `directories` (absolute, real paths).

    The top of a git work tree; else the working directory, if it lies above them all and holds
    a project; else the nearest project above them; else the nearest directory above them.
    """
    common = Path(os.path.commonpath(directories))
    nearest_first = (common, *common.parents)
    work_tree = _first(nearest_first, [".git"])
    if work_tree is not None:
        return work_tree
    if working_directory in nearest_first and _holds_any(working_directory, _PROJECT_FILES):
        return working_directory
    return _first(nearest_first, _PROJECT_FILES) or common


def _first(directories: Iterable[Path], names: Iterable[str]) -> Path | None:
    return next((one for one in directories if _holds_any(one, names)), None)


def _holds_any(directory: Path, names: Iterable[str]) -> bool:
    return any(os.path.lexists(directory / name) for name in names)
