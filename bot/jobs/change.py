"""What is judged: the difference that a pull request, or a group of them, makes to a branch."""

from dataclasses import dataclass

from bot.github.changes import ChangedFile


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
