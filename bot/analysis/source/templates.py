"""A text with f-strings for t-strings (3.14): every place stays, and so do the fields.

libcst takes no t-string behind another string, nor the prefix `tr`.
"""

import io
import re
import tokenize
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise

from bot.analysis.source.source import Source

_SUSPECT = re.compile(r"""\b(?:t|rt|tr)["']""", re.IGNORECASE)
_PREFIXES = frozenset({"t", "rt", "tr"})
# What an interpreter that knows t-strings finds at the beginning of one.
_START = "TSTRING_START"


def without_templates(source: Source) -> str:
    """Return the text that libcst is given."""
    if not _SUSPECT.search(source.text):
        return source.text
    characters = list(source.text)
    for line, column, prefix in _prefixes(source.text):
        place = source.line_starts[line - 1] + column + prefix.lower().index("t")
        characters[place] = "f"
    return "".join(characters)


def _prefixes(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield where the t-strings begin (line from one, column from zero), and what begins them."""
    for token, following in pairwise(_tokens(text)):
        is_apart = token.type == tokenize.NAME and token.string.lower() in _PREFIXES
        is_prefix = is_apart and following.type == tokenize.STRING and token.end == following.start
        if is_prefix or tokenize.tok_name[token.type] == _START:
            yield *token.start, token.string


def _tokens(text: str) -> Iterator[tokenize.TokenInfo]:
    """Yield the tokens up to where the interpreter can tell them."""
    with suppress(SyntaxError, tokenize.TokenError):
        yield from tokenize.generate_tokens(io.StringIO(text).readline)
