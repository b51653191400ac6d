"""One statement about a package, whatever file it stands in."""

import re
from collections.abc import Iterator
from enum import IntEnum
from functools import lru_cache

from msgspec import Struct

NAME = re.compile(r"\s*([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*\(?([^;@#)\\]*)")
EGG = re.compile(r"[#&]egg=([\w.-]+)")


class Weight(IntEnum):
    """Whose word counts first: a lock file's, a manifest's, a single command's."""

    LOCK = 0
    MANIFEST = 1
    COMMAND = 2


class Declaration(Struct, frozen=True):
    """A package that is needed, or which versions of it will do.

    Attributes:
        name: normalised (PEP 503).
        specifier: the versions that it allows (PEP 440), "" for all.
        weight: whose word it is.
        direct: whether a person asked for it; what only came along with another did not.
        needs: False for a constraint, which bounds a package and does not ask for it.
    """

    name: str
    specifier: str = ""
    weight: Weight = Weight.MANIFEST
    direct: bool = True
    needs: bool = True


@lru_cache(maxsize=4096)
def normalised(name: str) -> str:
    """Return a package name as all spellings of it are compared (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def requirement(text: str, weight: Weight = Weight.MANIFEST) -> Iterator[Declaration]:
    """Yield the declaration that a requirement (PEP 508, or a URL with `#egg=`) makes."""
    egg = EGG.search(text)
    if egg:
        yield Declaration(normalised(egg[1]), weight=weight)
        return
    found = NAME.match(text)
    if found and "://" not in text.partition("@")[0] and not text.lstrip().startswith(("-", "#")):
        yield Declaration(normalised(found[1]), found[2].partition(" --")[0].strip(), weight)
