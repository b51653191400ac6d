"""The configuration that a pull request is checked with: never one that it brings itself.

Otherwise whoever opens a pull request could switch off the check that it has to pass. As long as
it leaves the files alone in which configuration stands, those of its head are as good.
"""

import asyncio
from collections.abc import Sequence

from bot.analysis.configuration.config_reading import CONFIG_FILES, read_fix_settings
from bot.analysis.fix_settings import FixSettings
from bot.analysis.request import ConfigurationFile
from bot.github.changes import ChangedFile
from bot.github.errors import Gone
from bot.github.gateway import RepositoryGateway
from bot.github.trees import Tree, at_commit


def may_change_configuration(changed: Sequence[ChangedFile]) -> bool:
    """Whether a file is among those changed in which configuration may stand."""
    touched = {path for file in changed for path in (file.path, file.previous_path)}
    return not touched.isdisjoint(CONFIG_FILES)


async def configuration_of_base(
    gateway: RepositoryGateway, base_sha: str, changed: Sequence[ChangedFile]
) -> tuple[ConfigurationFile, ...] | None:
    """Return the files of the base that hold instead; None where those of the head do.

    Raises:
        Gone: GitHub does not hand out the base any more.
    """
    if not may_change_configuration(changed):
        return None
    return await _files_of_base(gateway, base_sha)


async def fix_settings(gateway: RepositoryGateway, base_sha: str) -> FixSettings:
    """Return how the base has fixes made; the defaults where GitHub does not hand it out."""
    try:
        files = await _files_of_base(gateway, base_sha)
    except Gone:
        return FixSettings()
    return await asyncio.to_thread(read_fix_settings, files)


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
