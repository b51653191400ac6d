"""Says aloud which file is being worked on, so that whoever runs the analysis knows the culprit.

libcst ends in a segmentation fault on some inputs (thousands of nested parentheses, very long
attribute chains or sums), and any file may turn out endless. Whoever runs the analysis in a
process of its own listens here.
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager

_listeners: list[Callable[[str], None]] = []
_stack: list[str] = [""]


def set_listener(listener: Callable[[str], None]) -> None:
    """Call `listener` with the path that is worked on from now on, empty for none."""
    _listeners[:] = [listener]


@contextmanager
def working_on(path: str) -> Generator[None, None, None]:
    """Work on a file inside the block; afterwards, on what was worked on before."""
    _stack.append(path)
    announce(path)
    try:
        yield
    finally:
        _stack.pop()
        announce(_stack[-1])


def announce(path: str) -> None:
    """Tell the listener what is worked on."""
    for listener in _listeners:
        listener(path)
