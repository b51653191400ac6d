"""What GitHub remembers, as plain records; who may change them is decided elsewhere."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

Json = dict[str, Any]
AccountKind = Literal["User", "Organization", "Bot"]


@dataclass(slots=True)
class Account:
    """Somebody with a login: a user, an organisation, or an app's bot."""

    id: int
    login: str
    kind: AccountKind
    created_at: str
    token: str = field(default="", repr=False)


User = Account


@dataclass(slots=True)
class App:
    """A GitHub App. Its webhook goes to `hook_url`, or nowhere while that is None."""

    id: int
    slug: str
    owner: Account
    bot: Account
    permissions: dict[str, str]
    events: tuple[str, ...]
    created_at: str
    public_key: RSAPublicKey = field(repr=False)
    private_key: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    hook_url: str | None = None

    @property
    def app_id(self) -> int:
        """The number that the app's JWT carries, as text, in `iss`."""
        return self.id


@dataclass(slots=True)
class Installation:
    """An app installed on some repositories of one account, with what it was granted.

    While it is suspended, it reaches nothing and hears of nothing.
    """

    id: int
    app: App
    account: Account
    permissions: dict[str, str]
    created_at: str
    repository_ids: set[int] = field(default_factory=set[int])
    suspended_at: str | None = None
    suspended_by: Account | None = None


@dataclass(slots=True)
class InstallationToken:
    """A token that reaches the given repositories with the given permissions until it expires."""

    text: str = field(repr=False)
    installation: Installation
    repository_ids: frozenset[int]
    permissions: dict[str, str]
    expires_at: datetime
    selected: bool = False
    unreplicated_uses: int = 0


@dataclass(slots=True)
class PullRequest:
    """A pull request; its head and base are kept as they were when it was last open."""

    id: int
    number: int
    repository_id: int
    title: str
    body: str | None
    author: Account
    base_ref: str
    base_sha: str
    head_ref: str
    head_sha: str
    head_owner: Account
    head_repository_id: int
    created_at: str
    updated_at: str
    draft: bool = False
    maintainer_can_modify: bool = False
    closed_at: str | None = None
    merged_at: str | None = None

    @property
    def state(self) -> Literal["open", "closed"]:
        """Merged pull requests are closed ones."""
        return "open" if self.closed_at is None else "closed"

    @property
    def from_fork(self) -> bool:
        """Whether the head branch lives in another repository than the base branch."""
        return self.head_repository_id != self.repository_id


@dataclass(frozen=True, slots=True)
class MergeGroup:
    """A pull request merged onto what is before it in the queue of its base branch.

    Attributes:
        number: of the pull request.
        base_ref: the branch that it is to be merged into, without `refs/heads/`.
        base_sha: the commit of the group before it, or the head of the base branch.
    """

    number: int
    base_ref: str
    base_sha: str
    head_sha: str

    @property
    def branch(self) -> str:
        """The branch that GitHub makes for it."""
        return f"gh-readonly-queue/{self.base_ref}/pr-{self.number}-{self.base_sha}"


@dataclass(slots=True)
class CheckSuite:
    """All check runs of one app on one commit; GitHub makes one suite per app and commit."""

    id: int
    app: App
    head_sha: str
    head_branch: str | None
    before: str | None
    created_at: str
    updated_at: str


@dataclass(slots=True)
class CheckRun:
    """One check run. Annotations are only ever appended to."""

    id: int
    suite: CheckSuite
    name: str
    started_at: str
    external_id: str = ""
    details_url: str = ""
    status: str = "queued"
    conclusion: str | None = None
    completed_at: str | None = None
    title: str | None = None
    summary: str | None = None
    text: str | None = None
    annotations: list[Json] = field(default_factory=list[Json])
    actions: list[Json] = field(default_factory=list[Json])

    @property
    def head_sha(self) -> str:
        """The commit that was checked."""
        return self.suite.head_sha

    @property
    def app(self) -> App:
        """The app that reported it, the only one that may change it."""
        return self.suite.app


@dataclass(slots=True)
class Reaction:
    """One account's reaction; each content counts once per account."""

    id: int
    content: str
    author: Account
    created_at: str


@dataclass(slots=True)
class Comment:
    """A comment in a pull request's conversation; `app` is set when an app wrote it."""

    id: int
    number: int
    author: Account
    body: str
    created_at: str
    updated_at: str
    app: App | None = None
    reactions: list[Reaction] = field(default_factory=list[Reaction])


@dataclass(slots=True)
class ReviewComment:
    """A comment on lines of the diff, as it was at `commit_id`.

    The first comment on some lines begins a thread, and `resolved` is said of that; `in_reply_to`
    is the first comment's id in every other one.
    """

    id: int
    path: str
    body: str
    line: int
    side: str
    start_line: int | None
    start_side: str | None
    diff_hunk: str
    commit_id: str
    resolved: bool = False
    in_reply_to: int | None = None
    reactions: list[Reaction] = field(default_factory=list[Reaction])


@dataclass(slots=True)
class Review:
    """A review with its line comments; all of them were accepted, or it was not."""

    id: int
    number: int
    author: Account
    body: str
    state: str
    commit_id: str
    submitted_at: str
    comments: list[ReviewComment] = field(default_factory=list[ReviewComment])


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request that was answered, without its credentials."""

    method: str
    path: str
    query: str
    operation: str
    status: int
    duration: float
    caller: str
    headers: dict[str, str]
    body: Any
    fault: str | None
