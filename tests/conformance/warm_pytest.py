"""Start real pytest: in a process of its own, or forked from one that has imported it once.

The second saves the tenth of a second that importing pytest takes, several hundred times.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Self

SERVER = Path(__file__).parent / "pytest_server.py"
SECONDS = 60


def start_cold(args: Sequence[str], cwd: Path, env: Mapping[str, str]) -> str:
    """Run `python -m pytest` in a process of its own and return what it printed."""
    finished = subprocess.run(
        [sys.executable, "-m", "pytest", *args],
        cwd=cwd,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    return finished.stdout


class WarmPytest:
    """A process that has imported pytest; a context manager, one start at a time."""

    def __init__(self, bytecode: Path, python: Path = Path(sys.executable)) -> None:
        """Keep compiled plugins, which every start needs, in the folder `bytecode`.

        `python` is the interpreter of the environment whose pytest it is.
        """
        self._server = subprocess.Popen(
            [python, SERVER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={"PATH": os.environ["PATH"], "PYTHONPYCACHEPREFIX": str(bytecode)},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.communicate()

    def start(self, args: Sequence[str], cwd: Path, env: Mapping[str, str]) -> str:
        """Run `python -m pytest` to its end and return what it printed."""
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        request = {"args": list(args), "cwd": str(cwd), "env": dict(env), "seconds": SECONDS}
        self._server.stdin.write(json.dumps(request) + "\n")
        self._server.stdin.flush()
        return str(json.loads(self._server.stdout.readline()))


@cache
def warm_pytest(bytecode: Path, python: Path) -> WarmPytest:
    """Return this process' own warm pytest, which sees its end when the process ends."""
    return WarmPytest(bytecode, python)
