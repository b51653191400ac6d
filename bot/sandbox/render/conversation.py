"""Comments, reactions and reviews as JSON."""

from collections import Counter

from bot.sandbox.model import Comment, Json, PullRequest, Reaction, Review, ReviewComment
from bot.sandbox.render.accounts import account, app
from bot.sandbox.render.pulls import association, pull_page, pull_url
from bot.sandbox.render.repositories import api_url, page_url
from bot.sandbox.repository import Repository
from bot.sandbox.threads import lines_now
from bot.sandbox.world import World

REACTIONS = ("+1", "-1", "laugh", "confused", "heart", "hooray", "eyes", "rocket")


def comment(world: World, one: Repository, given: Comment) -> Json:
    """Return a comment of a conversation."""
    url = f"{api_url(world, one)}/issues/comments/{given.id}"
    return {
        "id": given.id,
        "node_id": f"IC_{given.id}",
        "url": url,
        "html_url": comment_page(world, one, given),
        "issue_url": f"{api_url(world, one)}/issues/{given.number}",
        "body": given.body,
        "user": account(world, given.author),
        "created_at": given.created_at,
        "updated_at": given.updated_at,
        "author_association": association(one, given.author),
        "performed_via_github_app": app(world, given.app) if given.app else None,
        "reactions": reactions(f"{url}/reactions", given.reactions),
    }


def comment_page(world: World, one: Repository, given: Comment) -> str:
    """Return the address at which a comment is read."""
    return f"{page_url(world, one)}/pull/{given.number}#issuecomment-{given.id}"


def reactions(url: str, given: list[Reaction]) -> Json:
    """Return how often each reaction was given."""
    counted = Counter(reaction.content for reaction in given)
    figures = {content: counted[content] for content in REACTIONS}
    return figures | {"url": url, "total_count": len(given)}


def reaction(world: World, given: Reaction) -> Json:
    """Return one reaction."""
    return {
        "id": given.id,
        "node_id": f"REA_{given.id}",
        "user": account(world, given.author),
        "content": given.content,
        "created_at": given.created_at,
    }


def issue(world: World, one: Repository, pull: PullRequest) -> Json:
    """Return a pull request as the issue that comments belong to."""
    url = f"{api_url(world, one)}/issues/{pull.number}"
    page, pull_api = pull_page(world, one, pull), pull_url(world, one, pull)
    return {
        "id": pull.id,
        "node_id": f"PR_{pull.id}",
        "number": pull.number,
        "title": pull.title,
        "body": pull.body,
        "user": account(world, pull.author),
        "author_association": association(one, pull.author),
        "state": pull.state,
        "state_reason": None,
        "locked": False,
        "draft": pull.draft,
        "active_lock_reason": None,
        "labels": [],
        "assignee": None,
        "assignees": [],
        "milestone": None,
        "comments": len(one.comments_on(pull.number)),
        "created_at": pull.created_at,
        "updated_at": pull.updated_at,
        "closed_at": pull.closed_at,
        "url": url,
        "html_url": page,
        "repository_url": api_url(world, one),
        "labels_url": f"{url}/labels{{/name}}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "timeline_url": f"{url}/timeline",
        "reactions": reactions(f"{url}/reactions", []),
        "performed_via_github_app": None,
        "pull_request": {
            "url": pull_api,
            "html_url": page,
            "diff_url": f"{page}.diff",
            "patch_url": f"{page}.patch",
            "merged_at": pull.merged_at,
        },
    }


def review(world: World, one: Repository, pull: PullRequest, given: Review) -> Json:
    """Return a review, without its line comments."""
    page = f"{pull_page(world, one, pull)}#pullrequestreview-{given.id}"
    url = pull_url(world, one, pull)
    return {
        "id": given.id,
        "node_id": f"PRR_{given.id}",
        "user": account(world, given.author),
        "body": given.body,
        "state": given.state,
        "html_url": page,
        "pull_request_url": url,
        "_links": {"html": {"href": page}, "pull_request": {"href": url}},
        "submitted_at": given.submitted_at,
        "commit_id": given.commit_id,
        "author_association": association(one, given.author),
    }


def webhook_review(world: World, one: Repository, pull: PullRequest, given: Review) -> Json:
    """Return a review as webhooks carry it: without a text it has none, and its state is small."""
    told = review(world, one, pull, given)
    return told | {"body": given.body or None, "state": given.state.lower()}


def review_comment(
    world: World, one: Repository, pull: PullRequest, parent: Review, given: ReviewComment
) -> Json:
    """Return a comment on lines of the diff."""
    url = f"{api_url(world, one)}/pulls/comments/{given.id}"
    page = f"{pull_page(world, one, pull)}#discussion_r{given.id}"
    return {
        "id": given.id,
        "node_id": f"PRRC_{given.id}",
        "pull_request_review_id": parent.id,
        "url": url,
        "html_url": page,
        "pull_request_url": pull_url(world, one, pull),
        "_links": {
            "self": {"href": url},
            "html": {"href": page},
            "pull_request": {"href": pull_url(world, one, pull)},
        },
        "path": given.path,
        "body": given.body,
        "diff_hunk": given.diff_hunk,
        "commit_id": given.commit_id,
        "original_commit_id": given.commit_id,
        "original_line": given.line,
        "side": given.side,
        "original_start_line": given.start_line,
        "start_side": given.start_side,
        **_lines(one, pull, given),
        **({"in_reply_to_id": given.in_reply_to} if given.in_reply_to else {}),
        "subject_type": "line",
        "user": account(world, parent.author),
        "created_at": parent.submitted_at,
        "updated_at": parent.submitted_at,
        "author_association": association(one, parent.author),
        "reactions": reactions(f"{url}/reactions", given.reactions),
    }


def webhook_review_comment(
    world: World, one: Repository, pull: PullRequest, parent: Review, given: ReviewComment
) -> Json:
    """Return a comment on lines as webhooks carry it: with its place in the patch."""
    then = one.diff(pull.base_sha, given.commit_id)
    now = lines_now(one, pull, given)
    position = one.diff_of(pull).position_of(given.path, given.side, now[1]) if now else None
    return review_comment(world, one, pull, parent, given) | {
        "line": now[1] if now else None,
        "position": position,
        "original_position": then.position_of(given.path, given.side, given.line),
    }


def _lines(one: Repository, pull: PullRequest, given: ReviewComment) -> Json:
    """Return the lines of today; of an outdated comment, the descriptions know none."""
    now = lines_now(one, pull, given)
    if now is None:
        return {"start_line": None}
    return {"line": now[1], "start_line": now[0] if given.start_line else None}
