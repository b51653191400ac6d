"""Says aloud which file a native parser is about to read, because it may take the process down.

libcst ends in a segmentation fault on some inputs (thousands of nested parentheses, very long
attribute chains or sums), so whoever runs the analysis in a process of its own listens here to
know which file was at fault.
"""

from collections.abc import Callable

_listeners: list[Callable[[str], None]] = []


def set_listener(listener: Callable[[str], None]) -> None:
    """Call `listener` with the path of each file that a native parser is about to read."""
    _listeners[:] = [listener]


def announce(path: str) -> None:
    """A native parser is about to read `path`; the empty string says that it came back."""
    for listener in _listeners:
        listener(path)
