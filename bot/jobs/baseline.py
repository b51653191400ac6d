"""What was there before a change: the same files, checked at the commit where the branch began."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.analysis.configuration.config_reading import CONFIG_FILES
from bot.analysis.finding import Finding, Severity
from bot.analysis.gate import Scope, SuppressionPolicy
from bot.analysis.multisets import take
from bot.analysis.pytest_runs.ini_files import is_checkable
from bot.analysis.request import Content, Fixing, Report, Request, Suppressed
from bot.github.errors import Gone
from bot.github.gateway import RepositoryGateway
from bot.github.trees import Tree, TreeEntry, at_commit
from bot.isolation.analyser import Analyser, Fetch
from bot.isolation.errors import AnalysisTooLarge
from bot.jobs.candidates import request_for
from bot.jobs.change import Change
from bot.jobs.configuration import with_base

_KEPT = frozenset({"added", "copied"})  # what these name was not there before
_BEFORE = "before\0"  # no path has it
_MOST_ALONG = 200


@dataclass(frozen=True, slots=True)
class Baseline:
    """The report on the files as they were.

    Attributes:
        report: None where nothing of them can be read.
        changed: the paths that the changed files have now.
        moved: from the paths that they had, of those that were renamed.
    """

    report: Report | None
    changed: frozenset[str]
    moved: Mapping[str, str]

    @property
    def is_complete(self) -> bool:
        """Whether every changed file could be read as it was."""
        return self.report is not None and not any(
            self.moved.get(one.path, one.path) in self.changed for one in self.report.errors
        )

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found, as far as anything could be read."""
        return self.report.findings if self.report is not None else ()

    def tells_of(self, path: str) -> bool:
        """Whether nothing kept a file from being checked as it was."""
        return self.report is not None and all(one.path != path for one in self.report.errors)

    def holding(self, head: Report) -> tuple[Suppressed, ...]:
        """Return the suppressions of a head that need not be merged to hold."""
        kept = (one for one in head.suppressions if one.path not in self.changed)
        return (*kept, *self._suppressions())

    def added(self, head: Report) -> tuple[Suppressed, ...]:
        """Return the suppressions of a head that were not there, as far as that can be told."""
        if not self.is_complete:
            return ()
        left = Counter((one.path, one.text) for one in self._suppressions())
        changed = (one for one in head.suppressions if one.path in self.changed)
        return tuple(one for one in changed if not take(left, (one.path, one.text)))

    def _suppressions(self) -> Iterator[Suppressed]:
        """Yield those of the changed files, under the paths that these have now."""
        for one in self.report.suppressions if self.report is not None else ():
            path = self.moved.get(one.path, one.path)
            if path in self.changed:
                yield Suppressed(path, one.line, one.text)


def needs_baseline(report: Report, changed: frozenset[str]) -> bool:
    """Whether what was there before makes a difference to the verdict."""
    gate = report.gate
    if gate.suppressions is not SuppressionPolicy.ALLOW and report.suppressions:
        return True
    fails = {one.path for one in report.findings if one.severity is Severity.FAILURE}
    if gate.scope is Scope.CHANGED_FILES:
        fails -= changed
    return gate.scope is not Scope.ALL and bool(fails)


async def baseline_of(
    analyser: Analyser,
    gateway: RepositoryGateway,
    change: Change,
    head: Tree,
    *,
    like: Request,
    also: Sequence[str] = (),
) -> Baseline:
    """Check the changed files as they were.

    Args:
        analyser: checks.
        gateway: of the repository.
        change: what was done to them.
        head: the tree of its head.
        like: what was asked about the head; its day and its configuration hold here, too.
        also: unchanged files to check, which other changes concern.

    Raises:
        AnalysisTooLarge: with these it is too much.
    """
    files, changed = change.files, change.paths
    moved = {one.previous_path: one.path for one in files if one.previous_path is not None}
    paths = [one.previous_path or one.path for one in files if one.status not in _KEPT]
    try:
        tree = await _tree_before(gateway, change, head)
        request = request_for(
            [*(path for path in paths if is_checkable(path)), *also],
            tree,
            Fixing.NONE,
            today=like.today,
            elsewhere=like.configuration_elsewhere,
            inherited=like.inherited,
            reviews_configuration=like.reviews_configuration,
        )
        files_there = with_base(tree, change.base_sha)
        report = await analyser.analyse(
            request, lambda wanted: gateway.contents(files_there, wanted)
        )
    except Gone:
        return Baseline(None, changed, moved)
    except AnalysisTooLarge:
        if also:
            raise
        return Baseline(None, changed, moved)
    return Baseline(None if tree.truncated else report, changed, moved)


async def _tree_before(gateway: RepositoryGateway, change: Change, head: Tree) -> Tree:
    """Return the tree of the commit where a branch began: that of its head, turned back."""
    if change.began is None:
        raise Gone("nobody knows where the branch began")
    if not change.is_complete:
        return await gateway.tree(change.began)
    entries = dict(head.entries)
    for file in change.files:
        if file.previous_path is not None or file.status in _KEPT:
            entries.pop(file.path, None)
    return replace(head, entries=entries | _as_they_were(change, head))


def _as_they_were(change: Change, head: Tree) -> dict[str, TreeEntry]:
    """Return the changed files that were there before."""
    if change.began is None:
        return {}
    before = {file.previous_path or file.path: file for file in change.files}
    return {
        path: at_commit(change.began, path, head.entries.get(file.path))
        for path, file in before.items()
        if file.status not in _KEPT
    }


def fetching(gateway: RepositoryGateway, change: Change, head: Tree) -> Fetch:
    """Return what fetches files of the head, and with the first of them those that they were.

    Whether these are needed turns out once the head is analysed; in one batch with files that are
    needed in any case they cost no request of their own.
    """
    waiting = {
        f"{_BEFORE}{path}": entry
        for path, entry in _as_they_were(change, head).items()
        if path.endswith(".py") or path in CONFIG_FILES
    }
    everything = with_base(replace(head, entries={**head.entries, **waiting}), change.base_sha)

    async def fetch(wanted: frozenset[str]) -> Mapping[str, Content]:
        along = [*waiting][:_MOST_ALONG]
        waiting.clear()
        contents = await gateway.contents(everything, [*wanted, *along])
        return {path: contents[path] for path in wanted}

    return fetch
