"""Pull requests and the files that they change."""

from dataclasses import dataclass
from typing import Literal

import msgspec

from bot.github.repository import RepositoryPart

# GitHub lists 3,000 files of a pull request and no more ("List pull requests files").
_FILE_PAGES = 30

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


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """A file that a pull request changes.

    Attributes:
        status: added, removed, modified, renamed, copied, changed or unchanged.
        previous_path: where it was, if it was renamed.
        blob_oid: of its content at the head (a removed file's: before).
    """

    path: str
    status: str
    previous_path: str | None
    blob_oid: str | None


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


class _File(msgspec.Struct):
    filename: str
    status: str
    sha: str | None = None
    previous_filename: str | None = None


class PullRequests(RepositoryPart):
    """Reads pull requests."""

    async def pull_request(self, number: int) -> PullRequest:
        """Return a pull request as it is now.

        Raises:
            Gone: there is none of this number.
        """
        pull = await self._client.get(self._path("pulls", number), _Pull)
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

    async def changed_files(self, pull: PullRequest) -> tuple[ChangedFile, ...]:
        """Return the files that a pull request changes, the first 3,000 of them.

        GitHub answers for the head of this moment, which may be newer than `pull`.
        """
        path = self._path("pulls", pull.number, "files")
        pages = self._client.pages(path, list[_File], most=_FILE_PAGES)
        files = [file async for page in pages for file in page]
        return tuple(ChangedFile(f.filename, f.status, f.previous_filename, f.sha) for f in files)
