"""How much processor time another process has used: on a busy machine, time alone says little."""

import sys
import time


def processor_seconds(process: int) -> float | None:
    """Return the seconds of processor time of a process; None where nobody can tell.

    Only Linux tells of others, by a clock whose number is made of theirs: `MAKE_PROCESS_CPUCLOCK`
    of linux/posix-timers.h, which glibc's `clock_getcpuclockid` computes in the same way.
    """
    if sys.platform != "linux":
        return None
    try:
        return time.clock_gettime((~process << 3) | 2)
    except OSError:
        return None
