"""Check runs: each is made once and has each annotation once, whatever happens to the answers.

GitHub's rules ("Create a check run", "Update a check run"): 50 annotations a request, and each
update appends, so sending a batch again would show it twice. What arrived is told by
`annotations_count`, and a run is known again by its `external_id`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from bot.github.pulls import ShownRun
from bot.github.repository import Author, RepositoryPart
from bot.report.check_run import CHECK_NAME, Annotation, CheckRun

BATCH = 50

# GitHub keeps 1,000 runs of one name on a commit.
_RUN_PAGES = 10


@dataclass(frozen=True, slots=True)
class CheckRunHandle:
    """A check run to be completed.

    Attributes:
        untouched: this process made it just now and nobody else can have written to it, which
            saves a look. Never to be stored.
    """

    id: int
    external_id: str
    untouched: bool = False


class _Output(msgspec.Struct, frozen=True):
    title: str | None = None
    summary: str | None = None
    annotations_count: int = 0


class CheckRunState(msgspec.Struct, frozen=True):
    """A check run as GitHub has it."""

    id: int
    name: str
    head_sha: str
    status: str
    conclusion: str | None = None
    html_url: str = ""
    external_id: str | None = None
    output: _Output = _Output()
    app: Author | None = None

    @property
    def is_completed(self) -> bool:
        """Whether it has its conclusion."""
        return self.status == "completed"


class _Runs(msgspec.Struct):
    check_runs: list[CheckRunState]


class Checks(RepositoryPart):
    """Writes and reads check runs."""

    async def start_check_run(
        self, head_sha: str, *, name: str = CHECK_NAME, external_id: str, fresh: bool = False
    ) -> CheckRunHandle:
        """Show that a check is under way; return the run that an earlier attempt made, if any.

        Args:
            head_sha: the commit to show it on.
            name: of the check.
            external_id: what the run is known by; one and the same in all attempts.
            fresh: nobody has tried before with this `external_id`, which saves a look.

        Raises:
            Gone: there is no such commit.
        """
        body = {"name": name, "external_id": external_id, "status": "in_progress"}
        return await self._created(head_sha, body, fresh=fresh)

    async def publish_check_run(
        self, head_sha: str, check: CheckRun, *, name: str, external_id: str, fresh: bool
    ) -> CheckRunHandle:
        """Publish a verdict in one request, if its annotations fit into one.

        The arguments, and what is raised, are those of `start_check_run`.
        """
        body = {"name": name, "external_id": external_id}
        if len(check.annotations) > BATCH:
            handle = await self._created(head_sha, body | {"status": "in_progress"}, fresh=fresh)
        else:
            body |= _completed(check, check.annotations)
            handle = await self._created(head_sha, body, fresh=fresh)
            if handle.untouched:
                return handle
        await self.complete_check_run(handle, check)
        return handle

    async def _created(
        self, head_sha: str, body: Mapping[str, Any], *, fresh: bool
    ) -> CheckRunHandle:
        """Make a check run, or return the one that an earlier attempt made."""
        name, external_id = str(body["name"]), str(body["external_id"])
        if not fresh and (found := await self._run_of(head_sha, name, external_id)):
            return found
        path = self._path("check-runs")

        async def create() -> CheckRunHandle:
            given = {**body, "head_sha": head_sha}
            run = await self._client.send("POST", path, given, CheckRunState, repeatable=False)
            return CheckRunHandle(run.id, external_id, untouched=True)

        async def look() -> CheckRunHandle | None:
            return await self._run_of(head_sha, name, external_id)

        return await self._client.when_known(lambda: self._client.once(create, look))

    async def complete_check_run(self, handle: CheckRunHandle, check: CheckRun) -> None:
        """Publish a verdict; the run is completed by the last batch of annotations.

        Picks up where an earlier attempt with the same verdict ended.
        """
        arrived = 0 if handle.untouched else await self._arrived(handle.id)
        while len(check.annotations) - arrived > BATCH:
            batch = check.annotations[arrived : arrived + BATCH]
            await self._append(handle.id, {"output": _output(check, batch)}, arrived, len(batch))
            arrived += BATCH
        batch = check.annotations[arrived:]
        await self._append(handle.id, _completed(check, batch), arrived, len(batch))

    async def cancel_check_run(self, run_id: int, reason: str) -> None:
        """Complete a run that nobody waits for any more; what it shows already stays."""
        body = {
            "status": "completed",
            "conclusion": "cancelled",
            "output": {"title": "Cancelled", "summary": reason},
        }
        await self._update(run_id, body, repeatable=True)

    async def check_run(self, run_id: int) -> CheckRunState:
        """Return a check run as it is now.

        Raises:
            Gone: there is none of this id.
        """
        return await self._client.get(self._path("check-runs", run_id), CheckRunState)

    async def check_runs(self, head_sha: str, name: str = CHECK_NAME) -> list[CheckRunState]:
        """Return the app's own runs of one name on a commit, superseded ones included."""
        query = {"check_name": name, "filter": "all"}
        path = self._path("commits", head_sha, "check-runs")
        pages = self._client.pages(path, _Runs, most=_RUN_PAGES, **query)
        return [run async for page in pages for run in page.check_runs if self._is_own(run.app)]

    async def newest_run(self, head_sha: str, name: str = CHECK_NAME) -> ShownRun | None:
        """Return the app's own newest run of one name on a commit; None where there is none."""
        runs = await self.check_runs(head_sha, name)
        newest = max(runs, key=lambda run: run.id, default=None)
        if newest is None:
            return None
        return ShownRun(
            id=newest.id,
            external_id=newest.external_id or "",
            conclusion=newest.conclusion if newest.is_completed else None,
            title=newest.output.title or "",
            summary=newest.output.summary or "",
            url=newest.html_url,
        )

    async def _run_of(self, head_sha: str, name: str, external_id: str) -> CheckRunHandle | None:
        runs = await self.check_runs(head_sha, name)
        found = [run.id for run in runs if run.external_id == external_id]
        # Of several the newest is the one that counts; a lost database has made them.
        return CheckRunHandle(max(found), external_id) if found else None

    async def _arrived(self, run_id: int) -> int:
        return (await self.check_run(run_id)).output.annotations_count

    async def _append(self, run_id: int, body: Mapping[str, Any], before: int, batch: int) -> None:
        """Update a run with `batch` annotations more than the `before` it has."""

        async def update() -> bool:
            await self._update(run_id, body, repeatable=not batch)
            return True

        async def look() -> bool | None:
            return True if await self._arrived(run_id) >= before + batch else None

        await self._client.once(update, look)

    async def _update(self, run_id: int, body: Mapping[str, Any], *, repeatable: bool) -> None:
        path = self._path("check-runs", run_id)
        await self._client.send("PATCH", path, body, CheckRunState, repeatable=repeatable)


def _completed(check: CheckRun, batch: Sequence[Annotation]) -> dict[str, Any]:
    return {
        "status": "completed",
        "conclusion": check.conclusion,
        "output": _output(check, batch),
        "actions": [
            {
                "label": action.label,
                "description": action.description,
                "identifier": action.identifier,
            }
            for action in check.actions
        ],
    }


def _output(check: CheckRun, batch: Sequence[Annotation]) -> dict[str, Any]:
    return {
        "title": check.title,
        "summary": check.summary,
        "annotations": [_annotation(one) for one in batch],
    }


def _annotation(one: Annotation) -> dict[str, Any]:
    given = {
        "path": one.path,
        "start_line": one.start_line,
        "end_line": one.end_line,
        "start_column": one.start_column,
        "end_column": one.end_column,
        "annotation_level": one.level,
        "title": one.title or None,
        "message": one.message,
    }
    return {name: value for name, value in given.items() if value is not None}
