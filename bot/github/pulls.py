"""Pull requests as they are now."""

from dataclasses import dataclass
from typing import Literal

import msgspec

from bot.github.repository import RepositoryPart

GHOST = "ghost"  # who GitHub shows where an account was deleted


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull request as it is now.

    Attributes:
        head_repository: where its branch is; None if that fork was deleted.
        author: `ghost` if the account was deleted.
        maintainer_can_modify: the author of a fork lets maintainers push to the branch.
    """

    number: int
    title: str
    state: Literal["open", "closed"]
    merged: bool
    draft: bool
    head_sha: str
    head_ref: str
    head_repository: str | None
    base_sha: str
    base_ref: str
    base_repository: str
    default_branch: str
    author: str
    maintainer_can_modify: bool

    @property
    def from_fork(self) -> bool:
        """Whether the branch is in another repository (or was, until that was deleted)."""
        return self.head_repository != self.base_repository

    @property
    def is_open(self) -> bool:
        """Whether commits to it make sense."""
        return self.state == "open"


class _Account(msgspec.Struct):
    login: str


class _Repository(msgspec.Struct):
    full_name: str
    default_branch: str


class _Side(msgspec.Struct):
    sha: str
    ref: str
    repo: _Repository | None


class _Base(msgspec.Struct):
    sha: str
    ref: str
    repo: _Repository


class _Pull(msgspec.Struct):
    number: int
    title: str
    state: Literal["open", "closed"]
    head: _Side
    base: _Base
    user: _Account | None = None
    merged: bool = False
    draft: bool = False
    maintainer_can_modify: bool = False


class PullRequests(RepositoryPart):
    """Reads pull requests."""

    async def pull_request(self, number: int) -> PullRequest:
        """Return a pull request as it is now.

        Raises:
            Gone: there is none of this number.
        """
        path = self._path("pulls", number)
        pull = await self._client.when_known(lambda: self._client.get(path, _Pull))
        return PullRequest(
            number=pull.number,
            title=pull.title,
            state=pull.state,
            merged=pull.merged,
            draft=pull.draft,
            head_sha=pull.head.sha,
            head_ref=pull.head.ref,
            head_repository=pull.head.repo.full_name if pull.head.repo else None,
            base_sha=pull.base.sha,
            base_ref=pull.base.ref,
            base_repository=pull.base.repo.full_name,
            default_branch=pull.base.repo.default_branch,
            author=pull.user.login if pull.user else GHOST,
            maintainer_can_modify=pull.maintainer_can_modify,
        )
