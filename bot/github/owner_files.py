"""Files that an account has for all of its repositories: those of its repository `.github`.

GitHub itself looks there for what a repository lacks ("Creating a default community health
file"). Each is read with a token for that repository alone, which may do nothing but read; and
again after some minutes, because a branch moves. It is one installation's view, never shared.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

from cachetools import LRUCache

from bot.analysis.request import Content
from bot.github.contents import Contents
from bot.github.errors import Gone, Transient
from bot.github.single_flight import SingleFlight

OWNERS_REPOSITORY = ".github"
AGE = 300.0  # seconds after which a file is read again
_MOST = 1_000  # files that are remembered


@dataclass(frozen=True, slots=True)
class OwnerFile:
    """What was found.

    Attributes:
        repository: `owner/.github`.
        content: None where there is no such file.
        is_reached: whether there is such a repository with the app installed on it; of a
            repository that is out of its reach GitHub does not tell an app whether it is there.
        is_old: it could not be read again just now; so it was before.
    """

    repository: str
    content: Content = None
    is_reached: bool = True
    is_old: bool = False


class _Place(NamedTuple):
    installation_id: int
    owner: str
    path: str


class _Kept(NamedTuple):
    file: OwnerFile
    read_at: float


class OwnerFiles:
    """Reads such files, each at most once at a time, and remembers them for a while.

    Args:
        reach: returns `owner/.github` with the right to read it; raises `Gone` where the app is
            not installed there.
        clock: seconds.
    """

    def __init__(
        self, reach: Callable[[int, str], Awaitable[Contents]], clock: Callable[[], float]
    ) -> None:
        self._reach = reach
        self._clock = clock
        self._kept: LRUCache[_Place, _Kept] = LRUCache(_MOST)
        self._reading: SingleFlight[_Place, OwnerFile] = SingleFlight()

    async def read(self, installation_id: int, owner: str, path: str) -> OwnerFile:
        """Return a file of the default branch.

        Raises:
            Transient: GitHub could not be reached, and it was never read before; whatever else
                keeps it from being read is raised too.
        """
        place = _Place(installation_id, owner, path)
        kept = self._kept.get(place)
        if kept is not None and self._clock() - kept.read_at < AGE:
            return kept.file
        try:
            return await self._reading.do(place, lambda: self._read(place))
        except Transient:
            if kept is None:
                raise
            return replace(kept.file, is_old=True)

    async def _read(self, place: _Place) -> OwnerFile:
        repository = f"{place.owner}/{OWNERS_REPOSITORY}"
        try:
            contents = await self._reach(place.installation_id, repository)
            file = OwnerFile(repository, await contents.latest(place.path))
        except Gone:
            file = OwnerFile(repository, is_reached=False)
        self._kept[place] = _Kept(file, self._clock())
        return file
