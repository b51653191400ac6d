"""A commit made object by object, which keeps the modes of its files.

The objects are named by their content and nothing shows before the branch points to them, so
each of the requests may be repeated. There is no compare-and-swap: the branch is read just
before, and is only ever moved forward ("Update a reference", `force: false`).
"""

from base64 import b64encode
from collections.abc import Mapping

import msgspec

from bot.github.client import Client
from bot.github.errors import Forbidden, Gone, PushRefused, StaleHead, UnexpectedAnswer
from bot.github.push import Push, refused_update
from bot.github.trees import Mode


class _Sha(msgspec.Struct):
    sha: str


class _Commit(msgspec.Struct):
    tree: _Sha


class _Ref(msgspec.Struct):
    object: _Sha


async def commit_by_git_data(client: Client, push: Push, modes: Mapping[str, str]) -> str:
    """Commit on top of a branch; return the new head's sha.

    Args:
        client: allowed to write contents.
        push: what is pushed.
        modes: of the files; those without one are new.

    Raises:
        StaleHead: the branch is somewhere else by now.
        PushRefused: GitHub doesn't let us, or the branch is gone.
    """
    try:
        await _check_head(client, push)
        sha = await _commit(client, push, await _tree(client, push, modes))
        await _move(client, push, sha)
    # So GitHub may say of what we must not write, in a private fork above all.
    except (Forbidden, Gone) as error:
        raise PushRefused(str(error)) from None
    return sha


async def _check_head(client: Client, push: Push) -> None:
    path = push.path("git", "ref", "heads", *push.branch.split("/"))
    try:
        ref = await client.get(path, _Ref)
    except Gone:
        raise PushRefused(f"the branch {push.branch} is gone") from None
    if ref.object.sha != push.expected_head:
        raise StaleHead(f"{push.branch} points to {ref.object.sha}")


async def _tree(client: Client, push: Push, modes: Mapping[str, str]) -> str:
    base = await client.get(push.path("git", "commits", push.expected_head), _Commit)
    entries = [
        {
            "path": path,
            "mode": modes.get(path, Mode.FILE),
            "type": "blob",
            **await _content(client, push, content),
        }
        for path, content in push.files.items()
    ]
    body = {"base_tree": base.tree.sha, "tree": entries}
    return (await client.send("POST", push.path("git", "trees"), body, _Sha, repeatable=True)).sha


async def _content(client: Client, push: Push, content: bytes) -> Mapping[str, str]:
    """Return a content as text, or as the sha of a blob that was made where it is none."""
    try:
        return {"content": content.decode()}
    except UnicodeDecodeError:
        body = {"content": b64encode(content).decode(), "encoding": "base64"}
        path = push.path("git", "blobs")
        blob = await client.send("POST", path, body, _Sha, repeatable=True)
        return {"sha": blob.sha}


async def _commit(client: Client, push: Push, tree: str) -> str:
    # No author and no date: GitHub then makes the app the author, and signs.
    body = {"message": push.message.text, "tree": tree, "parents": [push.expected_head]}
    path = push.path("git", "commits")
    return (await client.send("POST", path, body, _Sha, repeatable=True)).sha


async def _move(client: Client, push: Push, sha: str) -> None:
    path = push.path("git", "refs", "heads", *push.branch.split("/"))
    try:
        await client.send("PATCH", path, {"sha": sha, "force": False}, _Ref, repeatable=True)
    except UnexpectedAnswer as error:
        raise refused_update(error) from None
