"""What tests of every room may ask for."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.isolation.analyser import Analyser
from bot.sandbox.github import GitHub
from tests.shared_analyser import shared_analyser

# The whole service, which the tests of most rooms need not load.
if TYPE_CHECKING:
    from bot.app import Bot
    from bot.sandbox.model import User
    from tests.stage import Stage


@pytest.fixture
async def github(tmp_path: Path) -> AsyncIterator[GitHub]:
    """A GitHub on localhost; nothing that GitHub would not send or accept may pass through it."""
    async with await GitHub.start(tmp_path / "github") as sandbox:
        yield sandbox
        await sandbox.settled()
    assert [str(violation) for violation in sandbox.referee.violations] == []


@pytest.fixture(scope="session")
def analyser() -> Iterator[Analyser]:
    """A real analyser with its forkserver, which no test may close or kill."""
    with shared_analyser() as shared:
        yield shared


@pytest.fixture
async def bot(stage: "Stage") -> "AsyncIterator[Bot]":
    """The bot behind the stage of a test of the whole."""
    async with stage.bot() as running:
        yield running


@pytest.fixture
def mona(stage: "Stage") -> "User":
    """Somebody who may write to the repository on that stage."""
    user = stage.github.create_user("mona")
    stage.repository.permissions[user.login] = "write"
    return user
