"""The tree of a commit: every file's name, mode and content's oid, in one request.

GitHub lists 100,000 entries or 7 MB at once ("Get a tree"); what it left out is then asked for
directory by directory.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import msgspec
from cachetools import LRUCache

from bot.github.repository import RepositoryPart

# Listed apart for one commit, so that a monorepo doesn't eat the hourly budget.
_MOST_DIRECTORIES = 200
# Remembered of one repository; some 10 MB.
_MOST_ENTRIES = 50_000


class Mode(StrEnum):
    """What git lets an entry of a tree be."""

    FILE = "100644"
    EXECUTABLE = "100755"
    SYMLINK = "120000"
    SUBMODULE = "160000"
    DIRECTORY = "040000"


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """A file, symbolic link or submodule.

    Attributes:
        oid: of its content; or what names it, `COMMIT:PATH`, where that is all that is known.
        size: in bytes; a submodule has none.
    """

    oid: str
    mode: str
    size: int | None


@dataclass(frozen=True, slots=True)
class Tree:
    """All files of a commit by path; `truncated` if there are more than we are ready to list."""

    entries: Mapping[str, TreeEntry]
    truncated: bool = False


def at_commit(sha: str, path: str, like: TreeEntry | None = None) -> TreeEntry:
    """Return a file of a commit whose tree nobody has listed; one that is not there is no file.

    Args:
        sha: of the commit.
        path: of the file.
        like: the same file in another commit.
    """
    mode, size = (like.mode, like.size) if like is not None else (Mode.FILE, None)
    return TreeEntry(f"{sha}:{path}", mode, size)


class _Entry(msgspec.Struct):
    path: str
    mode: str
    type: Literal["blob", "tree", "commit"]
    sha: str
    size: int | None = None


class _Tree(msgspec.Struct):
    tree: list[_Entry]
    truncated: bool = False


class Trees(RepositoryPart):
    """Reads trees, each commit's once: a commit never changes."""

    async def tree(self, commit_sha: str) -> Tree:
        """Return the tree of a commit, whole unless it is enormous.

        Raises:
            Gone: there is no such commit.
        """
        trees: LRUCache[str, Tree] = self._memory.of("trees", _MOST_ENTRIES, _entries)
        tree = trees.get(commit_sha)
        if tree is None:
            tree = await self._client.when_known(lambda: self._read(commit_sha))
            if len(tree.entries) < _MOST_ENTRIES:
                trees[commit_sha] = tree
        return tree

    async def _read(self, sha: str) -> Tree:
        """List all at once, and directory by directory where that is cut off."""
        entries: dict[str, TreeEntry] = {}
        waiting = [("", sha)]
        cut_off = False
        for _ in range(_MOST_DIRECTORIES):
            if not waiting:
                break
            prefix, oid = waiting.pop()
            listed = await self._listed(oid, recursive=True)
            if listed.truncated:
                listed = await self._listed(oid, recursive=False)
                cut_off |= listed.truncated
                waiting += [
                    (f"{prefix}{entry.path}/", entry.sha)
                    for entry in listed.tree
                    if entry.type == "tree"
                ]
            entries |= _files(prefix, listed)
        return Tree(entries, truncated=cut_off or bool(waiting))

    async def _listed(self, sha: str, *, recursive: bool) -> _Tree:
        path = self._path("git", "trees", sha)
        # Any value, even 0, makes it recursive.
        query = {"recursive": 1} if recursive else {}
        return await self._client.get(path, _Tree, **query)


def _entries(tree: Tree) -> int:
    return len(tree.entries) + 1


def _files(prefix: str, listed: _Tree) -> dict[str, TreeEntry]:
    return {
        f"{prefix}{entry.path}": TreeEntry(entry.sha, entry.mode, entry.size)
        for entry in listed.tree
        if entry.type != "tree"
    }
