"""What a house rule is told: the tables of `[tool.awaited]` that bear a rule's name.

Each policy is a subclass in the file of its rule; its fields are the keys of the table.
"""

from typing import Annotated

import msgspec

from bot.analysis.path_globs import EVERYWHERE, matches

# A symbol as it is written in a configuration, dotted or bare; and some of them, at least one.
Symbol = Annotated[str, msgspec.Meta(min_length=1)]
Symbols = Annotated[tuple[Symbol, ...], msgspec.Meta(min_length=1)]


class Policy(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"
):
    """One table, or one of an array of tables.

    Attributes:
        paths: globs of the files that it is about, as in a `.gitignore` file.
    """

    paths: tuple[str, ...] = EVERYWHERE

    def concerns(self, path: str) -> bool:
        """Whether a file is meant."""
        return matches(path, self.paths)
