"""Executes a GraphQL request on GitHub's types and words the answer as GitHub does."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from graphql import (
    FieldNode,
    GraphQLAbstractType,
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLSchema,
    build_schema,
    execute_sync,  # pyright: ignore[reportUnknownVariableType] - its stub leaves generics open
    parse,
)
from graphql.execution import ExecutionResult

from bot.sandbox import descriptions
from bot.sandbox.graphql_api import checks, fields, reviews
from bot.sandbox.graphql_api.commit import create_commit_on_branch
from bot.sandbox.graphql_api.cost import Cost, cost_of
from bot.sandbox.graphql_api.sources import Context, Field, GitObject, Pull, Refusal
from bot.sandbox.graphql_rules import operation_of
from bot.sandbox.model import Account
from bot.sandbox.repository import Repository
from bot.sandbox.world import timestamp

Json = dict[str, Any]


def _node(_: object, context: Context, *, id: str) -> object:  # noqa: A002 - GitHub's name
    kind, _, number = id.partition("_")
    world = context.site.world
    if kind == "R" and number.isdigit() and int(number) in world.repositories:
        return context.repository(world.repositories[int(number)].full_name)
    for repository in world.repositories.values():
        for pull in repository.pulls.values():
            if id == f"PR_{pull.id}":
                context.require(repository, "pull_requests=read")
                return Pull(repository, pull)
    raise Refusal("NOT_FOUND", f"Could not resolve to a node with the global id of '{id}'")


def _rate_limit(_: object, context: Context, **__: Any) -> Json:
    figures = context.site.budget.overview(context.caller.name, "graphql")
    reset = timestamp(datetime.fromtimestamp(figures["reset"], UTC))
    asked = context.cost
    return {**figures, "cost": asked.points, "nodeCount": asked.nodes, "resetAt": reset}


def _query_id(_: object, __: Context) -> str:
    return "Q"


def _viewer(_: object, context: Context) -> Account:
    return context.account


def _same_key(name: str) -> Field:
    def read(source: Json, _: Context) -> object:
        return source[name]

    return read


RATE_LIMIT = ("cost", "limit", "nodeCount", "remaining", "resetAt", "used")
PAYLOAD = ("clientMutationId", "commit", "ref")
FIELDS: Mapping[str, Mapping[str, Field]] = {
    "Query": {
        "id": _query_id,
        "node": _node,
        "rateLimit": _rate_limit,
        "repository": fields.owned_repository,
        "viewer": _viewer,
    },
    "Mutation": {
        "createCommitOnBranch": create_commit_on_branch,
        "resolveReviewThread": reviews.resolve,
    },
    "CreateCommitOnBranchPayload": {name: _same_key(name) for name in PAYLOAD},
    "ResolveReviewThreadPayload": {
        name: _same_key(name) for name in ("clientMutationId", "thread")
    },
    "RateLimit": {name: _same_key(name) for name in RATE_LIMIT},
    "Repository": fields.REPOSITORY,
    "Ref": fields.REF,
    "Blob": fields.BLOB,
    "Tree": fields.TREE,
    "TreeEntry": fields.TREE_ENTRY,
    "Commit": fields.COMMIT,
    "CommitConnection": fields.CONNECTION,
    "CheckSuite": checks.SUITE,
    "CheckSuiteConnection": fields.CONNECTION,
    "CheckRun": checks.RUN,
    "CheckRunConnection": fields.CONNECTION,
    "App": checks.APP,
    "PageInfo": fields.PAGE_INFO,
    "GitActor": fields.GIT_ACTOR,
    "GpgSignature": fields.SIGNATURE,
    "PullRequest": fields.PULL_REQUEST,
    "PullRequestConnection": fields.CONNECTION,
    "PullRequestCommit": fields.PULL_COMMIT,
    "PullRequestCommitConnection": fields.CONNECTION,
    "PullRequestReview": reviews.REVIEW,
    "PullRequestReviewConnection": fields.CONNECTION,
    "PullRequestReviewThread": reviews.THREAD,
    "PullRequestReviewThreadConnection": fields.CONNECTION,
    "PullRequestReviewComment": reviews.COMMENT,
    "PullRequestReviewCommentConnection": fields.CONNECTION,
    "User": fields.ACTOR,
    "Bot": fields.BOT,
    "Organization": fields.ACTOR,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """The body of an answer, and errors that are the sandbox's own fault."""

    body: Json
    faults: list[str]


@cache
def schema() -> GraphQLSchema:
    """Build GitHub's schema, as far as it is described, once."""
    return build_schema("\n".join(descriptions.graphql_types().values()), assume_valid=True)


def root_fields(query: str) -> list[str]:
    """Return the fields that a query asks of the root; none if it does not parse."""
    try:
        operation = operation_of(parse(query), None)
    except GraphQLError:
        return []
    selected = operation.selection_set.selections if operation else ()
    return [one.name.value for one in selected if isinstance(one, FieldNode)]


def cost(request: Json) -> Cost:
    """Return what a request that the referee found well-formed may come to."""
    variables: Json = request.get("variables") or {}
    return cost_of(parse(request["query"]), variables, request.get("operationName"))


def answer(request: Json, context: Context) -> Outcome:
    """Execute a request that the referee found well-formed."""
    result = execute_sync(
        schema(),
        parse(request["query"]),
        context_value=context,
        variable_values=request.get("variables"),
        operation_name=request.get("operationName"),
        field_resolver=_resolve,
        type_resolver=_type_of,
    )
    return _outcome(result)


def _resolve(source: object, info: GraphQLResolveInfo[Context], **arguments: Any) -> object:
    return FIELDS[info.parent_type.name][info.field_name](source, info.context, **arguments)


def _type_of(value: object, _: object, __: GraphQLAbstractType) -> str:
    match value:
        case GitObject():
            return value.kind.capitalize()
        case Account():
            return value.kind
        case Repository():
            return "Repository"
        case Pull():
            return "PullRequest"
        case _:
            return "GpgSignature"


def _outcome(result: ExecutionResult) -> Outcome:
    body: Json = {"data": result.data}
    errors = result.errors or []
    if errors:
        body["errors"] = [_error(error) for error in errors]
    faults = [error.message for error in errors if not _is_refusal(error)]
    return Outcome(body, faults)


def _is_refusal(error: GraphQLError) -> bool:
    return isinstance(error.original_error, Refusal) or "type" in (error.extensions or {})


def _error(error: GraphQLError) -> Json:
    places = [{"line": one.line, "column": one.column} for one in error.locations or ()]
    kind = (error.extensions or {}).get("type", "INTERNAL")
    return {"type": kind, "path": error.path, "locations": places, "message": error.message}
