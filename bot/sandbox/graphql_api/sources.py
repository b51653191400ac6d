"""What the fields of GraphQL types are read from, and what a query is asked with."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self, TypeVar

import pygit2
from graphql import GraphQLError

from bot.sandbox.auth import Caller, permit
from bot.sandbox.errors import ApiError
from bot.sandbox.git_store import Entry
from bot.sandbox.graphql_api.cost import Cost
from bot.sandbox.model import (
    Account,
    CheckRun,
    CheckSuite,
    PullRequest,
    Review,
    ReviewComment,
)
from bot.sandbox.repository import Repository
from bot.sandbox.site import Site

MOST_NODES = 100

Field = Callable[..., object]
T = TypeVar("T")


class Refusal(GraphQLError):
    """An error that GitHub would give, with the type that it has there."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message, extensions={"type": kind})


@dataclass(frozen=True, slots=True)
class Context:
    """Who asks, as which account, what it costs, and whether a fault overtakes the branch."""

    site: Site
    caller: Caller
    account: Account
    cost: Cost
    stale_head: bool = False

    def repository(self, full_name: str) -> Repository:
        """Return the repository `owner/name` if the caller can see it.

        Raises:
            Refusal: NOT_FOUND, also for what is out of the caller's reach.
        """
        try:
            repository = self.site.world.repository(full_name)
            permit(self.caller, repository, ["metadata=read"])
        except ApiError as error:
            message = f"Could not resolve to a Repository with the name '{full_name}'."
            raise Refusal("NOT_FOUND", message) from error
        return repository

    def sees(self, repository: Repository) -> bool:
        """Whether the caller may know of a repository: of a private one only with access to it."""
        try:
            permit(self.caller, repository, ["metadata=read"])
        except ApiError:
            return not repository.private
        return True

    def require(self, repository: Repository, *accepted: str) -> None:
        """Let the caller through with one of the permissions.

        Raises:
            Refusal: FORBIDDEN without one.
        """
        try:
            permit(self.caller, repository, accepted)
        except ApiError as error:
            raise Refusal("FORBIDDEN", "Resource not accessible by integration") from error


@dataclass(frozen=True, slots=True)
class GitObject:
    """A git object of a repository."""

    repository: Repository
    oid: str

    @property
    def kind(self) -> str:
        """`blob`, `tree` or `commit`."""
        return self.repository.store.git[self.oid].type_str

    @property
    def blob(self) -> pygit2.Blob:
        """The object as the blob that it is."""
        return self.repository.store.blob(self.oid)

    @property
    def tree(self) -> pygit2.Tree:
        """The object as the tree that it is."""
        return self.repository.store.tree(self.oid)

    @property
    def commit(self) -> pygit2.Commit:
        """The object as the commit that it is."""
        return self.repository.store.commit(self.oid)


@dataclass(frozen=True, slots=True)
class TreeItem:
    """An entry of a tree of a repository."""

    repository: Repository
    entry: Entry


@dataclass(frozen=True, slots=True)
class Branch:
    """A reference of a repository, by its full name."""

    repository: Repository
    full_name: str


@dataclass(frozen=True, slots=True)
class Pull:
    """A pull request of a repository."""

    repository: Repository
    record: PullRequest


@dataclass(frozen=True, slots=True)
class PullCommit:
    """A commit of a pull request, as the repository has it that this is to be merged into."""

    pull: Pull
    oid: str


@dataclass(frozen=True, slots=True)
class Suite:
    """A check suite of a repository."""

    repository: Repository
    record: CheckSuite


@dataclass(frozen=True, slots=True)
class Run:
    """A check run of a repository."""

    repository: Repository
    record: CheckRun


@dataclass(frozen=True, slots=True)
class Signature:
    """GitHub's signature on a commit that it made."""

    commit: str


@dataclass(frozen=True, slots=True)
class PullReview:
    """A review of a pull request."""

    repository: Repository
    pull: PullRequest
    record: Review


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment on lines of the diff, with the review that it came with."""

    repository: Repository
    pull: PullRequest
    review: Review
    comment: ReviewComment


@dataclass(frozen=True, slots=True)
class Connection:
    """A stretch of a list: what is in it, where it begins, and how long the list is."""

    nodes: tuple[object, ...]
    offset: int
    total: int

    @classmethod
    def of(
        cls,
        items: Sequence[object],
        name: str,
        *,
        first: int | None = None,
        last: int | None = None,
        after: str | None = None,
        before: str | None = None,
    ) -> Self:
        """Return what is asked for of a list; a cursor is a place in it.

        Raises:
            Refusal: GitHub wants to be told how many, and gives a hundred at most.
        """
        if first is None and last is None:
            said = f"You must provide a `first` or `last` value to properly paginate the `{name}`"
            raise Refusal("MISSING_PAGINATION_BOUNDARIES", f"{said} connection.")
        if max(first or 0, last or 0) > MOST_NODES:
            said = f"Requesting {first or last} records on the `{name}` connection exceeds the"
            raise Refusal("EXCESSIVE_PAGINATION", f"{said} `first` limit of {MOST_NODES} records.")
        start = int(after) if after else 0
        end = int(before) - 1 if before else len(items)
        end = min(end, start + first) if first is not None else end
        start = max(start, end - last) if last is not None else start
        return cls(tuple(items[start:end]), start, len(items))


# Fields without arguments, of a source of type T; the parameter lets their lambdas be checked.
Plain = Mapping[str, Callable[[T, Context], object]]
