"""The story of the demo, step by step, and what must come out at each."""

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.cli.demo.narration import Narration
from bot.cli.demo.real_pytest import RealPytest
from bot.cli.demo.stage import BRANCH, Stage
from bot.sandbox.model import CheckRun

# What the sample's branch holds, and which of it a safe fix repairs.
PLANTED = ("AWT101", "AWT102", "AWT103", "AWT301", "AWT405")
SAFE = frozenset({"AWT103", "AWT301"})


@dataclass(slots=True)
class Story:
    """What happened, and what came out otherwise than it must."""

    conclusion_before: str | None = None
    findings_before: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    fix_commits: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    conclusion_after: str | None = None
    findings_after: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    pytest_before: dict[str, Any] = field(default_factory=dict[str, Any])
    pytest_after: dict[str, Any] = field(default_factory=dict[str, Any])
    api_requests: dict[str, int] = field(default_factory=dict[str, int])
    exchanges: int = 0
    violations: list[str] = field(default_factory=list[str])
    surprises: list[str] = field(default_factory=list[str])

    def expect(self, what: str, *, came: bool) -> None:
        """Note a surprise unless it came out as it must."""
        if not came:
            self.surprises.append(what)

    def as_json(self) -> dict[str, Any]:
        """Return the object that `--json` prints."""
        return {
            "conclusion_before": self.conclusion_before,
            "findings_before": self.findings_before,
            "fix_commits": self.fix_commits,
            "conclusion_after": self.conclusion_after,
            "findings_after": self.findings_after,
            "pytest_before": self.pytest_before,
            "pytest_after": self.pytest_after,
            "api_requests": self.api_requests,
            "referee": {"exchanges": self.exchanges, "violations": self.violations},
            "surprises": self.surprises,
        }


async def play(stage: Stage, narration: Narration) -> Story:
    """Play the story to its end; what comes out otherwise is noted, not raised."""
    with tempfile.TemporaryDirectory(prefix="awaited-demo-pytest-") as folder:
        actors = _Actors(stage, narration, RealPytest(Path(folder)), Story())
        await actors.open_pull_request()
        await actors.visitor_asks()
        await actors.ask_for_safe_fixes()
        await actors.ask_for_all_fixes()
        await actors.look_back()
        return actors.story


@dataclass(frozen=True, slots=True)
class _Actors:
    stage: Stage
    narration: Narration
    pytest: RealPytest
    story: Story

    async def open_pull_request(self) -> None:
        self.narration.title("A pull request adds async tests.")
        await self.stage.propose()
        self.narration.line(f"{self.stage.page}  (plain pytest says of its branch:)")
        self.story.pytest_before = await self.pytest.run(self.stage.clone_url, BRANCH, "before")
        self._tell_pytest(self.story.pytest_before)
        await self.stage.settled()
        check = self._check()
        self.story.conclusion_before = check.conclusion
        self.story.findings_before = findings_of(check)
        self._tell_check(check)
        codes = {one["code"] for one in self.story.findings_before}
        self.story.expect("the first check must fail", came=check.conclusion == "failure")
        self.story.expect(f"all of {PLANTED} must be found", came=codes == set(PLANTED))
        self.story.expect("the check must offer a fix", came=bool(check.actions))
        self.story.expect(
            "before the fix some async tests must never run",
            came=bool(self.story.pytest_before["never_awaited"]),
        )

    async def visitor_asks(self) -> None:
        self.narration.title("Somebody who may only read comments /fix-async.")
        head = self.stage.head
        await self.stage.comment("/fix-async", self.stage.visitor)
        await self.stage.settled()
        self._tell_reply()
        self.story.expect("who may not write must change nothing", came=self.stage.head == head)

    async def ask_for_safe_fixes(self) -> None:
        self.narration.title("A maintainer comments /fix-async.")
        left = await self._fix("/fix-async")
        expected = [one for one in self.story.findings_before if one["code"] not in SAFE]
        self.story.expect(
            "exactly what has no safe fix must be left",
            came=_kinds(left) == _kinds(expected),
        )
        self.story.expect("what is left must keep the check red", came=self._is("failure"))

    async def ask_for_all_fixes(self) -> None:
        self.narration.title("The maintainer comments /fix-async --unsafe.")
        self.story.findings_after = await self._fix("/fix-async --unsafe")
        check = self._check()
        self.story.conclusion_after = check.conclusion
        self.story.expect("the last check must be green", came=self._is("success"))
        self.story.expect("nothing must be left", came=not self.story.findings_after)

    async def look_back(self) -> None:
        self.narration.title("The fixed branch, cloned with plain git, under real pytest:")
        after = await self.pytest.run(self.stage.clone_url, BRANCH, "after")
        self.story.pytest_after = after
        self._tell_pytest(after)
        self.story.expect("the fixed tests must pass", came=after["exit_code"] == 0)
        self.story.expect("every async test must have run", came=not after["never_awaited"])
        github = self.stage.github
        self.story.api_requests = dict(sorted(github.requests.items()))
        self.story.exchanges = github.referee.exchanges
        self.story.violations = [str(one) for one in github.referee.violations]
        self.narration.title("GitHub's own descriptions as the referee:")
        self.narration.line(f"{sum(github.requests.values())} API requests by the bot")
        self.narration.line(
            f"{self.story.exchanges} exchanges judged, {len(self.story.violations)} violations"
        )
        self.story.expect("the referee must see no violation", came=not self.story.violations)
        self.story.expect(
            "the bot must not fix unasked",
            came=len(self.story.fix_commits) == 2,  # noqa: PLR2004
        )

    async def _fix(self, command: str) -> list[dict[str, Any]]:
        """Ask for fixes and return what the check of the new head still finds."""
        before = self.stage.head
        await self.stage.comment(command, self.stage.author)
        await self.stage.settled()
        self.story.expect(f"{command} must push a commit", came=self.stage.head != before)
        commit = self._commit(self.stage.head)
        self.story.expect("the fix must be one commit", came=commit["parents"] == [before])
        self.story.fix_commits.append(commit)
        self.narration.line(f"{commit['sha'][:7]} {commit['headline']}")
        self._tell_reply()
        check = self._check()
        self._tell_check(check)
        return findings_of(check)

    def _commit(self, sha: str) -> dict[str, Any]:
        commit = self.stage.repository.store.resolve(sha)
        message = commit.message
        return {
            "sha": sha,
            "headline": message.partition("\n")[0],
            "message": message,
            "author": commit.author.name,
            "parents": [str(one) for one in commit.parent_ids],
        }

    def _check(self) -> CheckRun:
        check = self.stage.check()
        if check is None:
            raise RuntimeError("the head commit has no check run")
        return check

    def _is(self, conclusion: str) -> bool:
        return self._check().conclusion == conclusion

    def _tell_check(self, check: CheckRun) -> None:
        self.narration.line(f"check `{check.name}`: {check.conclusion}, {check.title}")
        for one in findings_of(check):
            self.narration.line(f"  {one['path']}:{one['line']} {one['title']}: {one['message']}")

    def _tell_reply(self) -> None:
        newest = self.stage.replies()[-1].body.partition("<details><summary>Earlier")[0]
        for line in newest.splitlines():
            if line.strip() and not line.startswith("<!--"):
                self.narration.line(f"| {line}")

    def _tell_pytest(self, found: dict[str, Any]) -> None:
        total = len(found["async_tests"])
        counts = ", ".join(
            f"{found[name]} {name}" for name in ("passed", "failed", "errors") if found[name]
        )
        self.narration.line(
            f"pytest: {counts}; {len(found['awaited'])} of {total} async tests really ran"
        )
        for one in found["never_awaited"]:
            self.narration.line(f"  never ran: {one}")


def findings_of(check: CheckRun) -> list[dict[str, Any]]:
    """Return the annotations of a check run as findings."""
    return [
        {
            "code": one["title"].partition(" ")[0],
            "title": one["title"],
            "path": one["path"],
            "line": one["start_line"],
            "level": one["annotation_level"],
            "message": one["message"],
        }
        for one in check.annotations
    ]


def _kinds(findings: Iterable[dict[str, Any]]) -> list[tuple[str, str]]:
    return sorted((one["code"], one["path"]) for one in findings)
