"""Names the word that was probably meant."""

import difflib
from collections.abc import Iterable


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return "; did you mean `X`?", or nothing where no known word is close."""
    by_folded = {one.lower(): one for one in known}
    close = difflib.get_close_matches(word.lower(), by_folded, n=1, cutoff=0.75)
    return f"; did you mean `{by_folded[close[0]]}`?" if close else ""
