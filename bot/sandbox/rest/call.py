"""One REST request on its way to the function that answers it."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.sandbox.auth import Caller, permit
from bot.sandbox.errors import ApiError, not_found
from bot.sandbox.git_store import GitStore
from bot.sandbox.model import Account, App, Json
from bot.sandbox.reply import Reply
from bot.sandbox.repository import Repository
from bot.sandbox.site import Site
from bot.sandbox.world import World

T = TypeVar("T")
PER_PAGE, MAX_PER_PAGE = 30, 100


@dataclass(frozen=True, slots=True)
class Call:
    """A request that the referee found well-formed, from a caller who is known."""

    site: Site
    caller: Caller
    url: str
    path: dict[str, str]
    query: dict[str, str]
    body: Json
    stale_head: bool = False

    @property
    def world(self) -> World:
        """The state."""
        return self.site.world

    @property
    def repository(self) -> Repository:
        """The repository that the path names."""
        return self.world.repository(f"{self.path['owner']}/{self.path['repo']}")

    @property
    def store(self) -> GitStore:
        """The git objects of the repository that the path names."""
        return self.repository.store

    @property
    def author(self) -> Account:
        """The account that acts: a user, or the app's bot."""
        return found(self.caller.account)

    @property
    def jwt_app(self) -> App:
        """The app that calls as itself, with its JWT."""
        if self.caller.app is None or self.caller.token is not None:
            raise ApiError(401, "A JSON web token could not be decoded")
        return self.caller.app

    @property
    def installed_app(self) -> App:
        """The app that calls through an installation."""
        return found(self.caller.app)

    def create_content(self) -> None:
        """Count something new that others are told of."""
        self.site.budget.create(self.caller.name, self.world.clock().timestamp())

    def number(self, name: str) -> int:
        """Return a parameter of the path that is a number."""
        return int(self.path[name])

    def page(self, items: Sequence[T], render: Callable[[T], Json], wrap: str = "") -> Reply:
        """Return one page of a list, with links to the others; `wrap` names it in an object."""
        size = min(int(self.query.get("per_page", PER_PAGE)), MAX_PER_PAGE)
        number = max(int(self.query.get("page", 1)), 1)
        part = [render(item) for item in items[(number - 1) * size : number * size]]
        links = self._links(number, math.ceil(len(items) / size))
        body: object = {"total_count": len(items), wrap: part} if wrap else part
        return Reply(200, body, {"Link": ", ".join(links)} if links else {})

    def _links(self, number: int, last: int) -> list[str]:
        relations = [("prev", number - 1), ("first", 1)] if number > 1 else []
        if number < last:
            relations += [("next", number + 1), ("last", last)]
        return [f'<{self._page_url(page)}>; rel="{name}"' for name, page in relations]

    def _page_url(self, page: int) -> str:
        query = self.query | {"page": str(page)}
        return f"{self.url}?{'&'.join(f'{name}={value}' for name, value in query.items())}"


Answer = Callable[[Call], Reply]


class Operations:
    """The functions of one resource, by the id of the operation that they answer."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}

    def answers_to(self, operation: str, *accepted: str) -> Callable[[Answer], Answer]:
        """Let a function answer an operation, for callers who have one of these permissions."""

        def register(answer: Answer) -> Answer:
            def permitted(call: Call) -> Reply:
                if accepted:
                    permit(call.caller, call.repository, accepted)
                return answer(call)

            self.answers[operation] = permitted
            return answer

        return register


def found(value: T | None) -> T:
    """Return a value that must be there, else 404."""
    if value is None:
        raise not_found()
    return value
