"""Which versions of pytest and its plugins a repository asks for."""

from collections.abc import Iterable
from dataclasses import dataclass

from packaging.specifiers import SpecifierSet
from packaging.version import Version

from bot.analysis.config_files import ConfigFiles


@dataclass(frozen=True, slots=True)
class Declaration:
    """One statement that a package is needed, or which versions of it will do.

    Attributes:
        name: normalised (PEP 503).
        specifier: what it allows; everything where it says nothing.
        path: the file that says so.
        weight: lock files count before manifests, those before what single commands install.
        needs: False for a constraint: it bounds a package, it does not ask for it.
    """

    name: str
    specifier: SpecifierSet
    path: str
    weight: int = 1
    needs: bool = True


@dataclass(frozen=True, slots=True)
class ProjectVersions:
    """What is declared for one folder: the nearest project first, then those above it."""

    folder: str
    projects: tuple[tuple[Declaration, ...], ...] = ()

    @property
    def declares_dependencies(self) -> bool:
        """Whether anything declares a third-party package for the project or its tests."""
        return any(one.needs for project in self.projects for one in project)

    def declared(self, name: str) -> bool:
        """Whether the package is declared, locked, or needed by one that is."""
        return any(one.needs and one.name == name for project in self.projects for one in project)

    def version(self, name: str) -> Version | None:
        """Return the newest known release that the pins allow; None where nothing pins it."""
        return None

    def at_least(self, name: str, boundary: str) -> bool:
        """Whether the newest version allowed is `boundary` or later; unpinned, it is."""
        version = self.version(name)
        return version is None or version >= Version(boundary)

    def could_be_below(self, name: str, boundary: str) -> bool:
        """Whether the pins let in a version below `boundary`; where nothing pins, they do."""
        return True


class Versions:
    """The declarations of the whole tree, read where they are asked for."""

    def __init__(self, files: ConfigFiles) -> None:
        self._files = files
        self._known: dict[str, ProjectVersions] = {}

    def versions_for(self, folder: str) -> ProjectVersions:
        """Return what holds for the folder: its nearest project's word, then the root's."""
        if folder not in self._known:
            self._known[folder] = ProjectVersions(folder)
        return self._known[folder]


def read_versions(files: ConfigFiles) -> Versions:
    """Return the versions that manifests, lock files, tox, nox and workflows ask for."""
    return Versions(files)
