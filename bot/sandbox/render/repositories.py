"""Repositories and branches as JSON."""

from urllib.parse import quote

from bot.sandbox.model import Json
from bot.sandbox.render.accounts import account
from bot.sandbox.repository import Repository
from bot.sandbox.world import World

# Suffixes of `/repos/OWNER/NAME` behind the names of the addresses in every repository.
REPOSITORY_URLS = {
    "archive_url": "/{archive_format}{/ref}",
    "assignees_url": "/assignees{/user}",
    "blobs_url": "/git/blobs{/sha}",
    "branches_url": "/branches{/branch}",
    "collaborators_url": "/collaborators{/collaborator}",
    "comments_url": "/comments{/number}",
    "commits_url": "/commits{/sha}",
    "compare_url": "/compare/{base}...{head}",
    "contents_url": "/contents/{+path}",
    "contributors_url": "/contributors",
    "deployments_url": "/deployments",
    "downloads_url": "/downloads",
    "events_url": "/events",
    "forks_url": "/forks",
    "git_commits_url": "/git/commits{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "hooks_url": "/hooks",
    "issue_comment_url": "/issues/comments{/number}",
    "issue_events_url": "/issues/events{/number}",
    "issues_url": "/issues{/number}",
    "keys_url": "/keys{/key_id}",
    "labels_url": "/labels{/name}",
    "languages_url": "/languages",
    "merges_url": "/merges",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "pulls_url": "/pulls{/number}",
    "releases_url": "/releases{/id}",
    "stargazers_url": "/stargazers",
    "statuses_url": "/statuses/{sha}",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "tags_url": "/tags",
    "teams_url": "/teams",
    "trees_url": "/git/trees{/sha}",
}


def api_url(world: World, one: Repository) -> str:
    """Return the REST address of a repository."""
    return f"{world.api_url}/repos/{one.full_name}"


def page_url(world: World, one: Repository) -> str:
    """Return the address of a repository's pages."""
    return f"{world.url}/{one.full_name}"


def repository(world: World, one: Repository) -> Json:
    """Return a repository as it stands inside of other answers and of webhooks."""
    return _identity(world, one) | _addresses(world, one) | _figures(world, one) | _features(one)


def full_repository(world: World, one: Repository) -> Json:
    """Return a repository as `GET /repos/OWNER/NAME` does: with its parent and its network."""
    body = repository(world, one) | {"subscribers_count": 0, "network_count": 0}
    if one.owner.kind == "Organization":
        body["organization"] = account(world, one.owner)
    parent = world.repositories.get(one.fork_of) if one.fork_of is not None else None
    if parent is not None:
        body |= {"parent": repository(world, parent), "source": repository(world, parent)}
    return body


def brief_repository(world: World, one: Repository) -> Json:
    """Return the three facts that check payloads give of a repository."""
    return {"id": one.id, "url": api_url(world, one), "name": one.name}


def _identity(world: World, one: Repository) -> Json:
    return {
        "id": one.id,
        "node_id": f"R_{one.id}",
        "name": one.name,
        "full_name": one.full_name,
        "owner": account(world, one.owner),
        "private": one.private,
        "visibility": "private" if one.private else "public",
        "fork": one.fork_of is not None,
        "description": None,
        "homepage": None,
        "language": None,
        "license": None,
        "topics": [],
        "default_branch": one.default_branch,
    }


def _addresses(world: World, one: Repository) -> Json:
    api, page = api_url(world, one), page_url(world, one)
    return {name: api + suffix for name, suffix in REPOSITORY_URLS.items()} | {
        "url": api,
        "html_url": page,
        "clone_url": f"{page}.git",
        "git_url": f"git://127.0.0.1/{one.full_name}.git",
        "ssh_url": f"git@127.0.0.1:{one.full_name}.git",
        "svn_url": page,
        "mirror_url": None,
    }


def _figures(world: World, one: Repository) -> Json:
    still_open = sum(pull.state == "open" for pull in one.pulls.values())
    forks = len(world.forks_of(one))
    return {
        "created_at": one.created_at,
        "updated_at": one.created_at,
        "pushed_at": one.created_at,
        "size": 0,
        "forks": forks,
        "forks_count": forks,
        "stargazers_count": 0,
        "watchers": 0,
        "watchers_count": 0,
        "open_issues": still_open,
        "open_issues_count": still_open,
    }


def _features(one: Repository) -> Json:
    return {
        "is_template": False,
        "archived": False,
        "disabled": False,
        "has_issues": True,
        "has_projects": False,
        "has_wiki": False,
        "has_pages": False,
        "has_downloads": False,
        "has_discussions": False,
        "allow_forking": not one.private,
        "web_commit_signoff_required": False,
    }


def branch(world: World, one: Repository, name: str, commit: Json) -> Json:
    """Return a branch with its protection."""
    url = f"{api_url(world, one)}/branches/{quote(name, safe='')}"
    protection = f"{url}/protection"
    return {
        "name": name,
        "commit": commit,
        "_links": {"self": url, "html": f"{page_url(world, one)}/tree/{quote(name)}"},
        # Rulesets do not count here; they have an operation of their own.
        "protected": name in one.protected,
        "protection": {"enabled": name in one.protected},
        "protection_url": protection,
    }


def permission(one: Repository, who: Json, login: str) -> Json:
    """Return a collaborator's permission: the four old names, and the role's own name."""
    base = one.base_role(login)
    old = {"maintain": "write", "triage": "read"}.get(base, base)
    rights = {
        "pull": one.allows(login, "read"),
        "triage": one.allows(login, "triage"),
        "push": one.allows(login, "write"),
        "maintain": one.allows(login, "maintain"),
        "admin": one.allows(login, "admin"),
    }
    user = who | {"permissions": rights, "role_name": one.role(login)}
    return {"permission": old, "role_name": one.role(login), "user": user}
