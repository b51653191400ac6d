"""From a GraphQL request to its answer: judged, executed, and the answer judged."""

from dataclasses import dataclass
from typing import cast

from bot.sandbox.errors import ApiError
from bot.sandbox.graphql_api import endpoint
from bot.sandbox.graphql_api.sources import Context
from bot.sandbox.incoming import Incoming
from bot.sandbox.model import Json
from bot.sandbox.reply import Reply
from bot.sandbox.site import Site

BODY = "A query attribute must be specified and must be a string."


@dataclass(frozen=True, slots=True)
class GraphQL:
    """The GraphQL interface of one GitHub."""

    site: Site

    def name(self, incoming: Incoming) -> None:
        """Find out which fields a request asks of the root."""
        incoming.operation = "graphql/" + ",".join(self.roots(incoming))

    def roots(self, incoming: Incoming) -> list[str]:
        """Return the fields that a request asks of the root; none if it is not readable."""
        try:
            body = incoming.read_json()
        except ApiError:
            return []
        query: object = cast(Json, body).get("query") if isinstance(body, dict) else None
        return endpoint.root_fields(query) if isinstance(query, str) else []

    def answer(self, incoming: Incoming) -> Reply:
        """Answer a request of a known caller; most errors are answers with status 200."""
        account = incoming.caller.account
        if account is None:
            raise ApiError(401, "This endpoint requires you to be authenticated.")
        request: Json = incoming.body if _is_object(incoming) else {}
        errors = self.site.referee.graphql(endpoint.schema(), request)
        if not isinstance(request.get("query"), str):
            raise ApiError(400, BODY)
        if errors:
            return Reply(200, {"errors": [{"message": error} for error in errors]})
        cost = endpoint.cost(request)
        if cost.refusal is not None:
            error = {"type": "MAX_NODE_LIMIT_EXCEEDED", "message": cost.refusal}
            return Reply(200, {"errors": [error]})
        # One has been taken already, as of every request.
        self.site.budget.spend(incoming.caller.name, "graphql", cost.points - 1)
        context = Context(self.site, incoming.caller, account, cost, incoming.stale_head)
        outcome = endpoint.answer(request, context)
        self.site.referee.broken(incoming.operation, outcome.faults)
        return Reply(200, outcome.body)


def _is_object(incoming: Incoming) -> bool:
    return isinstance(incoming.body, dict)
