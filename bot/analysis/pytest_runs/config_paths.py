"""Which files of a tree are configuration: what to fetch before anything is decided."""

import re
from collections.abc import Callable, Collection, Iterator
from functools import lru_cache

from bot.analysis.pytest_runs.config_files import lineage, parent
from bot.analysis.pytest_runs.dependencies.locks import is_lock
from bot.analysis.pytest_runs.dependencies.requirement_files import is_requirements_file
from bot.analysis.pytest_runs.ini_files import CONFIGURING
from bot.analysis.pytest_runs.invocations.makefiles import JUSTFILE_NAMES, MAKEFILE_NAMES
from bot.analysis.pytest_runs.invocations.scripts import SCRIPT_FOLDERS
from bot.analysis.pytest_runs.invocations.workflows import is_workflow

COMMAND_FILES = MAKEFILE_NAMES | JUSTFILE_NAMES | {"noxfile.py", "tox.toml", "hatch.toml"}
PACKAGE_FILES = frozenset({"Pipfile", "environment.yml", "environment.yaml"})
# Nobody's tests are configured by what lies in there.
FOREIGN_FOLDERS = re.compile(r"(?:^|/)(?:node_modules|site-packages|\.venv|venv|\.tox|\.git)/")
UNLIKELY = (".py", ".md", ".rst", ".js", ".ts", ".tsx", ".json", ".html", ".css", ".png", ".svg")
NAMED_BY_OPTION = re.compile(r"pytest[\w.-]*\.(?:ini|toml|cfg)|[\w-]+\.ini")


def _configures_pytest(path: str) -> bool:
    return path.rpartition("/")[2] in CONFIGURING


def _starts_pytest(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name in COMMAND_FILES or name.endswith(".mk") or is_workflow(path) or _is_script(path)


def _is_script(path: str) -> bool:
    folder, _, name = path.rpartition("/")
    if name.endswith((".sh", ".bash")):
        return True
    return "." not in name and folder.rpartition("/")[2] in SCRIPT_FOLDERS


def _names_packages(path: str) -> bool:
    return path.rpartition("/")[2] in PACKAGE_FILES or is_lock(path) or is_requirements_file(path)


def _may_be_named(path: str) -> bool:
    """Whether `-c` could name the file: an ini file of another name, high in the tree."""
    return path.count("/") < 2 and NAMED_BY_OPTION.fullmatch(path.rpartition("/")[2]) is not None  # noqa: PLR2004


def _is_likely(path: str) -> bool:
    """Whether a path is worth a closer look: most of a large tree is not."""
    return not path.endswith(UNLIKELY) or path.endswith(("setup.py", "noxfile.py"))


# What is looked for, and how many files of it at most.
KINDS: tuple[tuple[Callable[[str], bool], int], ...] = (
    (_configures_pytest, 120),
    (_starts_pytest, 80),
    (_names_packages, 60),
    (_may_be_named, 20),
)


def configuration_paths(paths: Collection[str], near: Collection[str] = ()) -> frozenset[str]:
    """Return the files that `ConfigFiles` wants to see, 280 at most.

    Args:
        paths: every file of the tree.
        near: files that are going to be checked; what lies in their folders and above comes
            first, then what lies highest in the tree.
    """
    close = {folder for path in near for folder in lineage(parent(path))}

    def order(path: str) -> tuple[bool, int, str]:
        return parent(path) not in close, path.count("/"), path

    def chosen() -> Iterator[str]:
        for found, (_, most) in zip(_by_kind(frozenset(paths)), KINDS, strict=True):
            yield from found if len(found) <= most else sorted(found, key=order)[:most]

    return frozenset(chosen())


# A large tree is asked about once for each of its parts.
@lru_cache(maxsize=2)
def _by_kind(paths: frozenset[str]) -> tuple[tuple[str, ...], ...]:
    own = [path for path in paths if _is_likely(path) and not FOREIGN_FOLDERS.search(path)]
    return tuple(tuple(filter(wanted, own)) for wanted, _ in KINDS)
