"""Commits on a branch, made only if the branch still is where it was read.

`createCommitOnBranch` compares and swaps, and GitHub signs for us. It makes every file 100644
(observed, not documented), so a file of another mode goes through the Git Data API.

A commit whose answer was lost is known again by its parent and its message, so the message should
name what asked for it.
"""

from base64 import b64encode
from collections.abc import Mapping

import msgspec

from bot.github.client import parsed
from bot.github.errors import Forbidden, Gone, PushRefused, StaleHead, UnexpectedAnswer
from bot.github.git_data import commit_by_git_data
from bot.github.push import CommitMessage, Push, refused_mutation
from bot.github.query_errors import QueryFailed
from bot.github.trees import Mode, Trees

_CREATE = """mutation Commit($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid } }
}"""


class _Oid(msgspec.Struct):
    oid: str


class _Created(msgspec.Struct):
    commit: _Oid


class _CreatedData(msgspec.Struct, rename="camel"):
    create_commit_on_branch: _Created


class _Sha(msgspec.Struct):
    sha: str


class _Details(msgspec.Struct):
    message: str


class _Listed(msgspec.Struct):
    sha: str
    commit: _Details
    parents: list[_Sha]


class _Comparison(msgspec.Struct):
    commits: list[_Listed]


class Commits(Trees):
    """Writes to branches."""

    async def commit(
        self,
        branch: str,
        *,
        expected_head: str,
        message: CommitMessage,
        files: Mapping[str, bytes],
        repository: str | None = None,
    ) -> str:
        """Commit files on top of a branch; return the new head's sha.

        Done again with the same arguments, it returns the commit that is there.

        Args:
            branch: its name, without `refs/heads/`.
            expected_head: the commit that the files were made from.
            message: known again by, so not the same for two different commits on one head.
            files: whole contents by path; their modes stay as they are.
            repository: where the branch is, if it is a fork.

        Raises:
            StaleHead: the branch is somewhere else by now.
            PushRefused: GitHub doesn't let us, or the branch is gone.
        """
        push = Push(repository or self.repository, branch, expected_head, message, files)
        entries = (await self.tree(expected_head)).entries
        modes = {path: entries[path].mode for path in files if path in entries}
        plain = set(modes.values()) <= {Mode.FILE}

        async def write() -> str:
            if plain:
                return await self._by_mutation(push)
            return await commit_by_git_data(self._client, push, modes)

        async def look() -> str | None:
            return await self._ours(push)

        try:
            return await self._client.once(write, look)
        except StaleHead:
            if (ours := await look()) is not None:
                return ours
            raise

    async def _by_mutation(self, push: Push) -> str:
        created = {
            "branch": {
                "repositoryNameWithOwner": push.repository,
                "branchName": push.branch,
            },
            "expectedHeadOid": push.expected_head,
            "message": {"headline": push.message.headline, "body": push.message.body},
            "fileChanges": {
                "additions": [
                    {"path": path, "contents": b64encode(content).decode()}
                    for path, content in push.files.items()
                ]
            },
        }
        try:
            data = await self._client.graphql(_CREATE, input=created)
        except QueryFailed as failure:
            raise refused_mutation(failure) from None
        except Forbidden as error:
            raise PushRefused(str(error)) from None
        return parsed(
            data, _CreatedData, "createCommitOnBranch"
        ).create_commit_on_branch.commit.oid

    async def _ours(self, push: Push) -> str | None:
        """Return our commit if it is on the branch already, under whatever came after."""
        owner = push.repository.partition("/")[0]
        fork = "" if push.repository == self.repository else f"{owner}:"
        path = self._path("compare", f"{push.expected_head}...{fork}{push.branch}")
        try:
            ahead = await self._client.get(path, _Comparison)
        except (Gone, UnexpectedAnswer):
            # The branch is gone, or has nothing in common with what it was.
            return None
        for commit in ahead.commits:
            parents = [parent.sha for parent in commit.parents]
            same = _normal(commit.commit.message) == _normal(push.message.text)
            if same and parents == [push.expected_head]:
                return commit.sha
        return None


def _normal(message: str) -> str:
    # GitHub trims messages, and git ends them with a newline.
    return message.replace("\r\n", "\n").strip()
