"""What conftest files keep out of collection: `collect_ignore` and its like."""

import ast
from fnmatch import fnmatch

from bot.analysis.module import Module
from bot.analysis.scopes import Assigned

_HOOKS = frozenset({"pytest_ignore_collect"})


def may_ignore(conftest: Module, path: str) -> bool:
    """Whether a conftest file keeps a file out of collection, or may: then it is not judged."""
    bound = conftest.scope.bindings
    if _HOOKS & bound.keys():
        return True
    folder = conftest.path.rpartition("/")[0]
    inside = path.removeprefix(f"{folder}/") if folder else path
    return _listed(conftest, "collect_ignore", inside, exact=True) or _listed(
        conftest, "collect_ignore_glob", inside, exact=False
    )


def _listed(conftest: Module, name: str, path: str, *, exact: bool) -> bool:
    if name not in conftest.scope.bindings:
        return False
    values = _strings(conftest, name)
    if values is None:
        return True
    if exact:
        return any(path == one or path.startswith(f"{one.rstrip('/')}/") for one in values)
    return any(fnmatch(path, one) or fnmatch(path, f"{one}/*") for one in values)


def _strings(conftest: Module, name: str) -> list[str] | None:
    """Return the listed strings; None where the list is built by code."""
    found: list[str] = []
    for binding in conftest.scope.bindings[name]:
        meaning = binding.meaning
        if not isinstance(meaning, Assigned) or not isinstance(meaning.value, ast.List):
            return None
        for element in meaning.value.elts:
            if not isinstance(element, ast.Constant) or not isinstance(element.value, str):
                return None
            found.append(element.value)
    appended = f"{name}." in conftest.source.text or f"{name} +=" in conftest.source.text
    return None if appended else found
