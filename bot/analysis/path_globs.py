"""Globs of paths in the configuration: those of `.gitignore` files, which everybody knows.

`tests` and `*_it.py` match at any depth, what holds a slash is anchored at the root, `**` stands
for any folders, and `!` in front takes out again what an earlier glob took in (also below a
folder that was taken in whole, which git itself does not look into any more).
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import PathSpec
    from pathspec.pattern import Pattern

EVERYWHERE = ("**",)


def matches(path: str, globs: tuple[str, ...]) -> bool:
    """Whether a path, relative to the root, is one that the globs name."""
    if globs == EVERYWHERE:
        return True
    return bool(globs) and _compiled(globs).match_file(path)


def is_glob(text: str) -> bool:
    r"""Whether a glob means anything: `[z-a]` and `a\` do not, and name no file."""
    try:
        _spec((text,))
    except (ValueError, re.error):
        return False
    return True


@lru_cache(maxsize=256)
def _compiled(globs: tuple[str, ...]) -> "PathSpec[Pattern]":
    return _spec(filter(is_glob, globs))


def _spec(globs: Iterable[str]) -> "PathSpec[Pattern]":
    from pathspec import PathSpec  # noqa: PLC0415 - slow to load, and most have no globs

    return PathSpec.from_lines("gitignore", globs)
