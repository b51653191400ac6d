"""Which files of a pull request are to be checked, and what is asked of the analysis. Pure."""

from collections.abc import Sequence
from datetime import date

from msgspec.structs import replace

from bot.analysis.finding import FileError
from bot.analysis.pytest_runs.ini_files import is_checkable
from bot.analysis.request import (
    EVERYTHING,
    ConfigurationFile,
    Fixing,
    Narrowing,
    Report,
    Request,
)
from bot.github.changes import ChangedFile
from bot.github.trees import Mode, Tree

# GitHub lists no more files of a pull request ("List pull requests files").
LISTED_FILES = 3_000

_GITHUBS_OWN = ".github/"


def candidates(changed: Sequence[ChangedFile]) -> tuple[str, ...]:
    """Return the files that are there after the change and that have to do with tests."""
    return tuple(
        file.path for file in changed if is_checkable(file.path) and file.status != "removed"
    )


def fixable(paths: Sequence[str]) -> tuple[str, ...]:
    """Return the files that the bot may write to.

    What is below `.github/` can decide what runs with which rights, so it is a person's to write.
    """
    return tuple(path for path in paths if not path.startswith(_GITHUBS_OWN))


def request_for(
    paths: Sequence[str],
    tree: Tree,
    fixing: Fixing,
    *,
    today: date | None,
    narrowing: Narrowing = EVERYTHING,
    elsewhere: tuple[tuple[str, str], ...] = (),
    inherited: ConfigurationFile | None = None,
    reviews_configuration: bool = False,
) -> Request:
    """Return what to ask the analysis about some files of a commit.

    A path that the tree does not have is left out: the list of changes may be of a newer head,
    whose own check will see to it. Configuration `elsewhere` holds in place of what the commit
    has, which is looked at for mistakes if `reviews_configuration`; and `inherited` where neither
    says anything.
    """
    return Request(
        paths=tuple(path for path, entry in tree.entries.items() if entry.mode != Mode.SUBMODULE),
        candidates=tuple(path for path in paths if path in tree.entries),
        fixing=fixing,
        narrowing=narrowing,
        configuration_elsewhere=elsewhere,
        inherited=inherited,
        reviews_configuration=reviews_configuration,
        today=today,
    )


def with_unlisted(report: Report, *, is_complete: bool, tree: Tree | None) -> Report:
    """Return the report with an error for what GitHub did not tell us of: it never passes.

    `is_complete` says whether GitHub listed every changed file.
    """
    errors = list(report.errors)
    if not is_complete:
        reason = (
            f"GitHub lists no more than {LISTED_FILES:,} changed files; split the pull request"
        )
        errors.append(FileError("(further changed files)", reason))
    if tree and tree.truncated:
        reason = "the repository has more files than can be listed"
        errors.append(FileError("(further files of the repository)", reason))
    return replace(report, errors=tuple(errors))
