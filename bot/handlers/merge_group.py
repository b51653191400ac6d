"""A merge group is checked when GitHub asks for it, and dropped when GitHub destroys it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from bot.github.delivery import Delivery
from bot.handlers.origin import Origin
from bot.handlers.payloads import MergeGroupEvent, parse
from bot.jobs.check_merge_group import CheckMergeGroup
from bot.jobs.drop_merge_group import DropMergeGroup

_HEADS = "refs/heads/"
# GitHub's own branches, which nobody else can push to; the name ends in the group's base.
_QUEUED = re.compile(r"gh-readonly-queue/(?P<base_ref>.+)/pr-\d+-(?P<base_sha>[0-9a-f]{40})")


def check_group(delivery: Delivery, origin: Origin) -> Iterator[CheckMergeGroup]:
    """GitHub merges the group only once its required checks have passed."""
    group = parse(delivery, MergeGroupEvent).merge_group
    yield CheckMergeGroup(
        installation_id=origin.installation_id,
        repository=origin.repository,
        head_sha=group.head_sha,
        base_ref=group.base_ref.removeprefix(_HEADS),
        base_sha=group.base_sha,
    )


def drop_group(delivery: Delivery, origin: Origin) -> Iterator[DropMergeGroup]:
    """It was merged, was made anew, or left the queue."""
    event = parse(delivery, MergeGroupEvent)
    yield DropMergeGroup(
        installation_id=origin.installation_id,
        repository=origin.repository,
        head_sha=event.merge_group.head_sha,
        reason=event.reason,
    )


@dataclass(frozen=True, slots=True)
class QueueBranch:
    """What the name of a merge group's branch tells of the group."""

    base_ref: str
    base_sha: str

    @classmethod
    def parse(cls, branch: str | None) -> Self | None:
        """Return None for any other branch."""
        match = _QUEUED.fullmatch(branch or "")
        return cls(match["base_ref"], match["base_sha"]) if match else None
