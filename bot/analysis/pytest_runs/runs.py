"""All runs of pytest that a repository shows, without those that add nothing to another."""

from collections import defaultdict
from dataclasses import replace

from bot.analysis.pytest_runs.collected_files import Arguments, Passing
from bot.analysis.pytest_runs.config_files import ConfigFiles
from bot.analysis.pytest_runs.invocation import Invocation
from bot.analysis.pytest_runs.invocations import find_invocations
from bot.analysis.pytest_runs.pytest_config import PytestRun, resolve
from bot.analysis.pytest_runs.versions import Versions


def resolve_all(files: ConfigFiles, versions: Versions) -> tuple[PytestRun, ...]:
    """Return the runs of all invocations, those left out that another run makes superfluous.

    A run is superfluous if another has the same configuration and collects all that it collects,
    with nothing deselected by `-k` or `-m`. The first is always plain `pytest` at the root.
    """
    groups: defaultdict[PytestRun, list[PytestRun]] = defaultdict(list)
    for invocation in find_invocations(files):
        run = resolve(invocation, files, versions)
        group = groups[_configuration(run)]
        if any(_covers(other, run) for other in group):
            continue
        group[1:] = [other for other in group[1:] if not _covers(run, other)]
        group.append(run)
    return tuple(run for group in groups.values() for run in group)


def _configuration(run: PytestRun) -> PytestRun:
    """Return what a run has in common with those that differ in what they collect only."""
    collected = replace(run.collected, arguments=Arguments(()), passing=Passing())
    return replace(
        run, invocation=Invocation(""), collected=collected, keyword="", markexpr="", files=()
    )


def _covers(wide: PytestRun, narrow: PytestRun) -> bool:
    """Whether a run collects all that the other does, and runs all of it."""
    if wide.keyword not in {"", narrow.keyword} or wide.markexpr not in {"", narrow.markexpr}:
        return False
    return wide.collected == narrow.collected or wide.collected.covers(narrow.collected)
