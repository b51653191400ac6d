"""The fix that marks an async test for the framework that the tests around it are written for."""

from collections.abc import Iterator

from bot.analysis.checked_file import CheckedFile
from bot.analysis.collection.collection import Test
from bot.analysis.errors import FixError
from bot.analysis.fix import Edit, Fix, Safety
from bot.analysis.fixes.older_loops import runs_in_two_loops


def marking_fix(test: Test, file: CheckedFile, safety: Safety) -> Fix | None:
    """Return the fix, none where the test stands in another file."""
    if test.function.module is not file.module:
        return None
    mark = file.framework.mark
    return file.fix(safety, f"Mark with `@pytest.mark.{mark}`", lambda: _edits(test, file, mark))


def _edits(test: Test, file: CheckedFile, mark: str) -> Iterator[Edit]:
    if runs_in_two_loops(test, file):
        raise FixError("pytest-asyncio would refuse the test for its two loops")
    node = test.function.node
    expression, imports = file.editor.imports.pytest_mark(before=node.lineno)
    yield from imports
    yield file.editor.add_decorator(node, f"{expression}.{mark}")
