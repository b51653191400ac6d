"""How each field of each GraphQL type is answered: one table per type, no defaults."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import pygit2

from bot.sandbox.git_store import HEADS, UnknownObjectError
from bot.sandbox.graphql_api import checks, reviews
from bot.sandbox.graphql_api.sources import (
    Branch,
    Connection,
    Context,
    Field,
    GitObject,
    Plain,
    Pull,
    PullCommit,
    Refusal,
    Signature,
    TreeItem,
)
from bot.sandbox.model import Account
from bot.sandbox.render import accounts, pulls, repositories
from bot.sandbox.repository import Repository
from bot.sandbox.world import timestamp

# As "List commits on a pull request" has it.
MOST_COMMITS = 250

# Repositories and references


def owned_repository(
    _: object, context: Context, *, owner: str, name: str, **__: Any
) -> Repository:
    """Answer `repository(owner:, name:)`."""
    return context.repository(f"{owner}/{name}")


def git_object(
    repository: Repository,
    context: Context,
    *,
    expression: str | None = None,
    oid: str | None = None,
) -> GitObject | None:
    """Answer `object(expression:)` with `REVISION` or `REVISION:PATH`, or `object(oid:)`."""
    context.require(repository, "contents=read")
    revision, colon, path = (oid or expression or "HEAD").partition(":")
    try:
        found = _revision(repository, revision)
        if colon:
            tree = repository.store.tree(found)
            found = str((tree[path] if path else tree).id)
    except (UnknownObjectError, KeyError):
        return None
    return GitObject(repository, found)


def _revision(repository: Repository, revision: str) -> str:
    name = repository.default_branch if revision == "HEAD" else revision
    return name if name in repository.store else str(repository.store.resolve(name).id)


def reference(
    repository: Repository,
    context: Context,
    *,
    qualifiedName: str,  # noqa: N803 - GitHub's name
) -> Branch | None:
    """Answer `ref(qualifiedName:)`, with a full name or a branch's own."""
    context.require(repository, "contents=read")
    for name in (qualifiedName, HEADS + qualifiedName):
        if repository.store.reference(name) is not None:
            return Branch(repository, name)
    return None


def pull_request(repository: Repository, context: Context, *, number: int) -> Pull:
    """Answer `pullRequest(number:)`."""
    context.require(repository, "pull_requests=read")
    if number not in repository.pulls:
        message = f"Could not resolve to a PullRequest with the number of {number}."
        raise Refusal("NOT_FOUND", message)
    return Pull(repository, repository.pulls[number])


def pull_requests(
    repository: Repository,
    context: Context,
    *,
    states: Sequence[str] = (),
    labels: Sequence[str] = (),
    headRefName: str | None = None,  # noqa: N803 - GitHub's name
    baseRefName: str | None = None,  # noqa: N803 - GitHub's name
    orderBy: Mapping[str, str] | None = None,  # noqa: N803 - GitHub's name
    **part: Any,
) -> Connection:
    """Answer `pullRequests`, oldest first unless another order is wanted; none has labels."""
    context.require(repository, "pull_requests=read")
    found = [
        Pull(repository, pull)
        for pull in repository.pulls.values()
        if not labels
        and (not states or _state(Pull(repository, pull), context) in states)
        and headRefName in {None, pull.head_ref}
        and baseRefName in {None, pull.base_ref}
    ]
    order = orderBy or {"field": "CREATED_AT", "direction": "ASC"}
    if order["field"] == "UPDATED_AT":
        found.sort(key=lambda one: one.record.updated_at)
    if order["direction"] == "DESC":
        found.reverse()
    return Connection.of(found, "pullRequests", **part)


def _parent(repository: Repository, context: Context) -> Repository | None:
    return context.site.world.repositories.get(repository.fork_of or 0)


_REPOSITORY: Plain[Repository] = {
    "databaseId": lambda one, _: one.id,
    "defaultBranchRef": lambda one, context: reference(
        one, context, qualifiedName=one.default_branch
    ),
    "id": lambda one, _: f"R_{one.id}",
    "isFork": lambda one, _: one.fork_of is not None,
    "isPrivate": lambda one, _: one.private,
    "name": lambda one, _: one.name,
    "nameWithOwner": lambda one, _: one.full_name,
    "owner": lambda one, _: one.owner,
    "parent": _parent,
    "url": lambda one, context: repositories.page_url(context.site.world, one),
}
REPOSITORY: Mapping[str, Field] = {
    **_REPOSITORY,
    "object": git_object,
    "pullRequest": pull_request,
    "pullRequests": pull_requests,
    "ref": reference,
}


def _ref_name(branch: Branch, *, prefix: bool) -> str:
    kind = "/".join(branch.full_name.split("/")[:2]) + "/"
    return kind if prefix else branch.full_name.removeprefix(kind)


def _target(branch: Branch, _: Context) -> GitObject | None:
    oid = branch.repository.store.reference(branch.full_name)
    return GitObject(branch.repository, oid) if oid else None


REF: Plain[Branch] = {
    "id": lambda one, _: f"REF_{one.repository.id}_{one.full_name}",
    "name": lambda one, _: _ref_name(one, prefix=False),
    "prefix": lambda one, _: _ref_name(one, prefix=True),
    "repository": lambda one, _: one.repository,
    "target": _target,
}


# Git objects


def blob_text(source: GitObject, context: Context) -> str | None:
    """Answer `text`: decoded as UTF-8, cut off above the limit, null for binary content."""
    data, limit = source.blob.data, context.site.limits.graphql_text_bytes
    return None if b"\0" in data else data[:limit].decode("utf-8", "replace")


def is_truncated(source: GitObject, context: Context) -> bool:
    """Answer `isTruncated`."""
    return source.blob.size > context.site.limits.graphql_text_bytes


def _path(source: GitObject, context: Context) -> str:
    page = repositories.page_url(context.site.world, source.repository)
    return f"{page}/commit/{source.oid}"


GIT_OBJECT: Plain[GitObject] = {
    "abbreviatedOid": lambda one, _: one.oid[:7],
    "commitResourcePath": lambda one, context: urlsplit(_path(one, context)).path,
    "commitUrl": _path,
    "id": lambda one, _: f"{one.kind[0].upper()}_{one.repository.id}_{one.oid}",
    "oid": lambda one, _: one.oid,
    "repository": lambda one, _: one.repository,
}

BLOB: Plain[GitObject] = {
    **GIT_OBJECT,
    "byteSize": lambda one, _: one.blob.size,
    "isBinary": lambda one, _: b"\0" in one.blob.data,
    "isTruncated": is_truncated,
    "text": blob_text,
}


def entries(source: GitObject, _: Context) -> list[TreeItem]:
    """Answer a tree's `entries`."""
    store = source.repository.store
    listed = store.entries(source.tree, recursive=False)
    return [TreeItem(source.repository, entry) for entry in listed]


def _entry_object(source: TreeItem, _: Context) -> GitObject | None:
    if source.entry.type == "commit":
        return None
    return GitObject(source.repository, source.entry.oid)


TREE: Plain[GitObject] = {**GIT_OBJECT, "entries": entries}

TREE_ENTRY: Plain[TreeItem] = {
    "extension": lambda one, _: PurePosixPath(one.entry.path).suffix,
    "mode": lambda one, _: one.entry.mode,
    "name": lambda one, _: PurePosixPath(one.entry.path).name,
    "object": _entry_object,
    "oid": lambda one, _: one.entry.oid,
    "path": lambda one, _: one.entry.path,
    "repository": lambda one, _: one.repository,
    "size": lambda one, _: one.entry.size or 0,
    "type": lambda one, _: one.entry.type,
}


def _when(signature: pygit2.Signature) -> str:
    return timestamp(datetime.fromtimestamp(signature.time, UTC))


def _signature(source: GitObject, _: Context) -> Signature | None:
    return Signature(source.oid) if source.oid in source.repository.verified else None


def parents(source: GitObject, _: Context, **part: Any) -> Connection:
    """Answer a commit's `parents`."""
    nodes = [GitObject(source.repository, str(oid)) for oid in source.commit.parent_ids]
    return Connection.of(nodes, "parents", **part)


def commit_file(source: GitObject, _: Context, *, path: str) -> TreeItem:
    """Answer a commit's `file(path:)`.

    Raises:
        Refusal: there is none; GitHub says so beside the data.
    """
    entry = source.repository.store.entry(source.commit.tree, path)
    if entry is None:
        raise Refusal("NOT_FOUND", f"Could not resolve file for path '{path}'.")
    return TreeItem(source.repository, entry)


_COMMIT: Plain[GitObject] = {
    **GIT_OBJECT,
    "author": lambda one, _: one.commit.author,
    "authoredDate": lambda one, _: _when(one.commit.author),
    "committedDate": lambda one, _: _when(one.commit.committer),
    "committer": lambda one, _: one.commit.committer,
    "message": lambda one, _: one.commit.message,
    "messageBody": lambda one, _: one.commit.message.partition("\n")[2].strip("\n"),
    "messageHeadline": lambda one, _: one.commit.message.partition("\n")[0],
    "signature": _signature,
    "tree": lambda one, _: GitObject(one.repository, str(one.commit.tree_id)),
    "url": _path,
}

COMMIT: Mapping[str, Field] = {
    **_COMMIT,
    "checkSuites": checks.suites,
    "file": commit_file,
    "parents": parents,
}

CONNECTION: Plain[Connection] = {
    "nodes": lambda one, _: one.nodes,
    "pageInfo": lambda one, _: one,
    "totalCount": lambda one, _: one.total,
}

PAGE_INFO: Plain[Connection] = {
    "endCursor": lambda one, _: str(one.offset + len(one.nodes)) if one.nodes else None,
    "hasNextPage": lambda one, _: one.offset + len(one.nodes) < one.total,
    "hasPreviousPage": lambda one, _: one.offset > 0,
    "startCursor": lambda one, _: str(one.offset + 1) if one.nodes else None,
}

GIT_ACTOR: Plain[pygit2.Signature] = {
    "date": lambda one, _: _when(one),
    "email": lambda one, _: one.email,
    "name": lambda one, _: one.name,
    "user": lambda one, context: _user(context.site.world.accounts.get(one.name)),
}

SIGNATURE: Plain[Signature] = {
    "email": lambda _, __: "noreply@github.com",
    "isValid": lambda _, __: True,
    "keyId": lambda _, __: None,
    "payload": lambda one, _: f"commit {one.commit}",
    "signature": lambda _, __: "-----BEGIN PGP SIGNATURE-----",
    "signer": lambda _, __: None,
    "state": lambda _, __: "VALID",
    "verifiedAt": lambda _, __: None,
    "wasSignedByGitHub": lambda _, __: True,
}


def _user(account: Account | None) -> Account | None:
    return account if account is not None and account.kind == "User" else None


# Accounts and pull requests


def _page(account: Account, context: Context) -> str:
    return accounts.html_url(context.site.world, account)


def _avatar(account: Account, context: Context, **_: Any) -> str:
    return f"{context.site.world.url}/avatars/{account.id}"


def _bot_login(account: Account, _: Context) -> str:
    """GraphQL calls a bot by its app's name; only REST adds [bot]."""
    return account.login.removesuffix("[bot]")


_ACTOR: Plain[Account] = {
    "databaseId": lambda one, _: one.id,
    "id": lambda one, _: f"U_{one.id}",
    "login": lambda one, _: one.login,
    "name": lambda _, __: None,
    "resourcePath": lambda one, context: urlsplit(_page(one, context)).path,
    "url": _page,
}
ACTOR: Mapping[str, Field] = {**_ACTOR, "avatarUrl": _avatar}
BOT: Mapping[str, Field] = {**ACTOR, "login": _bot_login}


def _branch_of(repository: Repository | None, name: str) -> Branch | None:
    if repository is None or repository.head(name) is None:
        return None
    return Branch(repository, HEADS + name)


def _head_repository(source: Pull, context: Context) -> Repository | None:
    found = context.site.world.repositories.get(source.record.head_repository_id)
    return found if found is not None and context.sees(found) else None


def _state(source: Pull, _: Context) -> str:
    return "MERGED" if source.record.merged_at else source.record.state.upper()


def pull_commits(source: Pull, _: Context, **part: Any) -> Connection:
    """Answer a pull request's `commits`, oldest first, up to 250."""
    repository, pull = source.repository, source.record
    history = repository.store.history(pull.head_sha, without=pull.base_sha)[:MOST_COMMITS]
    found = [PullCommit(source, str(commit.id)) for commit in history]
    return Connection.of(found, "commits", **part)


def _commit_page(one: PullCommit, context: Context) -> str:
    page = pulls.pull_page(context.site.world, one.pull.repository, one.pull.record)
    return f"{page}/commits/{one.oid}"


PULL_COMMIT: Plain[PullCommit] = {
    "commit": lambda one, _: GitObject(one.pull.repository, one.oid),
    "id": lambda one, _: f"PRC_{one.pull.record.id}_{one.oid}",
    "pullRequest": lambda one, _: one.pull,
    "url": _commit_page,
}


_PULL_REQUEST: Plain[Pull] = {
    "additions": lambda one, _: one.repository.diff_of(one.record).additions,
    "author": lambda one, _: one.record.author,
    "baseRef": lambda one, _: _branch_of(one.repository, one.record.base_ref),
    "baseRefName": lambda one, _: one.record.base_ref,
    "baseRefOid": lambda one, _: one.record.base_sha,
    "body": lambda one, _: one.record.body or "",
    "changedFiles": lambda one, _: len(one.repository.diff_of(one.record).files()),
    "closed": lambda one, _: one.record.state == "closed",
    "createdAt": lambda one, _: one.record.created_at,
    "databaseId": lambda one, _: one.record.id,
    "deletions": lambda one, _: one.repository.diff_of(one.record).deletions,
    "headRef": lambda one, c: _branch_of(_head_repository(one, c), one.record.head_ref),
    "headRefName": lambda one, _: one.record.head_ref,
    "headRefOid": lambda one, _: one.record.head_sha,
    "headRepository": _head_repository,
    "headRepositoryOwner": lambda one, _: one.record.head_owner,
    "id": lambda one, _: f"PR_{one.record.id}",
    "isCrossRepository": lambda one, _: one.record.from_fork,
    "isDraft": lambda one, _: one.record.draft,
    "maintainerCanModify": lambda one, _: one.record.maintainer_can_modify,
    "merged": lambda one, _: one.record.merged_at is not None,
    "number": lambda one, _: one.record.number,
    "repository": lambda one, _: one.repository,
    "state": _state,
    "title": lambda one, _: one.record.title,
    "updatedAt": lambda one, _: one.record.updated_at,
    "url": lambda one, c: pulls.pull_page(c.site.world, one.repository, one.record),
}
PULL_REQUEST: Mapping[str, Field] = {
    **_PULL_REQUEST,
    "commits": pull_commits,
    "latestOpinionatedReviews": reviews.latest_opinions,
    "reviewThreads": reviews.threads,
}
