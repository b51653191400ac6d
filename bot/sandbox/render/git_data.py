"""Commits, trees, blobs, references and file changes as JSON."""

from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import quote

import pygit2

from bot.sandbox.diff import Diff, FileChange
from bot.sandbox.git_store import Entry
from bot.sandbox.model import Json
from bot.sandbox.render import accounts
from bot.sandbox.render.repositories import api_url, page_url
from bot.sandbox.repository import Repository
from bot.sandbox.world import World, timestamp


def object_url(world: World, one: Repository, kind: str, oid: str) -> str:
    """Return the REST address of a git object; `kind` is blobs, trees, commits or tags."""
    return f"{api_url(world, one)}/git/{kind}/{oid}"


def signature(who: pygit2.Signature) -> Json:
    """Return who made a commit, and when."""
    moment = datetime.fromtimestamp(who.time, UTC)
    return {"name": who.name, "email": who.email, "date": timestamp(moment)}


def verification(one: Repository, oid: str) -> Json:
    """Return whether GitHub vouches for a commit: for those that it made itself."""
    if oid not in one.verified:
        return {
            "verified": False,
            "reason": "unsigned",
            "signature": None,
            "payload": None,
            "verified_at": None,
        }
    return {
        "verified": True,
        "reason": "valid",
        "signature": "-----BEGIN PGP SIGNATURE-----",
        "payload": f"commit {oid}",
        "verified_at": one.created_at,
    }


def git_commit(world: World, one: Repository, commit: pygit2.Commit) -> Json:
    """Return a commit as the git data interface has it."""
    oid = str(commit.id)
    return {
        "sha": oid,
        "node_id": f"C_{one.id}_{oid}",
        "url": object_url(world, one, "commits", oid),
        "html_url": f"{page_url(world, one)}/commit/{oid}",
        "author": signature(commit.author),
        "committer": signature(commit.committer),
        "message": commit.message,
        "tree": _tree_link(world, one, commit),
        "parents": [_parent(world, one, str(oid), "git/commits") for oid in commit.parent_ids],
        "verification": verification(one, oid),
    }


def simple_commit(found: pygit2.Commit) -> Json:
    """Return a commit as check suites and merge groups carry it in webhooks."""
    author, committer = signature(found.author), signature(found.committer)
    return {
        "id": str(found.id),
        "tree_id": str(found.tree_id),
        "message": found.message,
        "timestamp": committer["date"],
        "author": {"name": author["name"], "email": author["email"]},
        "committer": {"name": committer["name"], "email": committer["email"]},
    }


def commit(world: World, one: Repository, found: pygit2.Commit) -> Json:
    """Return a commit as the commits interface has it, without its files."""
    oid = str(found.id)
    url = f"{api_url(world, one)}/commits/{oid}"
    return {
        "sha": oid,
        "node_id": f"C_{one.id}_{oid}",
        "url": url,
        "html_url": f"{page_url(world, one)}/commit/{oid}",
        "comments_url": f"{url}/comments",
        "commit": _inner_commit(world, one, found),
        "author": _account(world, found.author),
        "committer": _account(world, found.committer),
        "parents": [_parent(world, one, str(oid), "commits") for oid in found.parent_ids],
    }


def commit_with_files(world: World, one: Repository, found: pygit2.Commit, diff: Diff) -> Json:
    """Return a single commit with what it changed."""
    stats = {
        "additions": diff.additions,
        "deletions": diff.deletions,
        "total": diff.additions + diff.deletions,
    }
    files = [file_change(world, one, str(found.id), change) for change in diff.files()]
    return commit(world, one, found) | {"stats": stats, "files": files}


def _account(world: World, who: pygit2.Signature) -> Json | None:
    """Return the account that a commit's address belongs to, None where nobody's is known."""
    number, plus, login = who.email.partition("@")[0].partition("+")
    known = world.accounts.get(login) if plus else None
    if known is None or str(known.id) != number:
        return None
    return accounts.account(world, known)


def _inner_commit(world: World, one: Repository, found: pygit2.Commit) -> Json:
    return {
        "url": object_url(world, one, "commits", str(found.id)),
        "author": signature(found.author),
        "committer": signature(found.committer),
        "message": found.message,
        "tree": _tree_link(world, one, found),
        "comment_count": 0,
        "verification": verification(one, str(found.id)),
    }


def _tree_link(world: World, one: Repository, found: pygit2.Commit) -> Json:
    oid = str(found.tree_id)
    return {"sha": oid, "url": object_url(world, one, "trees", oid)}


def _parent(world: World, one: Repository, oid: str, kind: str) -> Json:
    return {
        "sha": oid,
        "url": f"{api_url(world, one)}/{kind}/{oid}",
        "html_url": f"{page_url(world, one)}/commit/{oid}",
    }


def tree(
    world: World, one: Repository, oid: str, entries: Iterable[Entry], *, truncated: bool
) -> Json:
    """Return a tree's entries, or the first of them."""
    return {
        "sha": oid,
        "url": object_url(world, one, "trees", oid),
        "tree": [_entry(world, one, entry) for entry in entries],
        "truncated": truncated,
    }


def _entry(world: World, one: Repository, entry: Entry) -> Json:
    body: Json = {
        "path": entry.path,
        "mode": f"{entry.mode:06o}",
        "type": entry.type,
        "sha": entry.oid,
    }
    if entry.size is not None:
        body["size"] = entry.size
    if entry.type != "commit":
        body["url"] = object_url(world, one, f"{entry.type}s", entry.oid)
    return body


def reference(world: World, one: Repository, name: str, oid: str) -> Json:
    """Return a reference to a commit; `name` is the full name."""
    return {
        "ref": name,
        "node_id": f"REF_{one.id}_{name}",
        "url": f"{api_url(world, one)}/git/{quote(name)}",
        "object": {"type": "commit", "sha": oid, "url": object_url(world, one, "commits", oid)},
    }


def file_change(world: World, one: Repository, head: str, change: FileChange) -> Json:
    """Return one changed file of a pull request, a commit or a comparison."""
    page, path = page_url(world, one), quote(change.path)
    body: Json = {
        "sha": change.blob,
        "filename": change.path,
        "status": change.status,
        "additions": change.additions,
        "deletions": change.deletions,
        "changes": change.additions + change.deletions,
        "blob_url": f"{page}/blob/{head}/{path}",
        "raw_url": f"{page}/raw/{head}/{path}",
        "contents_url": f"{api_url(world, one)}/contents/{path}?ref={head}",
    }
    if change.patch is not None:
        body["patch"] = change.patch
    if change.previous_path is not None:
        body["previous_filename"] = change.previous_path
    return body
