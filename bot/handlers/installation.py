"""An installation that works again has missed what happened in its repositories.

GitHub names these in some of the events, and in that of the end of a suspension it does not.
"""

from collections.abc import Iterator

from bot.jobs.catch_up import CatchUp


def catch_up(installation_id: int) -> Iterator[CatchUp]:
    """Nobody suspends it any more, or what its jobs lacked a permission for is granted."""
    yield CatchUp(installation_id=installation_id)
