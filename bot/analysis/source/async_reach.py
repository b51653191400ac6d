"""Tells from bytes alone which files need no parsing: nothing in their reach is about async code.

A file without a word of it may still inherit async tests, ask for async fixtures or call async
functions; so whatever it imports is looked at in the same way, and so are the conftest files and
plugins that its tests get. What is found is on the safe side: a word in a comment counts, and an
import counts for every module of the tree that it could mean.
"""

import re
from collections.abc import Collection, Iterator

from bot.analysis.source.layout import Layout
from bot.analysis.source.project import Project

# Every framework, and what brings in modules that no import names.
_WORDS = (
    *(b"async", b"await", b"Async", b"oroutine", b"__aenter__", b"__aexit__", b"aio", b"anyio"),
    *(b"trio", b"curio", b"tornado", b"twisted", b"Deferred", b"Future", b"event_loop"),
    *(b"pytest_plugins", b"__import__", b"importlib"),
)
# Assertions of mocks, for what rules say of them concerns all code.
_MOCK_WORDS = re.compile(rb"\.(?:assert_[a-z]|called_|not_called|any_call|has_call|any_await)")
_IMPORT = re.compile(rb"^[ \t]*import[ \t]+([^#\n\\;]+)", re.MULTILINE)
_FROM = re.compile(
    rb"^[ \t]*from[ \t]+([.\w]+)[ \t]+import[ \t]*(\([^)]*\)|[^#\n\\;]+)", re.MULTILINE
)
# Imports in places where the two above do not see them.
_ELSEWHERE = re.compile(rb"[;:][ \t]*(?:from|import)[ \t]|\bimport[^\n]*\\\n|from[^\n]*\\\n")
_PATCHING = (b"patch", b"setattr")
_DOTTED = re.compile(rb"['\"]([A-Za-z_]\w*(?:\.\w+)+)['\"]")
_NAME = re.compile(rb"\w+")
# Whoever imports more than this may as well be parsed.
_MAX_FILES = 100


class AsyncReach:
    """Looks through the files of one project; what it has seen of a file holds for all."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._seen: dict[str, frozenset[str] | None] = {}

    def may_hold(self, path: str, plugins: Collection[str] = ()) -> bool:
        """Whether rules may have something to say of a file, beside which plugins take part."""
        content = self._project.content(path)
        if content is None or _MOCK_WORDS.search(content):
            return True
        found = {path, *_conftests(path, self._project.library.layout)}
        for name in plugins:
            found.update(_modules(name.encode(), self._project.library.layout))
        waiting = [*found]
        while waiting:
            imported = self._imported(waiting.pop())
            if imported is None or len(found) > _MAX_FILES:
                return True
            waiting += imported - found
            found |= imported
        return False

    def _imported(self, path: str) -> frozenset[str] | None:
        """Return the files that a file may import; None if it has a word of async code."""
        content = self._project.content(path)
        if path not in self._seen:
            self._seen[path] = None if content is None else self._looked_at(path, content)
        return self._seen[path]

    def _looked_at(self, path: str, content: bytes) -> frozenset[str] | None:
        if any(word in content for word in _WORDS) or _ELSEWHERE.search(content):
            return None
        names = {name for line in _IMPORT.findall(content) for name in _imports(line)}
        for module, imported in _FROM.findall(content):
            base = _absolute(module, path)
            names.add(base)
            names.update(b".".join(filter(None, [base, one])) for one in _NAME.findall(imported))
        if any(word in content for word in _PATCHING):
            names.update(_DOTTED.findall(content))
        layout = self._project.library.layout
        return frozenset(one for name in names for one in _modules(name, layout))


def _imports(line: bytes) -> Iterator[bytes]:
    """`import a.b as c, d` names `a.b` and `d`."""
    for one in line.split(b","):
        yield one.strip().partition(b" ")[0]


def _absolute(module: bytes, path: str) -> bytes:
    """Return a module as it is named from the top of the tree, where it is named relatively."""
    name = module.lstrip(b".")
    level = len(module) - len(name)
    if not level:
        return name
    folders = path.split("/")[:-level]
    return b".".join([*(one.encode() for one in folders), *filter(None, [name])])


def _modules(name: bytes, layout: Layout) -> Iterator[str]:
    """Yield every file of the tree that a dotted name, or the beginning of one, may mean."""
    parts = name.decode(errors="replace").split(".")
    for size in range(1, len(parts) + 1):
        yield from layout.modules_ending(tuple(parts[:size]))


def _conftests(path: str, layout: Layout) -> Iterator[str]:
    folder = path
    while folder:
        folder = folder.rpartition("/")[0]
        conftest = f"{folder}/conftest.py".lstrip("/")
        if conftest in layout.paths:
            yield conftest
