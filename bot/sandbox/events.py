"""Which webhooks a change sends, to which apps, and with what in them."""

from bot.sandbox.auth import grants
from bot.sandbox.deliveries import Hookshot
from bot.sandbox.model import (
    Account,
    CheckRun,
    CheckSuite,
    Comment,
    Installation,
    Json,
    MergeGroup,
    PullRequest,
    Review,
    ReviewComment,
)
from bot.sandbox.render import (
    accounts,
    checks,
    conversation,
    merge_groups,
    pulls,
    pushes,
    repositories,
)
from bot.sandbox.repository import Repository
from bot.sandbox.world import World

# The permission that an app needs to subscribe to an event (GitHub refuses a manifest without it).
EVENT_PERMISSIONS = {
    "check_run": "checks=read",
    "check_suite": "checks=read",
    "issue_comment": "issues=read",
    "merge_group": "merge_queues=read",
    "pull_request": "pull_requests=read",
    "pull_request_review": "pull_requests=read",
    "pull_request_review_comment": "pull_requests=read",
    "push": "contents=read",
}


class Events:
    """One method per event; each sends to every installed app that subscribed to it."""

    def __init__(self, world: World, hookshot: Hookshot) -> None:
        self._world = world
        self._hookshot = hookshot

    def pull_request(
        self, action: str, repository: Repository, pull: PullRequest, sender: Account, **extra: str
    ) -> None:
        """Send `pull_request`; `extra` is what some actions bring with them."""
        body: Json = {
            "action": action,
            "number": pull.number,
            "pull_request": pulls.full_pull(self._world, repository, pull),
        }
        self._send("pull_request", repository, body | extra, sender)

    def pull_request_edited(
        self, repository: Repository, pull: PullRequest, sender: Account, changes: Json
    ) -> None:
        """Send `pull_request.edited` with what was there before."""
        body: Json = {
            "action": "edited",
            "number": pull.number,
            "changes": changes,
            "pull_request": pulls.full_pull(self._world, repository, pull),
        }
        self._send("pull_request", repository, body, sender)

    def merge_group(
        self,
        action: str,
        repository: Repository,
        group: MergeGroup,
        sender: Account,
        **extra: str,
    ) -> None:
        """Send `merge_group`; destroyed brings its `reason` with it."""
        body: Json = {
            "action": action,
            "merge_group": merge_groups.merge_group(repository, group),
        }
        self._send("merge_group", repository, body | extra, sender)

    def push(
        self, repository: Repository, branch: str, before: str, after: str, sender: Account
    ) -> None:
        """Send `push`; a created or deleted branch has zeros on one side."""
        body = pushes.push(
            self._world, repository, branch, before=before, after=after, sender=sender
        )
        self._send("push", repository, body, sender)

    def check_run(
        self, action: str, repository: Repository, run: CheckRun, sender: Account
    ) -> None:
        """Send `check_run` created or completed to all who listen."""
        self._send("check_run", repository, self._run_body(action, repository, run), sender)

    def check_run_request(
        self,
        action: str,
        repository: Repository,
        run: CheckRun,
        sender: Account,
        identifier: str | None = None,
    ) -> None:
        """Send `check_run` rerequested or requested_action, to the app that owns the run."""
        body = self._run_body(action, repository, run)
        if identifier is not None:
            body["requested_action"] = {"identifier": identifier}
        owner = self._world.installation_on(run.app, repository)
        self._deliver("check_run", owner, repository, body, sender)

    def check_suite(
        self, action: str, repository: Repository, suite: CheckSuite, sender: Account
    ) -> None:
        """Send `check_suite`, to the app that owns the suite."""
        body: Json = {
            "action": action,
            "check_suite": checks.webhook_suite(self._world, repository, suite),
        }
        owner = self._world.installation_on(suite.app, repository)
        self._deliver("check_suite", owner, repository, body, sender)

    def comment(
        self,
        action: str,
        repository: Repository,
        pull: PullRequest,
        comment: Comment,
        sender: Account,
        *,
        changes: Json | None = None,
    ) -> None:
        """Send `issue_comment`; an edit brings the old body in `changes`."""
        body: Json = {
            "action": action,
            "issue": conversation.issue(self._world, repository, pull),
            "comment": conversation.comment(self._world, repository, comment),
        }
        if changes is not None:
            body["changes"] = changes
        self._send("issue_comment", repository, body, sender)

    def review(
        self, action: str, repository: Repository, review: Review, *, changes: Json | None = None
    ) -> None:
        """Send `pull_request_review`; an edit brings the old body in `changes`."""
        pull = repository.pulls[review.number]
        body: Json = {
            "action": action,
            "review": conversation.webhook_review(self._world, repository, pull, review),
            "pull_request": pulls.simple_pull(self._world, repository, pull),
        }
        if changes is not None:
            body["changes"] = changes
        self._send("pull_request_review", repository, body, review.author)

    def review_comment(
        self,
        action: str,
        repository: Repository,
        review: Review,
        comment: ReviewComment,
        *,
        changes: Json | None = None,
    ) -> None:
        """Send `pull_request_review_comment`; an edit brings the old body in `changes`."""
        pull = repository.pulls[review.number]
        body: Json = {
            "action": action,
            "comment": conversation.webhook_review_comment(
                self._world, repository, pull, review, comment
            ),
            "pull_request": pulls.simple_pull(self._world, repository, pull),
        }
        if changes is not None:
            body["changes"] = changes
        self._send("pull_request_review_comment", repository, body, review.author)

    def installation(self, action: str, one: Installation, sender: Account) -> None:
        """Send `installation`, which every app gets without subscribing."""
        body: Json = {
            "action": action,
            "installation": accounts.installation(self._world, one),
            "sender": accounts.account(self._world, sender),
        }
        # So GitHub's own examples are.
        if "suspend" not in action:
            body["repositories"] = self._names(one.repository_ids)
            body["requester"] = None
        self._hookshot.send(one.app, "installation", body)

    def installation_repositories(
        self, one: Installation, added: set[int], removed: set[int], sender: Account
    ) -> None:
        """Send `installation_repositories`, which every app gets without subscribing."""
        body: Json = {
            "action": "added" if added else "removed",
            "installation": accounts.installation(self._world, one),
            "repository_selection": "selected",
            "repositories_added": self._names(added),
            "repositories_removed": self._names(removed),
            "requester": None,
            "sender": accounts.account(self._world, sender),
        }
        self._hookshot.send(one.app, "installation_repositories", body)

    def _names(self, ids: set[int]) -> list[Json]:
        found = [self._world.repositories[i] for i in sorted(ids)]
        return [
            {
                "id": one.id,
                "node_id": f"R_{one.id}",
                "name": one.name,
                "full_name": one.full_name,
                "private": one.private,
            }
            for one in found
        ]

    def _run_body(self, action: str, repository: Repository, run: CheckRun) -> Json:
        return {
            "action": action,
            "check_run": checks.webhook_check_run(self._world, repository, run),
        }

    def _send(self, event: str, repository: Repository, body: Json, sender: Account) -> None:
        for installation in self._world.installations_on(repository):
            self._deliver(event, installation, repository, body, sender)

    def _deliver(
        self,
        event: str,
        installation: Installation,
        repository: Repository,
        body: Json,
        sender: Account,
    ) -> None:
        needed = EVENT_PERMISSIONS[event]
        if installation.suspended_at is not None:
            return
        if event not in installation.app.events or not grants(installation.permissions, needed):
            return
        place = pushes.repository if event == "push" else repositories.repository
        payload = body | {
            "repository": place(self._world, repository),
            "sender": accounts.account(self._world, sender),
            "installation": {"id": installation.id, "node_id": f"I_{installation.id}"},
        }
        if repository.owner.kind == "Organization":
            payload["organization"] = accounts.organization(self._world, repository.owner)
        self._hookshot.send(installation.app, event, payload)
