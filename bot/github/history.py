"""Finds a commit again by what its message says."""

from dataclasses import dataclass

import msgspec

from bot.github.errors import Gone
from bot.github.repository import RepositoryPart

# How far below the head is looked: others may have pushed on top.
_DEPTH = 30


@dataclass(frozen=True, slots=True)
class FoundCommit:
    """A commit with one parent."""

    sha: str
    parent_sha: str


class _Sha(msgspec.Struct):
    sha: str


class _Details(msgspec.Struct):
    message: str


class _Listed(msgspec.Struct):
    sha: str
    commit: _Details
    parents: list[_Sha]


class History(RepositoryPart):
    """Reads the last commits of a branch."""

    async def find_commit(
        self, branch: str, line: str, *, repository: str | None = None
    ) -> FoundCommit | None:
        """Return the newest commit near the head whose message has `line`, None without one.

        Args:
            branch: its name, without `refs/heads/`.
            line: a whole line, a trailer for example.
            repository: where the branch is, if it is a fork.
        """
        owner, _, name = (repository or self.repository).partition("/")
        query: dict[str, str | int] = {"sha": branch, "per_page": _DEPTH}
        try:
            commits = await self._client.get(
                ("repos", owner, name, "commits"), list[_Listed], **query
            )
        except Gone:
            return None
        for commit in commits:
            if line in commit.commit.message.splitlines() and len(commit.parents) == 1:
                return FoundCommit(commit.sha, commit.parents[0].sha)
        return None
