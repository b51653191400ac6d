"""The parts of one GitHub that every answer needs."""

from dataclasses import dataclass, field

from bot.sandbox.activity import Activity
from bot.sandbox.deliveries import Hookshot
from bot.sandbox.faults import Faults
from bot.sandbox.referee import Referee
from bot.sandbox.world import World


@dataclass(slots=True)
class Limits:
    """Limits of the platform that a test may want to reach with little data."""

    tree_entries: int = 100_000
    pull_files: int = 3_000
    compare_files: int = 300
    content_bytes: int = 1_048_576
    graphql_text_bytes: int = 512_000
    requests_per_hour: int = 5_000
    # Whether an app may push to a user's fork that allows edits by maintainers. GitHub does not
    # document it; apps in the wild do it.
    push_to_forks: bool = True


@dataclass(frozen=True, slots=True)
class Site:
    """What the REST, GraphQL and git interfaces share."""

    world: World
    activity: Activity
    hookshot: Hookshot
    faults: Faults
    referee: Referee
    limits: Limits = field(default_factory=Limits)
