"""Names the word that was probably meant."""

import difflib
from collections.abc import Iterable

# Letters that are taken for digits, in the codes of rules above all.
_LOOK_ALIKE = str.maketrans("oil", "011")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return "; did you mean `X`?", or nothing where no known word is close."""
    by_folded = {_folded(one): one for one in known}
    close = difflib.get_close_matches(_folded(word), by_folded, n=1, cutoff=0.75)
    return f"; did you mean `{by_folded[close[0]]}`?" if close else ""


def _folded(word: str) -> str:
    return word.lower().translate(_LOOK_ALIKE)
