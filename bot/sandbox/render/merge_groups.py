"""Merge groups as webhooks carry them."""

from bot.sandbox.git_store import HEADS
from bot.sandbox.model import Json, MergeGroup
from bot.sandbox.render.git_data import simple_commit
from bot.sandbox.repository import Repository


def merge_group(one: Repository, group: MergeGroup) -> Json:
    """Return a merge group; its references are whole, with `refs/heads/`."""
    return {
        "head_sha": group.head_sha,
        "head_ref": HEADS + group.branch,
        "base_sha": group.base_sha,
        "base_ref": HEADS + group.base_ref,
        "head_commit": simple_commit(one.store.commit(group.head_sha)),
    }
