"""What GitHub's answers mean to a job; whatever else a gateway raises is a bug.

The texts are redacted when the error is made, so that any of them may be logged.
"""

from bot.github.redaction import redact


class InvalidSignature(Exception):
    """A delivery that was not signed with a secret of ours (answer 401)."""


class MalformedDelivery(Exception):
    """A delivery that is signed but is none (answer 400); the text says what is wrong."""


class GitHubError(Exception):
    """Something came out other than asked for. The message holds no credential."""

    def __init__(self, message: str) -> None:
        super().__init__(redact(message))


class Transient(GitHubError):
    """It may well work later.

    Attributes:
        retry_after: the seconds that GitHub asks to wait, None where it did not say.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Uncertain(Transient):
    """The same, of a request whose answer is lost: what it asked for may have been done."""


class NoDiff(Uncertain):
    """GitHub does not manage to work out what differs, mostly because it is too much."""


class Gone(GitHubError):
    """It is not there (any more), or out of our reach: GitHub answers 404 to both."""


class Unrelated(Gone):
    """Two commits that have none in common, so that nothing lies between them."""


class Forbidden(GitHubError):
    """The installation lacks a permission, or is suspended."""


class StaleHead(GitHubError):
    """The branch has moved on since it was read."""


class PushRefused(GitHubError):
    """GitHub does not let us write to the branch.

    Attributes:
        reason: GitHub's words, fit to be shown (as text, not as Markdown).
    """

    @property
    def reason(self) -> str:
        """Why."""
        return str(self)


class UnexpectedAnswer(GitHubError):
    """A refusal or a body that we did not foresee: a bug, here or there.

    Attributes:
        status: of the answer.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"{status}: {message}")
        self.status = status
        self.message = redact(message)


class AnswerTooLarge(UnexpectedAnswer):
    """A body of more bytes than are taken in; a smaller question may have a smaller answer."""
