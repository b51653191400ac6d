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

    def python_files_near(self, path: str, most: int) -> tuple[str, ...] | None:
        """Return the other Python files of the tree, or of the file's folder and below.

        None where even these are more than `most`.
        """
        folder = path.rpartition("/")[0]
        for above in ("", f"{folder}/" if folder else ""):
            found = [
                one
                for one in self.paths
                if one.endswith(".py") and one.startswith(above) and one != path
            ]
            if len(found) <= most:
                return tuple(sorted(found))
        return None

    def modules_ending(self, parts: tuple[str, ...]) -> tuple[str, ...]:
        """Return the files whose dotted names end with some parts, from whatever folder."""
        ending = "/" + "/".join(parts)
        return tuple(
            path
            for stem, path in self._modules_by_name.get(parts[-1], ())
            if f"/{stem}".endswith(ending)
        )

    @cached_property
    def _modules_by_name(self) -> Mapping[str, list[tuple[str, str]]]:
        """The path of each module without its ending, and the file, by its last name."""
        found: dict[str, list[tuple[str, str]]] = {}
        for path in self.paths:
            if path.endswith(".py"):
                stem = path.removesuffix(".py").removesuffix("/__init__")
                found.setdefault(stem.rpartition("/")[2], []).append((stem, path))
        return found

    @cached_property
    def conftests(self) -> tuple[str, ...]:
        """The conftest files, the uppermost first."""
        found = (path for path in self.paths if path.rpartition("/")[2] == "conftest.py")
        return tuple(sorted(found, key=lambda path: (path.count("/"), path)))

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
