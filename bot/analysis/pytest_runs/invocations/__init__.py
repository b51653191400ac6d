"""Every way in which pytest is started here, as far as the repository tells."""

import re
from collections.abc import Iterator
from itertools import chain

from msgspec.structs import replace

from bot.analysis.pytest_runs.command_line import parse
from bot.analysis.pytest_runs.config_files import ConfigFiles, parent
from bot.analysis.pytest_runs.ini_files import CONFIGURING
from bot.analysis.pytest_runs.invocation import Invocation
from bot.analysis.pytest_runs.invocations.makefiles import from_justfiles, from_makefiles
from bot.analysis.pytest_runs.invocations.nox import from_nox
from bot.analysis.pytest_runs.invocations.plain import plain
from bot.analysis.pytest_runs.invocations.scripts import from_scripts
from bot.analysis.pytest_runs.invocations.tasks import from_tasks
from bot.analysis.pytest_runs.invocations.tox import from_tox
from bot.analysis.pytest_runs.invocations.workflows import from_workflows
from bot.analysis.pytest_runs.rootdir import argument_path
from bot.analysis.pytest_runs.shell_words import HIDDEN

MOST = 200
MOST_PLACES = 40
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
    found = chain.from_iterable(reader(files) for reader in READERS)
    return tuple(_once(place for one in found for place in _places(files, one)))


def _places(files: ConfigFiles, invocation: Invocation) -> Iterator[Invocation]:
    """Yield an invocation in each folder that it could be meant for, if its own is hidden.

    Those are the folders with configuration or metadata that fit what is known of the path and
    hold the arguments; with too many of them the place stays unknown.
    """
    if invocation.placed:
        yield invocation
        return
    pattern = ".*".join(re.escape(part) for part in invocation.cwd.split(HIDDEN))
    fits = re.compile(pattern).fullmatch
    folders = [one for one in sorted(_configured_folders(files)) if fits(one)]
    holding = [one for one in folders if _holds_arguments(files, one, invocation.words)]
    if not 0 < len(holding) <= MOST_PLACES:
        yield replace(invocation, cwd="")
        return
    for folder in holding:
        yield replace(invocation, cwd=folder, placed=True)


def _configured_folders(files: ConfigFiles) -> set[str]:
    return {""} | {parent(path) for path in files.texts if path.rpartition("/")[2] in CONFIGURING}


def _holds_arguments(files: ConfigFiles, folder: str, words: tuple[str, ...]) -> bool:
    arguments = parse(words, lambda _: False, plugins=True).arguments
    paths = [argument_path(folder, one) for one in arguments if HIDDEN not in one]
    return all(path is not None and files.exists(path) for path in paths)


def _once(invocations: Iterator[Invocation]) -> Iterator[Invocation]:
    """Yield invocations that differ in more than where they stand."""
    seen: set[Invocation] = set()
    for invocation in invocations:
        anonymous = replace(invocation, origin="")
        if anonymous not in seen and len(seen) < MOST:
            seen.add(anonymous)
            yield invocation
