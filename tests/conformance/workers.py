"""Processes that judge side by side, and end with the one that started them."""

import multiprocessing
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def side_by_side(function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """Yield in order what a function returns for each item, in a process on each processor.

    Whatever ends the work before it is done ends the processes at once: what they have not begun
    is not waited for. They themselves end by SIGTERM, whatever this process does with it.
    """
    by_default = (signal.SIGTERM, signal.SIG_DFL)
    with ProcessPoolExecutor(initializer=signal.signal, initargs=by_default) as pool:
        try:
            # `map` would cancel the rest, over which a pool that lost its processes stumbles.
            for future in [pool.submit(function, item) for item in items]:
                yield future.result()
        except BaseException:
            for process in multiprocessing.active_children():
                process.terminate()
            raise
