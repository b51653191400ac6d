"""Runs one command and tells what it took."""

import os
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

# Linux counts the resident set in KiB.
_KIBIBYTE = 1024
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Measured:
    """What a command took.

    Attributes:
        seconds: on the clock.
        cpu_seconds: of all processors, child processes that were waited for included.
        peak_bytes: the largest resident set of any one of its processes.
        exit_code: what it ended with; checkers end with 1 where they find something.
    """

    seconds: float
    cpu_seconds: float
    peak_bytes: int
    exit_code: int


def measured(command: Sequence[str | Path], cwd: Path) -> Measured:
    """Run a command to its end, its output thrown away."""
    started = time.perf_counter()
    with subprocess.Popen(
        command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
    return Measured(
        seconds, used.ru_utime + used.ru_stime, used.ru_maxrss * _KIBIBYTE, process.returncode
    )


def fastest(command: Sequence[str | Path], cwd: Path, times: int) -> Measured:
    """Run a command several times and return the quickest run: the others met disturbances."""
    return min((measured(command, cwd) for _ in range(times)), key=lambda one: one.seconds)
