"""What every part of a repository's gateway stands on: a client and the repository's name."""

import asyncio
import re
from collections.abc import Coroutine, Iterable
from typing import Any, TypeVar

import msgspec

from bot.github.client import Client
from bot.github.memory import Memory

_NAME = re.compile(r"[\w-]+/(?!\.\.?\Z)[\w.-]+\Z", re.ASCII)

T = TypeVar("T")


class Author(msgspec.Struct, frozen=True):
    """The app that made something, as GitHub names it there."""

    id: int | None = None
    client_id: str | None = None


def owner_and_name(repository: str) -> tuple[str, str]:
    """Return the two halves of `owner/name`.

    Raises:
        ValueError: the repository is not `owner/name`.
    """
    if not _NAME.match(repository):
        raise ValueError(f"{repository!r} is no repository")
    owner, _, name = repository.partition("/")
    return owner, name


class RepositoryPart:
    """One repository, seen with the rights of one job.

    Raises:
        ValueError: the repository is not `owner/name`.
    """

    def __init__(
        self, client: Client, repository: str, app_id: str, memory: Memory | None = None
    ) -> None:
        self.repository = repository
        self._owner, self._name = owner_and_name(repository)
        self._client = client
        self._app_id = app_id
        self._memory = memory or Memory()

    def _path(self, *segments: str | int) -> tuple[str, ...]:
        """Return the path of something in this repository."""
        return ("repos", self._owner, self._name, *map(str, segments))

    def _is_own(self, author: Author | None) -> bool:
        """Whether something was made by our app, which may be known by its id or client id."""
        return author is not None and self._app_id in (str(author.id), author.client_id)


async def together(work: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """Do it all at once and return the results in order; the first failure ends it all."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one) for one in work]
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return [task.result() for task in tasks]
