"""What comes beside, or instead of, the data of a GraphQL answer."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import msgspec

from bot.github.errors import GitHubError


class QueryError(msgspec.Struct, frozen=True):
    """One error. GitHub leaves out the type of some, and nothing is certain to be there.

    A path means that a field was being executed; without, the query itself was refused.
    """

    message: str = "no message"
    type: str | None = None
    path: list[str | int] | None = None


class QueryFailed(GitHubError):
    """A query that was answered with errors, perhaps beside data.

    Attributes:
        errors: at least one.
        data: what could be had all the same, by field; None if nothing.
    """

    def __init__(self, errors: Sequence[QueryError], data: Mapping[str, Any] | None) -> None:
        super().__init__("; ".join(error.message for error in errors))
        self.errors = tuple(errors)
        self.data = data

    def has(self, *types: str) -> bool:
        """Whether one of the errors is of one of these types."""
        return any(error.type in types for error in self.errors)

    @property
    def is_of_execution(self) -> bool:
        """Whether GitHub understood the query and would not do what it asks for."""
        return any(error.type or error.path for error in self.errors)

    @property
    def is_forbidden(self) -> bool:
        """Whether nothing came, for lack of a permission."""
        return _is_nothing(self.data) and self.has("FORBIDDEN")

    @property
    def is_limit(self) -> bool:
        """GraphQL's limits come with status 200."""
        return (
            self.has("RATE_LIMIT", "RATE_LIMITED") or "secondary rate limit" in str(self).lower()
        )

    @property
    def is_breakdown(self) -> bool:
        """GitHub failed or ran out of its 10 seconds, and has no type for that."""
        broken = "something went wrong" in str(self).lower()
        return self.data is None and (broken or self.has("INTERNAL", "SERVICE_UNAVAILABLE"))


def _is_nothing(data: Any) -> bool:
    """Whether an object holds no value, however deep."""
    match data:
        case dict():
            return all(map(_is_nothing, cast("dict[str, Any]", data).values()))
        case _:
            return data is None


class _Answer(msgspec.Struct):
    data: dict[str, Any] | None = None
    errors: list[QueryError] | None = None


def failure_of(answer: Any) -> QueryFailed | None:
    """Return what failed in a GraphQL answer, None if it is data and nothing else."""
    try:
        read = msgspec.convert(answer, _Answer)
    except msgspec.ValidationError:
        return QueryFailed([QueryError("the answer is not one of GraphQL")], None)
    if read.errors:
        return QueryFailed(read.errors, read.data)
    if read.data is None:
        return QueryFailed([QueryError("there is neither data nor an error")], None)
    return None
