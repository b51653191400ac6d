"""Pull requests as JSON, for the REST interface and for webhooks alike."""

from bot.sandbox.model import Account, Json, PullRequest
from bot.sandbox.render.accounts import account
from bot.sandbox.render.repositories import api_url, brief_repository, page_url, repository
from bot.sandbox.repository import Repository
from bot.sandbox.world import World


def pull_url(world: World, one: Repository, pull: PullRequest) -> str:
    """Return the REST address of a pull request."""
    return f"{api_url(world, one)}/pulls/{pull.number}"


def pull_page(world: World, one: Repository, pull: PullRequest) -> str:
    """Return the address of a pull request's page."""
    return f"{page_url(world, one)}/pull/{pull.number}"


def association(one: Repository, who: Account) -> str:
    """Return `author_association`: advisory only, as on GitHub."""
    if who.login == one.owner.login:
        return "OWNER"
    if who.login in one.permissions:
        return "MEMBER" if one.owner.kind == "Organization" else "COLLABORATOR"
    return "NONE"


def simple_pull(world: World, one: Repository, pull: PullRequest) -> Json:
    """Return a pull request as lists have it."""
    return (
        _links(world, one, pull)
        | _story(world, one, pull)
        | {
            "head": _side(
                world,
                world.repositories.get(pull.head_repository_id),
                pull.head_owner,
                pull.head_ref,
                pull.head_sha,
            ),
            "base": _side(world, one, one.owner, pull.base_ref, pull.base_sha),
        }
    )


def full_pull(world: World, one: Repository, pull: PullRequest) -> Json:
    """Return a pull request as it is fetched alone, and as webhooks carry it."""
    diff = one.diff_of(pull)
    commits = one.store.history(pull.head_sha, without=pull.base_sha)
    comments = sum(len(r.comments) for r in one.reviews.values() if r.number == pull.number)
    return simple_pull(world, one, pull) | {
        "merged": pull.merged_at is not None,
        "mergeable": True if pull.state == "open" else None,
        "rebaseable": True if pull.state == "open" else None,
        "mergeable_state": "clean" if pull.state == "open" else "unknown",
        "merged_by": None,
        "comments": len(one.comments_on(pull.number)),
        "review_comments": comments,
        "maintainer_can_modify": pull.maintainer_can_modify,
        "commits": len(commits),
        "additions": diff.additions,
        "deletions": diff.deletions,
        "changed_files": len(diff.files()),
    }


def minimal_pull(world: World, one: Repository, pull: PullRequest) -> Json:
    """Return the little that check runs say of a pull request."""
    place = brief_repository(world, one)
    return {
        "id": pull.id,
        "number": pull.number,
        "url": pull_url(world, one, pull),
        "head": {"ref": pull.head_ref, "sha": pull.head_sha, "repo": place},
        "base": {"ref": pull.base_ref, "sha": pull.base_sha, "repo": place},
    }


def _links(world: World, one: Repository, pull: PullRequest) -> Json:
    api, url, page = api_url(world, one), pull_url(world, one, pull), pull_page(world, one, pull)
    issue = f"{api}/issues/{pull.number}"
    links = {
        "html": page,
        "self": url,
        "issue": issue,
        "commits": f"{url}/commits",
        "comments": f"{issue}/comments",
        "review_comments": f"{url}/comments",
        "review_comment": f"{api}/pulls/comments{{/number}}",
        "statuses": f"{api}/statuses/{pull.head_sha}",
    }
    named = {f"{k}_url": href for k, href in links.items() if k != "self"}
    return named | {
        "url": url,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "_links": {name: {"href": href} for name, href in links.items()},
    }


def _story(world: World, one: Repository, pull: PullRequest) -> Json:
    return {
        "id": pull.id,
        "node_id": f"PR_{pull.id}",
        "number": pull.number,
        "state": pull.state,
        "locked": False,
        "title": pull.title,
        "user": account(world, pull.author),
        "body": pull.body,
        "labels": [],
        "milestone": None,
        "active_lock_reason": None,
        "created_at": pull.created_at,
        "updated_at": pull.updated_at,
        "closed_at": pull.closed_at,
        "merged_at": pull.merged_at,
        "merge_commit_sha": None,
        "assignee": None,
        "assignees": [],
        "requested_reviewers": [],
        "requested_teams": [],
        "author_association": association(one, pull.author),
        "auto_merge": None,
        "draft": pull.draft,
    }


def _side(world: World, one: Repository | None, owner: Account, ref: str, sha: str) -> Json:
    return {
        "label": f"{owner.login}:{ref}",
        "ref": ref,
        "sha": sha,
        "user": account(world, owner),
        "repo": repository(world, one) if one else None,
    }
