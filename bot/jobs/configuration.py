"""The configuration that a pull request is checked with: never one that it brings itself.

Otherwise whoever opens a pull request could switch off the check that it has to pass, or begin it
where that was not yet on. Only where it begins at the base of now, and leaves the files alone in
which configuration stands, those of its head are as good. Where that says nothing holds what the
repository's owner has for all of its repositories.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

import structlog

from bot.analysis.config import Config
from bot.analysis.configuration.config_reading import CONFIG_FILES, OWN_FILE, read_settings
from bot.analysis.request import ConfigurationFile, Unreadable
from bot.github.changes import ChangedFile
from bot.github.errors import GitHubError, Gone
from bot.github.gateway import RepositoryGateway
from bot.github.owner_files import OWNERS_REPOSITORY, OwnerFile
from bot.github.trees import Tree, at_commit

_BASE = "base\0"  # no path has it

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Inherited:
    """What a repository has from its owner.

    Attributes:
        file: None where that is nothing.
        note: what a reader must know of it; empty where that is nothing.
    """

    file: ConfigurationFile | None = None
    note: str = ""


def may_change_configuration(changed: Sequence[ChangedFile]) -> bool:
    """Whether a file is among those changed in which configuration may stand."""
    touched = {path for file in changed for path in (file.path, file.previous_path)}
    return not touched.isdisjoint(CONFIG_FILES)


OF_BASE = tuple((path, f"{_BASE}{path}") for path in CONFIG_FILES)
"""The files of the base in which configuration may stand, and the names of them in a tree."""


def with_base(tree: Tree, base_sha: str) -> Tree:
    """Return a tree that has the files of the base as well, to be fetched along with its own."""
    files = {name: at_commit(base_sha, path) for path, name in OF_BASE}
    return replace(tree, entries={**tree.entries, **files})


async def settings_of(gateway: RepositoryGateway, base_sha: str) -> Config:
    """Return what the base says beside rules; the defaults where GitHub does not hand it out.

    Raises:
        GitHubError: what the owner says cannot be read now. It may ask more of who wants a fix
            than the defaults do, so nothing is done without it.
    """
    inherited = await _inherited(gateway)
    try:
        files = await _files_of_base(gateway, base_sha)
    except Gone:
        files = ()
    return await asyncio.to_thread(read_settings, files, inherited.file)


async def inherited_if_possible(gateway: RepositoryGateway) -> Inherited:
    """Return what is inherited, or that it could not be read: a verdict does not wait for it."""
    try:
        return await _inherited(gateway)
    except GitHubError as error:
        _log.warning("nothing inherited", error=str(error))
        return Inherited(
            note=f"`{_owners(gateway)}`: GitHub did not let this app read whether there is "
            "configuration for all repositories; if there is, it did not hold this time"
        )


async def _inherited(gateway: RepositoryGateway) -> Inherited:
    owners = _owners(gateway)
    if gateway.repository.lower() == owners.lower():
        return Inherited()  # it is the repository's own
    found = await gateway.owner_file(OWN_FILE)
    return _of_file(found, says_unreached=gateway.of_organization)


def _owners(gateway: RepositoryGateway) -> str:
    return f"{gateway.repository.partition('/')[0]}/{OWNERS_REPOSITORY}"


def _of_file(found: OwnerFile, *, says_unreached: bool) -> Inherited:
    path = f"{found.repository}/{OWN_FILE}"
    match found.content:
        case bytes() as content:
            old = f"`{path}`: it could not be read again just now, so it held as it was before"
            note = old if found.is_old else ""
            return Inherited(ConfigurationFile(path, content.decode(errors="replace")), note)
        case Unreadable(reason=reason):
            return Inherited(
                note=f"`{path}`: it does not hold, because it is unreadable: {reason}"
            )
        case None if not found.is_reached and says_unreached:
            return Inherited(
                note=f"`{found.repository}`: no configuration is inherited from there, because "
                "there is no such repository or this app is not installed on it"
            )
        case None:
            return Inherited()


async def _files_of_base(
    gateway: RepositoryGateway, base_sha: str
) -> tuple[ConfigurationFile, ...]:
    tree = Tree({path: at_commit(base_sha, path) for path in CONFIG_FILES})
    contents = await gateway.contents(tree, CONFIG_FILES)
    return tuple(
        ConfigurationFile(path, content.decode(errors="replace"))
        for path in CONFIG_FILES
        if isinstance(content := contents[path], bytes)
    )
