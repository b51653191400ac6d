"""What the user of `awaited check` asked for."""

from msgspec import Struct

from bot.analysis.request import NO_SELECTION, ConfigurationFile, Selection


class Wishes(Struct, frozen=True):
    """What the user asked for.

    Attributes:
        unsafe_fixes: unsafe fixes count as fixes.
        fix: fixes are written.
        diff: fixes are shown instead.
        strict_unknown: what cannot be decided is reported too.
        selection: which rules the command line switches on and off.
        configuration: what is read in place of the tree's own configuration.
        inherited: what holds where the configuration says nothing.
        cache: results are kept, and looked up.
        cache_folder: where; None for the tree itself.
    """

    unsafe_fixes: bool = False
    fix: bool = False
    diff: bool = False
    strict_unknown: bool = False
    selection: Selection = NO_SELECTION
    configuration: tuple[ConfigurationFile, ...] | None = None
    inherited: ConfigurationFile | None = None
    cache: bool = False
    cache_folder: str | None = None
