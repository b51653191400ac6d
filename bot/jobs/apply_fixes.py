"""Fix what a person asked to have fixed: one commit on the branch, and an answer.

The commit is made only if the branch still is where it was read, and names this job in a
trailer. So a job that died between commit and answer finds its commit, and answers.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import ClassVar

from bot.analysis.errors import UserError
from bot.analysis.request import Fixing, FixPlan, Report
from bot.github.auth import Access
from bot.github.errors import Forbidden, Gone, PushRefused, StaleHead
from bot.github.gateway import RepositoryGateway
from bot.github.pulls import PullRequest
from bot.github.push import CommitMessage
from bot.isolation.errors import AnalysisTooLarge
from bot.jobs import obstacles
from bot.jobs.candidates import candidates, fixable, request_for
from bot.jobs.configuration import configuration_of_base
from bot.jobs.job import Job, Priority
from bot.jobs.obstacles import Refusal
from bot.jobs.workbench import Workbench
from bot.report import fix_reply
from bot.report.check_run import CHECK_NAME
from bot.report.markdown import prose
from bot.report.patch import patches
from bot.report.wording import sentence


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said, and the reaction that goes with it (GitHub's name of it)."""

    text: str
    reaction: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A fix plan, the commit that it was made from, and what its files were there."""

    fixes: FixPlan
    base_sha: str
    before: Mapping[str, bytes]

    def as_patch(self, reason: str) -> Answer:
        """Give the fixes to who asked, because they cannot be pushed."""
        diff = patches(self.before, self.fixes.files)
        return Answer(fix_reply.patch_instead(self.fixes, diff, reason=reason), "confused")

    def as_commit(self, sha: str) -> Answer:
        """Tell what was committed."""
        return Answer(fix_reply.committed(self.fixes, commit=sha), "rocket")


class ApplyFixes(Job, frozen=True, tag="apply_fixes"):
    """Commit the safe fixes, or all, to the branch of a pull request.

    Attributes:
        repository: `owner/name` of the base.
        number: None where GitHub did not say it (a button on a fork's commit); then our own
            claims know it.
        sender: who asked. The commit needs their permission, not the author's.
        unsafe: unsafe fixes are wanted too.
        key: of the request; makes commit and answer one, however often the job runs.
        comment_id: where the command stands.
        shown_head: the commit whose check run had the button.
    """

    installation_id: int
    repository: str
    number: int | None
    sender: str
    unsafe: bool
    key: str
    comment_id: int | None = None
    shown_head: str | None = None

    priority: ClassVar[Priority] = Priority.FIX

    @property
    def tenant(self) -> str:
        """The installation."""
        return str(self.installation_id)

    async def run(self, bench: Workbench) -> None:
        """Acknowledge, fix, answer. A request that was deleted meanwhile is withdrawn."""
        number = await self._number(bench)
        if number is None:
            return
        try:
            gateway = await self._gateway(bench, Access.REPLY)
            await self._react(gateway, "eyes")
            pull = await gateway.pull_request(number)
        except Gone:
            return
        answer = await self._answer(bench, gateway, pull)
        await self._say(gateway, number, answer)

    async def give_up(self, bench: Workbench, error: str) -> None:
        """Tell who asked that it was our failure."""
        number = await self._number(bench)
        if number is None:
            return
        with suppress(Gone):
            gateway = await self._gateway(bench, Access.REPLY)
            await self._say(gateway, number, Answer(fix_reply.broken_fix(error), "confused"))

    async def _number(self, bench: Workbench) -> int | None:
        if self.number is not None or self.shown_head is None:
            return self.number
        claim = await bench.claims.latest(self.repository, self.shown_head, CHECK_NAME)
        return claim.number if claim else None

    async def _gateway(self, bench: Workbench, access: Access) -> RepositoryGateway:
        return await bench.github.repository(self.installation_id, self.repository, access)

    async def _react(self, gateway: RepositoryGateway, reaction: str) -> None:
        if self.comment_id is not None:
            await gateway.react(self.comment_id, reaction)

    async def _say(self, gateway: RepositoryGateway, number: int, answer: Answer) -> None:
        await gateway.comment(number, answer.text, key=self.key)
        with suppress(Gone):
            await self._react(gateway, answer.reaction)

    async def _answer(
        self, bench: Workbench, gateway: RepositoryGateway, pull: PullRequest
    ) -> Answer:
        try:
            return await self._fixed(bench, gateway, pull)
        except Refusal as refusal:
            reason = str(refusal)
        except AnalysisTooLarge as failure:
            reason = f"The analysis was stopped: {prose(sentence(failure.reason))}"
        except UserError as error:
            reason = prose(sentence(str(error)))
        return Answer(fix_reply.refused(reason), "confused")

    async def _fixed(
        self, bench: Workbench, gateway: RepositoryGateway, pull: PullRequest
    ) -> Answer:
        """Fix; once more from the start if the branch moved meanwhile."""
        try:
            return await self._fixed_at_head(bench, gateway, pull)
        except StaleHead:
            pull = await gateway.pull_request(pull.number)
        try:
            return await self._fixed_at_head(bench, gateway, pull)
        except StaleHead:
            raise obstacles.moved_again() from None

    async def _fixed_at_head(
        self, bench: Workbench, gateway: RepositoryGateway, pull: PullRequest
    ) -> Answer:
        obstacles.check_open(pull)
        obstacles.check_permission(self.sender, await gateway.permission(self.sender))
        if done := await gateway.find_commit(pull.number, fix_reply.job_trailer(self.key)):
            plan = await self._plan(bench, gateway, pull, done.parent_sha)
            return plan.as_commit(done.sha)
        obstacles.check_shown(self.shown_head, pull.head_sha)
        plan = await self._plan(bench, gateway, pull, pull.head_sha)
        if not plan.fixes.files:
            return Answer(fix_reply.nothing_to_fix(plan.fixes, unsafe=self.unsafe), "rocket")
        reason = await self._obstacle(gateway, pull)
        return plan.as_patch(reason) if reason else await self._pushed(bench, pull, plan)

    async def _plan(
        self, bench: Workbench, gateway: RepositoryGateway, pull: PullRequest, base_sha: str
    ) -> Plan:
        changed = await gateway.changed_files(pull)
        paths = fixable(candidates(changed))
        if not paths:
            return Plan(_NOTHING, base_sha, {})
        tree = await gateway.tree(base_sha)
        request = request_for(
            paths,
            tree,
            Fixing.UNSAFE if self.unsafe else Fixing.SAFE,
            today=bench.now().date(),
            configuration=await configuration_of_base(gateway, pull.base_sha, changed),
        )
        fixes = await bench.analyser.plan_fixes(
            request, lambda paths: gateway.contents(tree, paths)
        )
        before = await gateway.contents(tree, fixes.files)
        return Plan(
            fixes,
            base_sha,
            {path: content for path, content in before.items() if isinstance(content, bytes)},
        )

    async def _obstacle(self, gateway: RepositoryGateway, pull: PullRequest) -> str | None:
        if pull.from_fork:
            return obstacles.of_fork(pull)
        try:
            branch = await gateway.branch(pull.head_ref)
        except Gone:
            return obstacles.of_branch(pull, None)
        return obstacles.of_branch(pull, branch)

    async def _pushed(self, bench: Workbench, pull: PullRequest, plan: Plan) -> Answer:
        try:
            gateway = await self._gateway(bench, Access.WRITE)
        except Forbidden:
            return plan.as_patch("This app was not granted the right to write contents here.")
        obstacles.check_permission(self.sender, await gateway.permission(self.sender))
        try:
            sha = await gateway.commit(
                pull.head_ref,
                expected_head=plan.base_sha,
                message=CommitMessage(
                    fix_reply.commit_headline(plan.fixes),
                    fix_reply.commit_body(plan.fixes, sender=self.sender, key=self.key),
                ),
                files=plan.fixes.files,
                repository=pull.head_repository,
            )
        except PushRefused as refusal:
            return plan.as_patch(f"GitHub refused the push: {prose(sentence(refusal.reason))}")
        return plan.as_commit(sha)


_NOTHING = FixPlan({}, (), Report((), ()), Report((), ()))
