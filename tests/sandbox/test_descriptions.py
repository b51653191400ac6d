"""The facts are structure and nothing else, and the script that makes them keeps to that."""

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest

from bot.sandbox import descriptions
from bot.sandbox.rest.table import ANSWERS
from scripts.extract_github_descriptions import (
    GRAPHQL_FIELDS,
    OPERATIONS,
    WEBHOOKS,
    graphql_facts,
    rendered,
    rest_facts,
    webhook_facts,
)

Json = dict[str, Any]
# Everything that may stand beside `properties` in a schema.
KEYWORDS = {
    *("$ref", "type", "enum", "const", "format", "pattern", "required", "properties", "items"),
    *("additionalProperties", "allOf", "anyOf", "oneOf", "uniqueItems"),
    *("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"),
    *("minProperties", "maxProperties"),
}


def facts(name: str) -> Json:
    loaded: Json = json.loads(text_of(name))
    return loaded


def text_of(name: str) -> str:
    return (files("bot.sandbox") / f"facts/{name}.json").read_text()


def schemas_of_rest() -> Iterator[Json]:
    loaded = facts("rest")
    yield from loaded["schemas"].values()
    for operation in loaded["operations"].values():
        assert operation.keys() <= {"method", "path", "parameters", "responses", "body"}
        yield from (one for one in operation["responses"].values() if one is not None)
        yield from (one["schema"] for one in operation["parameters"])
        if "body" in operation:
            yield operation["body"]["schema"]


def inner(schema: Json) -> Iterator[Json]:
    """Yield a schema and all schemas inside of it."""
    yield schema
    for name in ("allOf", "anyOf", "oneOf"):
        for branch in schema.get(name, ()):
            yield from inner(branch)
    for name in ("items", "additionalProperties"):
        if isinstance(schema.get(name), dict):
            yield from inner(schema[name])
    for one in schema.get("properties", {}).values():
        yield from inner(one)


def test_the_facts_hold_no_prose() -> None:
    webhooks = facts("webhooks")
    roots = [*schemas_of_rest(), *webhooks["schemas"].values(), *webhooks["webhooks"].values()]

    surplus = {key for root in roots for one in inner(root) for key in one.keys() - KEYWORDS}

    assert surplus == set()


def test_the_graphql_facts_hold_no_descriptions() -> None:
    text = json.dumps(facts("graphql")["types"])

    assert '\\"' not in text
    assert "#" not in text
    assert "@" not in text


def test_the_facts_are_small_enough_to_review() -> None:
    texts = {name: text_of(name) for name in ("rest", "webhooks", "graphql")}

    assert sum(len(text) for text in texts.values()) < 500_000
    for name, text in texts.items():
        loaded = json.loads(text)
        package = loaded.pop("package")
        assert text == rendered(package, loaded), name


def test_every_described_operation_is_answered_and_no_other() -> None:
    described = {operation.id for operation in descriptions.rest().operations}

    assert described == ANSWERS.keys() == set(OPERATIONS.split())
    assert facts("webhooks")["webhooks"].keys() == set(WEBHOOKS.split())
    assert GRAPHQL_FIELDS.keys() <= facts("graphql")["types"].keys()


# The script, on small descriptions

SAMPLE: Json = {
    "paths": {
        "/things/{name}": {
            "parameters": [],
            "post": {
                "operationId": "things/make",
                "summary": "Make a thing",
                "description": "Prose.",
                "parameters": [
                    {"$ref": "#/components/parameters/name"},
                    {"name": "X-Header", "in": "header", "schema": {"type": "string"}},
                ],
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "description": "Prose.",
                                "properties": {
                                    "title": {
                                        "type": "string",
                                        "title": "Title",
                                        "nullable": True,
                                        "enum": ["a", "b"],
                                        "maxLength": 3,
                                        "example": "a",
                                        "default": "b",
                                    },
                                    "whole": {
                                        "nullable": True,
                                        "allOf": [{"$ref": "#/components/schemas/thing"}],
                                    },
                                },
                                "required": ["title"],
                            },
                            "examples": {"default": {"value": {}}},
                        }
                    },
                },
                "responses": {
                    "200": {"$ref": "#/components/responses/thing"},
                    "204": {"description": "Nothing"},
                },
            },
        }
    },
    "components": {
        "parameters": {
            "name": {
                "name": "name",
                "in": "path",
                "required": True,
                "x-multi-segment": True,
                "description": "Prose.",
                "schema": {"type": "string"},
            }
        },
        "responses": {
            "thing": {
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/thing"}}}
            }
        },
        "schemas": {
            "thing": {
                "type": "object",
                "title": "Thing",
                "properties": {
                    "parts": {"type": "array", "items": {"$ref": "#/components/schemas/part"}},
                    "more": {"additionalProperties": True},
                    "maker": {"$ref": "#/components/schemas/thing"},
                },
            },
            "part": {"type": "string", "format": "uri", "description": "Prose."},
            "unreached": {"type": "string"},
        },
    },
}


def test_an_operation_is_reduced_to_its_structure() -> None:
    extracted = rest_facts(SAMPLE, ["things/make"])

    assert extracted["operations"] == {
        "things/make": {
            "method": "POST",
            "path": "/things/{name}",
            "parameters": [
                {
                    "name": "name",
                    "in": "path",
                    "required": True,
                    "multi": True,
                    "schema": {"type": "string"},
                }
            ],
            "responses": {"200": {"$ref": "#/schemas/thing"}, "204": None},
            "body": {
                "required": True,
                "schema": {
                    "type": "object",
                    "properties": {
                        "title": {
                            "type": ["string", "null"],
                            "enum": ["a", "b", None],
                            "maxLength": 3,
                        },
                        "whole": {
                            "anyOf": [{"allOf": [{"$ref": "#/schemas/thing"}]}, {"type": "null"}]
                        },
                    },
                    "required": ["title"],
                },
            },
        }
    }


def test_only_the_schemas_that_are_reached_come_along() -> None:
    assert rest_facts(SAMPLE, ["things/make"])["schemas"] == {
        "thing": {
            "type": "object",
            "properties": {
                "parts": {"type": "array", "items": {"$ref": "#/schemas/part"}},
                "more": {"additionalProperties": True},
                "maker": {"$ref": "#/schemas/thing"},
            },
        },
        "part": {"type": "string", "format": "uri"},
    }


def test_an_operation_that_is_not_described_cannot_be_wanted() -> None:
    with pytest.raises(KeyError):
        rest_facts(SAMPLE, ["things/break"])


def test_a_webhook_is_reduced_to_its_payload() -> None:
    payload = {"description": "Prose.", "properties": {"action": {"enum": ["made"]}}}
    description = {
        "webhooks": {
            "thing-made": {
                "post": {
                    "summary": "Prose",
                    "requestBody": {"content": {"application/json": {"schema": payload}}},
                }
            }
        },
        "components": {"schemas": {}},
    }

    assert webhook_facts(description, ["thing-made"]) == {
        "webhooks": {"thing-made": {"properties": {"action": {"enum": ["made"]}}}},
        "schemas": {},
    }


LANGUAGE = '''
"""Prose."""
type Query implements Node @docs(category: "x") {
  "Prose."
  thing("Prose." kind: Kind = SMALL, input: Input!): Thing! @deprecated(reason: "Prose.")
  other: Other
  id: ID!
}
interface Node { id: ID! }
type Thing implements Node & Hidden { id: ID!, when: Date, hidden: Int }
interface Hidden { hidden: Int }
enum Kind { "Prose." SMALL LARGE }
input Input { depth: Depth = {level: 1} }
input Depth { level: Int, kind: Kind }
scalar Date
type Other { id: ID! }
directive @docs(category: String) on OBJECT
'''


def test_graphql_types_are_reduced_to_the_wanted_fields() -> None:
    wanted = {"Query": "id thing", "Node": "id", "Thing": "id when"}

    assert graphql_facts(LANGUAGE, wanted) == {
        "types": {
            "Query": "type Query implements Node"
            "{id:ID! thing(kind:Kind=SMALL input:Input!):Thing!}",
            "Node": "interface Node{id:ID!}",
            "Thing": "type Thing implements Node{id:ID! when:Date}",
            "Kind": "enum Kind{SMALL LARGE}",
            "Input": "input Input{depth:Depth={ level: 1 }}",
            "Depth": "input Depth{level:Int kind:Kind}",
            "Date": "scalar Date",
        }
    }


@pytest.mark.parametrize(
    ("wanted", "error"), [({"Query": "other"}, KeyError), ({"Kind": "SMALL"}, TypeError)]
)
def test_a_field_needs_fields_of_what_it_returns(
    wanted: dict[str, str], error: type[Exception]
) -> None:
    with pytest.raises(error):
        graphql_facts(LANGUAGE, wanted)
