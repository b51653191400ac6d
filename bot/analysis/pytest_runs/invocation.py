"""One way in which somebody starts pytest here."""

from msgspec import Struct

from bot.analysis.pytest_runs.shell_words import HIDDEN

PYTEST_VARIABLES = (
    "PYTEST_ADDOPTS",
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD",
    "PYTEST_PLUGINS",
    "PYTEST_TIMEOUT",
)


class Invocation(Struct, frozen=True):
    """A command that runs pytest.

    Attributes:
        origin: where it stands, for people: `pytest`, `tox.ini [testenv]`,
            `.github/workflows/ci.yml:31`.
        cwd: the folder that it is started in, "" for the repository's root.
        words: what follows `pytest` on the command line, quotes and known variables resolved,
            placeholders for the caller's own arguments (`{posargs}`, `"$@"`) left out; text that
            only a run would tell is `shell_words.HIDDEN` in them.
        environment: the variables that pytest reads (`PYTEST_VARIABLES`) and that are set here.
        placed: False when the folder is not known (a container, a variable, a computed `cd`).
    """

    origin: str
    cwd: str = ""
    words: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()
    placed: bool = True

    def variable(self, name: str) -> str:
        """Return the value of an environment variable, "" where it is not set."""
        return dict(self.environment).get(name, "")

    @property
    def complete(self) -> bool:
        """Whether everything on the command line is known."""
        environment = (value for _, value in self.environment)
        return not any(HIDDEN in text for text in (*self.words, *environment))
