"""What is judged: the difference that a pull request, or a group of them, makes to a branch."""

from dataclasses import dataclass

from bot.github.changes import ChangedFile, Comparison
from bot.github.gateway import RepositoryGateway
from bot.github.tree_changes import changed_between


@dataclass(frozen=True, slots=True)
class Change:
    """What a pull request, or a group of them, does to a branch.

    Attributes:
        head_sha: the commit that is judged.
        base_sha: the commit whose configuration holds.
        files: what is different.
        is_complete: whether these are all of them.
        began: the commit where it left the base, if that is known already.
    """

    head_sha: str
    base_sha: str
    files: tuple[ChangedFile, ...]
    is_complete: bool = True
    began: str | None = None

    @property
    def paths(self) -> frozenset[str]:
        """The paths that the files have after it."""
        return frozenset(file.path for file in self.files)


async def change_of(
    gateway: RepositoryGateway, found: Comparison, head_sha: str, *, base_sha: str
) -> Change:
    """Return what a comparison tells, and where its list ends too early, what two trees do.

    GitHub's list of the files of a pull request is longer, but may be of another head than this.

    Raises:
        Gone: one of the trees is not there (any more).
    """
    files, is_complete = found.files, True
    if found.may_lack_files:
        before = await gateway.tree(found.merge_base)
        files = changed_between(before, await gateway.tree(head_sha))
        is_complete = not before.truncated
    return Change(head_sha, base_sha, files, is_complete=is_complete, began=found.merge_base)
