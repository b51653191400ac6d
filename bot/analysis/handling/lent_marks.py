"""Tests that anyio may run because another class or file, which is marked, has them as well.

anyio marks the very function while pytest collects (`pytest_pycollect_makeitem` in
anyio/pytest_plugin.py). From then on it runs every test that the function is, also in a class or
file without a mark; which of them pytest comes to first is a matter of names.
"""

from collections.abc import Callable, Iterable, Iterator

from bot.analysis.answer import Answer
from bot.analysis.collection.collection import Collector, Test
from bot.analysis.source.module import Module
from bot.analysis.source.project import Project

_MARK = "anyio"
# Of more test files, those of other folders are left aside: over GitHub each has to be fetched.
_MOST_FILES = 200


class LentMarks:
    """Looks for such marks.

    Args:
        project: the files.
        collector: reads the marks of tests.
        collects: whether pytest may collect tests from a path.
        tests: returns the async tests that are collected from a file.
    """

    def __init__(
        self,
        project: Project,
        collector: Collector,
        collects: Callable[[str], bool],
        tests: Callable[[Module], Iterable[Test]],
    ) -> None:
        self._project = project
        self._collector = collector
        self._collects = collects
        self._tests = tests

    def may_reach(self, test: Test) -> bool:
        """Whether an inherited or imported test is one of anyio's elsewhere."""
        written = test.function.definition
        owner = test.owner.definition if test.owner else None
        if test.function.module is test.module and written.owner == owner:
            return False
        return any(self._is_lent_by(path, test) for path in self._files(test.module.path))

    def _is_lent_by(self, path: str, test: Test) -> bool:
        module = self._project.module(path)
        return module is not None and any(
            one.function == test.function
            and one != test
            and self._collector.marks(one).has(_MARK) is not Answer.NO
            for one in self._tests(module)
        )

    def _files(self, path: str) -> tuple[str, ...]:
        """Return the test files that name anyio, those near a path first."""
        folder = path.rpartition("/")[0]
        return self._project.remember(
            ("files of anyio", folder), lambda: tuple(self._naming_it(folder)), cyclic=()
        )

    def _naming_it(self, folder: str) -> Iterator[str]:
        paths = sorted(filter(self._collects, self._project.library.paths))
        near = sorted(paths, key=lambda path: path.rpartition("/")[0] != folder)
        for path in near[:_MOST_FILES]:
            if _MARK.encode() in (self._project.content(path) or b""):
                yield path
