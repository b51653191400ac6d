"""The parts of GitHub's payloads that handlers read, as types; the rest goes no further.

Field names are GitHub's ("Webhook events and payloads").
"""

from datetime import datetime
from typing import Any, Literal, TypeVar

import msgspec

from bot.github.delivery import Delivery
from bot.github.errors import MalformedDelivery

Payload = TypeVar("Payload")


class Account(msgspec.Struct, frozen=True):
    """Who did something; `type` is "User", "Bot" or "Organization"."""

    id: int
    login: str
    type: str = "User"

    @property
    def is_bot(self) -> bool:
        """Whether an app or a machine account acted."""
        return self.type == "Bot"


class Repository(msgspec.Struct, frozen=True):
    """The repository that a delivery is about, or that a branch is in."""

    id: int


class Branch(msgspec.Struct, frozen=True):
    """One side of a pull request as check runs name it."""

    repo: Repository


class Head(msgspec.Struct, frozen=True):
    """The commit at the end of a pull request."""

    sha: str


class Base(msgspec.Struct, frozen=True):
    """The branch that a pull request is to be merged into."""

    ref: str


class PullRequest(msgspec.Struct, frozen=True):
    """The subject of `pull_request`."""

    number: int
    head: Head
    base: Base
    state: Literal["open", "closed"]
    updated_at: datetime


class PullRequestChanges(msgspec.Struct, frozen=True):
    """What `pull_request.edited` changed; each is absent where it is as it was."""

    base: dict[str, Any] | None = None


class PullRequestEvent(msgspec.Struct, frozen=True):
    """`pull_request`; `before` is the head that it had, where it has another one now."""

    pull_request: PullRequest
    before: str = ""
    changes: PullRequestChanges = PullRequestChanges()


class NamedPullRequest(msgspec.Struct, frozen=True):
    """A pull request as check runs and suites name it: of any repository that has the commit."""

    number: int
    base: Branch


class CheckSuite(msgspec.Struct, frozen=True):
    """All checks of one app on a commit; GitHub knows no branch for a fork's."""

    id: int
    head_sha: str
    head_branch: str | None = None
    pull_requests: tuple[NamedPullRequest, ...] = ()


class SuiteOfRun(msgspec.Struct, frozen=True):
    """The suite that a check run belongs to."""

    head_branch: str | None = None


class CheckRun(msgspec.Struct, frozen=True):
    """The subject of `check_run`; no pull requests are named for forks."""

    id: int
    head_sha: str
    name: str
    check_suite: SuiteOfRun = SuiteOfRun()
    pull_requests: tuple[NamedPullRequest, ...] = ()


class RequestedAction(msgspec.Struct, frozen=True):
    """Which button was pressed."""

    identifier: str


class CheckRunEvent(msgspec.Struct, frozen=True):
    """`check_run`."""

    check_run: CheckRun
    repository: Repository
    sender: Account
    requested_action: RequestedAction | None = None


class CheckSuiteEvent(msgspec.Struct, frozen=True):
    """`check_suite`."""

    check_suite: CheckSuite
    repository: Repository


class MergeGroup(msgspec.Struct, frozen=True):
    """A commit that may become the head of a branch; its references begin with `refs/heads/`."""

    head_sha: str
    base_sha: str
    base_ref: str


class MergeGroupEvent(msgspec.Struct, frozen=True):
    """`merge_group`; `reason` says why a group was destroyed."""

    merge_group: MergeGroup
    reason: str = ""


class Issue(msgspec.Struct, frozen=True):
    """What was commented on; only a pull request has `pull_request`."""

    number: int
    pull_request: dict[str, Any] | None = None


class Comment(msgspec.Struct, frozen=True):
    """A comment as it is now; a deleted account leaves no user."""

    id: int
    body: str | None
    user: Account | None


class Previous(msgspec.Struct, frozen=True, rename={"before": "from"}):
    """What a text was before it was edited."""

    before: str = ""


class CommentChanges(msgspec.Struct, frozen=True):
    """What editing a comment changed."""

    body: Previous | None = None


class IssueCommentEvent(msgspec.Struct, frozen=True):
    """`issue_comment`."""

    issue: Issue
    comment: Comment
    sender: Account
    changes: CommentChanges = CommentChanges()


class ReviewCommentEvent(msgspec.Struct, frozen=True):
    """`pull_request_review_comment`: a comment on lines of the diff."""

    pull_request: PullRequest
    comment: Comment
    sender: Account
    changes: CommentChanges = CommentChanges()


class ReviewEvent(msgspec.Struct, frozen=True, rename={"comment": "review"}):
    """`pull_request_review`: what a review says as a whole is a comment too."""

    pull_request: PullRequest
    comment: Comment
    sender: Account
    changes: CommentChanges = CommentChanges()


def parse(delivery: Delivery, kind: type[Payload]) -> Payload:
    """Return the payload as a type.

    Raises:
        MalformedDelivery: it is not what GitHub describes.
    """
    try:
        return msgspec.convert(delivery.payload, kind)
    except msgspec.ValidationError as error:
        raise MalformedDelivery(f"{delivery.name}: {error}") from error
