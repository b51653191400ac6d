"""One way in which somebody starts pytest here."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Invocation:
    """A command that runs pytest.

    Attributes:
        origin: where it stands, for people: `pytest`, `tox.ini [testenv]`,
            `.github/workflows/ci.yml:31`.
        cwd: the folder that it is started in, "" for the repository's root.
        words: what follows `pytest` on the command line, quotes and known variables resolved,
            placeholders for the caller's own arguments (`{posargs}`, `"$@"`) left out.
        environment: the variables that pytest reads and that are set literally
            (PYTEST_ADDOPTS, PYTEST_DISABLE_PLUGIN_AUTOLOAD, PYTEST_PLUGINS).
        complete: False when a substitution that is not known could hide arguments or options.
        placed: False when the folder is not known (a container, a variable, a computed `cd`).
    """

    origin: str
    cwd: str = ""
    words: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()
    complete: bool = True
    placed: bool = True

    def variable(self, name: str) -> str:
        """Return the value of an environment variable, "" where it is not set."""
        return dict(self.environment).get(name, "")
