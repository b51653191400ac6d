"""Fix what a person asked to have fixed: one commit on the branch, and an answer.

The commit is made only if the branch still is where it was read, and names this job in a
trailer. So a job that died between commit and answer finds its commit, and answers.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.analysis.fix_settings import FixMode
from bot.analysis.request import Fixing, FixPlan, Narrowing, Report
from bot.github.auth import Access
from bot.github.errors import Forbidden, Gone, PushRefused, StaleHead
from bot.github.gateway import RepositoryGateway
from bot.github.pulls import PullRequest
from bot.github.push import CommitMessage
from bot.jobs import obstacles
from bot.jobs.candidates import candidates, fixable, request_for
from bot.jobs.command_job import Answer, CommandJob
from bot.jobs.commands.definitions import Command
from bot.jobs.configuration import configuration_of_base
from bot.jobs.workbench import Workbench
from bot.report import fix_reply
from bot.report.markdown import prose
from bot.report.patch import patches
from bot.report.wording import sentence


@dataclass(frozen=True, slots=True)
class Plan:
    """A fix plan, the commit that it was made from, and what its files were there."""

    fixes: FixPlan
    base_sha: str
    before: Mapping[str, bytes]

    def as_patch(self, reason: str) -> Answer:
        """Give the fixes to who asked, because they cannot be pushed."""
        return Answer(fix_reply.patch_instead(self.fixes, self._diff(), reason=reason), "confused")

    def as_preview(self) -> Answer:
        """Show the fixes to who wanted to see them."""
        return Answer(fix_reply.preview(self.fixes, self._diff()))

    def as_commit(self, sha: str) -> Answer:
        """Tell what was committed."""
        return Answer(fix_reply.committed(self.fixes, commit=sha))

    def _diff(self) -> tuple[str, ...]:
        return patches(self.before, self.fixes.files)


class ApplyFixes(CommandJob, frozen=True, tag="apply_fixes"):
    """Commit the safe fixes, or all, to the branch of a pull request.

    A commit needs the permission of who asked, not of the pull request's author.

    Attributes:
        unsafe: unsafe fixes are wanted too.
        rules: selectors of the rules whose fixes are wanted; none for all.
        paths: globs of the files in which they are; none for all.
        mode: how the fixes are to reach the branch.
    """

    unsafe: bool = False
    rules: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    mode: FixMode = FixMode.AUTO

    @property
    def command(self) -> Command:
        """As it could have been written, also of a button."""
        return Command(rules=self.rules, paths=self.paths, unsafe=self.unsafe, mode=self.mode)

    async def answer(
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
        if self.mode is FixMode.PATCH:
            return await self._previewed(bench, gateway, pull)
        obstacles.check_open(pull)
        obstacles.check_permission(self.sender, await gateway.permission(self.sender))
        if done := await gateway.find_commit(pull.number, fix_reply.job_trailer(self.key)):
            plan = await self._plan(bench, gateway, pull, done.parent_sha)
            return plan.as_commit(done.sha)
        obstacles.check_shown(self.shown_head, pull.head_sha)
        plan = await self._plan(bench, gateway, pull, pull.head_sha)
        if not plan.fixes.files:
            return Answer(fix_reply.nothing_to_fix(plan.fixes, unsafe=self.unsafe))
        if self.mode is FixMode.SUGGEST:
            return plan.as_patch("Suggestions cannot be made yet.")
        reason = await self._obstacle(gateway, pull)
        return plan.as_patch(reason) if reason else await self._pushed(bench, pull, plan)

    async def _previewed(
        self, bench: Workbench, gateway: RepositoryGateway, pull: PullRequest
    ) -> Answer:
        """Write nothing, so anybody may ask for it."""
        plan = await self._plan(bench, gateway, pull, pull.head_sha)
        if not plan.fixes.files:
            return Answer(fix_reply.nothing_to_fix(plan.fixes, unsafe=self.unsafe))
        return plan.as_preview()

    async def _plan(
        self, bench: Workbench, gateway: RepositoryGateway, pull: PullRequest, base_sha: str
    ) -> Plan:
        changed = await gateway.changed_files(pull)
        paths = fixable(candidates(changed))
        if not paths:
            obstacles.check_matched(self.paths, _NOTHING.before)
            return Plan(_NOTHING, base_sha, {})
        tree = await gateway.tree(base_sha)
        request = request_for(
            paths,
            tree,
            Fixing.UNSAFE if self.unsafe else Fixing.SAFE,
            narrowing=Narrowing(self.rules, self.paths),
            today=bench.now().date(),
            configuration=await configuration_of_base(gateway, pull.base_sha, changed),
        )
        fixes = await bench.analyser.plan_fixes(
            request, lambda paths: gateway.contents(tree, paths)
        )
        obstacles.check_matched(fixes.unmatched, fixes.before)
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
            gateway = await self.gateway(bench, Access.WRITE)
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
