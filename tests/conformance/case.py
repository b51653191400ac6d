"""One small project and how its tests are started."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from textwrap import dedent

AUTO = "[pytest]\nasyncio_mode = auto\n"


@dataclass(frozen=True, slots=True)
class Invocation:
    """One way in which the project starts pytest.

    Attributes:
        args: what stands behind `pytest` on the command line.
        cwd: the directory that it is started in, relative to the project.
        env: variables that the project sets for it.
    """

    args: tuple[str, ...] = ()
    cwd: str = "."
    env: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Case:
    """A project, and never a word on what comes out: real pytest says that.

    The bodies of async tests and fixtures call `ran()`, which the observer provides as a builtin.

    Attributes:
        name: a sentence, the test's id.
        files: contents by path; text is dedented.
        invocations: how the project runs its tests; what runs in one of them runs.
        plugins: the installed pytest plugins that the project has (by entry point name).
        installed: third-party modules that are importable and not part of the repository. Where
            a name is that of a real distribution, its text is a stand-in that does what the real
            one was observed to do.
        loaded: modules of `installed` that register themselves as pytest plugins.
        unknown_ok: why source alone cannot tell; silence on a test that never ran is then right.
        unknown: the qualified names that this holds for; none: for every test of the case.
        unjudged: why pytest passes no verdict here; the analysis has to answer all the same.
        repairable: whether every finding has a fix, safe or unsafe, that works.
        watched: whether every async body leaves a trace by itself, without a call of `ran()`.
    """

    name: str
    files: Mapping[str, str | bytes]
    invocations: tuple[Invocation, ...] = (Invocation(),)
    plugins: frozenset[str] = frozenset({"asyncio"})
    installed: Mapping[str, str] = field(default_factory=dict[str, str])
    loaded: tuple[str, ...] = ()
    unknown_ok: str | None = None
    unknown: tuple[str, ...] = ()
    unjudged: str | None = None
    repairable: bool = False
    watched: bool = False

    def with_plugins(self, *names: str) -> "Case":
        """Return the case with more plugins installed: what a fix may ask for."""
        return replace(self, plugins=self.plugins | set(names))

    def contents(self) -> dict[str, bytes]:
        """Return the project's files as they lie on disk."""
        return {path: as_bytes(text) for path, text in self.files.items()}


def as_bytes(text: str | bytes) -> bytes:
    """Return a file's bytes: text without the indentation that it has in its case."""
    if isinstance(text, bytes):
        return text
    return dedent(text).removeprefix("\n").encode()


def run(*args: str, cwd: str = ".", **env: str) -> Invocation:
    """Write an invocation as it stands on a command line."""
    return Invocation(args, cwd, env)
