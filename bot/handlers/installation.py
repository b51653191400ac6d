"""An installation that reaches its repositories again has missed what happened there."""

from collections.abc import Iterator

from bot.github.delivery import Delivery
from bot.handlers.payloads import InstallationEvent, parse
from bot.jobs.check_open_pulls import CheckOpenPulls


def catch_up(delivery: Delivery, installation_id: int) -> Iterator[CheckOpenPulls]:
    """Nobody suspends it any more, or what its jobs lacked a permission for is granted."""
    for repository in parse(delivery, InstallationEvent).repositories:
        yield CheckOpenPulls(installation_id=installation_id, repository=repository.full_name)
