"""The `push` event, which has shapes of its own for repositories, commits and people."""

import pygit2

from bot.sandbox.diff import Diff
from bot.sandbox.git_store import HEADS, ZERO
from bot.sandbox.model import Account, Json
from bot.sandbox.render import repositories
from bot.sandbox.render.git_data import signature
from bot.sandbox.repository import Repository
from bot.sandbox.world import World

MAX_COMMITS = 2048


def push(
    world: World, one: Repository, branch: str, *, before: str, after: str, sender: Account
) -> Json:
    """Return what a push to a branch changed; zeros stand for a branch that is not there."""
    created, deleted = before == ZERO, after == ZERO
    commits = [] if deleted else one.store.history(after, without=_known(one, branch, before))
    told = [_commit(world, one, commit) for commit in commits[-MAX_COMMITS:]]
    forced = not created and not deleted and not one.store.is_fast_forward(before, after)
    page = repositories.page_url(world, one)
    return {
        "ref": HEADS + branch,
        "before": before,
        "after": after,
        "base_ref": None,
        "compare": f"{page}/compare/{before[:12]}...{after[:12]}",
        "created": created,
        "deleted": deleted,
        "forced": forced,
        "commits": told,
        "head_commit": None if deleted else _commit(world, one, one.store.commit(after)),
        "pusher": {"name": sender.login, "email": f"{sender.login}@users.noreply.github.com"},
    }


def repository(world: World, one: Repository) -> Json:
    """Return the repository as only this event has it."""
    return repositories.repository(world, one) | {"stargazers": 0, "master_branch": "main"}


def _known(one: Repository, branch: str, before: str) -> str | None:
    """Return the commit up to which a push brings nothing new."""
    if before != ZERO:
        return before
    return one.head(one.default_branch) if branch != one.default_branch else None


def _commit(world: World, one: Repository, commit: pygit2.Commit) -> Json:
    author, committer = signature(commit.author), signature(commit.committer)
    return _changes(one, commit) | {
        "id": str(commit.id),
        "tree_id": str(commit.tree_id),
        "distinct": True,
        "message": commit.message,
        "timestamp": committer["date"],
        "url": f"{repositories.page_url(world, one)}/commit/{commit.id}",
        "author": {"name": author["name"], "email": author["email"]},
        "committer": {"name": committer["name"], "email": committer["email"]},
    }


def _changes(one: Repository, commit: pygit2.Commit) -> Json:
    if not commit.parent_ids:
        entries = one.store.entries(commit.tree, recursive=True)
        added = [entry.path for entry in entries if entry.type != "tree"]
        return {"added": added, "removed": [], "modified": []}
    changes = Diff(one.store, str(commit.parent_ids[0]), str(commit.id)).files()
    return {
        "added": [c.path for c in changes if c.status in ("added", "renamed", "copied")],
        "removed": [c.previous_path or c.path for c in changes if _leaves(c.status)],
        "modified": [c.path for c in changes if c.status in ("modified", "changed")],
    }


def _leaves(status: str) -> bool:
    return status in ("removed", "renamed")
