"""What a reader of invocations makes of a few files."""

from collections.abc import Callable, Iterator, Mapping

from bot.analysis.pytest_runs.config_files import ConfigFiles
from bot.analysis.pytest_runs.invocation import Invocation

Reader = Callable[[ConfigFiles], Iterator[Invocation]]
TREE = {"tests/test_a.py": "", "sub/tests/test_b.py": "", "sub/deep/test_c.py": ""}


def read(reader: Reader, files: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return folder and words of each invocation; an unknown folder is "?"."""
    return [
        (one.cwd if one.placed else "?", " ".join(one.words)) for one in invocations(reader, files)
    ]


def invocations(reader: Reader, files: Mapping[str, str]) -> list[Invocation]:
    every = {**TREE, **files}
    return list(reader(ConfigFiles(every, every)))
