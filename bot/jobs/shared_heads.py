"""Commits that several pull requests have for their head, into different branches.

A check run belongs to a commit, and a required check asks for the newest of its name. So each of
these pull requests is judged, and the run shows the strictest verdict: none of them may pass by
what was found of another.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from bot.github.errors import Gone
from bot.github.gateway import RepositoryGateway
from bot.github.pulls import PullRequest, ShownRun
from bot.report.check_run import CHECK_NAME
from bot.store.claims import Claim, Claims


class Aim(Protocol):
    """What a check is made for: a pull request, at a commit, into a base as far as is known."""

    @property
    def number(self) -> int:
        """Of the pull request."""
        ...

    @property
    def head_sha(self) -> str:
        """The commit."""
        ...

    @property
    def base_ref(self) -> str | None:
        """The branch that it is to be merged into."""
        ...

    @property
    def shown(self) -> ShownRun | None:
        """The newest check run of ours there."""
        ...


@dataclass(frozen=True, slots=True)
class ToldAim:
    """An aim that is only known from what was told before."""

    number: int
    head_sha: str
    base_ref: str | None
    shown: None = None


async def numbers_at(head_sha: str, claims: Claims, gateway: RepositoryGateway) -> tuple[int, ...]:
    """Return the pull requests with a head: that which our claims know, else those on GitHub."""
    known = await claims.number_of(gateway.repository, head_sha, CHECK_NAME)
    return (known,) if known is not None else await gateway.open_at(head_sha)


def is_new_to(claims: Sequence[Claim], pull: Aim) -> bool:
    """Whether no claim on a commit tells of a pull request into the base that it has now."""
    own = [each for each in claims if each.number == pull.number]
    return not own or not is_into_base(own[-1], pull)


def under_way(claims: Sequence[Claim], pull: Aim) -> Claim | None:
    """Return the claim for a pull request, into its base, that has no conclusion yet."""
    own = (each for each in claims if each.number == pull.number and each.conclusion is None)
    return next((each for each in own if is_into_base(each, pull)), None)


def is_into_base(claim: Claim, pull: Aim) -> bool:
    """Whether a claim was made for the base that the pull request has now, as far as is known."""
    return claim.base_ref in {None, pull.base_ref}


async def pulls_at(
    head_sha: str, gateway: RepositoryGateway, claims: Sequence[Claim], pull: PullRequest
) -> list[PullRequest]:
    """Return those that are open at a head: of `pull`, and of all that it was claimed for.

    Of a claim that was lost and found again nobody knows what it was for, so GitHub is asked.
    """
    others = {claim.number for claim in claims if claim.number is not None} - {pull.number}
    if any(claim.base_ref is None for claim in claims):
        others |= set(await gateway.open_at(head_sha)) - {pull.number}
    found = [pull]
    for number in sorted(others):
        with suppress(Gone):
            found.append(await gateway.pull_request(number))
    return [each for each in found if each.head_sha == head_sha and each.is_open]
