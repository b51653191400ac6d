"""The parts of one GitHub that every answer needs."""

from dataclasses import dataclass

from bot.sandbox.activity import Activity
from bot.sandbox.budget import Budget
from bot.sandbox.deliveries import Hookshot
from bot.sandbox.faults import Faults
from bot.sandbox.limits import Limits
from bot.sandbox.referee import Referee
from bot.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Site:
    """What the REST, GraphQL and git interfaces share."""

    world: World
    activity: Activity
    hookshot: Hookshot
    faults: Faults
    referee: Referee
    limits: Limits
    budget: Budget
