"""Tells of configuration that is not used, because it does not lie at the root of the tree."""

from collections.abc import Collection, Iterator

from bot.analysis.config import Config
from bot.analysis.configuration.config_reading import (
    OWN_FILE,
    PROJECT_FILE,
    keys_to_configuration,
)
from bot.analysis.request import ConfigurationFile
from bot.analysis.source.project import Library

_MOST = 3


def notes_on_nested(library: Library, read: Collection[str], config: Config) -> Iterator[str]:
    """Yield a note that names the files, if there are any.

    Args:
        library: the files of the tree.
        read: paths of those that were read for how pytest is configured.
        config: what holds; what it excludes is nobody's configuration.
    """
    own = (path for path in library.paths if path.endswith(f"/{OWN_FILE}"))
    projects = (path for path in read if _is_nested_project(path, library))
    found = sorted(path for path in {*own, *projects} if not config.excludes(path))
    if found:
        more = f" and {len(found) - _MOST} more" if len(found) > _MOST else ""
        yield (
            f"{', '.join(found[:_MOST])}{more}: this configuration of awaited is not used, only "
            "that at the root of the repository is"
        )


def _is_nested_project(path: str, library: Library) -> bool:
    content = library.content(path) if path.endswith(f"/{PROJECT_FILE}") else None
    if not isinstance(content, bytes):
        return False
    file = ConfigurationFile(path, content.decode(errors="replace"))
    return keys_to_configuration(file) is not None
