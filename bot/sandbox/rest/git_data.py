"""The git data interface: blobs, trees, commits and references, one object at a time."""

import base64
import binascii
import re
from collections.abc import Iterable
from datetime import datetime

import pygit2

from bot.sandbox.errors import ApiError, invalid, not_found
from bot.sandbox.git_store import HEADS, GitStore, UnknownObjectError
from bot.sandbox.model import Json
from bot.sandbox.render import git_data
from bot.sandbox.reply import Reply
from bot.sandbox.repository import Repository
from bot.sandbox.rest.call import Call, Operations, found

operations = Operations()


@operations.answers_to("git/get-blob", "contents=read")
def get_blob(call: Call) -> Reply:
    """Return a blob, always in base64."""
    blob = _blob(call.store, call.path["file_sha"])
    oid = str(blob.id)
    return Reply(
        200,
        {
            "sha": oid,
            "node_id": f"B_{oid}",
            "size": blob.size,
            "url": git_data.object_url(call.world, call.repository, "blobs", oid),
            "encoding": "base64",
            "content": base64.encodebytes(blob.data).decode(),
        },
    )


@operations.answers_to("git/create-blob", "contents=write")
def create_blob(call: Call) -> Reply:
    """Store content that comes as text or in base64."""
    oid = call.store.write_blob(_content(call.body))
    url = git_data.object_url(call.world, call.repository, "blobs", oid)
    return Reply(201, {"sha": oid, "url": url}, {"Location": url})


@operations.answers_to("git/get-tree", "contents=read")
def get_tree(call: Call) -> Reply:
    """Return a tree; `recursive` counts whatever its value is, and long lists are cut off."""
    found_tree = _tree(call.store, call.path["tree_sha"])
    entries = list(call.store.entries(found_tree, recursive="recursive" in call.query))
    limit = call.site.limits.tree_entries
    return Reply(
        200,
        git_data.tree(
            call.world,
            call.repository,
            str(found_tree.id),
            entries[:limit],
            truncated=len(entries) > limit,
        ),
    )


@operations.answers_to("git/create-tree", "contents=write")
def create_tree(call: Call) -> Reply:
    """Store a tree; without `base_tree`, everything that is not named is gone."""
    store, index = call.store, pygit2.Index()
    if base := call.body.get("base_tree"):
        index.read_tree(_tree(store, base))
    for entry in call.body["tree"]:
        _stage(store, index, entry)
    stored = store.tree(str(index.write_tree(store.git)))
    entries = store.entries(stored, recursive=False)
    body = git_data.tree(call.world, call.repository, str(stored.id), entries, truncated=False)
    return Reply(201, body, {"Location": body["url"]})


@operations.answers_to("git/get-commit", "contents=read")
def get_commit(call: Call) -> Reply:
    """Return a commit."""
    try:
        commit = call.store.commit(call.path["commit_sha"])
    except UnknownObjectError as error:
        raise not_found() from error
    return Reply(200, git_data.git_commit(call.world, call.repository, commit))


@operations.answers_to("git/create-commit", "contents=write")
def create_commit(call: Call) -> Reply:
    """Store a commit; one without an author of its own is the app's, and signed by GitHub."""
    repository, body = call.repository, call.body
    if body["tree"] not in repository.store:
        raise invalid("Tree SHA does not exist")
    if any(parent not in repository.store for parent in body.get("parents", ())):
        raise invalid("Parent SHA does not exist or is not a commit object")
    oid = _write_commit(call, repository, body)
    commit = git_data.git_commit(call.world, repository, repository.store.commit(oid))
    return Reply(201, commit, {"Location": commit["url"]})


@operations.answers_to("git/get-ref", "contents=read")
def get_ref(call: Call) -> Reply:
    """Return a reference; the path leaves `refs/` out."""
    name = f"refs/{call.path['ref']}"
    oid = found(call.store.reference(name))
    return Reply(200, git_data.reference(call.world, call.repository, name, oid))


@operations.answers_to("git/create-ref", "contents=write")
def create_ref(call: Call) -> Reply:
    """Create a branch or tag at a commit that is there."""
    repository, name, sha = call.repository, call.body["ref"], call.body["sha"]
    if not re.fullmatch(r"refs/[^/]+/.+", name):
        raise invalid("Reference name must start with 'refs' and have at least two slashes.")
    if repository.store.reference(name) is not None:
        raise invalid("Reference already exists")
    _set_reference(call, repository, name, sha)
    body = git_data.reference(call.world, repository, name, sha)
    return Reply(201, body, {"Location": body["url"]})


@operations.answers_to("git/update-ref", "contents=write")
def update_ref(call: Call) -> Reply:
    """Move a reference; without `force`, only forward."""
    repository, name = call.repository, f"refs/{call.path['ref']}"
    branch, sha = name.removeprefix(HEADS), call.body["sha"]
    if call.stale_head:
        call.site.activity.overtake(repository, branch)
    old = repository.store.reference(name)
    if old is None:
        raise invalid("Reference does not exist")
    if repository.refuses_push(branch):
        raise invalid("Repository rule violations found")
    forced = call.body.get("force", False)
    if not forced and sha in repository.store and not repository.store.is_fast_forward(old, sha):
        raise invalid("Update is not a fast forward")
    _set_reference(call, repository, name, sha)
    return Reply(200, git_data.reference(call.world, repository, name, sha))


def _set_reference(call: Call, repository: Repository, name: str, sha: str) -> None:
    if sha not in repository.store:
        raise invalid("Object does not exist")
    if name.startswith(HEADS):
        call.site.activity.move(repository, name.removeprefix(HEADS), sha, call.author)
    else:
        repository.store.point(name, sha)


def _blob(store: GitStore, oid: str) -> pygit2.Blob:
    try:
        return store.blob(oid)
    except UnknownObjectError as error:
        raise not_found() from error


def _tree(store: GitStore, revision: str) -> pygit2.Tree:
    try:
        return store.tree(revision) if revision in store else store.resolve(revision).tree
    except UnknownObjectError as error:
        if not store.branches():
            raise ApiError(409, "Git Repository is empty.") from error
        raise not_found() from error


def _content(body: Json) -> bytes:
    if body.get("encoding") != "base64":
        return str(body["content"]).encode()
    try:
        return base64.b64decode(body["content"], validate=True)
    except binascii.Error as error:
        raise invalid("The content is not valid Base64.") from error


def _stage(store: GitStore, index: pygit2.Index, entry: Json) -> None:
    path = entry.get("path", "")
    if "content" not in entry and entry.get("sha", "") is None:
        if path not in index:
            raise invalid("GitRPC::BadObjectState")
        index.remove(path)
        return
    oid = store.write_blob(entry["content"].encode()) if "content" in entry else entry.get("sha")
    if not path or "mode" not in entry or oid is None or oid not in store:
        raise invalid("GitRPC::BadObjectState")
    index.add(
        pygit2.IndexEntry(path, pygit2.Oid(hex=oid), pygit2.enums.FileMode(int(entry["mode"], 8)))
    )


def _write_commit(call: Call, repository: Repository, body: Json) -> str:
    parents: Iterable[str] = body.get("parents", ())
    if not {"author", "committer", "signature"} & body.keys():
        who = call.site.activity.signature(call.author)
        return repository.web_commit(body["tree"], parents, body["message"], who)
    author = _person(call, body.get("author"))
    committer = _person(call, body.get("committer") or body.get("author"))
    return repository.store.write_commit(body["tree"], parents, body["message"], author, committer)


def _person(call: Call, given: Json | None) -> pygit2.Signature:
    default = call.site.activity.signature(call.author)
    if given is None:
        return default
    date = given.get("date")
    moment = int(datetime.fromisoformat(date).timestamp()) if date else default.time
    return pygit2.Signature(
        given.get("name", default.name), given.get("email", default.email), moment, 0
    )
