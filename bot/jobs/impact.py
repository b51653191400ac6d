"""Which unchanged tests a change concerns, by what it configures and what verdicts have read.

What it configures is read off names and patches alone, so that it costs no request: tests below a
conftest file, or below a setting, a pin or a command line of pytest's. What is changed in a file
that only may configure pytest counts where a changed line speaks of pytest or of async code.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from bot.analysis.pytest_runs.config_paths import configuration_paths
from bot.analysis.pytest_runs.dependencies.locks import is_lock
from bot.analysis.pytest_runs.dependencies.requirement_files import home_of
from bot.analysis.pytest_runs.ini_files import CONFIGURING
from bot.github.changes import ChangedFile
from bot.jobs.lock_changes import moved_packages

MOST = 500

_ALWAYS = frozenset({"conftest.py", "pytest.ini", ".pytest.ini", "pytest.toml", ".pytest.toml"})
_SPEAKS = re.compile(
    r"^[+-].*(?:pytest|async|anyio|trio|addopts|testpaths|python_(?:files|classes|functions))",
    re.MULTILINE | re.IGNORECASE,
)
_DECIDES = re.compile(r"pytest|asyncio|asynctest|anyio|\btrio\b", re.IGNORECASE)
_TEST = re.compile(r"(?:test[^/]*|[^/]*_tests?)\.py\Z")
_NEW = frozenset({"added", "renamed", "copied"})


@dataclass(frozen=True, slots=True)
class Impact:
    """The files to check beside the changed ones, and how many more there would be."""

    paths: tuple[str, ...] = ()
    left_out: int = 0

    def first(self, count: int) -> "Impact":
        """Return the impact with fewer files to check."""
        kept = self.paths[:count]
        return Impact(kept, self.left_out + len(self.paths) - len(kept))


def concerns_others(changed: Sequence[ChangedFile]) -> bool:
    """Whether a change may concern tests in files that it leaves alone."""
    return any(True for _ in _folders(changed))


def impact_of(
    changed: Sequence[ChangedFile],
    paths: Collection[str],
    dependents: Collection[str] = (),
) -> Impact:
    """Return the test files that a change concerns without changing them.

    Args:
        changed: what it changes.
        paths: of all files after it.
        dependents: files whose earlier verdicts have read what it touches; they come first.
    """
    own = {file.path for file in changed}
    known = sorted(path for path in dependents if path in paths and path not in own)
    found = dict.fromkeys([*known, *sorted(_below_configuration(changed, paths) - own)])
    return Impact(tuple(found)).first(MOST)


def touched(changed: Sequence[ChangedFile]) -> frozenset[str]:
    """Return the modules whose readers a change concerns: those that it changes or takes away."""
    paths = (path for file in changed for path in _paths_of(file))
    return frozenset(path for path in paths if path.endswith(".py"))


def shadowed(changed: Sequence[ChangedFile], paths: Collection[str]) -> frozenset[str]:
    """Return the modules that imports may find, or not find, because of what comes or goes.

    Those are modules of the same full name as one that comes, and all below a folder that
    becomes a package or is one no more.

    Args:
        changed: what the change changes.
        paths: of all files after it.
    """
    come = {file.path for file in changed if file.status in _NEW and file.path.endswith(".py")}
    gone = touched(changed).difference(paths)
    packages = tuple(path.removesuffix("__init__.py") for path in come | gone if _is_init(path))
    names = {_module_name(path, paths) for path in come}
    lasts = set(map(_name, names))
    return frozenset(
        path
        for path in paths
        if path.endswith(".py")
        and path not in come
        and (
            path.startswith(packages)
            or (_name(_stem(path)) in lasts and _module_name(path, paths) in names)
        )
    )


def _is_init(path: str) -> bool:
    """Whether a file makes its folder a package; one at the root makes none that has a name."""
    return path.endswith("/__init__.py")


def _stem(path: str) -> str:
    """Return a module's path without its ending, a package's without that of its file."""
    return path.removesuffix(".py").removesuffix("/__init__")


def _module_name(path: str, paths: Collection[str]) -> str:
    """Return what a module is imported as, with slashes: from the uppermost of its packages on."""
    stem = _stem(path)
    folder, _, name = stem.rpartition("/")
    while folder and f"{folder}/__init__.py" in paths:
        folder, _, package = folder.rpartition("/")
        name = f"{package}/{name}"
    return name


def _below_configuration(changed: Sequence[ChangedFile], paths: Collection[str]) -> set[str]:
    folders = tuple({f"{folder}/" if folder else "" for folder in _folders(changed)})
    if not folders:
        return set()
    return {path for path in paths if path.startswith(folders) and _is_test(path)}


def _folders(changed: Sequence[ChangedFile]) -> Iterator[str]:
    """Yield the folders below which tests are run otherwise, perhaps."""
    perhaps = configuration_paths({path for file in changed for path in _paths_of(file)})
    for file in changed:
        for path in _paths_of(file):
            if _name(path) in _ALWAYS or (path in perhaps and _may_decide(file, path)):
                yield _home(path)


def _may_decide(file: ChangedFile, path: str) -> bool:
    return _moves_what_decides(file) if is_lock(path) else _speaks_of_pytest(file)


def _home(path: str) -> str:
    """Return the folder that a file configures: its own, that of the project for a mere list."""
    if _name(path) in _ALWAYS | CONFIGURING or is_lock(path):
        return path.rpartition("/")[0]
    return "" if path.startswith(".") else home_of(path)


def _paths_of(file: ChangedFile) -> Iterator[str]:
    yield from filter(None, (file.path, file.previous_path))


def _speaks_of_pytest(file: ChangedFile) -> bool:
    return file.patch is None or _SPEAKS.search(file.patch) is not None


def _moves_what_decides(file: ChangedFile) -> bool:
    return file.patch is None or any(map(_DECIDES.search, moved_packages(file.patch)))


def _is_test(path: str) -> bool:
    return _TEST.match(_name(path)) is not None


def _name(path: str) -> str:
    return path.rpartition("/")[2]
