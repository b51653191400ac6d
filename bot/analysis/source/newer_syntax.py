"""Syntax newer than the running interpreter, written out as older syntax on the same lines.

libcst knows newer grammars. Type parameters and `type` statements are blanked, strings with
replacement fields become tuples of their fields (awaits inside stay visible), and exception
lists without parentheses keep their first name. Every other character stays where it was.

libcst ends in a segmentation fault on deep or very long inputs, so a scan of the tokens comes
first, and whoever listens to `progress` knows which file is being read.
"""

import re

from bot.analysis.progress import working_on
from bot.analysis.source.older import Older
from bot.analysis.source.source import Source

MAX_DEPTH = 200
MAX_CHAIN = 2_000

# What libcst may know and this interpreter may not: f-strings and t-strings with fields, type
# parameters (3.12), `type` statements (3.12), exception lists without parentheses (3.14).
_SUSPECTS = re.compile(
    r"""\b(?:[rR]?[fFtT]|[fFtT][rR]?)["']|\b(?:def|class)\s+\w+\s*\[|^\s*type\s+\w+"""
    r"""|^\s*except\*?\s+[\w.]+\s*,""",
    re.MULTILINE,
)
_OPENING = frozenset("([{")
_CLOSING = frozenset(")]}")
_OPERATORS = re.compile(r"[-+*/%@&|^.<>=~]|\b(?:and|or|not|in|is|if|else|lambda|await)\b")


def suspected(text: str) -> bool:
    """Whether a syntax error may come from syntax that is merely newer."""
    return _SUSPECTS.search(text) is not None


def refusal(text: str) -> str:
    """Return why libcst must not see this text, or nothing. Looks at characters alone.

    Brackets and operators inside strings count too: the scan may refuse what is harmless, and
    never lets through what is not.
    """
    depth = deepest = chain = longest = indents = 0
    for line in text.splitlines():
        chain_line = len(_OPERATORS.findall(line))
        chain = chain + chain_line if depth > 0 or line.rstrip().endswith("\\") else chain_line
        longest = max(longest, chain)
        for character in line:
            if character in _OPENING:
                depth += 1
                deepest = max(deepest, depth)
            elif character in _CLOSING:
                depth = max(0, depth - 1)
        indents = max(indents, len(line) - len(line.lstrip()))
    if deepest > MAX_DEPTH or indents > MAX_DEPTH * 4:
        return f"nested more than {MAX_DEPTH} levels deep; split the deepest expressions"
    if longest > MAX_CHAIN:
        return f"one expression has more than {MAX_CHAIN} operators; split it"
    return ""


def written_out(source: Source) -> Older | None:
    """Return the text in older syntax; None if libcst does not take it either."""
    from bot.analysis.source.downgrade import downgraded  # noqa: PLC0415 - libcst costs 0.1 s to import

    with working_on(source.path):
        return downgraded(source)
