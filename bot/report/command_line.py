"""The command that does on a checkout what the bot does on GitHub."""

import shlex
from collections.abc import Iterable, Sequence

# Above this the command names the whole tree: nobody copies a longer one.
_FILES_LIMIT = 100


def command_line(paths: Iterable[str], options: Sequence[str] = ()) -> str:
    """Return the command for these files, for a shell at the root of the tree."""
    files = sorted(set(paths))
    named = ["."] if len(files) > _FILES_LIMIT else map(_unmistakable, files)
    return " ".join(["awaited", "check", *map(_quoted, [*options, *named])])


def _quoted(word: str) -> str:
    """Return a word for a shell, on one line and with nothing in it that cannot be seen.

    What could not be told so in plain quotes is in those of bash and zsh, which escape.
    """
    if word.isprintable():
        return shlex.quote(word)
    shown = "".join(map(_shown, word))
    return f"$'{shown}'"


def _shown(character: str) -> str:
    if character.isprintable():
        return f"\\{character}" if character in "\\'" else character
    raw = character.encode("utf-8", "surrogatepass")
    return "".join(f"\\{byte:03o}" for byte in raw)


def _unmistakable(path: str) -> str:
    return f"./{path}" if path.startswith("-") else path
