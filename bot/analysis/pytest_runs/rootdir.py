"""Where pytest finds its configuration: rootdir and the file that wins.

Follows `determine_setup` and `locate_config` of `_pytest/config/findpaths.py`, but never looks
above the root of the repository.
"""

import posixpath
from collections.abc import Iterable, Iterator

from msgspec import Struct

from bot.analysis.pytest_runs.command_line import CommandLine
from bot.analysis.pytest_runs.config_files import ConfigFiles, join, lineage, parent
from bot.analysis.pytest_runs.ini_files import (
    Ini,
    Refusal,
    Since,
    Undecided,
    config_names,
    load,
    load_named,
)


class Located(Struct, frozen=True):
    """The folder that node ids are relative to, the file that configures, and what it says."""

    rootdir: str
    inifile: str | None
    ini: Ini


class Locator:
    """A search for configuration; `looked_at` collects the files that it met."""

    def __init__(self, files: ConfigFiles, since: Since) -> None:
        self._files = files
        self._since = since
        self.looked_at: list[str] = []

    def locate(self, cwd: str, line: CommandLine) -> Located:
        """Return what pytest started in `cwd` works with.

        Raises:
            Refusal: pytest would end with a usage error.
            Undecided: a file that decides is not in the repository, or was not readable.
        """
        folders = list(_argument_folders(self._files, cwd, line.arguments))
        named = line.last("--config-file")
        if named is not None:
            located = self._named(join(cwd, named), named)
        else:
            located = self._searched(cwd, folders, rootdir_given=line.given("--rootdir"))
        if not line.given("--rootdir"):
            return located
        return Located(self._given_rootdir(cwd, line), located.inifile, located.ini)

    def _named(self, path: str | None, named: str) -> Located:
        if path is None:
            raise Undecided(f"the configuration file {named} lies outside the repository")
        self.looked_at.append(path)
        return Located(parent(path), path, load_named(self._files, path, self._since))

    def _given_rootdir(self, cwd: str, line: CommandLine) -> str:
        given = line.last("--rootdir") or ""
        rootdir = join(cwd, given)
        if rootdir is None or not self._files.is_folder(rootdir):
            raise Undecided(f"the rootdir {given} is not in the repository")
        return rootdir

    def _searched(self, cwd: str, folders: list[str], *, rootdir_given: bool) -> Located:
        """Search from the common ancestor of the arguments, then from each of them."""
        ancestor = _common(folders) if folders else cwd
        located = self._search([ancestor])
        if located or rootdir_given:
            return located or Located("", None, {})
        for folder in lineage(ancestor):
            if self._files.is_file(_in(folder, "setup.py")):
                return Located(folder, None, {})
        located = self._search(folders) if folders != [ancestor] and folders else None
        return located or Located(_common([cwd, ancestor]), None, {})

    def _search(self, folders: Iterable[str]) -> Located | None:
        """Return the first file that configures pytest, going up from each folder in turn."""
        pyproject = None
        for folder in (above for start in folders for above in lineage(start)):
            for path in self._present(folder):
                if pyproject is None and path.endswith("pyproject.toml"):
                    pyproject = path
                ini = load(self._files, path, self._since)
                if ini is not None:
                    self._load_losers(folder, path)
                    return Located(folder, path, ini)
        if pyproject is not None and self._since("8.1"):
            return Located(parent(pyproject), pyproject, {})
        return None

    def _present(self, folder: str) -> Iterator[str]:
        for name in config_names(self._since):
            path = _in(folder, name)
            if self._files.is_file(path):
                self.looked_at.append(path)
                yield path

    def _load_losers(self, folder: str, winner: str) -> None:
        """pytest 9 reads what it then ignores, to say so, and stumbles over errors in it."""
        if not self._since("9.0"):
            return
        names = config_names(self._since)
        behind = names.index(winner.rpartition("/")[2]) + 1
        for name in names[behind:]:
            path = _in(folder, name)
            if self._files.is_file(path):
                self.looked_at.append(path)
                load(self._files, path, self._since)


def argument_path(cwd: str, argument: str) -> str | None:
    """Return the path of a node id or path; None where it is outside the repository."""
    return join(cwd, argument.partition("::")[0])


def _argument_folders(files: ConfigFiles, cwd: str, arguments: Iterable[str]) -> Iterator[str]:
    """Yield the folders of the arguments that exist."""
    for argument in arguments:
        path = argument_path(cwd, argument)
        if path is not None and files.exists(path):
            yield path if files.is_folder(path) else parent(path)


def _common(folders: Iterable[str]) -> str:
    """Return the nearest folder that all folders are in."""
    return posixpath.commonpath(list(folders))


def _in(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def masked_mode(files: ConfigFiles, located: Located) -> str | None:
    """Return a file that sets `asyncio_mode` beside or above the one that won, in vain."""
    folders = lineage(located.rootdir if located.inifile is None else parent(located.inifile))
    for path in (_in(folder, name) for folder in folders for name in config_names(_newest)):
        if path != located.inifile and files.text(path) and _sets_mode(files, path):
            return path
    return None


def _newest(_: str) -> bool:
    return True


def _sets_mode(files: ConfigFiles, path: str) -> bool:
    if "asyncio_mode" not in (files.text(path) or ""):
        return False
    try:
        return "asyncio_mode" in (load(files, path, _newest) or {})
    except (Refusal, Undecided):
        return False
