"""GitHub's own descriptions, as far as they are structure: operations, events, and their schemas.

The facts in `facts/*.json` are extracted by `scripts/extract_github_descriptions.py`. GitHub's
schemas allow properties that they do not name; here such a property is an error, so that neither
side can send what nobody has described.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, cast
from urllib.parse import unquote

import jsonschema_rs

Json = dict[str, Any]
BRANCHES = frozenset({"allOf", "anyOf", "oneOf"})
# An app's own address, `1+app[bot]@users.noreply.github.com`, is no email by the letter.
EMAIL = '"format":"email",'
# Where the descriptions are known to be wrong: schema, way to a property, why it may be null.
NULLABLE = (
    ("pull-request", ("head", "repo"), "a deleted fork leaves its pull requests behind"),
    ("pull-request-simple", ("head", "repo"), "a deleted fork leaves its pull requests behind"),
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an operation's path or query."""

    name: str
    place: str
    required: bool
    schema: Json


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the REST interface."""

    id: str
    method: str
    path: str
    pattern: re.Pattern[str]
    parameters: tuple[Parameter, ...]
    body: Json | None
    body_required: bool
    responses: Mapping[str, Json | None]

    @property
    def specificity(self) -> tuple[int, int]:
        """Sorts the most literal paths to the front, since the first match wins."""
        return self.path.count("{"), -len(self.path)

    def values(self, path: str) -> dict[str, str] | None:
        """Return the path's parameters, unescaped, or None for another operation's path."""
        found = self.pattern.fullmatch(path)
        return {k: unquote(v) for k, v in found.groupdict().items()} if found else None


class Schemas:
    """The schemas of one description; each refuses properties that it does not name.

    `closed` holds them as they are used for a whole value; `open` holds them for use as a branch
    of allOf, anyOf or oneOf, where only the whole knows which properties are named.
    """

    def __init__(self, name: str, schemas: Mapping[str, Json]) -> None:
        self._uri = f"urn:github:{name}"
        self._plain = schemas
        document = {
            "closed": {key: self.closed(schema) for key, schema in schemas.items()},
            "open": {key: self._shaped(schema) for key, schema in schemas.items()},
        }
        self._registry = jsonschema_rs.Registry([(self._uri, document)])

    def validator(self, schema: Json) -> jsonschema_rs.Draft202012Validator:
        """Compile a schema that may refer to the description's own."""
        return jsonschema_rs.Draft202012Validator(
            self.closed(schema), registry=self._registry, validate_formats=True
        )

    def closed(self, schema: Json) -> Json:
        """Return the schema for a whole value."""
        if "$ref" in schema:
            return self._reference("closed", schema)
        shaped = self._shaped(schema)
        if self._names_its_properties(schema):
            shaped["unevaluatedProperties"] = False
        return shaped

    def _shaped(self, schema: Json, *, part_of_all: bool = False) -> Json:
        """Close what is inside a schema, but not itself.

        The parts of an allOf may describe the same property, each in part: nothing in there is
        closed.
        """
        if "$ref" in schema:
            return self._reference("open", schema)
        shaped = dict(schema)
        for key in BRANCHES & schema.keys():
            in_part = part_of_all or key == "allOf"
            branches = [self._shaped(one, part_of_all=in_part) for one in shaped.pop(key)]
            # GitHub's alternatives overlap: an error without details is both kinds of 422.
            shaped["anyOf" if key == "oneOf" else key] = branches
        inner = self._shaped if part_of_all else self.closed
        for key in ("items", "additionalProperties"):
            if isinstance(schema.get(key), dict):
                shaped[key] = inner(schema[key])
        if "properties" in schema:
            shaped["properties"] = {name: inner(one) for name, one in schema["properties"].items()}
        return shaped

    def _reference(self, kind: str, schema: Json) -> Json:
        name = schema["$ref"].removeprefix("#/schemas/")
        return {"$ref": f"{self._uri}#/{kind}/{name}"}

    def _names_its_properties(self, schema: Json) -> bool:
        if "additionalProperties" in schema:
            return False
        branches = [branch for key in BRANCHES for branch in schema.get(key, ())]
        if branches:
            return not any(self._is_free_form(branch) for branch in branches)
        return bool(schema.get("properties"))

    def _is_free_form(self, schema: Json) -> bool:
        while "$ref" in schema:
            schema = self._plain[schema["$ref"].removeprefix("#/schemas/")]
        return schema.get("type") == "object" and not self._names_its_properties(schema)


@dataclass(frozen=True, slots=True)
class Rest:
    """The described operations, most literal paths first."""

    operations: tuple[Operation, ...]
    schemas: Schemas

    def match(self, method: str, path: str) -> tuple[Operation, dict[str, str]] | None:
        """Return the operation that a request names, with its path's parameters."""
        for operation in self.operations:
            values = operation.values(path) if operation.method == method else None
            if values is not None:
                return operation, values
        return None


@dataclass(frozen=True, slots=True)
class Webhooks:
    """The described events, by a name like `pull-request-opened`."""

    payloads: Mapping[str, Json]
    schemas: Schemas


@cache
def rest() -> Rest:
    """Load the REST description once."""
    facts = _facts("rest")
    operations = (_operation(name, one) for name, one in facts["operations"].items())
    ordered = tuple(sorted(operations, key=lambda operation: operation.specificity))
    return Rest(ordered, Schemas("rest", facts["schemas"]))


@cache
def webhooks() -> Webhooks:
    """Load the description of the webhooks once."""
    facts = _facts("webhooks")
    return Webhooks(facts["webhooks"], Schemas("webhooks", facts["schemas"]))


def graphql_types() -> Mapping[str, str]:
    """Return the schema language of every described GraphQL type."""
    types: Mapping[str, str] = _facts("graphql")["types"]
    return types


def _facts(name: str) -> Json:
    text = (files("bot.sandbox") / "facts" / f"{name}.json").read_text()
    facts: Json = json.loads(text.replace(EMAIL, ""))
    for schema, way, _ in NULLABLE:
        if schema in facts.get("schemas", {}):
            _allow_null(facts["schemas"][schema], way)
    _bring_up_to_date(facts)
    return facts


def _bring_up_to_date(schema: Json) -> None:
    """Let apps have any permission and event, and repositories what all of them have.

    Some descriptions lag behind the others (`merge_queues`; repositories in reviews).
    """
    properties: Json = schema.get("properties") or {}
    if {"permissions", "events", "external_url"} <= properties.keys():
        text = {"type": "string"}
        properties["permissions"] = {"type": "object", "additionalProperties": text}
        properties["events"] = {"type": "array", "items": text}
    if {"full_name", "has_downloads"} <= properties.keys():
        for name in ("has_discussions", "web_commit_signoff_required"):
            properties.setdefault(name, {"type": "boolean"})
    for value in schema.values():
        for one in _dicts(value):
            _bring_up_to_date(one)


def _dicts(value: object) -> list[Json]:
    items = cast("list[object]", value) if isinstance(value, list) else [value]
    return [cast(Json, item) for item in items if isinstance(item, dict)]


def _allow_null(schema: Json, way: tuple[str, ...]) -> None:
    for step in way[:-1]:
        schema = schema["properties"][step]
    properties = schema["properties"]
    properties[way[-1]] = {"anyOf": [properties[way[-1]], {"type": "null"}]}


def _operation(name: str, facts: Json) -> Operation:
    body = facts.get("body", {})
    return Operation(
        name,
        facts["method"],
        facts["path"],
        re.compile("".join(_pattern(facts))),
        tuple(
            Parameter(p["name"], p["in"], p["required"], p["schema"]) for p in facts["parameters"]
        ),
        body.get("schema"),
        body.get("required", False),
        facts["responses"],
    )


def _pattern(facts: Json) -> Iterator[str]:
    multi = {parameter["name"] for parameter in facts["parameters"] if parameter["multi"]}
    for piece in re.split(r"(\{[^}]+\})", facts["path"]):
        name = piece.strip("{}")
        if piece.startswith("{"):
            yield f"(?P<{name}>.+)" if name in multi else f"(?P<{name}>[^/]+)"
        else:
            yield re.escape(piece)
