"""The `awaited` command. Nothing in the working directory may be imported, so that goes first.

`python -m` and `python -c` put the working directory in front of the import path, where a
checked repository's `click.py` or `ast.py` would stand in for the real one.
"""

# All are loaded before any module can be found in the working directory.
import gc
import os
import sys


def _is_working_directory(entry: str) -> bool:
    try:
        # pathlib may not be loaded yet, and could be the working directory's.
        return os.path.samefile(entry or ".", ".")  # noqa: PTH121
    except OSError:
        return entry == ""


sys.path[:] = [entry for entry in sys.path if not _is_working_directory(entry)]

from bot.cli.main import main  # noqa: E402 - only now can it be told which `click` this imports

__all__ = ["main", "run"]


def run() -> int:
    """Run the command, and be done: what the process holds is not looked through for garbage.

    That last look would take a tenth of the time in which one file is checked.
    """
    exit_code = main()
    gc.freeze()
    return exit_code


if __name__ == "__main__":
    sys.exit(run())
