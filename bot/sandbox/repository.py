"""A repository: its git store, and everything that people and apps left on it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pygit2

from bot.sandbox.diff import Diff
from bot.sandbox.git_store import HEADS, WEB_FLOW, GitStore, UnknownObjectError
from bot.sandbox.model import (
    Account,
    App,
    CheckRun,
    CheckSuite,
    Comment,
    Json,
    MergeGroup,
    PullRequest,
    Review,
    ReviewComment,
)

PROTECTED = "protected-branches"
UPDATE_HOOK = f"""#!/bin/sh
if grep -qxF "$1" "$GIT_DIR/{PROTECTED}" 2>/dev/null; then
  echo "error: GH006: Protected branch update failed for $1." >&2
  exit 1
fi
"""
ROLES = ("none", "read", "triage", "write", "maintain", "admin")


@dataclass(slots=True)
class Repository:
    """State of one repository; `permissions` maps a login to a role, custom ones included."""

    id: int
    owner: Account
    name: str
    store: GitStore
    created_at: str
    default_branch: str = "main"
    private: bool = False
    fork_of: int | None = None
    permissions: dict[str, str] = field(default_factory=dict[str, str])
    custom_roles: dict[str, str] = field(default_factory=dict[str, str])
    protected: set[str] = field(default_factory=set[str])
    dismissing: set[str] = field(default_factory=set[str])
    rules: dict[str, list[Json]] = field(default_factory=dict[str, list[Json]])
    pulls: dict[int, PullRequest] = field(default_factory=dict[int, PullRequest])
    queues: dict[str, list[MergeGroup]] = field(default_factory=dict[str, list[MergeGroup]])
    suites: dict[int, CheckSuite] = field(default_factory=dict[int, CheckSuite])
    runs: dict[int, CheckRun] = field(default_factory=dict[int, CheckRun])
    comments: dict[int, Comment] = field(default_factory=dict[int, Comment])
    reviews: dict[int, Review] = field(default_factory=dict[int, Review])
    verified: set[str] = field(default_factory=set[str])

    @property
    def full_name(self) -> str:
        """`owner/name`."""
        return f"{self.owner.login}/{self.name}"

    # People

    def role(self, login: str) -> str:
        """Return the role's own name, which may be a custom one.

        Owners are administrators, and anybody may read what is public.
        """
        if login == self.owner.login:
            return "admin"
        return self.permissions.get(login, "none" if self.private else "read")

    def base_role(self, login: str) -> str:
        """Return the built-in role that a custom role extends, or the role itself."""
        role = self.role(login)
        return self.custom_roles.get(role, role)

    def allows(self, login: str, role: str) -> bool:
        """Whether somebody has at least that built-in role."""
        return ROLES.index(self.base_role(login)) >= ROLES.index(role)

    def protect(self, branch: str, *, dismisses_stale: bool = False) -> None:
        """Refuse direct pushes to a branch (classic branch protection), administrators' too."""
        self.protected.add(branch)
        if dismisses_stale:
            self.dismissing.add(branch)
        self._write_protected()

    def add_rule(self, branch: str, rule: str, **parameters: Any) -> None:
        """Put a ruleset's rule on a branch; `pull_request` and `update` refuse direct pushes."""
        entry: Json = {"type": rule} | ({"parameters": parameters} if parameters else {})
        self.rules.setdefault(branch, []).append(entry)
        self._write_protected()

    def dismisses_approvals(self, branch: str) -> bool:
        """Whether a push to a pull request into that branch dismisses its approvals."""
        rules = [rule.get("parameters", {}) for rule in self.rules.get(branch, ())]
        ruled = any(one.get("dismiss_stale_reviews_on_push") for one in rules)
        return ruled or branch in self.dismissing

    def refuses_push(self, branch: str) -> bool:
        """Whether branch protection or a ruleset keeps direct pushes out."""
        rules = {rule["type"] for rule in self.rules.get(branch, ())}
        return branch in self.protected or bool(rules & {"pull_request", "update"})

    def _write_protected(self) -> None:
        refused = sorted(b for b in self.protected | self.rules.keys() if self.refuses_push(b))
        hook = self.store.path / "hooks" / "update"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(UPDATE_HOOK)
        hook.chmod(0o755)
        (self.store.path / PROTECTED).write_text("".join(f"{HEADS}{b}\n" for b in refused))

    # Git

    def head(self, branch: str) -> str | None:
        """Return the commit a branch points to, or None without such a branch."""
        return self.store.head(branch)

    def commit(
        self,
        files: Mapping[str, bytes | str],
        *,
        branch: str | None = None,
        message: str = "Change files",
        deleted: Iterable[str] = (),
        start: str | None = None,
        author: tuple[str, str] = ("Somebody", "somebody@example.com"),
        when: int = 1_767_225_600,
    ) -> str:
        """Commit files to a branch without telling anybody, and return the new commit's id.

        A new branch starts at `start` (a revision), else at the default branch. No webhook is
        sent: this arranges a history. `GitHub.push` is the same with its events.
        """
        target = branch or self.default_branch
        revision = start or self.head(target) or self.head(self.default_branch)
        parent = str(self.store.resolve(revision).id) if revision else None
        contents = {path: _as_bytes(data) for path, data in files.items()}
        tree = self.store.write_files(parent, contents, deleted)
        who = pygit2.Signature(*author, when, 0)
        oid = self.store.write_commit(tree, [parent] if parent else [], message, who, who)
        self.store.point(HEADS + target, oid)
        return oid

    def web_commit(
        self, tree: str, parents: Iterable[str], message: str, who: pygit2.Signature
    ) -> str:
        """Store a commit as GitHub's own web flow does: committed and signed by GitHub."""
        committer = pygit2.Signature(*WEB_FLOW, who.time, 0)
        oid = self.store.write_commit(tree, parents, message, who, committer)
        self.verified.add(oid)
        return oid

    def file(self, revision: str, path: str) -> bytes | None:
        """Return a file's content at a branch or commit, or None where it is not a file."""
        try:
            entry = self.store.resolve(revision).tree[path]
        except (KeyError, UnknownObjectError):
            return None
        return entry.data if isinstance(entry, pygit2.Blob) else None

    def diff_of(self, pull: PullRequest) -> Diff:
        """Return what a pull request changes: from the merge base to its head."""
        return self.diff(pull.base_sha, pull.head_sha)

    def diff(self, base: str, head: str) -> Diff:
        """Return the three-dot diff of two commits."""
        return Diff(self.store, self.store.merge_base(base, head) or base, head)

    # Records

    def suite_for(self, app: App, head_sha: str) -> CheckSuite | None:
        """Return the one check suite of an app on a commit, if there is one yet."""
        for suite in self.suites.values():
            if suite.app is app and suite.head_sha == head_sha:
                return suite
        return None

    def runs_of(self, suite: CheckSuite) -> list[CheckRun]:
        """Return the check runs of a suite, oldest first."""
        return [run for run in self.runs.values() if run.suite is suite]

    def pulls_with_head(self, head_sha: str) -> list[PullRequest]:
        """Return the open pull requests from this repository whose head is that commit."""
        return [
            pull
            for pull in self.pulls.values()
            if pull.head_sha == head_sha and not pull.from_fork and pull.state == "open"
        ]

    def review_comment(self, comment_id: int) -> tuple[Review, ReviewComment] | None:
        """Return a comment on lines with the review that it came with."""
        for review in self.reviews.values():
            for comment in review.comments:
                if comment.id == comment_id:
                    return review, comment
        return None

    def comments_on(self, number: int) -> list[Comment]:
        """Return a conversation's comments, oldest first."""
        return [comment for comment in self.comments.values() if comment.number == number]


def _as_bytes(data: bytes | str) -> bytes:
    return data.encode() if isinstance(data, str) else data
