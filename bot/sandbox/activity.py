"""What people and apps do, with everything that GitHub does as a consequence.

Every change of a branch comes through here, whether by git, REST or GraphQL, so that pull requests
follow their heads and webhooks are sent whatever the way.
"""

from collections.abc import Iterable, Mapping

from bot.sandbox.errors import ApiError, invalid, not_found
from bot.sandbox.merge_queue import MergeQueue
from bot.sandbox.model import (
    Account,
    App,
    CheckRun,
    CheckSuite,
    Comment,
    Json,
    PullRequest,
    Reaction,
    Review,
    ReviewComment,
)
from bot.sandbox.moves import Moves
from bot.sandbox.repository import Repository
from bot.sandbox.required_checks import Standing, has_queue, standing
from bot.sandbox.threads import opinions


class Activity(Moves):
    """Changes the world and tells about it."""

    @property
    def queue(self) -> MergeQueue:
        """The merge queues of this world."""
        return MergeQueue(self.world, self.events)

    # Branches

    def move(
        self, repository: Repository, branch: str, after: str | None, sender: Account
    ) -> None:
        """Let a branch point to another commit, or to none, and tell everybody."""
        before = repository.head(branch)
        self.point(repository, branch, after)
        self.moved(repository, branch, before, after, sender=sender)

    def moved(
        self,
        repository: Repository,
        branch: str,
        before: str | None,
        after: str | None,
        *,
        sender: Account,
    ) -> None:
        """Tell everybody of a branch that points elsewhere by now."""
        if before == after:
            return
        self.announce(repository, branch, before, after, sender=sender)
        self.queue.follow(repository, branch, sender)
        for target, pull in self._pulls_from(repository, branch):
            if after is None:
                self.close(target, pull, sender)
            else:
                self._synchronize(target, pull, after, sender)

    def commit_files(
        self,
        repository: Repository,
        branch: str,
        files: Mapping[str, bytes],
        deleted: Iterable[str],
        message: str,
        *,
        author: Account,
    ) -> str:
        """Commit on top of a branch, as GitHub's own web flow does, and return the new head."""
        parent = repository.head(branch)
        tree = repository.store.write_files(parent, files, deleted)
        who = self.signature(author)
        oid = repository.web_commit(tree, [parent] if parent else [], message, who)
        self.move(repository, branch, oid, author)
        return oid

    def overtake(self, repository: Repository, branch: str) -> None:
        """Let somebody else push an empty commit to a branch, as the stale-head fault orders."""
        head = repository.head(branch)
        if head is not None:
            who = self.signature(repository.owner)
            tree = str(repository.store.tree(head).id)
            oid = repository.web_commit(tree, [head], "Overtake", who)
            self.move(repository, branch, oid, repository.owner)

    def _pulls_from(
        self, repository: Repository, branch: str
    ) -> list[tuple[Repository, PullRequest]]:
        return [
            (target, pull)
            for target in self.world.repositories.values()
            for pull in target.pulls.values()
            if pull.head_repository_id == repository.id
            and pull.head_ref == branch
            and pull.state == "open"
        ]

    def _synchronize(
        self, target: Repository, pull: PullRequest, after: str, sender: Account
    ) -> None:
        before = pull.head_sha
        self.queue.dequeue(target, pull, sender)
        self._follow_head(target, pull, after)
        pull.base_sha = target.head(pull.base_ref) or pull.base_sha
        self._dismiss_approvals(target, pull)
        self.events.pull_request("synchronize", target, pull, sender, before=before, after=after)

    @staticmethod
    def _dismiss_approvals(target: Repository, pull: PullRequest) -> None:
        if target.dismisses_approvals(pull.base_ref):
            for review in opinions(target, pull):
                review.state = "DISMISSED" if review.state == "APPROVED" else review.state

    def _follow_head(self, target: Repository, pull: PullRequest, after: str) -> None:
        source = self.world.repositories[pull.head_repository_id]
        target.store.fetch(source.store, after, f"refs/pull/{pull.number}/head")
        pull.head_sha = after
        pull.updated_at = self.world.now()

    # Pull requests

    def open_pull(
        self,
        target: Repository,
        source: Repository,
        *,
        head: str,
        base: str,
        title: str,
        body: str | None,
        author: Account,
        draft: bool = False,
        maintainer_can_modify: bool = False,
    ) -> PullRequest:
        """Open a pull request from a branch of `source` into a branch of `target`."""
        head_sha, base_sha = source.head(head), target.head(base)
        if head_sha is None or base_sha is None:
            raise invalid("Validation Failed", {"resource": "PullRequest", "code": "invalid"})
        number = len(target.pulls) + 1
        now = self.world.now()
        pull = PullRequest(
            id=self.world.next_id(),
            number=number,
            repository_id=target.id,
            title=title,
            body=body,
            author=author,
            base_ref=base,
            base_sha=base_sha,
            head_ref=head,
            head_sha=head_sha,
            head_owner=source.owner,
            head_repository_id=source.id,
            created_at=now,
            updated_at=now,
            draft=draft,
            maintainer_can_modify=maintainer_can_modify,
        )
        target.pulls[number] = pull
        self._follow_head(target, pull, head_sha)
        self.events.pull_request("opened", target, pull, author)
        return pull

    def close(self, target: Repository, pull: PullRequest, sender: Account) -> None:
        """Close a pull request without merging it."""
        self.queue.dequeue(target, pull, sender)
        pull.closed_at = self.world.now()
        self.events.pull_request("closed", target, pull, sender)

    def merge(self, target: Repository, pull: PullRequest, sender: Account) -> str:
        """Merge a pull request with a merge commit, and return that commit.

        Raises:
            ApiError: 405, it conflicts, or a required check has not passed.
        """
        if standing(target, pull.base_ref, pull.head_sha) is not Standing.PASSED:
            raise ApiError(405, "Required status checks have not passed.")
        base = target.head(pull.base_ref) or pull.base_sha
        oid = self.merge_commit(target, base, pull, sender)
        self.queue.dequeue(target, pull, sender)
        pull.merged_at = pull.closed_at = self.world.now()
        self.move(target, pull.base_ref, oid, sender)
        self.events.pull_request("closed", target, pull, sender)
        return oid

    def merge_next(self, target: Repository, base: str, sender: Account) -> PullRequest:
        """Merge what is first in the queue of a base branch: its head becomes that very commit."""
        group = self.queue.take_first(target, base)
        pull = target.pulls[group.number]
        pull.merged_at = pull.closed_at = self.world.now()
        self.move(target, base, group.head_sha, sender)
        self.queue.merged(target, group, pull, sender)
        self.events.pull_request("closed", target, pull, sender)
        return pull

    def _advance(self, repository: Repository, base: str) -> None:
        """Merge from the front of a queue what has passed, and throw out what has failed."""
        line = repository.queues[base]
        while line:
            group = line[0]
            judged = standing(repository, base, group.head_sha)
            if judged is Standing.WAITING:
                return
            if judged is Standing.PASSED:
                self.merge_next(repository, base, repository.owner)
            else:
                pull = repository.pulls[group.number]
                self.queue.dequeue(repository, pull, repository.owner, reason="CI_FAILURE")

    def reopen(self, target: Repository, pull: PullRequest, sender: Account) -> None:
        """Open a closed pull request again, at what its branch is now."""
        source = self.world.repositories.get(pull.head_repository_id)
        head = source.head(pull.head_ref) if source else None
        if head is None:
            raise invalid("Validation Failed", {"resource": "PullRequest", "code": "invalid"})
        pull.closed_at = None
        self._follow_head(target, pull, head)
        self.events.pull_request("reopened", target, pull, sender)

    def edit(
        self,
        target: Repository,
        pull: PullRequest,
        sender: Account,
        *,
        title: str | None = None,
        base: str | None = None,
    ) -> None:
        """Change a pull request's title or base branch."""
        changes: Json = {}
        if title is not None:
            changes["title"] = {"from": pull.title}
            pull.title = title
        if base is not None:
            changes["base"] = {"ref": {"from": pull.base_ref}, "sha": {"from": pull.base_sha}}
            pull.base_ref, pull.base_sha = base, str(target.store.resolve(base).id)
        self.events.pull_request_edited(target, pull, sender, changes)

    def set_draft(
        self, target: Repository, pull: PullRequest, sender: Account, *, draft: bool
    ) -> None:
        """Mark a pull request as ready for review, or take that back."""
        pull.draft = draft
        action = "converted_to_draft" if draft else "ready_for_review"
        self.events.pull_request(action, target, pull, sender)

    # Conversation

    def comment(
        self,
        repository: Repository,
        number: int,
        body: str,
        author: Account,
        app: App | None = None,
    ) -> Comment:
        """Write a comment under a pull request; `app` says which app wrote it."""
        pull = repository.pulls.get(number)
        if pull is None:
            raise not_found()
        now = self.world.now()
        comment = Comment(self.world.next_id(), number, author, body, now, now, app)
        repository.comments[comment.id] = comment
        self.events.comment("created", repository, pull, comment, author)
        return comment

    def edit_comment(
        self, repository: Repository, comment: Comment, body: str, sender: Account
    ) -> None:
        """Change a comment's text; the event carries the old one."""
        changes: Json = {"body": {"from": comment.body}}
        comment.body, comment.updated_at = body, self.world.now()
        pull = repository.pulls[comment.number]
        self.events.comment("edited", repository, pull, comment, sender, changes=changes)

    def react(
        self, comment: Comment | ReviewComment, content: str, author: Account
    ) -> tuple[Reaction, bool]:
        """Return the author's reaction, and whether it is new; no webhook tells of it."""
        for reaction in comment.reactions:
            if reaction.author is author and reaction.content == content:
                return reaction, False
        reaction = Reaction(self.world.next_id(), content, author, self.world.now())
        comment.reactions.append(reaction)
        return reaction, True

    def review(
        self,
        repository: Repository,
        pull: PullRequest,
        state: str,
        author: Account,
        *,
        body: str = "",
        comments: Iterable[ReviewComment] = (),
        commit_id: str | None = None,
    ) -> Review:
        """Write a review; webhooks tell of it and its comments once it is submitted."""
        review = Review(
            self.world.next_id(),
            pull.number,
            author,
            body,
            state,
            commit_id or pull.head_sha,
            self.world.now(),
            list(comments),
        )
        repository.reviews[review.id] = review
        if state == "PENDING":
            return review
        self.events.review("submitted", repository, review)
        for comment in review.comments:
            self.events.review_comment("created", repository, review, comment)
        return review

    def edit_review(self, repository: Repository, review: Review, body: str) -> None:
        """Let its author change what a review says as a whole; the event carries the old text."""
        changes: Json = {"body": {"from": review.body}}
        review.body = body
        self.events.review("edited", repository, review, changes=changes)

    def edit_review_comment(
        self, repository: Repository, review: Review, comment: ReviewComment, body: str
    ) -> None:
        """Let its author change a comment on lines; the event carries the old text."""
        changes: Json = {"body": {"from": comment.body}}
        comment.body = body
        self.events.review_comment("edited", repository, review, comment, changes=changes)

    # Checks

    def run_created(self, repository: Repository, run: CheckRun) -> None:
        """Remember a new check run and tell of it."""
        repository.runs[run.id] = run
        self.events.check_run("created", repository, run, run.app.bot)
        if run.status == "completed":
            self.run_completed(repository, run)

    def run_completed(self, repository: Repository, run: CheckRun) -> None:
        """Tell of a completed check run, and of its suite when that was the last one."""
        self.events.check_run("completed", repository, run, run.app.bot)
        if all(one.status == "completed" for one in repository.runs_of(run.suite)):
            run.suite.updated_at = self.world.now()
            self.events.check_suite("completed", repository, run.suite, run.app.bot)
        for branch in repository.queues:
            if has_queue(repository, branch):
                self._advance(repository, branch)

    def press_button(
        self, repository: Repository, run: CheckRun, identifier: str, sender: Account
    ) -> None:
        """Press a button of a check run: it must be completed and have that button."""
        if identifier not in {action["identifier"] for action in run.actions}:
            raise not_found()
        self.events.check_run_request("requested_action", repository, run, sender, identifier)

    def rerequest_run(self, repository: Repository, run: CheckRun, sender: Account) -> None:
        """Ask an app to run a check again; the run itself is left as it is."""
        self.events.check_run_request("rerequested", repository, run, sender)

    def rerequest_suite(self, repository: Repository, suite: CheckSuite, sender: Account) -> None:
        """Ask an app to run all of its checks on a commit again."""
        self.events.check_suite("rerequested", repository, suite, sender)
