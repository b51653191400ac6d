"""Fix what a person asked to have fixed: one commit on the branch, and an answer.

The commit is made only if the branch still is where it was read, and names this job in a
trailer. So a job that died between commit and answer finds its commit, and answers.
"""

from collections.abc import Collection
from typing import ClassVar

from bot.analysis.fix_settings import FixAllow, FixMode
from bot.analysis.request import Fixing, FixPlan, Narrowing, Report
from bot.github.errors import StaleHead
from bot.github.gateway import RepositoryGateway
from bot.github.history import ListedCommit
from bot.github.pulls import PullRequest
from bot.github.push import CommitMessage
from bot.jobs import obstacles
from bot.jobs.candidates import candidates, fixable, request_for
from bot.jobs.command_job import Answer, CommandJob
from bot.jobs.commands.definitions import Command
from bot.jobs.configuration import (
    OF_BASE,
    inherited_if_possible,
    settings_of,
    with_base,
)
from bot.jobs.fix_plan import Plan
from bot.jobs.own_commits import check_daily, fixed_rules, made_for, own_at
from bot.jobs.pushing import NewCommit, NotPushed, pushed
from bot.jobs.ways import by_suggestions, reason_to_suggest
from bot.jobs.workbench import Workbench
from bot.report import commit_message, fix_reply


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

    writes: ClassVar[bool] = True

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
        settings = (await settings_of(gateway, pull.base_sha)).fix
        mode = settings.mode if self.mode is FixMode.AUTO else self.mode
        if mode is FixMode.PATCH:
            return await self._previewed(bench, gateway, pull)
        obstacles.check_open(pull)
        permission = await gateway.permission(self.sender)
        obstacles.check_permission(self.sender, permission, settings.allow)
        commits = await gateway.commits(pull.number, pull.head_sha)
        if done := made_for(self.key, commits):
            plan = await self._plan(bench, gateway, pull, done.parent_shas[0])
            return plan.as_commit(done.sha)
        obstacles.check_shown(self.shown_head, pull.head_sha)
        plan = await self._plan(bench, gateway, pull, pull.head_sha)
        if not plan.fixes.files:
            return self._nothing(plan)
        if mode is FixMode.SUGGEST:
            wish = "" if self.mode is mode else "`fix.mode` is `suggest` in this repository."
            return await by_suggestions(
                self, bench, gateway, pull, plan, reason=wish, can_commit=True
            )
        if mode is FixMode.AUTO and (reason := await reason_to_suggest(bench, gateway, pull)):
            return await by_suggestions(
                self, bench, gateway, pull, plan, reason=reason, can_commit=True
            )
        check_daily(commits, bench.now(), bench.policy.commits_a_day)
        if own := own_at(pull.head_sha, commits):
            await self._check_progress(bench, gateway, pull, own, plan)
        return await self._committed(bench, gateway, pull, plan, settings.allow)

    async def _previewed(
        self, bench: Workbench, gateway: RepositoryGateway, pull: PullRequest
    ) -> Answer:
        """Write nothing, so anybody may ask for it."""
        obstacles.check_shown(self.shown_head, pull.head_sha)
        plan = await self._plan(bench, gateway, pull, pull.head_sha)
        if not plan.fixes.files:
            return self._nothing(plan)
        return plan.as_preview(wanted=self.mode is FixMode.PATCH)

    def _nothing(self, plan: Plan) -> Answer:
        return Answer(fix_reply.nothing_to_fix(plan.fixes, unsafe=self.unsafe))

    async def _check_progress(
        self,
        bench: Workbench,
        gateway: RepositoryGateway,
        pull: PullRequest,
        own: ListedCommit,
        plan: Plan,
    ) -> None:
        """Hold that fixing comes to an end: the bot's commit at the head has lessened something.

        Raises:
            Refusal: there is no less of what it repaired, and now is to be repaired again.
        """
        again = fixed_rules(own) & {finding.code for finding in plan.fixes.fixed}
        if not again:
            return
        before = await self._plan(bench, gateway, pull, own.parent_shas[0])
        if _count(plan.fixes.before, again) >= _count(before.fixes.before, again):
            raise obstacles.no_progress(own.sha, sorted(again))

    async def _plan(
        self, bench: Workbench, gateway: RepositoryGateway, pull: PullRequest, base_sha: str
    ) -> Plan:
        changed = await gateway.changed_files(pull)
        paths = fixable(candidates(changed))
        if not paths:
            obstacles.check_matched(self.paths, _NOTHING.before)
            return Plan(_NOTHING, base_sha, {}, {})
        tree = await gateway.tree(base_sha)
        inherited = await inherited_if_possible(gateway)
        request = request_for(
            paths,
            tree,
            Fixing.UNSAFE if self.unsafe else Fixing.SAFE,
            narrowing=Narrowing(self.rules, self.paths),
            today=bench.now().date(),
            elsewhere=OF_BASE,
            inherited=inherited.file,
        )
        everything = with_base(tree, pull.base_sha)
        fixes = await bench.analyser.plan_fixes(
            request, lambda paths: gateway.contents(everything, paths)
        )
        obstacles.check_matched(fixes.unmatched, fixes.before)
        before = await gateway.contents(tree, fixes.files)
        return Plan(
            fixes,
            base_sha,
            {path: content for path, content in before.items() if isinstance(content, bytes)},
            {file.path: file.patch for file in changed},
        )

    async def _committed(
        self,
        bench: Workbench,
        gateway: RepositoryGateway,
        pull: PullRequest,
        plan: Plan,
        allow: FixAllow,
    ) -> Answer:
        message = CommitMessage(
            commit_message.fix_headline(plan.fixes),
            commit_message.fix_body(plan.fixes, sender=self.sender, key=self.key),
        )
        commit = NewCommit(plan.base_sha, message, plan.fixes.files)
        try:
            sha = await pushed(self, bench, gateway, pull, commit=commit, allow=allow)
        except NotPushed as obstacle:
            if obstacle.is_of_fork:
                bench.closed_forks.add(pull.head_repository or "")
            if obstacle.to_everybody:
                return plan.as_patch(str(obstacle))
            return await by_suggestions(
                self, bench, gateway, pull, plan, reason=str(obstacle), can_commit=False
            )
        bench.closed_forks.remove(pull.head_repository or "")
        return plan.as_commit(sha)


def _count(report: Report, rules: Collection[str]) -> int:
    return sum(1 for finding in report.findings if finding.code in rules)


_NOTHING = FixPlan({}, (), Report((), ()), Report((), ()))
