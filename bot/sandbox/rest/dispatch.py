"""From a REST request to its operation: found, judged, answered, and the answer judged."""

from dataclasses import dataclass
from typing import cast

from bot.sandbox import descriptions
from bot.sandbox.descriptions import Operation
from bot.sandbox.errors import ApiError, invalid, not_found
from bot.sandbox.incoming import Incoming
from bot.sandbox.model import Json
from bot.sandbox.reply import Reply, refused
from bot.sandbox.rest.call import Call
from bot.sandbox.rest.table import ANSWERS
from bot.sandbox.site import Site


@dataclass(frozen=True, slots=True)
class Rest:
    """The REST interface of one GitHub."""

    site: Site

    def name(self, incoming: Incoming) -> None:
        """Find out which operation a request is for."""
        match = descriptions.rest().match(incoming.method, incoming.rest_path)
        incoming.operation = match[0].id if match else "?"

    def answer(self, incoming: Incoming) -> Reply:
        """Answer a request of a known caller."""
        match = descriptions.rest().match(incoming.method, incoming.rest_path)
        if match is None:
            self.site.referee.unknown_operation(incoming.method, incoming.rest_path)
            raise not_found()
        operation, path = match
        reply = self._perform(incoming, operation, path)
        self._unreplicate(incoming, reply)
        self.site.referee.response(operation, reply.status, reply.encoded())
        return reply

    def _perform(self, incoming: Incoming, operation: Operation, path: dict[str, str]) -> Reply:
        query = dict(incoming.http.query)
        try:
            body = self._body(incoming, operation)
            errors = self.site.referee.request(operation, path, query, body)
            if errors:
                raise invalid(f"Invalid request.\n\n{errors[0]}")
            url = self.site.world.api_url + incoming.rest_path
            call = Call(
                self.site, incoming.caller, url, path, query, body or {}, incoming.stale_head
            )
            return ANSWERS[operation.id](call)
        except ApiError as error:
            return refused(error)

    def _body(self, incoming: Incoming, operation: Operation) -> Json | None:
        try:
            return cast("Json | None", incoming.read_json())
        except ApiError:
            self.site.referee.unreadable(operation.id)
            raise

    def _unreplicate(self, incoming: Incoming, reply: Reply) -> None:
        """Let a token that was just minted be refused at first, if that was ordered."""
        fault = incoming.fault
        if fault is not None and fault.kind == "token-not-replicated" and reply.status == 201:  # noqa: PLR2004
            text: str = cast(Json, reply.body)["token"]
            self.site.world.tokens[text].unreplicated_uses = fault.uses
