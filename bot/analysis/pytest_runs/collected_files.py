"""Which files pytest collects: arguments, `testpaths`, patterns, and what it passes by.

Follows `pytest_ignore_collect`, `pytest_collect_file` and `Config._decide_args` of pytest 9.2.
"""

import fnmatch
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import takewhile

from msgspec import Struct
from msgspec.structs import replace

from bot.analysis.answer import Answer
from bot.analysis.pytest_runs.command_line import CommandLine
from bot.analysis.pytest_runs.config_files import ROOT, ConfigFiles, is_within, join, lineage
from bot.analysis.pytest_runs.rootdir import argument_path
from bot.analysis.pytest_runs.shell_words import HIDDEN

PYTHON_FILES = ("test_*.py", "*_test.py")
NORECURSEDIRS = (
    "*.egg", ".*", "_darcs", "build", "CVS", "dist", "node_modules", "venv", "{arch}",
)  # fmt: skip


NOTHING = frozenset[str]()


class Argument(Struct, frozen=True):
    """A path to collect from; `whole` is False where only some of its tests are named."""

    path: str
    whole: bool = True


class Arguments(Struct, frozen=True):
    """Where collection starts.

    Attributes:
        given: paths that are there.
        missing: whether something is named that is not in the repository (it may be made
            before the run), or that cannot be read from source.
    """

    given: tuple[Argument, ...]
    missing: bool = False


class Passing(Struct, frozen=True):
    """What collection passes by, all relative to the repository's root."""

    norecursedirs: tuple[str, ...] = NORECURSEDIRS
    ignored: frozenset[str] = frozenset()
    ignored_globs: tuple[str, ...] = ()
    deselected: tuple[str, ...] = ()
    in_virtualenv: bool = False


@dataclass(frozen=True, slots=True)
class CollectedFiles:
    """The files of one run."""

    arguments: Arguments
    python_files: tuple[str, ...]
    passing: Passing
    files: ConfigFiles = field(compare=False)
    _fitting: dict[str, bool] = field(
        default_factory=dict[str, bool], init=False, compare=False, repr=False
    )
    _skipped: dict[str, bool] = field(
        default_factory=dict[str, bool], init=False, compare=False, repr=False
    )

    def collects(self, path: str) -> Answer:
        """Whether the file is collected."""
        if not path.endswith(".py"):
            return Answer.NO
        # Cheap first: of a large tree, most runs come to few of the files.
        near = [one for one in self.arguments.given if is_within(path, one.path)]
        named = Answer.any_of(self._from_argument(argument, path) for argument in near)
        if named is Answer.NO and self.arguments.missing and self._from_root(path):
            named = Answer.UNKNOWN
        return named if named is Answer.NO else Answer.all_of([named, self._selected(path)])

    def covers(self, other: "CollectedFiles") -> bool:
        """Whether all that another run of the same patterns collects is collected here too."""
        if self.arguments.missing or other.arguments.missing:
            return False
        theirs, ours = other.passing, self.passing
        if ours not in (theirs, replace(theirs, ignored=NOTHING, ignored_globs=(), deselected=())):
            return False
        return all(self._covers(argument) for argument in other.arguments.given)

    def _covers(self, wanted: Argument) -> bool:
        if not self.files.is_folder(wanted.path):
            return self.collects(wanted.path) is Answer.YES
        return self.enters(wanted.path)

    def enters(self, folder: str) -> bool:
        """Whether a folder is looked through for tests."""
        return any(
            is_within(folder, argument.path)
            and not any(self._passes_by(one) for one in _between(argument.path, folder))
            for argument in self.arguments.given
        )

    def _from_argument(self, argument: Argument, path: str) -> Answer:
        if argument.path == path:
            return Answer.of(True if argument.whole else None)
        if not self._fits(path):
            return Answer.NO
        return Answer.of(not any(self._passes_by(one) for one in _between(argument.path, path)))

    def _fits(self, path: str) -> bool:
        if path not in self._fitting:
            self._fitting[path] = _fits(path, self.python_files)
        return self._fitting[path]

    def _from_root(self, path: str) -> bool:
        """Whether a folder that nobody knows could lead to the file."""
        return self._from_argument(Argument(""), path) is Answer.YES

    def _passes_by(self, path: str) -> bool:
        if path not in self._skipped:
            self._skipped[path] = self._compute_passes_by(path)
        return self._skipped[path]

    def _compute_passes_by(self, path: str) -> bool:
        passing = self.passing
        if path.rpartition("/")[2] == "__pycache__" or path in passing.ignored:
            return True
        if any(fnmatch.fnmatchcase(path, pattern) for pattern in passing.ignored_globs):
            return True
        if not self.files.is_folder(path):
            return False
        if not passing.in_virtualenv and self._is_virtualenv(path):
            return True
        return _fits(path, passing.norecursedirs)

    def _is_virtualenv(self, folder: str) -> bool:
        marks = ("pyvenv.cfg", "conda-meta/history")
        return any(self.files.is_file(f"{folder}/{mark}") for mark in marks)

    def _selected(self, path: str) -> Answer:
        """Whether `--deselect` leaves the file's tests in; unknown if it takes some of them."""
        for prefix in self.passing.deselected:
            if path.startswith(prefix):
                return Answer.NO
            if prefix.startswith(f"{path}::"):
                return Answer.UNKNOWN
        return Answer.YES


def _between(folder: str, path: str) -> Iterator[str]:
    """Return the path and the folders above it up to, and without, `folder`."""
    return takewhile(lambda one: one != folder, lineage(path))


def _fits(path: str, patterns: Iterable[str]) -> bool:
    """Match as pytest does: a pattern with a slash against the whole path, else the name."""
    name = path.rpartition("/")[2]
    return any(
        fnmatch.fnmatchcase(f"{ROOT}/{path}", f"*/{pattern}")
        if "/" in pattern
        else fnmatch.fnmatchcase(name, pattern)
        for pattern in patterns
    )


def decide_arguments(
    files: ConfigFiles, cwd: str, rootdir: str, line: CommandLine, testpaths: tuple[str, ...]
) -> Arguments:
    """Return where collection starts: arguments, or `testpaths` in the rootdir, or here."""
    if line.arguments or line.hidden:
        found = [_resolved(files, cwd, word, line) for word in line.arguments]
        given = tuple(argument for argument in found if argument)
        if line.hidden and not line.arguments:
            return Arguments((), missing=True)
        return Arguments(given, missing=line.hidden or len(given) < len(found))
    if cwd == rootdir and testpaths:
        patterns = [join(cwd, pattern) for pattern in testpaths]
        matches = (
            match
            for pattern in patterns
            if pattern is not None
            for match in files.matching(pattern)
        )
        given = tuple(Argument(path) for path in dict.fromkeys(matches))
        if given:
            return Arguments(given)
    return Arguments((Argument(cwd),))


def _resolved(files: ConfigFiles, cwd: str, word: str, line: CommandLine) -> Argument | None:
    whole = "::" not in word
    if line.given("--pyargs") and (module := _module(files, cwd, word.partition("::")[0])):
        return Argument(module, whole)
    path = None if HIDDEN in word else argument_path(cwd, word)
    return Argument(path, whole) if path is not None and files.exists(path) else None


def _module(files: ConfigFiles, cwd: str, name: str) -> str | None:
    """Return where a dotted name is, if it is importable from here or from `src`."""
    for start in (cwd, f"{cwd}/src".lstrip("/")):
        path = f"{start}/{name.replace('.', '/')}".lstrip("/")
        if files.is_folder(path):
            return path
        if files.is_file(f"{path}.py"):
            return f"{path}.py"
    return None


def passing_of(
    cwd: str, rootdir: str, line: CommandLine, norecursedirs: tuple[str, ...]
) -> Passing:
    """Return what the options say about paths to pass by."""
    ignored = (join(cwd, path) for path in line.every("--ignore"))
    globs = (join(cwd, pattern) for pattern in line.every("--ignore-glob"))
    deselected = (join(rootdir, prefix) for prefix in line.every("--deselect"))
    return Passing(
        norecursedirs,
        frozenset(path for path in ignored if path),
        tuple(glob for glob in globs if glob),
        tuple(prefix for prefix in deselected if prefix),
        line.given("--collect-in-virtualenv"),
    )


def matches_name(name: str, options: Iterable[str]) -> bool:
    """Whether a function or class is collected by name: prefixes, or globs if they look so."""
    return any(
        name.startswith(option)
        or (re.search(r"[*?\[]", option) is not None and fnmatch.fnmatchcase(name, option))
        for option in options
    )
