"""Choices of hypothesis, in few words."""

from hypothesis import strategies as st


class Choices:
    """Chooses by hypothesis' function `draw`."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw

    def one(self, *options: str) -> str:
        return self.draw(st.sampled_from(options))

    def number(self, least: int, most: int) -> int:
        return self.draw(st.integers(least, most))

    def chance(self, of: int) -> bool:
        """Return true once in so many times; false is the simplest."""
        return self.number(0, of - 1) == of - 1
