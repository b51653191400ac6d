"""Pull requests, their files and commits, and reviews on lines of their diff."""

from bot.sandbox.diff import Diff
from bot.sandbox.errors import invalid
from bot.sandbox.model import Json, PullRequest, Review, ReviewComment
from bot.sandbox.render import conversation, git_data, pulls
from bot.sandbox.reply import Reply
from bot.sandbox.repository import Repository
from bot.sandbox.rest.call import Call, Operations, found

operations = Operations()
COMMITS = 250
STATES = {"COMMENT": "COMMENTED", "APPROVE": "APPROVED", "REQUEST_CHANGES": "CHANGES_REQUESTED"}


@operations.answers_to("pulls/list", "pull_requests=read")
def list_all(call: Call) -> Reply:
    """Return pull requests, newest first, by state, head (`login:branch`) and base."""
    repository = call.repository
    chosen = [one for one in repository.pulls.values() if _fits(call, one)]
    chosen.sort(key=lambda one: one.number, reverse=call.query.get("direction") != "asc")
    return call.page(chosen, lambda one: pulls.simple_pull(call.world, repository, one))


@operations.answers_to("pulls/get", "pull_requests=read")
def get(call: Call) -> Reply:
    """Return one pull request."""
    return Reply(200, pulls.full_pull(call.world, call.repository, _pull(call)))


@operations.answers_to("pulls/list-files", "pull_requests=read")
def list_files(call: Call) -> Reply:
    """Return the changed files, up to 3,000."""
    repository, pull = call.repository, _pull(call)
    files = repository.diff_of(pull).files()[: call.site.limits.pull_files]
    return call.page(
        files, lambda one: git_data.file_change(call.world, repository, pull.head_sha, one)
    )


@operations.answers_to("pulls/list-commits", "pull_requests=read")
def list_commits(call: Call) -> Reply:
    """Return the commits, oldest first, up to 250."""
    repository, pull = call.repository, _pull(call)
    commits = repository.store.history(pull.head_sha, without=pull.base_sha)[:COMMITS]
    return call.page(commits, lambda one: git_data.commit(call.world, repository, one))


@operations.answers_to("pulls/create-review", "pull_requests=write")
def create_review(call: Call) -> Reply:
    """Create a review; one comment on a line outside of the diff refuses all of it."""
    repository, pull, given = call.repository, _pull(call), call.body
    body, commit = given.get("body", ""), given.get("commit_id", pull.head_sha)
    state = STATES.get(given.get("event", ""), "PENDING")
    if not body and state in ("COMMENTED", "CHANGES_REQUESTED"):
        raise invalid("Unprocessable Entity", "Review Can not be blank")
    history = repository.store.history(pull.head_sha, without=pull.base_sha)
    if commit not in [str(one.id) for one in history]:
        raise invalid("Unprocessable Entity", "The commit_id is not part of the pull request")
    diff = repository.diff(pull.base_sha, commit)
    comments = [_line_comment(call, diff, commit, one) for one in given.get("comments", ())]
    call.create_content()
    review = call.site.activity.review(
        repository, pull, state, call.author, body=body, comments=comments, commit_id=commit
    )
    return Reply(200, conversation.review(call.world, repository, pull, review))


@operations.answers_to("pulls/list-reviews", "pull_requests=read")
def list_reviews(call: Call) -> Reply:
    """Return the reviews, oldest first."""
    repository, pull = call.repository, _pull(call)
    reviews = _reviews(repository, pull)
    return call.page(reviews, lambda one: conversation.review(call.world, repository, pull, one))


@operations.answers_to("pulls/list-review-comments", "pull_requests=read")
def list_review_comments(call: Call) -> Reply:
    """Return the comments of all reviews, oldest first."""
    repository, pull = call.repository, _pull(call)
    pairs = [(review, one) for review in _reviews(repository, pull) for one in review.comments]
    return call.page(
        pairs,
        lambda pair: conversation.review_comment(call.world, repository, pull, *pair),
    )


def _pull(call: Call) -> PullRequest:
    return found(call.repository.pulls.get(call.number("pull_number")))


def _reviews(repository: Repository, pull: PullRequest) -> list[Review]:
    return [review for review in repository.reviews.values() if review.number == pull.number]


def _fits(call: Call, pull: PullRequest) -> bool:
    query = call.query
    head = f"{pull.head_owner.login}:{pull.head_ref}"
    return (
        query.get("state", "open") in (pull.state, "all")
        and query.get("head", head) == head
        and query.get("base", pull.base_ref) == pull.base_ref
    )


def _line_comment(call: Call, diff: Diff, commit: str, given: Json) -> ReviewComment:
    side: str = given.get("side", "RIGHT")
    start_side: str = given.get("start_side", side)
    line, start = given.get("line"), given.get("start_line")
    hunk = diff.hunk_at(given["path"], side, line) if line is not None else None
    if hunk is None or line is None:
        raise invalid("Unprocessable Entity", "Line could not be resolved")
    if start is not None and start >= line:
        raise invalid("Unprocessable Entity", "start line must precede the end line")
    if start is not None and diff.hunk_at(given["path"], start_side, start) != hunk:
        raise invalid("Unprocessable Entity", "Line could not be resolved")
    return ReviewComment(
        call.world.next_id(),
        given["path"],
        given["body"],
        line,
        side,
        start,
        start_side if start is not None else None,
        hunk.text,
        commit,
    )
