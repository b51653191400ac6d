"""Writes planned fixes to disk, if the files are still those that were analysed."""

from collections.abc import Mapping
from pathlib import Path

from bot.analysis.finding import FileError
from bot.cli.local_file import read, replace
from bot.cli.local_tree import LocalTree


def write_fixes(files: Mapping[str, bytes], tree: LocalTree) -> tuple[FileError, ...]:
    """Write new contents; return what could not be written, and why.

    What is proven is the combination: if one file has changed meanwhile, none is written.
    """
    stale = tuple(_stale(path) for path in files if _has_changed(path, tree))
    if stale:
        return stale
    outcomes = [_written(path, content, tree) for path, content in files.items()]
    return tuple(error for error in outcomes if error is not None)


def _stale(path: str) -> FileError:
    return FileError(path, "it changed while it was checked, so nothing was fixed; run again")


def _has_changed(path: str, tree: LocalTree) -> bool:
    return read(tree.files[path]) != tree.contents[path]


def _written(path: str, content: bytes, tree: LocalTree) -> FileError | None:
    file = Path(tree.files[path])
    if not file.resolve().is_relative_to(tree.root):
        return FileError(path, "it was not fixed: the symbolic link leads out of the tree")
    try:
        replace(file, content)
    except OSError as error:
        return FileError(path, f"it was not fixed: {error.strerror}")
    return None
