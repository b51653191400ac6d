"""Which files differ: in a pull request, or between any two commits."""

from dataclasses import dataclass

import msgspec

from bot.github.errors import AnswerTooLarge, NoDiff
from bot.github.pulls import PullRequest
from bot.github.repository import RepositoryPart

# GitHub lists 3,000 files of a pull request and no more ("List pull requests files").
_FILE_PAGES = 30
# And 300 of a comparison, all of them on its first page ("Compare two commits").
COMPARED_FILES = 300


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """A file that differs.

    Attributes:
        status: added, removed, modified, renamed, copied, changed or unchanged.
        previous_path: where it was, if it was renamed.
        blob_oid: of its content at the head (a removed file's: before).
        patch: what changed, in unified hunks; None for a file that is binary, large or only moved.
    """

    path: str
    status: str
    previous_path: str | None
    blob_oid: str | None
    patch: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a head has that its base does not.

    Attributes:
        base_sha: the base; of a branch, its newest commit of that moment.
        merge_base: the newest commit that both have.
        files: those that differ between it and the head, the first 300 of them.
    """

    base_sha: str
    merge_base: str
    files: tuple[ChangedFile, ...]

    @property
    def may_lack_files(self) -> bool:
        """Whether there may be more files than are listed."""
        return len(self.files) >= COMPARED_FILES


class _Commit(msgspec.Struct):
    sha: str


class _File(msgspec.Struct):
    filename: str
    status: str
    sha: str | None = None
    previous_filename: str | None = None
    patch: str | None = None


class _Comparison(msgspec.Struct):
    base_commit: _Commit
    merge_base_commit: _Commit
    files: list[_File] = []


class Changes(RepositoryPart):
    """Compares commits."""

    async def changed_files(self, pull: PullRequest) -> tuple[ChangedFile, ...]:
        """Return the files that a pull request changes, the first 3,000 of them.

        GitHub answers for the head of this moment, which may be newer than `pull`.
        """
        path = self._path("pulls", pull.number, "files")
        pages = self._client.pages(path, list[_File], most=_FILE_PAGES)
        return tuple([_changed(file) async for page in pages for file in page])

    async def comparison(self, base: str, head_sha: str) -> Comparison:
        """Return what a commit changes since it left a branch or commit, of forks too.

        Raises:
            Gone: one of them is not there, or they have no commit in common.
            NoDiff: what differs is too much, for GitHub or for us.
        """
        # Its pages are of commits, which nobody asks for; all files are on the first.
        path = self._path("compare", f"{base}...{head_sha}")
        try:
            found = await self._client.when_known(
                lambda: self._client.get(path, _Comparison, per_page=1)
            )
        except AnswerTooLarge as error:
            raise NoDiff(error.message) from None
        files = tuple(map(_changed, found.files))
        return Comparison(found.base_commit.sha, found.merge_base_commit.sha, files)


def _changed(file: _File) -> ChangedFile:
    return ChangedFile(file.filename, file.status, file.previous_filename, file.sha, file.patch)
