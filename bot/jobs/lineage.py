"""Which workflows came of one delivery, told from their ids alone.

app:delivery            stores the delivery and starts its jobs
app:delivery:0          its first job
app:delivery:r1         the first repetition, of the jobs that had ended in an error
app:delivery:r1:0       its first job again, under the number that it had
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto


class State(Enum):
    """Where a workflow stands."""

    LIVE = auto()
    DONE = auto()
    FAILED = auto()


@dataclass(frozen=True, slots=True)
class Repetition:
    """What a redelivery has to do again: the jobs with these numbers, under this id."""

    workflow_id: str
    numbers: tuple[int, ...]


def repetition(key: str, states: Mapping[str, State], count: int) -> Repetition | None:
    """Return what must be done again, or None: all is done, or something is still going on.

    Args:
        key: the delivery's.
        states: of all workflows whose id begins with `key`; those of others are ignored.
        count: how many jobs the delivery has.
    """
    family = {_parts(key, name): state for name, state in states.items() if _is_of(key, name)}
    if State.LIVE in family.values():
        return None
    numbers = tuple(n for n in range(count) if not _is_done(family, n))
    if not numbers:
        return None
    generation = max(generation for generation, _ in family) + 1
    return Repetition(f"{key}:r{generation}", numbers)


def job_id(workflow_id: str, number: int) -> str:
    """Return the id of a delivery's job."""
    return f"{workflow_id}:{number}"


def _is_of(key: str, name: str) -> bool:
    return name == key or name.startswith(f"{key}:")


def _is_done(family: Mapping[tuple[int, int | None], State], number: int) -> bool:
    return any(state is State.DONE for (_, member), state in family.items() if member == number)


def _parts(key: str, name: str) -> tuple[int, int | None]:
    """Return generation and job number; the number is None for what started the jobs."""
    parts = name.removeprefix(key).split(":")[1:]
    generation = int(parts.pop(0)[1:]) if parts and parts[0].startswith("r") else 0
    return generation, int(parts[0]) if parts else None
