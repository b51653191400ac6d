"""Tests that anyio may run because another class or file, which is marked, has them as well.

anyio marks the very function while pytest collects (`pytest_pycollect_makeitem` in
anyio/pytest_plugin.py). From then on it runs every test that the function is, also in a class or
file without a mark; which of them pytest comes to first is a matter of names.
"""

from collections.abc import Callable, Iterable
from itertools import islice

from bot.analysis.answer import Answer
from bot.analysis.collection.collection import Collector, Test
from bot.analysis.source.module import Module
from bot.analysis.source.project import Project

_MARK = "anyio"
# Of a larger tree the first files will do.
_MOST_FILES = 200


class LentMarks:
    """Looks for such marks. `tests` returns the async tests that are collected from a file."""

    def __init__(
        self, project: Project, collector: Collector, tests: Callable[[Module], Iterable[Test]]
    ) -> None:
        self._project = project
        self._collector = collector
        self._tests = tests

    def may_reach(self, test: Test) -> bool:
        """Whether an inherited or imported test is one of anyio's elsewhere."""
        written = test.function.definition
        owner = test.owner.definition if test.owner else None
        if test.function.module is test.module and written.owner == owner:
            return False
        return any(self._is_lent_by(path, test) for path in self._files())

    def _is_lent_by(self, path: str, test: Test) -> bool:
        module = self._project.module(path)
        return module is not None and any(
            one.function == test.function
            and one != test
            and self._collector.marks(one).has(_MARK) is not Answer.NO
            for one in self._tests(module)
        )

    def _files(self) -> tuple[str, ...]:
        """Return the files that name anyio."""
        return self._project.remember(
            ("files of anyio",),
            lambda: tuple(islice(filter(self._names_it, self._paths()), _MOST_FILES)),
            cyclic=(),
        )

    def _paths(self) -> list[str]:
        return sorted(one for one in self._project.library.paths if one.endswith(".py"))

    def _names_it(self, path: str) -> bool:
        return _MARK.encode() in (self._project.content(path) or b"")
