"""The referee: judges every request, answer and webhook against GitHub's own descriptions.

It sees only what goes over the wire. What the descriptions leave open is held more strictly here:
nothing unnamed may be sent, and a completed check run needs its conclusion.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

import jsonschema_rs
from graphql import GraphQLSchema

from bot.sandbox import descriptions, graphql_rules
from bot.sandbox.descriptions import Json, Operation, Parameter

PER_PAGE = 100
# GitHub documents few errors per operation; these may come from any of them.
GENERAL_ERRORS = (400, 401, 403, 404, 409, 415, 422, 429)
SERVER_ERROR = 500
CHECK_WRITES = ("checks/create", "checks/update")
NOT_MODIFIED = 304


@dataclass(frozen=True, slots=True)
class Violation:
    """Something that GitHub would not have sent or accepted, and who said it."""

    side: str
    subject: str
    error: str

    def __str__(self) -> str:
        return f"{self.side} {self.subject}: {self.error}"


class Referee:
    """Counts exchanges and collects violations of both sides."""

    def __init__(self) -> None:
        self.exchanges = 0
        self.violations: list[Violation] = []

    def forgive(self) -> list[Violation]:
        """Return the violations so far and forget them: for tests that commit one on purpose."""
        forgiven, self.violations = self.violations, []
        return forgiven

    def unknown_operation(self, method: str, path: str) -> None:
        """Note a request for something that no description holds."""
        self.exchanges += 1
        self._note("request", f"{method} {path}", ["no such operation is described"])

    def unreadable(self, subject: str) -> None:
        """Note a body that is not JSON."""
        self.exchanges += 1
        self._note("request", subject, ["the body is not JSON"])

    def request(
        self, operation: Operation, path: Mapping[str, str], query: Mapping[str, str], body: Any
    ) -> list[str]:
        """Judge a request and return its errors; `body` is None when there is none."""
        self.exchanges += 1
        errors = [*_parameter_errors(operation, path, query), *_body_errors(operation, body)]
        return self._note("request", operation.id, errors)

    def response(self, operation: Operation, status: int, body: bytes) -> None:
        """Judge an answer of the sandbox itself."""
        self._note(
            "response", f"{operation.id} {status}", _response_errors(operation, status, body)
        )

    def webhook(self, event: str, payload: Json) -> None:
        """Judge a payload before it is sent."""
        self.exchanges += 1
        action = f"-{payload['action']}" if "action" in payload else ""
        name = f"{event}{action}".replace("_", "-")
        self._note("webhook", name, _webhook_errors(name, payload))

    def graphql(self, schema: GraphQLSchema, request: Json) -> list[str]:
        """Judge a GraphQL request and return its errors."""
        self.exchanges += 1
        return self._note("graphql", "request", graphql_rules.errors(schema, request))

    def broken(self, subject: str, errors: Iterable[str]) -> None:
        """Note errors that no rule of GitHub explains: the sandbox's own."""
        self._note("sandbox", subject, errors)

    def _note(self, side: str, subject: str, errors: Iterable[str]) -> list[str]:
        noted = list(errors)
        self.violations += [Violation(side, subject, error) for error in noted]
        return noted


def _parameter_errors(
    operation: Operation, path: Mapping[str, str], query: Mapping[str, str]
) -> Iterable[str]:
    for parameter in operation.parameters:
        given = path if parameter.place == "path" else query
        if parameter.name in given:
            yield from _value_errors(operation, parameter, given[parameter.name])
        elif parameter.required:
            yield f"{parameter.place} parameter {parameter.name} is missing"
    known = {one.name for one in operation.parameters if one.place == "query"}
    yield from (f"unknown query parameter {name}" for name in query if name not in known)


def _value_errors(operation: Operation, parameter: Parameter, text: str) -> Iterable[str]:
    value = _parsed(parameter, text)
    where = f"{parameter.place} parameter {parameter.name}"
    validator = _rest_validator(operation.id, f"{parameter.place}:{parameter.name}")
    yield from (f"{where}: {error.message}" for error in validator.iter_errors(value))
    if parameter.name == "per_page" and isinstance(value, int) and value > PER_PAGE:
        yield f"{where}: {value} is more than {PER_PAGE}"


def _parsed(parameter: Parameter, text: str) -> Any:
    kind = parameter.schema.get("type")
    if kind == "integer" and text.lstrip("-").isdigit():
        return int(text)
    return text


def _body_errors(operation: Operation, body: Any) -> Iterable[str]:
    if operation.body is None:
        # Clients send an empty object or nothing where no body is described.
        if body not in (None, {}):
            yield "a body where none is described"
        return
    if body is None:
        if operation.body_required:
            yield "the body is missing"
        return
    yield from _schema_errors("body", _rest_validator(operation.id, "body"), body)
    if operation.id in CHECK_WRITES and isinstance(body, dict):
        yield from _check_rules(cast(Json, body))


def _check_rules(check: Json) -> Iterable[str]:
    if check.get("status") == "completed" and not check.get("conclusion"):
        yield "body: completed without a conclusion"
    if check.get("conclusion") == "stale":
        yield "body: only GitHub itself may call a check run stale"


def _response_errors(operation: Operation, status: int, body: bytes) -> Iterable[str]:
    if status == NOT_MODIFIED:
        return ["a body with 304"] if body else []
    if str(status) in operation.responses:
        return _documented(operation, status, body)
    if status in GENERAL_ERRORS or status >= SERVER_ERROR:
        return _schema_errors("body", _basic_error(), json.loads(body))
    return ["this status is not described"]


def _documented(operation: Operation, status: int, body: bytes) -> Iterable[str]:
    if operation.responses[str(status)] is None:
        return ["a body where none is described"] if body else []
    validator = _rest_validator(operation.id, f"response:{status}")
    return _schema_errors("body", validator, json.loads(body))


def _webhook_errors(name: str, payload: Json) -> Iterable[str]:
    if name not in descriptions.webhooks().payloads:
        return ["no such event is described"]
    return _schema_errors("payload", _webhook_validator(name), payload)


def _schema_errors(
    where: str, validator: jsonschema_rs.Draft202012Validator, value: Any
) -> Iterable[str]:
    for error in validator.iter_errors(value):
        way = "".join(f".{step}" for step in error.instance_path)
        yield f"{where}{way}: {error.message[:300]}"


@cache
def _rest_validator(operation_id: str, part: str) -> jsonschema_rs.Draft202012Validator:
    description = descriptions.rest()
    operation = next(one for one in description.operations if one.id == operation_id)
    return description.schemas.validator(_part(operation, part))


def _part(operation: Operation, part: str) -> Json:
    if part == "body":
        return operation.body or {}
    place, _, name = part.partition(":")
    if place == "response":
        return operation.responses[name] or {}
    return next(p.schema for p in operation.parameters if (p.place, p.name) == (place, name))


@cache
def _basic_error() -> jsonschema_rs.Draft202012Validator:
    errors = [{"$ref": f"#/schemas/{name}"} for name in ("basic-error", "validation-error-simple")]
    return descriptions.rest().schemas.validator({"anyOf": errors})


@cache
def _webhook_validator(name: str) -> jsonschema_rs.Draft202012Validator:
    description = descriptions.webhooks()
    return description.schemas.validator(description.payloads[name])
