"""What is pushed where, and what GitHub's refusals to do so mean."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.github.errors import GitHubError, PushRefused, StaleHead, UnexpectedAnswer
from bot.github.query_errors import QueryFailed


@dataclass(frozen=True, slots=True)
class CommitMessage:
    """A headline of one line, and a body that may be empty."""

    headline: str
    body: str = ""

    @property
    def text(self) -> str:
        """The message as git stores it."""
        return f"{self.headline}\n\n{self.body}" if self.body else self.headline


@dataclass(frozen=True, slots=True)
class Push:
    """A commit to be: where, on top of what, and what of."""

    repository: str
    branch: str
    expected_head: str
    message: CommitMessage
    files: Mapping[str, bytes]

    def path(self, *segments: str) -> tuple[str, ...]:
        """Return the path of something in the repository that is pushed to."""
        return ("repos", *self.repository.split("/"), *segments)


def refused_mutation(failure: QueryFailed) -> GitHubError:
    """Return what the errors of `createCommitOnBranch` mean."""
    text = str(failure)
    if failure.has("STALE_DATA") or "Expected branch to point to" in text:
        return StaleHead(text)
    if failure.is_of_execution:
        return PushRefused(text)
    return UnexpectedAnswer(200, text)


def refused_update(error: UnexpectedAnswer) -> GitHubError:
    """Return what a refusal to update a ref means: 422 has many reasons."""
    if "fast forward" in error.message.lower():
        return StaleHead(error.message)
    return PushRefused(error.message)
