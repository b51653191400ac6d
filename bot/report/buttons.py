"""The buttons under a check run, each bound to the commit for which it was shown.

GitHub sends back only the identifier (20 characters), so it carries what was promised and the
beginning of the commit's name: pressed on an old page, it must not change a newer commit.
"""

import re
from collections.abc import Iterable

from msgspec import Struct

from bot.analysis.finding import Finding
from bot.analysis.fix import Safety
from bot.report.check_run import Action

_HEAD_LENGTH = 9
_IDENTIFIER = re.compile(rf"fix-(safe|unsafe):([0-9a-f]{{{_HEAD_LENGTH}}})")


class Pressed(Struct, frozen=True):
    """What somebody asked for by pressing a button."""

    unsafe: bool
    head_prefix: str

    @classmethod
    def parse(cls, identifier: str) -> "Pressed | None":
        """Return what an identifier of ours means; None for anybody else's."""
        match = _IDENTIFIER.fullmatch(identifier)
        return cls(unsafe=match[1] == "unsafe", head_prefix=match[2]) if match else None


def buttons(findings: Iterable[Finding], head_sha: str) -> tuple[Action, ...]:
    """Return the button for the safe fixes, else the one for the unsafe, else none."""
    offered = {finding.fix.safety for finding in findings if finding.fix}
    head = head_sha[:_HEAD_LENGTH]
    if Safety.SAFE in offered:
        return (Action("Fix it", "Commit or suggest the safe fixes", f"fix-safe:{head}"),)
    if Safety.UNSAFE in offered:
        description = "Commit or suggest the unsafe fixes"
        return (Action("Fix it (unsafe)", description, f"fix-unsafe:{head}"),)
    return ()
