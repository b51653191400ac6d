"""The tree of a commit: every file's name, mode and content's oid, in one request.

GitHub lists 100,000 entries or 7 MB at once ("Get a tree"); what it left out is then asked for
directory by directory.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import msgspec

from bot.github.client import Client
from bot.github.repository import RepositoryPart

# Listed apart for one commit, so that a monorepo doesn't eat the hourly budget.
_MOST_DIRECTORIES = 200


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

    def __init__(self, client: Client, repository: str, app_id: str) -> None:
        super().__init__(client, repository, app_id)
        self._trees: dict[str, Tree] = {}

    async def tree(self, commit_sha: str) -> Tree:
        """Return the tree of a commit, whole unless it is enormous.

        Raises:
            Gone: there is no such commit.
        """
        if commit_sha not in self._trees:
            self._trees[commit_sha] = await self._read(commit_sha)
        return self._trees[commit_sha]

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


def _files(prefix: str, listed: _Tree) -> dict[str, TreeEntry]:
    return {
        f"{prefix}{entry.path}": TreeEntry(entry.sha, entry.mode, entry.size)
        for entry in listed.tree
        if entry.type != "tree"
    }
