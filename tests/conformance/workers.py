"""Processes that judge side by side, and end with the one that started them."""

import multiprocessing
import signal
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager


@contextmanager
def workers() -> Iterator[ProcessPoolExecutor]:
    """Yield a pool of as many processes as there are processors.

    Whatever ends the work before it is done ends the processes at once: what they have not begun
    is not waited for. They themselves end by SIGTERM, whatever this process does with it.
    """
    by_default = (signal.SIGTERM, signal.SIG_DFL)
    with ProcessPoolExecutor(initializer=signal.signal, initargs=by_default) as pool:
        try:
            yield pool
        except BaseException:
            for process in multiprocessing.active_children():
                process.terminate()
            raise
