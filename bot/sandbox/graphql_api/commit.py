"""`createCommitOnBranch`: a commit made by GitHub, only on top of the head that was expected."""

import base64
import binascii
from typing import Any

from bot.sandbox.auth import Caller
from bot.sandbox.git_store import HEADS
from bot.sandbox.graphql_api.sources import Branch, Context, GitObject, Refusal
from bot.sandbox.repository import Repository

Input = dict[str, Any]
WORKFLOWS = ".github/workflows/"


def create_commit_on_branch(_: object, context: Context, *, input: Input) -> Input:  # noqa: A002 - GitHub's name
    """Write files, all as 100644, in one commit on top of a branch.

    Raises:
        Refusal: the branch is not there, not writable, protected, or not at the expected head.
    """
    repository, branch = _branch(context, input["branch"])
    _require_write(context, repository)
    if context.stale_head:
        context.site.activity.overtake(repository, branch)
    _check_head(repository, branch, input["expectedHeadOid"])
    files, deleted = _changes(context.caller, repository, branch, input.get("fileChanges") or {})
    oid = context.site.activity.commit_files(
        repository, branch, files, deleted, _message(input["message"]), author=context.account
    )
    return {
        "clientMutationId": input.get("clientMutationId"),
        "commit": GitObject(repository, oid),
        "ref": Branch(repository, HEADS + branch),
    }


def _check_head(repository: Repository, branch: str, expected: str) -> None:
    head = repository.head(branch)
    if head is None:
        raise Refusal("NOT_FOUND", f'No such branch "{branch}".')
    _refuse_protected(repository, branch)
    if head != expected:
        said = f'Expected branch to point to "{expected}" but it did not.'
        raise Refusal("STALE_DATA", f"{said}  Pull and try again.")


def _changes(
    caller: Caller, repository: Repository, branch: str, given: Input
) -> tuple[dict[str, bytes], list[str]]:
    """Return the files to write, and the paths to delete."""
    additions: list[Input] = given.get("additions", [])
    deleted: list[str] = [one["path"] for one in given.get("deletions", ())]
    _check_paths(caller, [*(one["path"] for one in additions), *deleted])
    _check_deleted(repository, branch, deleted)
    return {one["path"]: _contents(one) for one in additions}, deleted


def _branch(context: Context, given: Input) -> tuple[Repository, str]:
    if "id" in given:
        return _branch_by_id(context, given["id"])
    if not given.get("repositoryNameWithOwner") or not given.get("branchName"):
        raise Refusal("UNPROCESSABLE", "The branch needs an id, or a repository and a name.")
    full_name: str = given["repositoryNameWithOwner"]
    branch = str(given["branchName"]).removeprefix(HEADS)
    for repository in context.site.world.repositories.values():
        if repository.full_name.lower() == full_name.lower():
            return repository, branch
    message = f"Could not resolve to a Repository with the name '{full_name}'."
    raise Refusal("NOT_FOUND", message)


def _branch_by_id(context: Context, node_id: str) -> tuple[Repository, str]:
    kind, _, rest = node_id.partition("_")
    number, _, name = rest.partition("_")
    found = context.site.world.repositories.get(int(number)) if number.isdigit() else None
    if kind != "REF" or found is None or not name.startswith(HEADS):
        message = f"Could not resolve to a node with the global id of '{node_id}'"
        raise Refusal("NOT_FOUND", message)
    return found, name.removeprefix(HEADS)


def _require_write(context: Context, repository: Repository) -> None:
    """Let through who may write; a fork that allows it is written through its pull request."""
    if not _reaches_fork(context, repository):
        context.require(repository, "contents=write")


def _reaches_fork(context: Context, fork: Repository) -> bool:
    if not context.site.limits.push_to_forks or fork.owner.kind != "User":
        return False
    for target in context.site.world.repositories.values():
        for pull in target.pulls.values():
            edits = pull.maintainer_can_modify and pull.state == "open"
            if edits and pull.from_fork and pull.head_repository_id == fork.id:
                context.require(target, "contents=write")
                return True
    return False


def _refuse_protected(repository: Repository, branch: str) -> None:
    if branch in repository.protected:
        message = "Changes must be made through a pull request."
        raise Refusal("BRANCH_PROTECTION_RULE_VIOLATION", message)
    if repository.refuses_push(branch):
        said = "Repository rule violations found"
        raise Refusal("UNPROCESSABLE", f"{said}\n\nChanges must be made through a pull request.\n")


def _contents(addition: Input) -> bytes:
    try:
        return base64.b64decode(addition["contents"], validate=True)
    except binascii.Error as error:
        raise Refusal("UNPROCESSABLE", f"{addition['path']} is not valid Base64.") from error


def _check_deleted(repository: Repository, branch: str, deleted: list[str]) -> None:
    for path in deleted:
        if repository.file(branch, path) is None:
            said = "A path was requested for deletion which does not exist as of commit oid"
            raise Refusal("UNPROCESSABLE", f"{said} `{repository.head(branch)}`: {path}")


def _check_paths(caller: Caller, paths: list[str]) -> None:
    if len(set(paths)) != len(paths) or any(not _is_plain(path) for path in paths):
        raise Refusal("UNPROCESSABLE", "A path is given twice, or is not a path in a repository.")
    may_write_workflows = caller.token is None or "workflows" in caller.token.permissions
    for path in paths:
        if path.startswith(WORKFLOWS) and not may_write_workflows:
            said = "refusing to allow a GitHub App to create or update workflow"
            raise Refusal("FORBIDDEN", f"{said} `{path}` without `workflows` permission")


def _is_plain(path: str) -> bool:
    return all(part not in ("", ".", "..", ".git") for part in path.split("/"))


def _message(given: Input) -> str:
    body = given.get("body")
    return f"{given['headline']}\n\n{body}" if body else str(given["headline"])
