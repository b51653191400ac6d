#!/usr/bin/env python3
"""Extract from GitHub's own descriptions the structural facts that the referee judges by.

The descriptions come from pinned npm packages, brought by the npm of this machine. Only structure
is written: operations, parameters, types, enumerations, limits, and what is required. Keywords are
kept by an allow-list, so that no description, summary, title or example can come along.

Run it from the root of the repository: `python scripts/extract_github_descriptions.py`.
"""

import json
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    get_named_type,
    is_specified_scalar_type,
    print_ast,
)

Json = dict[str, Any]

FACTS = Path("bot/sandbox/facts")
DESCRIPTION = "package/generated/api.github.com.json"
REST_PACKAGE = "@octokit/openapi@23.0.2"
WEBHOOKS_PACKAGE = "@octokit/openapi-webhooks@12.1.0"
GRAPHQL_PACKAGE = "@octokit/graphql-schema@15.26.1"

OPERATIONS = """
    apps/create-installation-access-token apps/get-authenticated apps/get-installation
    apps/get-repo-installation apps/get-webhook-delivery
    apps/list-repos-accessible-to-installation apps/list-webhook-deliveries
    apps/redeliver-webhook-delivery apps/revoke-installation-access-token
    checks/create checks/get checks/get-suite checks/list-annotations checks/list-for-ref
    checks/list-suites-for-ref checks/update
    git/create-blob git/create-commit git/create-ref git/create-tree git/get-blob git/get-commit
    git/get-ref git/get-tree git/update-ref
    issues/create-comment issues/get-comment issues/list-comments issues/update-comment
    meta/get
    pulls/create-review pulls/get pulls/list pulls/list-commits pulls/list-files
    pulls/list-review-comments pulls/list-reviews
    rate-limit/get
    reactions/create-for-issue-comment reactions/create-for-pull-request-review-comment
    reactions/list-for-issue-comment
    repos/compare-commits-with-basehead repos/create-repo-ruleset repos/get repos/get-branch
    repos/get-branch-rules
    repos/get-collaborator-permission-level repos/get-commit repos/get-content
    repos/list-pull-requests-associated-with-commit
"""

WEBHOOKS = """
    check-run-completed check-run-created check-run-requested-action check-run-rerequested
    check-suite-completed check-suite-requested check-suite-rerequested
    installation-created installation-deleted installation-new-permissions-accepted
    installation-suspend installation-unsuspend
    installation-repositories-added installation-repositories-removed
    issue-comment-created issue-comment-edited
    merge-group-checks-requested merge-group-destroyed
    pull-request-closed pull-request-converted-to-draft pull-request-dequeued
    pull-request-edited pull-request-enqueued pull-request-opened pull-request-ready-for-review
    pull-request-reopened pull-request-synchronize
    pull-request-review-comment-created pull-request-review-comment-edited
    pull-request-review-edited pull-request-review-submitted
    push
"""

# Every field named here is answered by the sandbox; enumerations and inputs come by being reached.
GRAPHQL_FIELDS = {
    "Query": "id node rateLimit repository viewer",
    "Mutation": "createCommitOnBranch resolveReviewThread",
    "Node": "id",
    "Actor": "avatarUrl login resourcePath url",
    "RepositoryOwner": "avatarUrl id login resourcePath url",
    "GitObject": "abbreviatedOid commitResourcePath commitUrl id oid repository",
    "GitSignature": "email isValid payload signature signer state verifiedAt wasSignedByGitHub",
    "Bot": "avatarUrl databaseId id login resourcePath url",
    "User": "avatarUrl databaseId id login name resourcePath url",
    "Organization": "avatarUrl databaseId id login name resourcePath url",
    "Repository": "databaseId defaultBranchRef id isFork isPrivate name nameWithOwner object owner"
    " parent pullRequest pullRequests ref url",
    "Ref": "id name prefix repository target",
    "Blob": "abbreviatedOid byteSize commitResourcePath commitUrl id isBinary isTruncated oid"
    " repository text",
    "Tree": "abbreviatedOid commitResourcePath commitUrl entries id oid repository",
    "TreeEntry": "extension mode name object oid path repository size type",
    "Commit": "abbreviatedOid author authoredDate checkSuites commitResourcePath commitUrl"
    " committedDate committer file id message messageBody messageHeadline oid parents repository"
    " signature tree url",
    "CommitConnection": "nodes pageInfo totalCount",
    "CheckSuite": "app checkRuns commit conclusion createdAt databaseId id repository status"
    " updatedAt",
    "CheckSuiteConnection": "nodes pageInfo totalCount",
    "CheckRun": "checkSuite completedAt conclusion databaseId externalId id name repository"
    " startedAt status summary text title url",
    "CheckRunConnection": "nodes pageInfo totalCount",
    "App": "clientId createdAt databaseId id name slug updatedAt url",
    "PageInfo": "endCursor hasNextPage hasPreviousPage startCursor",
    "GitActor": "date email name user",
    "GpgSignature": "email isValid keyId payload signature signer state verifiedAt"
    " wasSignedByGitHub",
    "PullRequest": "additions author baseRef baseRefName baseRefOid body changedFiles closed"
    " commits createdAt databaseId deletions headRef headRefName headRefOid headRepository"
    " headRepositoryOwner id isCrossRepository isDraft latestOpinionatedReviews"
    " maintainerCanModify merged number repository reviewThreads state title updatedAt url",
    "PullRequestConnection": "nodes pageInfo totalCount",
    "PullRequestCommit": "commit id pullRequest url",
    "PullRequestCommitConnection": "nodes pageInfo totalCount",
    "PullRequestReview": "author body databaseId id state url viewerDidAuthor",
    "PullRequestReviewConnection": "nodes pageInfo totalCount",
    "PullRequestReviewThread": "comments id isOutdated isResolved line path startLine",
    "PullRequestReviewThreadConnection": "nodes pageInfo totalCount",
    "PullRequestReviewComment": "author body databaseId id pullRequestReview url viewerDidAuthor",
    "PullRequestReviewCommentConnection": "nodes pageInfo totalCount",
    "RateLimit": "cost limit nodeCount remaining resetAt used",
    "CreateCommitOnBranchPayload": "clientMutationId commit ref",
    "ResolveReviewThreadPayload": "clientMutationId thread",
}

METHODS = ("get", "post", "put", "patch", "delete")
LITERAL = frozenset({"enum", "const", "required", "type", "format", "pattern", "uniqueItems"})
LIMITS = frozenset(
    f"{side}{what}"
    for side in ("min", "max")
    for what in ("imum", "Length", "Items", "Properties")
)
BRANCHES = frozenset({"allOf", "anyOf", "oneOf"})


def main() -> None:
    """Fetch the three packages into a temporary folder and write the three files of facts."""
    with tempfile.TemporaryDirectory() as folder:
        rest = json.loads(_unpacked(REST_PACKAGE, DESCRIPTION, Path(folder)))
        webhooks = json.loads(_unpacked(WEBHOOKS_PACKAGE, DESCRIPTION, Path(folder)))
        graphql = _unpacked(GRAPHQL_PACKAGE, "package/schema.graphql", Path(folder))
    FACTS.mkdir(parents=True, exist_ok=True)
    _write("rest", REST_PACKAGE, rest_facts(rest, OPERATIONS.split()))
    _write("webhooks", WEBHOOKS_PACKAGE, webhook_facts(webhooks, WEBHOOKS.split()))
    _write("graphql", GRAPHQL_PACKAGE, graphql_facts(graphql, GRAPHQL_FIELDS))


def _unpacked(package: str, member: str, folder: Path) -> str:
    command = ["npm", "pack", "--silent", "--pack-destination", str(folder), package]
    packed = subprocess.run(  # noqa: S603 - the arguments are the constants above
        command, check=True, capture_output=True, text=True
    )
    with tarfile.open(folder / packed.stdout.strip()) as archive:
        file = archive.extractfile(member)
        if file is None:
            raise FileNotFoundError(f"{package} holds no {member}")
        return file.read().decode()


def _write(name: str, package: str, sections: Mapping[str, Mapping[str, Any]]) -> None:
    (FACTS / f"{name}.json").write_text(rendered(package, sections), encoding="ascii")


def rendered(package: str, sections: Mapping[str, Mapping[str, Any]]) -> str:
    """Return JSON with one entry a line, in order, so that changes show as a readable diff."""
    parts = [f'"package":{json.dumps(package)}']
    for section, entries in sections.items():
        lines = (f"{json.dumps(key)}:{_compact(entries[key])}" for key in sorted(entries))
        parts.append(f"{json.dumps(section)}:{{\n" + ",\n".join(lines) + "\n}")
    return "{" + ",\n".join(parts) + "}\n"


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True)


# REST ------------------------------------------------------------------------------------------


def rest_facts(description: Json, wanted: Iterable[str]) -> dict[str, Json]:
    """Return the wanted operations of an OpenAPI 3.0 description, and the schemas they reach."""
    by_id = dict(_operations(description))
    operations = {name: _operation(description, *by_id[name]) for name in wanted}
    return {"operations": operations, "schemas": _reached(description, operations, _nullable)}


def _operations(description: Json) -> Iterator[tuple[str, tuple[str, str, Json]]]:
    for path, item in description["paths"].items():
        for method in METHODS:
            if method in item:
                yield item[method]["operationId"], (method.upper(), path, item[method])


def _operation(description: Json, method: str, path: str, operation: Json) -> Json:
    parameters = [_resolved(description, one) for one in operation.get("parameters", ())]
    facts: Json = {
        "method": method,
        "path": path,
        "parameters": [_parameter(one) for one in parameters if one["in"] in ("path", "query")],
        "responses": {
            status: _content(_resolved(description, response))
            for status, response in operation["responses"].items()
        },
    }
    if body := _resolved(description, operation.get("requestBody", {})):
        facts["body"] = {"required": body.get("required", False), "schema": _content(body)}
    return facts


def _parameter(parameter: Json) -> Json:
    return {
        "name": parameter["name"],
        "in": parameter["in"],
        "required": parameter.get("required", False),
        "multi": parameter.get("x-multi-segment", False),
        "schema": _nullable(parameter["schema"]),
    }


def _content(holder: Json) -> Json | None:
    """Return the schema of a JSON body; None says that there is no body."""
    content = holder.get("content", {}).get("application/json")
    return None if content is None else _nullable(content["schema"])


def _resolved(description: Json, node: Json) -> Json:
    while "$ref" in node:
        found: Any = description
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        node = found
    return node


def _nullable(schema: Json) -> Json:
    """Write OpenAPI 3.0's `nullable` as JSON Schema does: null is one of the types."""
    if "$ref" in schema:
        return _structure(schema, _nullable)
    facts = _structure(schema, _nullable)
    if not schema.get("nullable"):
        return facts
    if not isinstance(facts.get("type"), str):
        return {"anyOf": [facts, {"type": "null"}]}
    facts["type"] = [facts["type"], "null"]
    if "enum" in facts:
        facts["enum"] = list(dict.fromkeys([*facts["enum"], None]))
    return facts


# Webhooks --------------------------------------------------------------------------------------


def webhook_facts(description: Json, wanted: Iterable[str]) -> dict[str, Json]:
    """Return the wanted events of an OpenAPI 3.1 description, and the schemas they reach."""
    payloads = {name: _payload(description["webhooks"][name]) for name in wanted}
    return {"webhooks": payloads, "schemas": _reached(description, payloads, _plain)}


def _payload(webhook: Json) -> Json:
    return _plain(webhook["post"]["requestBody"]["content"]["application/json"]["schema"])


def _plain(schema: Json) -> Json:
    return _structure(schema, _plain)


# Schemas ---------------------------------------------------------------------------------------


def _structure(schema: Json, convert: Callable[[Json], Json]) -> Json:
    """Keep what says how a value must look, and nothing of what explains it."""
    if "$ref" in schema:
        return {"$ref": "#/schemas/" + schema["$ref"].rsplit("/", 1)[1]}
    facts = {key: schema[key] for key in schema if key in LITERAL or key in LIMITS}
    for key in BRANCHES & schema.keys():
        facts[key] = [convert(branch) for branch in schema[key]]
    if "properties" in schema:
        facts["properties"] = {name: convert(one) for name, one in schema["properties"].items()}
    for key in {"items", "additionalProperties"} & schema.keys():
        facts[key] = convert(schema[key]) if isinstance(schema[key], dict) else schema[key]
    return facts


def _reached(description: Json, roots: Json, convert: Callable[[Json], Json]) -> Json:
    reached: Json = {}
    waiting = [*_references(roots)]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached[name] = convert(description["components"]["schemas"][name])
            waiting += _references(reached[name])
    return reached


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _references(item)
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"].rsplit("/", 1)[1]
        for value in node.values():
            yield from _references(value)


# GraphQL ---------------------------------------------------------------------------------------


def graphql_facts(description: str, wanted: Mapping[str, str]) -> dict[str, Json]:
    """Return the wanted fields of a schema as one line of schema language per type."""
    schema = build_schema(description, assume_valid=True)
    types = {
        name: _fielded(schema, name, fields.split(), wanted) for name, fields in wanted.items()
    }
    waiting = [*_leaves(schema, wanted)]
    while waiting:
        leaf = waiting.pop()
        if leaf.name not in types and not is_specified_scalar_type(leaf):
            types[leaf.name] = _leaf(leaf)
            if isinstance(leaf, GraphQLInputObjectType):
                waiting += [get_named_type(field.type) for field in leaf.fields.values()]
    return {"types": types}


def _composite(schema: GraphQLSchema, name: str) -> GraphQLObjectType | GraphQLInterfaceType:
    found = schema.type_map[name]
    if not isinstance(found, GraphQLObjectType | GraphQLInterfaceType):
        raise TypeError(f"{name} has no fields")
    return found


def _fielded(
    schema: GraphQLSchema, name: str, fields: Iterable[str], wanted: Mapping[str, str]
) -> str:
    found = _composite(schema, name)
    keyword = "type" if isinstance(found, GraphQLObjectType) else "interface"
    interfaces = "&".join(one.name for one in found.interfaces if one.name in wanted)
    implements = f" implements {interfaces}" if interfaces else ""
    return f"{keyword} {name}{implements}{{{_lines(found.fields, fields)}}}"


def _lines(known: Mapping[str, GraphQLField], names: Iterable[str]) -> str:
    return " ".join(f"{name}{_arguments(known[name].args)}:{known[name].type}" for name in names)


def _arguments(arguments: Mapping[str, GraphQLArgument]) -> str:
    if not arguments:
        return ""
    return "(" + " ".join(_input(name, one) for name, one in arguments.items()) + ")"


def _input(name: str, value: GraphQLArgument | GraphQLInputField) -> str:
    default = value.ast_node.default_value if value.ast_node else None
    return f"{name}:{value.type}" + (f"={print_ast(default)}" if default else "")


def _leaf(leaf: GraphQLNamedType) -> str:
    if isinstance(leaf, GraphQLEnumType):
        return f"enum {leaf.name}{{{' '.join(leaf.values)}}}"
    if isinstance(leaf, GraphQLInputObjectType):
        fields = " ".join(_input(name, one) for name, one in leaf.fields.items())
        return f"input {leaf.name}{{{fields}}}"
    return f"scalar {leaf.name}"


def _leaves(schema: GraphQLSchema, wanted: Mapping[str, str]) -> Iterator[GraphQLNamedType]:
    """Yield the types that wanted fields return or take and that have no fields to choose.

    Raises:
        KeyError: a wanted field returns a type of which no field is wanted.
    """
    for name, fields in wanted.items():
        for field in (_composite(schema, name).fields[one] for one in fields.split()):
            result = get_named_type(field.type)
            if not isinstance(result, GraphQLObjectType | GraphQLInterfaceType):
                yield result
            elif result.name not in wanted:
                raise KeyError(f"{name} returns {result.name}, of which no field is wanted")
            yield from (get_named_type(argument.type) for argument in field.args.values())


if __name__ == "__main__":
    main()
