"""What tests of every room may ask for."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox.github import GitHub


@pytest.fixture
async def github(tmp_path: Path) -> AsyncIterator[GitHub]:
    """A GitHub on localhost; nothing that GitHub would not send or accept may pass through it."""
    async with await GitHub.start(tmp_path / "github") as sandbox:
        yield sandbox
        await sandbox.settled()
    assert [str(violation) for violation in sandbox.referee.violations] == []
