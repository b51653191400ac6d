"""Comments under pull requests, and reactions to them."""

from bot.sandbox.errors import ApiError, invalid
from bot.sandbox.model import Comment, ReviewComment
from bot.sandbox.render import conversation
from bot.sandbox.reply import Reply
from bot.sandbox.rest.call import Call, Operations, found

operations = Operations()
MAX_BODY = 65_536
# A pull request's conversation is open to whoever may write issues or pull requests.
READ = ("issues=read", "pull_requests=read")
WRITE = ("issues=write", "pull_requests=write")


@operations.answers_to("issues/create-comment", *WRITE)
def create(call: Call) -> Reply:
    """Write a comment."""
    body = _body(call)
    call.create_content()
    number, app = call.number("issue_number"), call.caller.app
    comment = call.site.activity.comment(call.repository, number, body, call.author, app)
    rendered = conversation.comment(call.world, call.repository, comment)
    return Reply(201, rendered, {"Location": rendered["url"]})


@operations.answers_to("issues/update-comment", *WRITE)
def update(call: Call) -> Reply:
    """Change a comment of one's own, or of anybody with the right to write here."""
    comment, repository = _comment(call), call.repository
    mine = comment.author is call.author
    if not mine and (call.caller.app or not repository.allows(call.author.login, "write")):
        raise ApiError(403, "Resource not accessible by integration")
    call.site.activity.edit_comment(repository, comment, _body(call), call.author)
    return Reply(200, conversation.comment(call.world, repository, comment))


@operations.answers_to("issues/get-comment", *READ)
def get(call: Call) -> Reply:
    """Return a comment."""
    return Reply(200, conversation.comment(call.world, call.repository, _comment(call)))


@operations.answers_to("issues/list-comments", *READ)
def list_all(call: Call) -> Reply:
    """Return a conversation's comments, oldest first, from a time on if one is given."""
    repository, number = call.repository, call.number("issue_number")
    found(repository.pulls.get(number))
    since = call.query.get("since", "")
    comments = [one for one in repository.comments_on(number) if one.updated_at >= since]
    return call.page(comments, lambda one: conversation.comment(call.world, repository, one))


@operations.answers_to("reactions/create-for-issue-comment", *WRITE)
def react(call: Call) -> Reply:
    """React to a comment; the same reaction a second time changes nothing and says 200."""
    return _reacted(call, _comment(call))


@operations.answers_to("reactions/list-for-issue-comment", *READ)
def list_reactions(call: Call) -> Reply:
    """Return the reactions to a comment."""
    reactions = _comment(call).reactions
    if content := call.query.get("content"):
        reactions = [one for one in reactions if one.content == content]
    return call.page(reactions, lambda one: conversation.reaction(call.world, one))


@operations.answers_to("reactions/create-for-pull-request-review-comment", "pull_requests=write")
def react_on_lines(call: Call) -> Reply:
    """React to a comment on lines, as to any other."""
    _, comment = found(call.repository.review_comment(call.number("comment_id")))
    return _reacted(call, comment)


def _reacted(call: Call, comment: Comment | ReviewComment) -> Reply:
    reaction, new = call.site.activity.react(comment, call.body["content"], call.author)
    return Reply(201 if new else 200, conversation.reaction(call.world, reaction))


def _comment(call: Call) -> Comment:
    return found(call.repository.comments.get(call.number("comment_id")))


def _body(call: Call) -> str:
    body: str = call.body["body"]
    if not body.strip() or len(body) > MAX_BODY:
        said = "Body can't be blank" if not body.strip() else "body is too long"
        problem = {"resource": "IssueComment", "code": "unprocessable", "field": "data"}
        raise invalid("Validation Failed", problem | {"message": said})
    return body
