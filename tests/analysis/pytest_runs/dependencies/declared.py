"""What a reader of dependencies finds in one file."""

from collections.abc import Callable, Iterator, Mapping

from bot.analysis.pytest_runs.config_files import ConfigFiles
from bot.analysis.pytest_runs.dependencies.declaration import Declaration

Reader = Callable[[ConfigFiles, str], Iterator[Declaration]]


def declared(reader: Reader, path: str, text: str, **more: str) -> dict[str, str]:
    """Return the specifiers by name."""
    return {one.name: one.specifier for one in declarations(reader, path, {path: text, **more})}


def declarations(reader: Reader, path: str, files: Mapping[str, str]) -> list[Declaration]:
    return list(reader(ConfigFiles(files, files), path))
