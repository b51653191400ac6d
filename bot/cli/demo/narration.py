"""Tells the story on the terminal."""

from dataclasses import dataclass

import click


@dataclass(frozen=True, slots=True)
class Narration:
    """Prints, unless it is to be silent."""

    silent: bool = False

    def title(self, text: str) -> None:
        """Begin a part of the story."""
        if not self.silent:
            click.secho(f"\n{text}", bold=True)

    def line(self, text: str) -> None:
        """Tell one thing."""
        if not self.silent:
            click.echo(f"  {text}")
