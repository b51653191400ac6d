"""Which files of a pull request are to be checked, and what is asked of the analysis. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from bot.analysis.finding import FileError
from bot.analysis.request import Fixing, Report, Request
from bot.github.pulls import ChangedFile
from bot.github.trees import Mode, Tree

# GitHub lists no more files of a pull request ("List pull requests files").
LISTED_FILES = 3_000

# What GitHub itself reads there may not be written without a permission that we don't ask for.
_GITHUBS_OWN = ".github/"


def request_for(changed: Sequence[ChangedFile], tree: Tree, fixing: Fixing) -> Request | None:
    """Return what to ask about a head; None when no Python file changed."""
    candidates = tuple(file.path for file in changed if _is_candidate(file, tree))
    if not candidates:
        return None
    paths = tuple(path for path, entry in tree.entries.items() if entry.mode != Mode.SUBMODULE)
    return Request(paths=paths, candidates=candidates, fixing=fixing)


def _is_candidate(file: ChangedFile, tree: Tree) -> bool:
    # The list of changes may be of a newer head than the tree: what is not in it is left to that.
    return file.path.endswith(".py") and file.status != "removed" and file.path in tree.entries


def is_githubs_own(path: str) -> bool:
    """Whether the bot must leave the file alone whatever is wrong with it."""
    return path.startswith(_GITHUBS_OWN)


def with_what_was_not_listed(report: Report, changed: Sequence[ChangedFile], tree: Tree) -> Report:
    """Return the report with an error for what GitHub did not tell us of: it never passes."""
    errors = list(report.errors)
    if len(changed) >= LISTED_FILES:
        reason = (
            f"GitHub lists no more than {LISTED_FILES:,} changed files; split the pull request"
        )
        errors.append(FileError("(further changed files)", reason))
    if tree.truncated:
        reason = "the repository has more files than can be listed"
        errors.append(FileError("(further files of the repository)", reason))
    return replace(report, errors=tuple(errors))
