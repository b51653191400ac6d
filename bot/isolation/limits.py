"""What an analysis may use up, and how the kernel is told.

Python's own allocations fail with MemoryError at the memory limit, native ones abort; both are
told apart from a crash by the parent.
"""

import resource
import sys

from msgspec import Struct

MEBIBYTE = 1024 * 1024


class Limits(Struct, frozen=True):
    """Bounds of one analysis. What it waits for (contents to be fetched) never counts.

    Attributes:
        memory_bytes: address space, of which libcst and the rules take about 150 MiB.
        cpu_seconds: processor time of one attempt; the kernel ends it.
        wall_seconds: time that one attempt may think, in sum; the parent ends it.
        file_seconds: processor time that may be spent on one file, or a multiple of it without;
            the parent ends it. Where nobody tells of processor time, it is time as such.
        open_files: file descriptors, those that importing a module takes included.
        processes: how many processes the user may have for a fork to be allowed; not enforced
            by Linux for root.
    """

    memory_bytes: int = 1024 * MEBIBYTE
    cpu_seconds: int = 60
    wall_seconds: float = 90.0
    file_seconds: float = 10.0
    open_files: int = 32
    processes: int = 0


def impose(limits: Limits) -> None:  # pragma: no cover - as `child.run`
    """Set the limits on this process, for good. It can't write to a file or dump core either.

    macOS refuses to lower the address space of a process, so that memory is unbounded there.
    """
    if sys.platform != "darwin":
        cap(resource.RLIMIT_AS, limits.memory_bytes)
    # The signal that tells a time limit from other ends comes at the lower of the two.
    cap(resource.RLIMIT_CPU, limits.cpu_seconds, slack=1)
    cap(resource.RLIMIT_NOFILE, limits.open_files)
    cap(resource.RLIMIT_NPROC, limits.processes)
    cap(resource.RLIMIT_FSIZE, 0)
    cap(resource.RLIMIT_CORE, 0)


def cap(kind: int, value: int, *, slack: int = 0) -> None:
    """Lower a limit; one that is lower already stays (only root may raise it)."""
    _, hard = resource.getrlimit(kind)
    ceiling = value + slack
    if hard != resource.RLIM_INFINITY:
        ceiling = min(ceiling, hard)
    resource.setrlimit(kind, (min(value, ceiling), ceiling))
