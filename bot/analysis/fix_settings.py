"""How fixes are brought into a pull request, and at whose word: `[tool.awaited.fix]`."""

from enum import StrEnum

import msgspec


class FixMode(StrEnum):
    """The way in which fixes reach the branch.

    Attributes:
        AUTO: the best way that is open.
        COMMIT: one commit on the branch.
        SUGGEST: a review whose suggestions somebody applies.
        PATCH: none; the reply holds a patch, and nothing is written.
    """

    AUTO = "auto"
    COMMIT = "commit"
    SUGGEST = "suggest"
    PATCH = "patch"


class FixAllow(StrEnum):
    """The role in the repository that whoever has fixes committed needs at least."""

    WRITE = "write"
    MAINTAIN = "maintain"
    ADMIN = "admin"


class FixSettings(msgspec.Struct, frozen=True, rename="kebab"):
    """What a repository decided."""

    allow: FixAllow = FixAllow.WRITE
    mode: FixMode = FixMode.AUTO


DEFAULT = FixSettings()
"""Nothing was decided."""
