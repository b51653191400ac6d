"""Clones a branch with plain git and runs its own tests under real pytest."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

_OBSERVER = Path(__file__).with_name("observer.py")


class RealPytest:
    """Runs in folders of its own below `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def run(self, clone_url: str, branch: str, name: str) -> dict[str, Any]:
        """Return what pytest made of the branch: counts, exit code, which async tests ran.

        Raises:
            RuntimeError: git or pytest could not do it at all.
        """
        clone = self._folder / name
        await _done("git", "clone", "--quiet", "--branch", branch, clone_url, str(clone))
        report = self._folder / f"{name}.json"
        plugins = self._folder / "plugins"
        plugins.mkdir(exist_ok=True)
        (plugins / "awaited_observer.py").write_bytes(_OBSERVER.read_bytes())
        await _run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-q",
                "-p",
                "awaited_observer",
                "-p",
                "no:cacheprovider",
            ],
            cwd=clone,
            environment={
                **os.environ,
                "PYTHONPATH": str(plugins),
                "PYTHONDONTWRITEBYTECODE": "1",
                "PYTEST_ADDOPTS": "",
                "AWAITED_DEMO_REPORT": str(report),
            },
        )
        if not report.exists():
            raise RuntimeError("pytest did not get to the end of its session")
        found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
        return found


async def _done(*command: str) -> None:
    code, output = await _run(list(command))
    if code != 0:
        raise RuntimeError(f"{' '.join(command)} failed: {output.strip()}")


async def _run(
    command: list[str], *, cwd: Path | None = None, environment: dict[str, str] | None = None
) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=cwd,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    return process.returncode or 0, output.decode(errors="replace")
