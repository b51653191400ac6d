"""Other places that start pytest and that are not read as commands: containers, task runners.

Where one of them sets a mode, nobody can tell whether unmarked tests run, so nothing is said.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

_NAMES = re.compile(
    r"(^|/)(Dockerfile[^/]*|[^/]*\.Dockerfile|(docker-)?compose[^/]*\.ya?ml|package\.json|tasks\.py"
    r"|run_?tests?\.py|test\.py|Jenkinsfile|\.pre-commit-config\.yaml|[^/]*\.mk|earthfile)$",
    re.IGNORECASE,
)
_MODE = re.compile(r"(asyncio|anyio|trio)[-_]mode\W{1,6}(auto|true)")
_LIMIT = 60


@lru_cache(maxsize=2)
def hint_paths(paths: frozenset[str]) -> frozenset[str]:
    """Return the files that may start pytest in ways of their own, the shallowest of them.

    The parts of a large tree all ask for the same.
    """
    found = sorted((path for path in paths if _NAMES.search(path)), key=_depth)
    return frozenset(found[:_LIMIT])


def sets_mode_elsewhere(texts: Iterable[str]) -> bool:
    """Whether one of the files starts pytest with a mode that runs unmarked tests."""
    return any(_starts_pytest(text) for text in texts)


def _starts_pytest(text: str) -> bool:
    return "pytest" in text.lower() and _MODE.search(text) is not None


def _depth(path: str) -> tuple[int, str]:
    return path.count("/"), path
