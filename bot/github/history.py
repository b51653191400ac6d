"""The commits of pull requests: what they say, what they stand on, who made them, and when."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from bot.github.repository import RepositoryPart

# GitHub lists 250 commits of a pull request and no more ("List commits on a pull request").
_LISTED_COMMITS = 250
_COMMIT_PAGES = 3


@dataclass(frozen=True, slots=True)
class ListedCommit:
    """A commit of a pull request.

    Attributes:
        parent_shas: what it stands on; two of a merge.
        by_bot: an account of an app made it, as far as GitHub knows its author.
        committed_at: with a time zone.
    """

    sha: str
    parent_shas: tuple[str, ...]
    message: str
    by_bot: bool
    committed_at: datetime

    def says(self, line: str) -> bool:
        """Whether the message has a line, a trailer for example."""
        return line in self.message.splitlines()

    def trailer(self, name: str) -> str | None:
        """Return what the last trailer of a name says, None without one."""
        lines = [line for line in self.message.splitlines() if line.startswith(f"{name}: ")]
        return lines[-1].removeprefix(f"{name}: ") if lines else None


class _Sha(msgspec.Struct):
    sha: str


class _Signature(msgspec.Struct):
    date: datetime


class _Details(msgspec.Struct):
    message: str
    committer: _Signature


class _Account(msgspec.Struct):
    # Absent in the empty object that stands for an author whom GitHub does not know.
    type: str = ""


class _Listed(msgspec.Struct):
    sha: str
    commit: _Details
    parents: list[_Sha]
    author: _Account | None = None


class History(RepositoryPart):
    """Reads the commits of pull requests."""

    async def commits(self, number: int, head_sha: str) -> tuple[ListedCommit, ...]:
        """Return the commits of a pull request, the oldest first: the first 250, and its head."""
        path = self._path("pulls", number, "commits")
        pages = self._client.pages(path, list[_Listed], most=_COMMIT_PAGES)
        found = [_listed(one) async for page in pages for one in page]
        is_cut_off = len(found) >= _LISTED_COMMITS
        if is_cut_off and all(one.sha != head_sha for one in found):
            head = await self._client.get(self._path("commits", head_sha), _Listed)
            found.append(_listed(head))
        return tuple(found)


def _listed(one: _Listed) -> ListedCommit:
    return ListedCommit(
        sha=one.sha,
        parent_shas=tuple(parent.sha for parent in one.parents),
        message=one.commit.message,
        by_bot=one.author is not None and one.author.type == "Bot",
        committed_at=one.commit.committer.date,
    )
