"""A merge queue: pull requests wait in line, each merged onto all of those before it.

As on GitHub, each place in the line is a merge group of its own: a real commit on the branch
`gh-readonly-queue/BASE/pr-NUMBER-PARENT`, made on top of the group before it (PARENT), for which
checks are asked. Whatever changes before a group makes it invalid, and it is made anew.
"""

from collections.abc import Sequence
from typing import Literal

from bot.sandbox.errors import ApiError, invalid, not_found
from bot.sandbox.model import Account, MergeGroup, PullRequest
from bot.sandbox.moves import Moves
from bot.sandbox.repository import Repository

Reason = Literal["merged", "invalidated", "dequeued"]


class MergeQueue(Moves):
    """The queues of all base branches; what waits in them is part of the repository."""

    def enqueue(self, repository: Repository, pull: PullRequest, sender: Account) -> MergeGroup:
        """Put a pull request at the end of its base branch's queue; return its merge group.

        Raises:
            ApiError: it is not open, is a draft, waits already, or does not merge.
        """
        if pull.state != "open" or pull.draft or self.group_of(repository, pull):
            raise invalid("Validation Failed", {"resource": "PullRequest", "code": "invalid"})
        line = repository.queues.setdefault(pull.base_ref, [])
        group = self._create(repository, pull, sender)
        line.append(group)
        self.events.pull_request("enqueued", repository, pull, sender)
        self._request_checks(repository, group, sender)
        return group

    def dequeue(
        self,
        repository: Repository,
        pull: PullRequest,
        sender: Account,
        *,
        reason: str = "MANUAL",
    ) -> None:
        """Take a pull request out of its queue; the groups behind it are made anew without it.

        A pull request that does not wait is left as it is. `reason` is GitHub's word for why.
        """
        group = self.group_of(repository, pull)
        if group is None:
            return
        line = repository.queues[group.base_ref]
        behind = line[line.index(group) :]
        del line[line.index(group) :]
        self._destroy(repository, group, "dequeued", sender)
        self.events.pull_request("dequeued", repository, pull, sender, reason=reason)
        self._create_anew(repository, behind[1:], sender)

    def take_first(self, repository: Repository, base: str) -> MergeGroup:
        """Take the group that is to be merged next out of the queue, without telling anybody.

        Raises:
            ApiError: 404, nothing waits.
        """
        line = repository.queues.get(base)
        if not line:
            raise not_found()
        return line.pop(0)

    def merged(
        self, repository: Repository, group: MergeGroup, pull: PullRequest, sender: Account
    ) -> None:
        """Tell that a group's commit is the head of its base branch now."""
        self._destroy(repository, group, "merged", sender)
        self.events.pull_request("dequeued", repository, pull, sender, reason="MERGE")

    def follow(self, repository: Repository, base: str, sender: Account) -> None:
        """Make all groups anew if the first of them does not stand on its base branch any more."""
        line = repository.queues.get(base)
        if not line or line[0].base_sha == repository.head(base):
            return
        waiting = list(line)
        line.clear()
        self._create_anew(repository, waiting, sender)

    @staticmethod
    def group_of(repository: Repository, pull: PullRequest) -> MergeGroup | None:
        """Return the merge group in which a pull request waits, None where it does not."""
        line = repository.queues.get(pull.base_ref, ())
        return next((group for group in line if group.number == pull.number), None)

    def _create_anew(
        self, repository: Repository, invalid_groups: Sequence[MergeGroup], sender: Account
    ) -> None:
        for group in invalid_groups:
            self._destroy(repository, group, "invalidated", sender)
        for group in invalid_groups:
            pull = repository.pulls[group.number]
            try:
                fresh = self._create(repository, pull, sender)
            except ApiError:
                reason = "MERGE_CONFLICT"
                self.events.pull_request("dequeued", repository, pull, sender, reason=reason)
                continue
            repository.queues[group.base_ref].append(fresh)
            self._request_checks(repository, fresh, sender)

    def _create(self, repository: Repository, pull: PullRequest, sender: Account) -> MergeGroup:
        parent = _last(repository, pull.base_ref)
        oid = self.merge_commit(repository, parent, pull, sender)
        return MergeGroup(pull.number, pull.base_ref, parent, oid)

    def _request_checks(self, repository: Repository, group: MergeGroup, sender: Account) -> None:
        self.point(repository, group.branch, group.head_sha)
        self.announce(repository, group.branch, None, group.head_sha, sender=sender)
        self.events.merge_group("checks_requested", repository, group, sender)

    def _destroy(
        self, repository: Repository, group: MergeGroup, reason: Reason, sender: Account
    ) -> None:
        self.point(repository, group.branch, None)
        self.announce(repository, group.branch, group.head_sha, None, sender=sender)
        self.events.merge_group("destroyed", repository, group, sender, reason=reason)


def _last(repository: Repository, base: str) -> str:
    """Return the commit on which the next group is made."""
    line = repository.queues.get(base)
    if line:
        return line[-1].head_sha
    head = repository.head(base)
    if head is None:
        raise not_found()
    return head
