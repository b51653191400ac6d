"""Commits, comparisons and branches."""

import pygit2

from bot.sandbox.diff import Diff
from bot.sandbox.errors import ApiError, invalid, not_found
from bot.sandbox.git_store import UnknownObjectError
from bot.sandbox.model import Json
from bot.sandbox.render import git_data, pulls, repositories
from bot.sandbox.reply import Reply
from bot.sandbox.repository import Repository
from bot.sandbox.rest.call import Call, Operations, found

operations = Operations()
COMPARE_COMMITS = 250


def resolve(repository: Repository, revision: str) -> pygit2.Commit:
    """Return the commit that a branch, tag or object id names.

    Raises:
        ApiError: 409 in an empty repository, else 422 where nothing has that name.
    """
    try:
        return repository.store.resolve(revision)
    except UnknownObjectError as error:
        if not repository.store.branches():
            raise ApiError(409, "Git Repository is empty.") from error
        raise invalid(f"No commit found for SHA: {revision}") from error


@operations.answers_to("repos/get-commit", "contents=read")
def get_commit(call: Call) -> Reply:
    """Return a commit with what it changed against its first parent."""
    repository = call.repository
    commit = resolve(repository, call.path["ref"])
    if not commit.parent_ids:
        return Reply(200, git_data.commit(call.world, repository, commit))
    diff = Diff(repository.store, str(commit.parent_ids[0]), str(commit.id))
    return Reply(200, git_data.commit_with_files(call.world, repository, commit, diff))


@operations.answers_to("repos/compare-commits-with-basehead", "contents=read")
def compare(call: Call) -> Reply:
    """Compare two commits with three dots, across forks too (`base...login:branch`)."""
    repository = call.repository
    left, dots, right = call.path["basehead"].partition("...")
    if not dots:
        raise not_found()
    base, head = _side(call, repository, left), _side(call, repository, right)
    common = repository.store.merge_base(str(base.id), str(head.id))
    if common is None:
        raise ApiError(404, f"No common ancestor between {left} and {right}.")
    body = _comparison(call, repository, base, repository.store.commit(common), head)
    if call.query.get("page", "1") == "1":
        changes = Diff(repository.store, common, str(head.id)).files()
        body["files"] = [
            git_data.file_change(call.world, repository, str(head.id), change)
            for change in changes[: call.site.limits.compare_files]
        ]
    return Reply(200, body)


@operations.answers_to("repos/list-pull-requests-associated-with-commit", "pull_requests=read")
def list_pulls(call: Call) -> Reply:
    """Return the pull requests whose head is that commit; forks' are not known to GitHub."""
    repository = call.repository
    known = repository.pulls_with_head(call.path["commit_sha"])
    return call.page(known, lambda one: pulls.simple_pull(call.world, repository, one))


@operations.answers_to("repos/get-branch", "contents=read")
def get_branch(call: Call) -> Reply:
    """Return a branch, its head and whether it is protected."""
    repository, name = call.repository, call.path["branch"]
    head = found(repository.head(name))
    commit = git_data.commit(call.world, repository, repository.store.commit(head))
    return Reply(200, repositories.branch(call.world, repository, name, commit))


@operations.answers_to("repos/get-branch-rules", "metadata=read")
def get_branch_rules(call: Call) -> Reply:
    """Return the rules of all rulesets that hold for a branch, existing or not."""
    source = {
        "ruleset_source_type": "Repository",
        "ruleset_source": call.repository.full_name,
        "ruleset_id": call.repository.id,
    }
    rules = call.repository.rules.get(call.path["branch"], [])
    return call.page(rules, lambda rule: rule | source)


def _comparison(
    call: Call,
    repository: Repository,
    base: pygit2.Commit,
    common: pygit2.Commit,
    head: pygit2.Commit,
) -> Json:
    def rendered(commit: pygit2.Commit) -> Json:
        return git_data.commit(call.world, repository, commit)

    ahead = repository.store.history(str(head.id), without=str(common.id))
    behind = repository.store.history(str(base.id), without=str(common.id))
    return _comparison_links(call, repository) | {
        "base_commit": rendered(base),
        "merge_base_commit": rendered(common),
        "status": _status(len(ahead), len(behind)),
        "ahead_by": len(ahead),
        "behind_by": len(behind),
        "total_commits": len(ahead),
        "commits": [rendered(commit) for commit in ahead[-COMPARE_COMMITS:]],
    }


def _comparison_links(call: Call, repository: Repository) -> Json:
    place = f"compare/{call.path['basehead']}"
    page = f"{repositories.page_url(call.world, repository)}/{place}"
    return {
        "url": f"{repositories.api_url(call.world, repository)}/{place}",
        "html_url": page,
        "permalink_url": page,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
    }


def _side(call: Call, repository: Repository, revision: str) -> pygit2.Commit:
    owner, colon, branch = revision.partition(":")
    if not colon:
        return _known(repository, revision)
    for fork in call.world.forks_of(repository):
        if fork.owner.login == owner:
            head = found(fork.head(branch))
            repository.store.fetch(fork.store, head, f"refs/compared/{owner}/{branch}")
            return repository.store.commit(head)
    if owner == repository.owner.login:
        return _known(repository, branch)
    raise not_found()


def _known(repository: Repository, revision: str) -> pygit2.Commit:
    try:
        return repository.store.resolve(revision)
    except UnknownObjectError as error:
        raise not_found() from error


def _status(ahead: int, behind: int) -> str:
    if ahead and behind:
        return "diverged"
    if ahead or behind:
        return "ahead" if ahead else "behind"
    return "identical"
