"""Pull requests as they are now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import msgspec

from bot.github.client import WAITS
from bot.github.repository import RepositoryPart

GHOST = "ghost"  # who GitHub shows where an account was deleted


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull request as it is now.

    Attributes:
        head_repository: where its branch is; None if that fork was deleted.
        base_sha: what the base branch was when this was last pushed to; it may be further by now.
        author: `ghost` if the account was deleted.
        maintainer_can_modify: the author of a fork lets maintainers push to the branch.
        updated_at: with a time zone; GitHub counts seconds.
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
    updated_at: datetime

    @property
    def from_fork(self) -> bool:
        """Whether the branch is in another repository (or was, until that was deleted)."""
        return self.head_repository != self.base_repository

    @property
    def is_open(self) -> bool:
        """Whether commits to it make sense."""
        return self.state == "open"


@dataclass(frozen=True, slots=True)
class Sighting:
    """A pull request as a delivery has shown it: what GitHub answers then may be older."""

    state: Literal["open", "closed"]
    head_sha: str
    base_ref: str
    updated_at: datetime

    def is_ahead_of(self, pull: PullRequest) -> bool:
        """Whether an answer is of before; one that is newer is believed, whatever it says."""
        shown = (self.state, self.head_sha, self.base_ref)
        answered = (pull.state, pull.head_sha, pull.base_ref)
        return answered != shown and pull.updated_at <= self.updated_at


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
    updated_at: datetime
    user: _Account | None = None
    merged: bool = False
    draft: bool = False
    maintainer_can_modify: bool = False


class PullRequests(RepositoryPart):
    """Reads pull requests."""

    async def pull_request(self, number: int, *, seen: Sighting | None = None) -> PullRequest:
        """Return a pull request as it is now.

        Args:
            number: of the pull request.
            seen: what a delivery has shown of it. For some seconds some of GitHub's servers
                still answer with what was before (observed, not documented); they are asked again.

        Raises:
            Gone: there is none of this number.
        """
        pull = await self._pull(number)
        for wait in WAITS:
            if seen is None or not seen.is_ahead_of(pull):
                break
            await self._client.sleep(wait)
            pull = await self._pull(number)
        return pull

    async def _pull(self, number: int) -> PullRequest:
        path = self._path("pulls", number)
        return _pull(await self._client.when_known(lambda: self._client.get(path, _Pull)))


def _pull(pull: _Pull) -> PullRequest:
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
        updated_at=pull.updated_at,
    )
