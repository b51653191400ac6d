"""Anybody may ask where a pull request stands."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.isolation.analyser import Analyser
from bot.jobs.tell_status import TellStatus
from bot.sandbox.github import GitHub
from tests.jobs.stage import NEVER_RUNS, Stage, staged


@pytest.fixture
async def stage(github: GitHub, tmp_path: Path, analyser: Analyser) -> AsyncIterator[Stage]:
    async with staged(github, tmp_path, analyser) as set_up:
        yield set_up


def asking(stage: Stage, comment_id: int | None = None, key: str = "request-2") -> TellStatus:
    return TellStatus(
        installation_id=stage.installation_id,
        repository="octo-org/shop",
        number=1,
        sender="bob",
        key=key,
        comment_id=comment_id,
    )


async def test_the_verdict_of_the_newest_commit_is_told_with_what_can_be_fixed(
    stage: Stage,
) -> None:
    pull = await stage.pull({"tests/test_bad.py": NEVER_RUNS})
    await stage.check().run(stage.bench)
    run = stage.run(pull.head_sha)
    comment = await stage.comment(body="/fix-async status")

    await asking(stage, comment).run(stage.bench)

    assert stage.answer().startswith(
        f"The check of the newest commit, {pull.head_sha}: [failure]("
    )
    assert f"/runs/{run.id}" in stage.answer()
    assert "1 async test never runs." in stage.answer()
    assert "`/fix-async` for 1 safe fix" in stage.answer()
    assert stage.reactions(comment) == ["eyes", "rocket"]


async def test_a_commit_without_a_check_has_none_yet(stage: Stage) -> None:
    pull = await stage.pull({"tests/test_bad.py": NEVER_RUNS})

    await asking(stage).run(stage.bench)

    assert stage.answer().startswith(f"The newest commit, {pull.head_sha}, has no check yet.")


async def test_a_check_under_way_is_called_that(stage: Stage) -> None:
    pull = await stage.pull({"tests/test_bad.py": NEVER_RUNS})

    async def ask() -> None:
        await asking(stage).run(stage.bench)

    await stage.check().run(stage.interrupted(ask))

    assert stage.answer().startswith(
        f"The check of the newest commit, {pull.head_sha}, [is under way]("
    )


async def test_a_fix_under_way_is_told(stage: Stage) -> None:
    await stage.pull({"tests/test_bad.py": NEVER_RUNS})
    bench = stage.bench

    async def ask() -> None:
        await asking(stage).run(bench)

    await stage.fix().run(stage.interrupted(ask))
    during = stage.answer()
    await asking(stage, key="request-3").run(bench)

    assert "A fix is being prepared right now" in during
    assert "A fix is being prepared" not in stage.answer().partition("Earlier answers")[0]
