"""Which unchanged tests a change concerns: those below a conftest file, or a setting of pytest's.

Read off names and patches alone, so that it costs no request. What is changed in a file that only
may configure pytest counts where a changed line speaks of pytest or of async code.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from bot.github.changes import ChangedFile

MOST = 500

_ALWAYS = frozenset({"conftest.py", "pytest.ini", ".pytest.ini", "pytest.toml", ".pytest.toml"})
_PERHAPS = re.compile(r"(?:pyproject\.toml|setup\.cfg|tox\.ini|requirements[\w.-]*\.(?:txt|in))\Z")
_SPEAKS = re.compile(
    r"^[+-].*(?:pytest|async|anyio|trio|addopts|testpaths|python_(?:files|classes|functions))",
    re.MULTILINE | re.IGNORECASE,
)
_TEST = re.compile(r"(?:test[^/]*|[^/]*_tests?)\.py\Z")


@dataclass(frozen=True, slots=True)
class Impact:
    """The files to check beside the changed ones, and how many more there would be."""

    paths: tuple[str, ...] = ()
    left_out: int = 0


def concerns_others(changed: Sequence[ChangedFile]) -> bool:
    """Whether a change may concern tests in files that it leaves alone."""
    return any(True for _ in _folders(changed))


def impact_of(changed: Sequence[ChangedFile], paths: Collection[str]) -> Impact:
    """Return the test files that a change concerns without changing them.

    Args:
        changed: what it changes.
        paths: of all files after it.
    """
    folders = tuple({f"{folder}/" if folder else "" for folder in _folders(changed)})
    if not folders:
        return Impact()
    touched = {file.path for file in changed}
    found = sorted(
        path
        for path in paths
        if path.startswith(folders) and path not in touched and _is_test(path)
    )
    return Impact(tuple(found[:MOST]), max(len(found) - MOST, 0))


def _folders(changed: Sequence[ChangedFile]) -> Iterator[str]:
    """Yield the folders below which tests are run otherwise, perhaps."""
    for file in changed:
        for path in filter(None, (file.path, file.previous_path)):
            folder, _, name = path.rpartition("/")
            if name in _ALWAYS or (_PERHAPS.match(name) and _speaks_of_pytest(file)):
                yield folder


def _speaks_of_pytest(file: ChangedFile) -> bool:
    return file.patch is None or _SPEAKS.search(file.patch) is not None


def _is_test(path: str) -> bool:
    return _TEST.match(path.rpartition("/")[2]) is not None
