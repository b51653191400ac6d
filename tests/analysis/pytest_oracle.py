"""Real pytest as the judge: what it makes of a small project, asked once for each case.

A child process imports pytest and its plugins once and forks for every case, so that a case
costs some 50 ms and none sees another's state. Run as a script, this file is that child.
"""

import gc
import importlib.metadata
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pytest

PLUGINS = ("pytest-asyncio", "pytest-cov", "pytest-xdist")


@dataclass(frozen=True)
class Verdict:
    """What real pytest did; paths are relative to the project."""

    refused: bool
    rootdir: str | None = None
    inifile: str | None = None
    mode: str | None = None
    collected: frozenset[str] = frozenset()
    options: Mapping[str, Any] | None = None


class Oracle:
    """The child process; close it."""

    def __init__(self) -> None:
        self._child = subprocess.Popen(
            [sys.executable, "-I", __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "COV"))},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._child.communicate(timeout=60)

    def ask(
        self,
        root: Path,
        words: tuple[str, ...] = (),
        cwd: str = "",
        environment: Mapping[str, str] | None = None,
    ) -> Verdict:
        """Run `pytest --collect-only WORDS` in a folder of the project."""
        case = {
            "cwd": str(root / cwd),
            "words": words,
            "environment": dict(environment or {}),
            "root": str(root),
        }
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._child.stdin.write(json.dumps(case) + "\n")
        self._child.stdin.flush()
        answer = json.loads(self._child.stdout.readline())
        if answer.pop("exit") in {1, 3, 4}:
            return Verdict(refused=True)
        answer["collected"] = frozenset(answer["collected"])
        return Verdict(refused=False, **answer)


class Probe:
    """A plugin that says what pytest has settled on."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.answer: dict[str, Any] = {"collected": []}

    def pytest_collection_finish(self, session: Any) -> None:
        config = session.config
        asyncio = next(
            (
                plugin
                for name in ("asyncio", "pytest_asyncio.plugin")
                if (plugin := config.pluginmanager.get_plugin(name))
            ),
            None,
        )
        lists = ("python_files", "python_classes", "python_functions", "testpaths", "usefixtures")
        self.answer = {
            "rootdir": self.relative(config.rootpath),
            "inifile": config.inipath and self.relative(config.inipath),
            "mode": asyncio and asyncio._get_asyncio_mode(config).value,
            "collected": sorted({self.relative(item.path) for item in session.items}),
            "options": {
                **{name: list(config.getini(name)) for name in lists},
                "pythonpath": [self.relative(path) for path in config.getini("pythonpath")],
                "import_mode": config.getoption("importmode"),
                "nodes": [item.nodeid.partition("::")[2] for item in session.items],
            },
        }

    def relative(self, path: Path) -> str:
        relative = os.path.relpath(path, self.root)
        return "" if relative == "." else relative


def _judge(case: dict[str, Any]) -> dict[str, Any]:
    """Run one case in this process, which is good for nothing else afterwards."""
    os.chdir(case["cwd"])
    os.environ.update(case["environment"])
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    probe = Probe(case["root"])
    words = ["-p", "no:cacheprovider", *case["words"], "--collect-only", "-q"]
    status = pytest.main(words, plugins=[probe])
    return {"exit": int(status), **probe.answer}


def _serve() -> None:
    # Imported and looked up before the first fork, not in each child.
    installed = [importlib.metadata.distribution(name) for name in PLUGINS]
    importlib.metadata.distributions = lambda: iter(installed)  # type: ignore[assignment]
    for point in (point for one in installed for point in one.entry_points):
        if point.group == "pytest11":
            point.load()
    importlib.import_module("_pytest.unraisableexception")
    gc.freeze()

    for line in sys.stdin:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            answer = {"exit": 3, "collected": []}
            try:
                answer = _judge(json.loads(line))
            finally:
                os.write(writing, json.dumps(answer).encode())
                os._exit(0)
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            answer_text = pipe.read().decode()
        os.waitpid(child, 0)
        sys.stdout.write(answer_text + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
