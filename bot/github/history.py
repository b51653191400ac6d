"""Finds a commit again by what its message says."""

from dataclasses import dataclass

import msgspec

from bot.github.repository import RepositoryPart

# GitHub lists 250 commits of a pull request and no more ("List commits on a pull request").
_COMMIT_PAGES = 3


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
    """Reads the commits of pull requests."""

    async def find_commit(self, number: int, line: str) -> FoundCommit | None:
        """Return the commit of a pull request whose message has `line`, None without one.

        Args:
            number: of the pull request; its branch may be in a fork.
            line: a whole line, a trailer for example.
        """
        path = self._path("pulls", number, "commits")
        async for page in self._client.pages(path, list[_Listed], most=_COMMIT_PAGES):
            for commit in page:
                if line in commit.commit.message.splitlines() and len(commit.parents) == 1:
                    return FoundCommit(commit.sha, commit.parents[0].sha)
        return None
