"""Which versions of pytest and its plugins a repository asks for.

Where the pins allow several versions, the newest is assumed; where nothing pins, too. Of a plugin
it is the newest that works with the pytest that is asked for, as an installer would have it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct
from packaging.version import InvalidVersion, Version

from bot.analysis.pytest_runs.config_files import ConfigFiles, parent
from bot.analysis.pytest_runs.dependencies.commands import from_commands
from bot.analysis.pytest_runs.dependencies.declaration import Declaration, Weight, normalised
from bot.analysis.pytest_runs.dependencies.locks import from_lock, is_lock
from bot.analysis.pytest_runs.dependencies.manifests import (
    from_environment_yml,
    from_hatch,
    from_pipfile,
    from_pyproject,
    from_setup_cfg,
    from_setup_py,
)
from bot.analysis.pytest_runs.dependencies.releases import BRINGS, NEEDED_PYTEST, RELEASES
from bot.analysis.pytest_runs.dependencies.requirement_files import (
    from_requirements,
    home_of,
    is_requirements_file,
)

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet

Reader = Callable[[ConfigFiles, str], Iterator[Declaration]]
BY_NAME: dict[str, Reader] = {
    "pyproject.toml": from_pyproject,
    "hatch.toml": from_hatch,
    "setup.cfg": from_setup_cfg,
    "setup.py": from_setup_py,
    "Pipfile": from_pipfile,
    "environment.yml": from_environment_yml,
    "environment.yaml": from_environment_yml,
}
OTHERS_COMMANDS = frozenset({"py", "toml", "cfg", "txt", "in", "lock"})


Declarations = Mapping[str, tuple[Declaration, ...]]
"""What one project declares, by name."""


class ProjectVersions(Struct, frozen=True, eq=False):
    """What is declared for one folder: the nearest project first, then those above it.

    There is one for all folders for which the same holds, so identity is equality.
    """

    projects: tuple[Declarations, ...] = ()

    @property
    def declares_dependencies(self) -> bool:
        """Whether anything declares a third-party package for the project or its tests."""
        every = (one for project in self.projects for found in project.values() for one in found)
        return any(one.needs for one in every)

    @property
    def locked(self) -> bool:
        """Whether a lock file lists all that is installed for the nearest project."""
        nearest = self.projects[0].values() if self.projects else ()
        return any(one.weight is Weight.LOCK for found in nearest for one in found)

    def declared(self, name: str) -> bool:
        """Whether somebody asked for the package, or a pytest plugin came along with another."""
        wanted = normalised(name)
        if "pytest" in wanted:
            return self.installed(wanted)
        return any(one.direct for one in self._needed(wanted))

    def installed(self, name: str) -> bool:
        """Whether the package is declared, locked, or brought along by one that is."""
        wanted = normalised(name)
        bringing = (package for package, brought in BRINGS.items() if wanted in brought)
        return any(True for one in (wanted, *bringing) for _ in self._needed(one))

    def version(self, name: str) -> Version | None:
        """Return the newest known release that the pins allow; None where that is the newest."""
        wanted = normalised(name)
        allowed = self._allowed(wanted)
        if not allowed:
            return None
        newest = max(allowed)
        known = RELEASES.get(wanted, "").split()
        is_newest = bool(known) and newest >= Version(known[-1])
        return None if is_newest or not (known or self._is_exact(wanted)) else newest

    def at_least(self, name: str, boundary: str) -> bool:
        """Whether the newest version allowed is `boundary` or later; unpinned, it is."""
        version = self.version(name)
        return version is None or version >= Version(boundary)

    def could_be_below(self, name: str, boundary: str) -> bool:
        """Whether the pins let in a version below `boundary`; where nothing pins, they do."""
        wanted = normalised(name)
        specifiers = self._specifiers(wanted)
        below = [ok for version, ok in _known(wanted, specifiers) if version < Version(boundary)]
        return any(below) if specifiers else True

    def _needed(self, name: str) -> Iterator[Declaration]:
        for project in self.projects:
            yield from (one for one in project.get(name, ()) if one.needs)

    def _allowed(self, name: str) -> list[Version]:
        """Return the releases that the pins allow, its own and pytest's; none where nothing pins.

        Where the two contradict each other, its own hold.
        """
        specifiers = self._specifiers(name)
        found = [version for version, is_allowed in _known(name, specifiers) if is_allowed]
        ceiling = self._ceiling(name)
        if ceiling is None:
            return found
        candidates = found if specifiers else list(map(Version, RELEASES[name].split()))
        return [one for one in candidates if one < ceiling] or found

    def _ceiling(self, name: str) -> Version | None:
        """Return the first release that needs a newer pytest than the pins allow."""
        needed = NEEDED_PYTEST.get(name, ())
        pytest = self.version("pytest") if needed else None
        if pytest is None:
            return None
        return next((Version(one) for one, least in needed if Version(least) > pytest), None)

    def _is_exact(self, name: str) -> bool:
        return any(one.startswith("==") and "*" not in one for one in self._specifiers(name))

    def _specifiers(self, name: str) -> tuple[str, ...]:
        """Return the specifiers that count: the nearest project's, the weightiest of them."""
        for project in self.projects:
            found = [one for one in project.get(name, ()) if one.specifier]
            if found:
                weight = min(one.weight for one in found)
                return tuple(dict.fromkeys(one.specifier for one in found if one.weight == weight))
        return ()


@lru_cache(maxsize=512)
def _known(name: str, specifiers: tuple[str, ...]) -> tuple[tuple[Version, bool], ...]:
    """Return known releases and whether they are allowed by all, or else by any, specifiers."""
    sets = [one for text in specifiers if (one := _parsed(text)) is not None]
    if not sets:
        return ()
    versions = {Version(text) for text in RELEASES.get(name, "").split()} | set(_named(sets))
    by_all = {one: all(one in specifier for specifier in sets) for one in versions}
    if any(by_all.values()):
        return tuple(by_all.items())
    return tuple((one, any(one in specifier for specifier in sets)) for one in versions)


def _parsed(text: str) -> "SpecifierSet | None":
    # A tenth of what a check of one file costs, where nothing is pinned.
    from packaging.specifiers import InvalidSpecifier, SpecifierSet  # noqa: PLC0415

    try:
        return SpecifierSet(text, prereleases=True)
    except InvalidSpecifier:
        return None


def _named(sets: "Iterable[SpecifierSet]") -> Iterator[Version]:
    """Yield the versions that specifiers name themselves."""
    for specifier in (one for specifiers in sets for one in specifiers):
        try:
            yield Version(specifier.version.removesuffix(".*"))
        except InvalidVersion:
            continue


class Versions:
    """The declarations of the whole tree, each file read when a folder first needs it."""

    def __init__(self, files: ConfigFiles) -> None:
        self._files = files
        self._known: dict[str, ProjectVersions] = {}
        self._readers: dict[str, list[tuple[Reader, str]]] = {}
        for path in sorted(files.texts):
            self._enter(path)

    def versions_for(self, folder: str) -> ProjectVersions:
        """Return what holds for the folder: its nearest project's word, then the root's."""
        if folder not in self._known:
            self._known[folder] = self._compute(folder)
        return self._known[folder]

    def _compute(self, folder: str) -> ProjectVersions:
        own = self._declarations(folder)
        if not folder:
            return ProjectVersions((own,) if own else ())
        above = self.versions_for(parent(folder))
        return ProjectVersions((own, *above.projects)) if own else above

    def _enter(self, path: str) -> None:
        """Note which reader reads a file, and for which folder."""
        name = path.rpartition("/")[2]
        if name in BY_NAME:
            self._readers.setdefault(parent(path), []).append((BY_NAME[name], path))
        elif is_lock(path):
            self._readers.setdefault(parent(path), []).append((from_lock, path))
        elif is_requirements_file(path):
            self._readers.setdefault(home_of(path), []).append((from_requirements, path))
        elif name in {"noxfile.py", "tox.toml"} or name.rpartition(".")[2] not in OTHERS_COMMANDS:
            self._readers.setdefault(_commands_home(path), []).append((from_commands, path))

    def _declarations(self, folder: str) -> Declarations:
        found: dict[str, dict[Declaration, None]] = {}
        for reader, path in self._readers.get(folder, ()):
            for one in reader(self._files, path):
                found.setdefault(one.name, {})[one] = None
        return {name: tuple(ones) for name, ones in found.items()}


def _commands_home(path: str) -> str:
    """Return the folder that a file of commands is for; a workflow is for the repository."""
    return "" if path.startswith(".") else home_of(path)


def read_versions(files: ConfigFiles) -> Versions:
    """Return the versions that manifests, lock files, tox, nox and workflows ask for."""
    return Versions(files)
