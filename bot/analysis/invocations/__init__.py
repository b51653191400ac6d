"""Every way in which pytest is started here, as far as the repository tells."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from bot.analysis.config_files import ConfigFiles
from bot.analysis.invocation import Invocation
from bot.analysis.invocations.makefiles import from_justfiles, from_makefiles
from bot.analysis.invocations.nox import from_nox
from bot.analysis.invocations.plain import plain
from bot.analysis.invocations.scripts import from_scripts
from bot.analysis.invocations.tasks import from_tasks
from bot.analysis.invocations.tox import from_tox
from bot.analysis.invocations.workflows import from_workflows

MOST = 200
READERS = (
    plain,
    from_tox,
    from_nox,
    from_tasks,
    from_makefiles,
    from_justfiles,
    from_scripts,
    from_workflows,
)


def find_invocations(files: ConfigFiles) -> tuple[Invocation, ...]:
    """Return plain `pytest` at the root and every other way that the repository shows, once."""
    return tuple(_once(chain.from_iterable(reader(files) for reader in READERS)))


def _once(invocations: Iterator[Invocation]) -> Iterator[Invocation]:
    """Yield invocations that differ in more than where they stand."""
    seen: set[Invocation] = set()
    for invocation in invocations:
        anonymous = replace(invocation, origin="")
        if anonymous not in seen and len(seen) < MOST:
            seen.add(anonymous)
            yield invocation
