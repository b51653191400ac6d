"""What the parts of one tree share when they are checked one after another in one process.

That is its configuration, its parsed modules, and the facts about them: where contents can be
had at once, nothing is ever missing, so that facts hold for good.
"""

from collections.abc import Callable
from dataclasses import replace

from msgspec import Struct, field

from bot.analysis.facts import Facts, Setup
from bot.analysis.request import Request
from bot.analysis.source.layout import Layout
from bot.analysis.source.project import Library, Project, Supply


class Shelf(Struct):
    """Holds what was read for one part until the next part asks for it.

    Attributes:
        supply: returns contents at once; None where they come in batches.
        read_by_all: what it depended on which files are checked, in this part.
        read_by_proofs: what the proofs of a file's fixes have read beside the file's verdict.
    """

    supply: Supply | None = None
    read_by_all: frozenset[str] = frozenset()
    read_by_proofs: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    _library: Library | None = None
    _configuration: frozenset[str] | None = None
    _setup: Setup | None = None
    _facts: Facts | None = None

    def library(self, request: Request) -> Library:
        """Return the library of the tree; an empty one if it is another tree."""
        kept = self._library
        if kept is None or not _is_of(kept, request):
            self._library = Library(Layout(request.paths), request.quarantined, self.supply)
            self._configuration = self._setup = self._facts = None
        assert self._library is not None  # noqa: S101 - one of the branches has set it
        return self._library

    def setup(
        self, configuration: frozenset[str], request: Request, compute: Callable[[], Setup]
    ) -> Setup:
        """Return how pytest is started; computed once for the same configuration files."""
        if self._setup is None or self._configuration != configuration:
            self._configuration, self._setup, self._facts = configuration, compute(), None
        named = frozenset(request.named)
        if self._setup.named != named:
            self._setup, self._facts = replace(self._setup, named=named), None
        return self._setup

    def facts(self, library: Library, setup: Setup) -> Facts:
        """Return the facts about a library, as they are asked for."""
        if self.supply is None or library is not self._library:
            return Facts(Project(library), setup)
        if self._facts is None:
            self._facts = Facts(Project(library), setup)
        return self._facts


def _is_of(library: Library, request: Request) -> bool:
    """Whether a library holds the tree of a request."""
    same = library.paths == frozenset(request.paths)
    return same and library.quarantined == frozenset(request.quarantined)
