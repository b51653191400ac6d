"""Which pull requests are open, and where their heads are, for what no event tells of.

GitHub names no pull request where a check of a fork's commit is asked for again, and what it tells
of a commit ("List pull requests associated with a commit") leaves those of forks out. So the heads
of all that are open are read, a hundred at once, first those in which something happened last.
"""

from dataclasses import dataclass

import msgspec

from bot.github.client import PAGE_SIZE, parsed
from bot.github.errors import Gone, Uncertain
from bot.github.query_errors import QueryFailed
from bot.github.repository import RepositoryPart

_MOST_PAGES = 10
_HEADS = """query Heads($owner: String!, $name: String!, $count: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequests(
      states: [OPEN], first: $count, after: $after, orderBy: {field: UPDATED_AT, direction: DESC}
    ) {
      nodes { number headRefOid }
      pageInfo { hasNextPage endCursor }
    }
  }
}"""


@dataclass(frozen=True, slots=True)
class OpenPull:
    """An open pull request, and its head."""

    number: int
    head_sha: str


class _Head(msgspec.Struct, frozen=True, rename="camel"):
    number: int
    head_ref_oid: str


class _Page(msgspec.Struct, frozen=True, rename="camel"):
    has_next_page: bool
    end_cursor: str | None = None


class _Heads(msgspec.Struct, frozen=True, rename="camel"):
    nodes: list[_Head | None]
    page_info: _Page


class _Repository(msgspec.Struct, frozen=True, rename="camel"):
    pull_requests: _Heads


class _Data(msgspec.Struct, frozen=True):
    repository: _Repository


class OpenPulls(RepositoryPart):
    """Finds pull requests."""

    async def open_pulls(self) -> tuple[OpenPull, ...]:
        """Return those that are open; of many, the hundred in which something happened last.

        Raises:
            Gone: there is no such repository (any more).
        """
        heads = (await self._heads(None)).nodes
        return tuple(OpenPull(one.number, one.head_ref_oid) for one in heads if one)

    async def open_at(self, head_sha: str) -> tuple[int, ...]:
        """Return the numbers of those that are open at a head, the lowest first.

        They are looked for among the thousand in which something happened last.

        Raises:
            Gone: there is no such repository (any more).
        """
        found: list[int] = []
        after: str | None = None
        for _ in range(_MOST_PAGES):
            heads = await self._heads(after)
            found += [one.number for one in heads.nodes if one and one.head_ref_oid == head_sha]
            after = heads.page_info.end_cursor
            if not heads.page_info.has_next_page:
                break
        return tuple(sorted(set(found)))

    async def _heads(self, after: str | None) -> _Heads:
        try:
            data = await self._client.graphql(
                _HEADS, owner=self._owner, name=self._name, count=PAGE_SIZE, after=after
            )
        except QueryFailed as failure:
            if failure.has("NOT_FOUND"):
                raise Gone(str(failure)) from None
            if failure.is_of_execution:
                raise Uncertain(str(failure)) from None
            raise
        return parsed(data, _Data, "POST graphql").repository.pull_requests
