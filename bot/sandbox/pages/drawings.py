"""Icons and reactions, drawn for these pages on a grid of 16 by 16.

Reactions are drawn because a machine without a font for emoji would show them all the same.
"""

from functools import cache
from pathlib import Path

from markupsafe import Markup

HERE = Path(__file__).parent / "drawings"
_OPENING = '<svg xmlns="http://www.w3.org/2000/svg" '


def icon(name: str, label: str = "", tone: str = "") -> Markup:
    """Return an icon; without a label it is decoration, and says nothing to a screen reader."""
    return _drawn(f"icons/{name}", label, f"icon {tone}".strip())


def face(content: str) -> Markup:
    """Return the picture of a reaction by the name that GitHub's interface gives it."""
    return _drawn(f"reactions/{content}", content, "face")


def _drawn(name: str, label: str, kind: str) -> Markup:
    role = Markup('role="img" aria-label="{}"').format(label) if label else 'aria-hidden="true"'
    opening = Markup('<svg class="{}" {} ').format(kind, Markup(role))  # noqa: S704 - as above
    return opening + _shapes(name)


@cache
def _shapes(name: str) -> Markup:
    text = (HERE / f"{name}.svg").read_text().removeprefix(_OPENING)
    return Markup("".join(line.strip() for line in text.splitlines()))  # noqa: S704 - our own
