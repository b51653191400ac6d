"""What people do on a GitHub: push, open pull requests, talk, and press buttons."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.sandbox.activity import Activity
from bot.sandbox.model import MergeGroup, PullRequest, User
from bot.sandbox.repository import Repository
from bot.sandbox.suggesting import apply_suggestions
from bot.sandbox.threads import threads_of
from bot.sandbox.world import World


class People:
    """Acts of people. They return before any webhook of theirs is delivered."""

    def __init__(self, world: World, activity: Activity) -> None:
        self.world = world
        self.activity = activity

    async def push(
        self,
        repository: Repository,
        branch: str,
        files: Mapping[str, bytes | str],
        user: User,
        *,
        message: str = "Change files",
        deleted: Iterable[str] = (),
    ) -> str:
        """Commit to a branch and push it, with all events, and return the new head."""
        before = repository.head(branch)
        author = (user.login, f"{user.login}@example.com")
        after = repository.commit(
            files, branch=branch, message=message, deleted=deleted, author=author
        )
        self.activity.moved(repository, branch, before, after, sender=user)
        return after

    async def force_push(
        self, repository: Repository, branch: str, revision: str, user: User
    ) -> None:
        """Let a branch point to another commit, whatever is lost by that."""
        after = str(repository.store.resolve(revision).id)
        self.activity.move(repository, branch, after, user)

    async def delete_branch(self, repository: Repository, branch: str, user: User) -> None:
        """Delete a branch, which closes the pull requests from it."""
        self.activity.move(repository, branch, None, user)

    async def open_pull_request(
        self,
        repository: Repository,
        *,
        head: str,
        base: str | None = None,
        title: str = "Change files",
        body: str | None = None,
        user: User,
        draft: bool = False,
        maintainer_can_modify: bool = True,
    ) -> PullRequest:
        """Open a pull request; `head` is a branch, or `LOGIN:BRANCH` for one in a fork."""
        owner, colon, branch = head.partition(":")
        source = self._head_repository(repository, owner) if colon else repository
        from_fork = source is not repository
        return self.activity.open_pull(
            repository,
            source,
            head=branch if colon else head,
            base=base or repository.default_branch,
            title=title,
            body=body,
            author=user,
            draft=draft,
            maintainer_can_modify=maintainer_can_modify and from_fork,
        )

    async def close_pull_request(self, repository: Repository, number: int, user: User) -> None:
        """Close a pull request without merging."""
        self.activity.close(repository, repository.pulls[number], user)

    async def queue_pull_request(
        self, repository: Repository, number: int, user: User
    ) -> MergeGroup:
        """Press "Merge when ready": the pull request waits in the queue of its base branch."""
        return self.activity.queue.enqueue(repository, repository.pulls[number], user)

    async def unqueue_pull_request(self, repository: Repository, number: int, user: User) -> None:
        """Take a pull request out of the queue; those behind it are merged anew without it."""
        self.activity.queue.dequeue(repository, repository.pulls[number], user)

    async def merge_next(
        self, repository: Repository, user: User, *, base: str | None = None
    ) -> PullRequest:
        """Merge what is first in a queue, as GitHub does once its required checks have passed."""
        return self.activity.merge_next(repository, base or repository.default_branch, user)

    async def reopen_pull_request(self, repository: Repository, number: int, user: User) -> None:
        """Open a closed pull request again."""
        self.activity.reopen(repository, repository.pulls[number], user)

    async def merge_pull_request(self, repository: Repository, number: int, user: User) -> str:
        """Merge a pull request and return the merge commit."""
        return self.activity.merge(repository, repository.pulls[number], user)

    async def edit_pull_request(
        self,
        repository: Repository,
        number: int,
        user: User,
        *,
        title: str | None = None,
        base: str | None = None,
    ) -> None:
        """Change a pull request's title or base branch."""
        pull = repository.pulls[number]
        self.activity.edit(repository, pull, user, title=title, base=base)

    async def set_draft(
        self, repository: Repository, number: int, user: User, *, draft: bool
    ) -> None:
        """Turn a pull request into a draft, or mark it as ready for review."""
        self.activity.set_draft(repository, repository.pulls[number], user, draft=draft)

    async def comment(self, repository: Repository, number: int, body: str, user: User) -> int:
        """Write a comment under a pull request and return its id."""
        return self.activity.comment(repository, number, body, user).id

    async def edit_comment(
        self, repository: Repository, comment_id: int, body: str, user: User
    ) -> None:
        """Change a comment's text, one's own or, with the right to write, anybody's."""
        comment = repository.comments[comment_id]
        self.activity.edit_comment(repository, comment, body, user)

    async def approve(self, repository: Repository, number: int, user: User) -> None:
        """Approve a pull request as it is now."""
        self.activity.review(repository, repository.pulls[number], "APPROVED", user)

    async def review(self, repository: Repository, number: int, body: str, user: User) -> int:
        """Submit a review that says something as a whole, and return its id."""
        pull = repository.pulls[number]
        return self.activity.review(repository, pull, "COMMENTED", user, body=body).id

    async def edit_review(self, repository: Repository, review_id: int, body: str) -> None:
        """Change what one's own review says as a whole."""
        self.activity.edit_review(repository, repository.reviews[review_id], body)

    async def reply(
        self, repository: Repository, number: int, comment_id: int, body: str, user: User
    ) -> int:
        """Answer to a comment on lines, and return the id of the answer."""
        pull = repository.pulls[number]
        threads = threads_of(repository, pull)
        first = next(one.first for one in threads if one.first.id == comment_id)
        answer = replace(
            first, id=self.world.next_id(), body=body, in_reply_to=first.id, reactions=[]
        )
        self.activity.review(repository, pull, "COMMENTED", user, comments=[answer])
        return answer.id

    async def edit_reply(self, repository: Repository, comment_id: int, body: str) -> None:
        """Change one's own comment on lines.

        Raises:
            LookupError: there is none of that id.
        """
        placed = repository.review_comment(comment_id)
        if placed is None:
            raise LookupError(f"{repository.full_name} has no comment {comment_id} on lines")
        self.activity.edit_review_comment(repository, *placed, body)

    async def apply_suggestions(
        self, repository: Repository, number: int, comment_ids: Iterable[int], user: User
    ) -> str:
        """Commit the suggestions of some comments in one batch, and return the new head.

        Raises:
            SuggestionRefusedError: GitHub would not let the user.
        """
        pull = repository.pulls[number]
        return apply_suggestions(self.activity, repository, pull, list(comment_ids), user)

    async def press_button(
        self, repository: Repository, check_run_id: int, identifier: str, user: User
    ) -> None:
        """Press a button under a completed check run."""
        run = repository.runs[check_run_id]
        self.activity.press_button(repository, run, identifier, user)

    async def rerun(self, repository: Repository, check_run_id: int, user: User) -> None:
        """Press Re-run beside a check run."""
        self.activity.rerequest_run(repository, repository.runs[check_run_id], user)

    async def rerun_all(self, repository: Repository, suite_id: int, user: User) -> None:
        """Press Re-run all checks beside a check suite."""
        self.activity.rerequest_suite(repository, repository.suites[suite_id], user)

    def _head_repository(self, repository: Repository, owner: str) -> Repository:
        for one in [repository, *self.world.forks_of(repository)]:
            if one.owner.login == owner:
                return one
        raise LookupError(f"{owner} has no fork of {repository.full_name}")
