"""A picture for everybody: a pattern that follows from the login, or a small machine for bots."""

import hashlib

from bot.sandbox.model import Account

CELLS = 5
CELL = 14
SIZE = 100
_BOT = (
    '<path d="M50 14v12" stroke="#fff" stroke-width="6" stroke-linecap="round"/>'
    '<circle cx="50" cy="13" r="6" fill="#fff"/>'
    '<rect x="20" y="28" width="60" height="48" rx="12" fill="#fff"/>'
    '<circle cx="38" cy="50" r="7" fill="{0}"/><circle cx="62" cy="50" r="7" fill="{0}"/>'
    '<path d="M40 64h20" stroke="{0}" stroke-width="5" stroke-linecap="round"/>'
)


def picture(account: Account) -> str:
    """Return the account's picture as SVG."""
    digest = hashlib.sha256(account.login.encode()).digest()
    hue = int.from_bytes(digest[:2]) % 360
    if account.kind == "Bot":
        colour = f"hsl({hue} 45% 42%)"
        return _svg(colour, _BOT.format(colour))
    return _svg("#f0f0f0", _pattern(digest, f"hsl({hue} 55% 45%)"))


def _svg(ground: str, inner: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}">'
        f'<rect width="{SIZE}" height="{SIZE}" fill="{ground}"/>{inner}</svg>'
    )


def _pattern(digest: bytes, colour: str) -> str:
    """Return cells that mirror at the middle."""
    margin = (SIZE - CELLS * CELL) // 2
    filled = [
        (column, row)
        for row in range(CELLS)
        for column in range(CELLS)
        if digest[2 + row * CELLS + min(column, CELLS - 1 - column)] % 2
    ]
    squares = (
        f"M{margin + column * CELL} {margin + row * CELL}h{CELL}v{CELL}h-{CELL}z"
        for column, row in filled
    )
    return f'<path d="{"".join(squares)}" fill="{colour}"/>'
