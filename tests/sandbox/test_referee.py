"""The referee catches what GitHub would not send or accept; mutants of true exchanges show it."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from bot.sandbox import descriptions, referee
from bot.sandbox.descriptions import Operation, Schemas
from bot.sandbox.referee import Referee
from tests.sandbox.shop import Client, Shop

Json = dict[str, Any]
Way = tuple[str | int, ...]
# Objects that may hold anything, by their name.
FREE = {"permissions", "custom_properties"}


def operation(name: str) -> Operation:
    return next(one for one in descriptions.rest().operations if one.id == name)


def objects(value: Any, way: Way = ()) -> Iterator[Way]:
    """Yield the way to every object inside of a value."""
    if isinstance(value, dict):
        yield way
        for name, inner in value.items():
            if name not in FREE:
                yield from objects(inner, (*way, name))
    if isinstance(value, list):
        for index, inner in enumerate(value):
            yield from objects(inner, (*way, index))


def at(value: Any, way: Way) -> Any:
    for step in way:
        value = value[step]
    return value


def with_extra_keys(true: Json) -> Iterator[Json]:
    """Yield copies with a key that nobody described, in each object in turn."""
    for way in objects(true):
        mutant = copy.deepcopy(true)
        at(mutant, way)["undescribed"] = True
        yield mutant


def with_wrong_types(true: Json) -> Iterator[Json]:
    """Yield copies with a list of lists in place of each value in turn."""
    for way in objects(true):
        for name in at(true, way):
            mutant = copy.deepcopy(true)
            at(mutant, way)[name] = [[[]]]
            yield mutant


def without_keys(true: Json) -> Iterator[Json]:
    """Yield copies without each of the outermost keys in turn."""
    for name in true:
        yield {key: value for key, value in true.items() if key != name}


def caught(judge: Any, mutants: Iterator[Json]) -> tuple[int, int]:
    """Return how many mutants are caught, and how many there are."""
    verdicts = [bool(judge(mutant)) for mutant in mutants]
    return sum(verdicts), len(verdicts)


@pytest.fixture
async def client(shop: Shop) -> Client:
    await shop.pull()
    return await shop.installed()


@pytest.fixture
async def check_run(shop: Shop, client: Client) -> Json:
    body = {"name": "awaited", "head_sha": shop.repository.head("feature")}
    made: Json = await client.post(f"{shop.path}/check-runs", body)
    return made


def judge_run(body: Json) -> list[str]:
    one = Referee()
    one.response(operation("checks/create"), 201, json.dumps(body).encode())
    return [str(violation) for violation in one.violations]


async def test_every_mutant_of_a_check_run_is_caught(check_run: Json) -> None:
    assert judge_run(check_run) == []

    for mutants, least in (
        (without_keys(check_run), 16),
        (with_extra_keys(check_run), 10),
        (with_wrong_types(check_run), 60),
    ):
        found, total = caught(judge_run, mutants)
        assert found == total >= least


async def test_every_mutant_of_a_pull_request_is_caught(shop: Shop, client: Client) -> None:
    true = await client.get(f"{shop.path}/pulls/1")

    def judge(body: Json) -> list[str]:
        one = Referee()
        one.response(operation("pulls/get"), 200, json.dumps(body).encode())
        return [str(violation) for violation in one.violations]

    assert judge(true) == []
    found, total = caught(judge, with_extra_keys(true))
    assert found == total > 10
    found, total = caught(judge, with_wrong_types(true))
    assert found == total > 300


@pytest.mark.parametrize(
    "event", ["pull_request.opened", "push", "check_suite.requested", "installation.created"]
)
async def test_every_mutant_of_a_webhook_is_caught(shop: Shop, client: Client, event: str) -> None:
    del client
    true = shop.sent[shop.events.index(event)]
    name = event.partition(".")[0]

    def judge(payload: Json) -> list[str]:
        one = Referee()
        one.webhook(name, payload)
        return [str(violation) for violation in one.violations]

    assert judge(true) == []
    found, total = caught(judge, with_extra_keys(true))
    assert found == total > 3
    found, total = caught(judge, with_wrong_types(true))
    assert found == total > 20


async def test_the_two_halves_of_an_issue_are_judged_together(shop: Shop, client: Client) -> None:
    del client
    await shop.github.comment(shop.repository, 1, "Hello", shop.alice)
    true = shop.sent[-1]
    one = Referee()

    one.webhook("issue_comment", true)
    one.webhook("issue_comment", true | {"issue": true["issue"] | {"undescribed": True}})

    assert len(one.violations) == 1


def test_an_event_that_nobody_described_is_caught() -> None:
    one = Referee()

    one.webhook("pull_request", {"action": "milestoned"})

    assert str(one.violations[0]) == "webhook pull-request-milestoned: no such event is described"


def request(name: str, body: object = None, query: dict[str, str] | None = None) -> list[str]:
    path = {"owner": "o", "repo": "r", "issue_number": "1", "check_run_id": "1", "ref": "main"}
    known = {one.name for one in operation(name).parameters if one.place == "path"}
    given = {key: value for key, value in path.items() if key in known}
    return Referee().request(operation(name), given, query or {}, body)


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({"pge": "2"}, "unknown query parameter pge"),
        ({"page": "two"}, 'query parameter page: "two" is not of type "integer"'),
        ({"per_page": "1000"}, "query parameter per_page: 1000 is more than 100"),
        ({"filter": "newest"}, 'query parameter filter: "newest" is not one of'),
    ],
)
def test_a_wrong_query_is_caught(query: dict[str, str], error: str) -> None:
    assert request("checks/list-for-ref") == []

    (found,) = request("checks/list-for-ref", query=query)

    assert found.startswith(error)


def test_a_missing_body_is_caught() -> None:
    assert request("issues/create-comment", {"body": "Hello"}) == []
    assert request("issues/create-comment") == ["the body is missing"]
    assert request("issues/create-comment", {}) == ['body: "body" is a required property']


def test_a_body_where_none_is_described_is_caught() -> None:
    assert request("checks/list-for-ref", {"body": 1}) == ["a body where none is described"]
    assert request("checks/list-for-ref", {}) == []


def test_a_body_that_may_be_left_out_may_be_left_out() -> None:
    token = operation("apps/create-installation-access-token")

    assert Referee().request(token, {"installation_id": "1"}, {}, None) == []


def test_a_body_that_is_no_object_is_caught() -> None:
    assert request("checks/create", []) == ['body: [] is not of type "object"']


def test_a_missing_part_of_the_path_is_caught() -> None:
    assert Referee().request(operation("repos/get"), {"owner": "o"}, {}, None) == [
        "path parameter repo is missing"
    ]


def test_a_completed_run_without_a_conclusion_is_caught() -> None:
    body = {"name": "n", "head_sha": "s", "status": "completed"}

    assert request("checks/create", body) == ["body: completed without a conclusion"]
    assert request("checks/create", body | {"conclusion": "success"}) == []


def judge_answer(name: str, status: int, body: bytes) -> list[str]:
    one = Referee()
    one.response(operation(name), status, body)
    return [violation.error for violation in one.violations]


def test_an_error_needs_the_shape_of_errors() -> None:
    good = json.dumps({"message": "m", "documentation_url": "u", "status": "429"}).encode()

    assert judge_answer("checks/create", 429, good) == []
    assert judge_answer("checks/create", 429, b'{"error": "m"}') != []
    assert judge_answer("checks/create", 500, good) == []


def test_a_status_that_is_not_described_is_caught() -> None:
    assert judge_answer("checks/create", 202, b"{}") == ["this status is not described"]


def test_a_body_that_must_not_be_is_caught() -> None:
    assert judge_answer("apps/revoke-installation-access-token", 204, b"") == []
    assert judge_answer("apps/revoke-installation-access-token", 204, b"{}") == [
        "a body where none is described"
    ]
    assert judge_answer("repos/get", 304, b"{}") == ["a body with 304"]
    assert judge_answer("repos/get", 304, b"") == []


async def test_a_failure_of_the_sandbox_itself_is_a_violation(shop: Shop, client: Client) -> None:
    shop.repository.pulls[1].head_sha = "broken"

    answer = await client.ask("GET", f"{shop.path}/pulls/1")

    assert answer.status == 500
    (violation,) = shop.github.referee.forgive()
    assert (violation.side, violation.subject) == ("sandbox", "pulls/get")


async def test_forgiving_forgets(shop: Shop, client: Client) -> None:
    await client.ask("GET", "/nowhere")

    assert len(shop.github.referee.forgive()) == 1
    assert shop.github.referee.forgive() == []


# Paths


@pytest.mark.parametrize(
    ("path", "name", "value"),
    [
        ("/repos/o/r/git/ref/heads/a/b", "git/get-ref", "heads/a/b"),
        ("/repos/o/r/git/trees/a%2Fb", "git/get-tree", "a/b"),
        ("/repos/o/r/commits/a/b/check-runs", "checks/list-for-ref", "a/b"),
        ("/repos/o/r/commits/a/b", "repos/get-commit", "a/b"),
        ("/repos/o/r/compare/a/b...c", "repos/compare-commits-with-basehead", "a/b...c"),
        ("/repos/o/r/branches/a%20b", "repos/get-branch", "a b"),
    ],
)
def test_the_most_literal_path_wins(path: str, name: str, value: str) -> None:
    found = descriptions.rest().match("GET", path)

    assert found is not None
    assert found[0].id == name
    assert value in found[1].values()


# Closing schemas


def errors(schema: Json, value: object, **schemas: Json) -> list[str]:
    validator = Schemas("test", schemas).validator(schema)
    return [error.message for error in validator.iter_errors(value)]


def test_an_object_that_describes_nothing_may_hold_anything() -> None:
    assert errors({"type": "object"}, {"a": 1}) == []
    free = {"anyOf": [{"$ref": "#/schemas/free"}, {"type": "null"}]}
    assert errors(free, {"a": 1}, free={"type": "object"}) == []


def test_an_object_that_says_so_may_hold_more() -> None:
    schema = {"properties": {"a": {}}, "additionalProperties": {"type": "integer"}}

    assert errors(schema, {"a": "x", "b": 1}) == []
    assert len(errors(schema, {"b": "x"})) == 1


def test_alternatives_name_their_properties_together() -> None:
    one: Json = {"properties": {"a": {}}}
    other: Json = {"properties": {"b": {}}}
    both = {"allOf": [{"$ref": "#/schemas/one"}, {"$ref": "#/schemas/other"}]}

    assert errors(both, {"a": 1, "b": 1}, one=one, other=other) == []
    assert len(errors(both, {"a": 1, "c": 1}, one=one, other=other)) == 1
    assert len(errors({"$ref": "#/schemas/one"}, {"b": 1}, one=one)) == 1


def test_the_parts_of_a_whole_may_describe_a_property_together() -> None:
    part: Json = {"properties": {"user": {"properties": {"login": {}}}}}
    rest = {"properties": {"user": {"properties": {"id": {}}}, "items": {"items": {}}}}

    assert errors({"allOf": [part, rest]}, {"user": {"login": "a", "id": 1}}) == []


def test_overlapping_alternatives_are_no_error() -> None:
    overlapping = {"oneOf": [{"type": "string"}, {"type": "string", "maxLength": 3}]}

    assert errors(overlapping, "abc") == []


def test_the_pieces_of_an_operation_are_compiled_once() -> None:
    first = referee._rest_validator("checks/create", "body")

    assert referee._rest_validator("checks/create", "body") is first
