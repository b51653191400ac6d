"""Pull requests as they are at a moment: values."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.report.check_run import CheckRun


@dataclass(frozen=True, slots=True)
class ShownRun:
    """A check run of ours as GitHub shows it.

    Attributes:
        conclusion: None while it is not completed.
        url: of its page.
    """

    id: int
    external_id: str
    conclusion: str | None
    title: str
    summary: str
    url: str

    def says(self, check: CheckRun) -> bool:
        """Whether it is completed and says of the commit what a verdict says."""
        shown = (self.conclusion, _normal(self.title), _normal(self.summary))
        return shown == (check.conclusion, _normal(check.title), _normal(check.summary))


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull request as it was when it was read.

    Attributes:
        head_repository: where its branch is; None if that fork was deleted, or is out of reach.
        base_sha: the newest commit of the base branch; where that was deleted, what it was when
            the pull request was last pushed to.
        maintainer_can_modify: the author of a fork lets maintainers push to the branch.
        updated_at: with a time zone; GitHub counts seconds.
        shown: the newest check run of ours on its head; None also where GitHub did not tell.
    """

    number: int
    state: Literal["open", "closed"]
    merged: bool
    head_sha: str
    head_ref: str
    head_repository: str | None
    base_sha: str
    base_ref: str
    base_repository: str
    default_branch: str
    maintainer_can_modify: bool
    updated_at: datetime
    shown: ShownRun | None = None

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


def _normal(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
