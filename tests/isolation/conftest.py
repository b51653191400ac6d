from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.isolation import server_process
from tests.isolation.trial import WATCHING, Trial, trial_of


@pytest.fixture(autouse=True)
def _stand_in_can_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parent))


@pytest.fixture(autouse=True)
def _coverage_may_watch_the_forkserver(monkeypatch: pytest.MonkeyPatch) -> None:
    watching = (*server_process.INHERITED, *WATCHING)
    monkeypatch.setattr(server_process, "INHERITED", watching)


@pytest.fixture
async def trial() -> AsyncGenerator[Trial]:
    async with trial_of() as trial:
        yield trial
