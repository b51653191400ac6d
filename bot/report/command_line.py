"""The command that does on a checkout what the bot does on GitHub."""

import shlex
from collections.abc import Iterable, Sequence

# Above this the command names the whole tree: nobody copies a longer one.
_FILES_LIMIT = 100


def command_line(paths: Iterable[str], options: Sequence[str] = ()) -> str:
    """Return the command for these files, for a shell at the root of the tree."""
    files = sorted(set(paths))
    if len(files) > _FILES_LIMIT:
        return shlex.join(["awaited", "check", *options, "."])
    return shlex.join(["awaited", "check", *options, *map(_unmistakable, files)])


def _unmistakable(path: str) -> str:
    return f"./{path}" if path.startswith("-") else path
