"""Questions about commands and rules are answered, for everybody."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.isolation.analyser import Analyser
from bot.jobs.explain_command import ExplainCommand
from bot.sandbox.github import GitHub
from tests.jobs.stage import GOOD, Stage, staged


@pytest.fixture
async def stage(github: GitHub, tmp_path: Path, analyser: Analyser) -> AsyncIterator[Stage]:
    async with staged(github, tmp_path, analyser) as set_up:
        await set_up.pull({"tests/test_fine.py": GOOD})
        yield set_up


def explaining(stage: Stage, comment_id: int, **fields: Any) -> ExplainCommand:
    return ExplainCommand(
        installation_id=stage.installation_id,
        repository="octo-org/shop",
        number=1,
        sender="bob",
        comment_id=comment_id,
        key="request-2",
        **fields,
    )


async def test_help_is_given(stage: Stage) -> None:
    comment = await stage.comment(body="/fix-async help")

    await explaining(stage, comment).run(stage.bench)

    assert "| `--unsafe` |" in stage.answer()
    assert stage.reactions(comment) == ["eyes", "rocket"]


async def test_a_rule_is_explained(stage: Stage) -> None:
    comment = await stage.comment(body="/fix-async explain AWT103")

    await explaining(stage, comment, rules=("AWT103",)).run(stage.bench)

    assert "<summary>AWT103 unhandled-async-test</summary>" in stage.answer()
    assert stage.reactions(comment) == ["eyes", "rocket"]


async def test_who_names_no_rule_is_told_how(stage: Stage) -> None:
    comment = await stage.comment(body="/fix-async explain")

    await explaining(stage, comment, rules=()).run(stage.bench)

    assert stage.answer().startswith("Name the rules that you want explained")
    assert stage.reactions(comment) == ["eyes", "confused"]


async def test_unknown_words_are_answered_with_the_help(stage: Stage) -> None:
    comment = await stage.comment(body="/fix-async --now")

    await explaining(stage, comment, unknown=("--now",)).run(stage.bench)

    assert stage.answer().startswith("Nothing was changed: `--now` means nothing here.")
    assert "| `--unsafe` |" in stage.answer()
    assert stage.reactions(comment) == ["eyes", "confused"]


async def test_words_that_were_deleted_are_not_answered(stage: Stage) -> None:
    comment = await stage.comment(body="/fix-async --now")
    del stage.repository.comments[comment]

    await explaining(stage, comment, unknown=("--now",)).run(stage.bench)

    assert stage.answers() == []
