"""What tests of every room may ask for."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.isolation.analyser import Analyser
from bot.sandbox.github import GitHub
from tests.shared_analyser import shared_analyser


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
