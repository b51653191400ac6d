"""The paths of a tree, and what they alone tell of its folders, packages and modules."""

from collections.abc import Collection, Iterator, Mapping
from functools import cached_property


class Layout:
    """Computed once for a tree, and shared by all that look at it."""

    def __init__(self, paths: Collection[str]) -> None:
        self.paths = frozenset(paths)

    @cached_property
    def python_folders(self) -> frozenset[str]:
        """The folders that hold Python files, at any depth."""
        return frozenset(_folders(path for path in self.paths if path.endswith(".py")))

    @cached_property
    def top_level(self) -> Mapping[str, tuple[str, ...]]:
        """The folders that hold each top-level module or package, by its name."""
        found: dict[str, tuple[str, ...]] = {}
        for path in self.paths:
            folder, _, name = path.rpartition("/")
            if name == "__init__.py":
                folder, _, name = folder.rpartition("/")
            elif not name.endswith(".py"):
                continue
            if name and f"{folder}/__init__.py".lstrip("/") not in self.paths:
                stem = name.removesuffix(".py")
                found[stem] = (*found.get(stem, ()), folder)
        return found

    @cached_property
    def test_folders(self) -> frozenset[str]:
        """The folders that directly hold files with names of tests."""
        return frozenset(
            path.rpartition("/")[0]
            for path in self.paths
            if path.rpartition("/")[2].startswith("test_")
        )


def _folders(paths: Iterator[str]) -> set[str]:
    folders: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    return folders
