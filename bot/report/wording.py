"""Numbers and lists as English has them."""

from collections.abc import Sequence


def counted(number: int, singular: str, plural: str = "") -> str:
    """Return "1 finding", "2 findings", "1,204 findings"."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def listed(words: Sequence[str]) -> str:
    """Return "a", "a and b", "a, b and c"."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def shortened(text: str, limit: int) -> str:
    """Return `text` in at most `limit` characters."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def sentence(text: str) -> str:
    """Return `text` with a full stop at its end, unless it has one or its like."""
    return text if text.endswith((".", "!", "?", ":")) else f"{text}."


def meant(hint: str) -> str:
    """Return "; did you mean X?" in parentheses, to stand within a sentence."""
    return f" ({hint.removeprefix('; ')})" if hint else ""
