"""Repositories, who may do what in them, their files, and what GitHub says of itself."""

import base64
from urllib.parse import quote

import pygit2

from bot.sandbox.errors import not_found
from bot.sandbox.model import Json
from bot.sandbox.render import accounts, git_data, repositories
from bot.sandbox.reply import Reply
from bot.sandbox.rest.call import Call, Operations
from bot.sandbox.rest.commits import resolve

operations = Operations()


@operations.answers_to("repos/get", "metadata=read")
def get(call: Call) -> Reply:
    """Return a repository."""
    return Reply(200, repositories.full_repository(call.world, call.repository))


@operations.answers_to("repos/get-collaborator-permission-level", "metadata=read")
def get_permission(call: Call) -> Reply:
    """Return what somebody may do here; 404 only for who does not exist."""
    login = call.path["username"]
    who = accounts.account(call.world, call.world.account(login))
    return Reply(200, repositories.permission(call.repository, who, login))


@operations.answers_to("repos/get-content", "contents=read")
def get_content(call: Call) -> Reply:
    """Return a file with its content up to 1 MB, or what is in a directory."""
    repository, path = call.repository, call.path["path"].strip("/")
    commit = resolve(repository, call.query.get("ref", repository.default_branch))
    try:
        item = commit.tree[path]
    except KeyError as error:
        raise not_found() from error
    ref = str(commit.id)
    if isinstance(item, pygit2.Tree):
        return Reply(200, [_entry(call, ref, f"{path}/{one.name}", one) for one in item])
    return Reply(200, _entry(call, ref, path, item) | _content(call, item))


@operations.answers_to("rate-limit/get")
def rate_limit(call: Call) -> Reply:
    """Return the budget, which asking for it does not touch."""
    core = call.site.budget.overview(call.caller.name, "core")
    graphql = call.site.budget.overview(call.caller.name, "graphql")
    return Reply(
        200, {"resources": {"core": core, "graphql": graphql, "search": core}, "rate": core}
    )


@operations.answers_to("meta/get")
def meta(_: Call) -> Reply:
    """Return what GitHub tells of itself; everything here comes from this machine."""
    here = ["127.0.0.1/32"]
    return Reply(
        200,
        {"verifiable_password_authentication": False, "hooks": here, "web": here, "api": here},
    )


def _entry(call: Call, ref: str, path: str, item: pygit2.Object) -> Json:
    repository, world = call.repository, call.world
    kind = "dir" if isinstance(item, pygit2.Tree) else "file"
    quoted = quote(path)
    url = f"{repositories.api_url(world, repository)}/contents/{quoted}?ref={ref}"
    page = repositories.page_url(world, repository)
    git_url = git_data.object_url(world, repository, f"{item.type_str}s", str(item.id))
    html = f"{page}/{'tree' if kind == 'dir' else 'blob'}/{ref}/{quoted}"
    return {
        "type": kind,
        "name": path.rpartition("/")[2],
        "path": path,
        "sha": str(item.id),
        "size": item.size if isinstance(item, pygit2.Blob) else 0,
        "url": url,
        "git_url": git_url,
        "html_url": html,
        "download_url": f"{page}/raw/{ref}/{quoted}" if kind == "file" else None,
        "_links": {"self": url, "git": git_url, "html": html},
    }


def _content(call: Call, item: pygit2.Object) -> Json:
    if not isinstance(item, pygit2.Blob) or item.size > call.site.limits.content_bytes:
        return {"encoding": "none", "content": ""}
    return {"encoding": "base64", "content": base64.encodebytes(item.data).decode()}
