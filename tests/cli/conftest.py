import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot.cli.main import main
from bot.isolation import fork_client
from tests.cli.nursery import Nursery

# One safe fix, and one unsafe.
NEVER_RUNS = "import pytest\n\n\nasync def test_never():\n    assert True\n"
IN_TESTCASE = (
    "import unittest\n\n\n"
    "class TestPlain(unittest.TestCase):\n"
    "    async def test_never(self):\n"
    "        assert True\n"
)
CLEAN = "def test_fine():\n    assert True\n"


@dataclass(frozen=True)
class Run:
    """What a run of the command line came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return msgspec.json.decode(self.out)


Awaited = Callable[..., Run]
Tree = Callable[[Mapping[str, str | bytes]], Path]


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tree:
    """Write files into a git work tree, and go there."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))

    def write(files: Mapping[str, str | bytes]) -> Path:
        root = tmp_path / "tree"
        (root / ".git").mkdir(parents=True)
        for path, content in files.items():
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.encode() if isinstance(content, str) else content)
        monkeypatch.chdir(root)
        return root

    return write


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    with Nursery() as running:
        yield running


@pytest.fixture
def awaited(
    capfd: pytest.CaptureFixture[str], nursery: Nursery, monkeypatch: pytest.MonkeyPatch
) -> Awaited:
    """Run the command line in this process."""
    monkeypatch.setattr(fork_client, "started", nursery.fork)

    def run(*arguments: str | os.PathLike[str]) -> Run:
        code = main([os.fspath(argument) for argument in arguments])
        captured = capfd.readouterr()
        return Run(code, captured.out, captured.err)

    return run
