from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.isolation.trial import Trial, trial_of


@pytest.fixture(autouse=True)
def _stand_in_can_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parent))


@pytest.fixture
async def trial() -> AsyncGenerator[Trial]:
    async with trial_of() as trial:
        yield trial
