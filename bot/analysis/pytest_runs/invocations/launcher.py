"""A command line that ends in pytest, seen through whatever stands in front of it."""

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from bot.analysis.pytest_runs.shell_words import HIDDEN

PYTEST = frozenset({"pytest", "py.test", "pytest-3"})
PYTHON = re.compile(r"(?:python|pypy|graalpy)[\d.]*|py|python[\d.]*t")
COVERAGE = frozenset({"coverage", "coverage3"})
ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)=(.*)", re.DOTALL)

# What these do with the rest of the line is run it, here and unchanged.
FORWARDERS = frozenset({
    "catchsegv", "chronic", "command", "conda", "dbus-run-session", "ddtrace-run", "devenv",
    "direnv", "doppler", "dotenv", "env", "exec", "faketime", "hatch", "ionice", "mamba",
    "micromamba", "mise", "nice", "nohup", "op", "pdm", "pipenv", "pipx", "pixi", "poetry",
    "retry", "rye", "setsid", "stdbuf", "strace", "sudo", "time", "timeout", "unbuffer",
    "uv", "uvx", "xvfb-run",
})  # fmt: skip
CONTAINERS = frozenset({
    "docker", "docker-compose", "kubectl", "nerdctl", "podman", "podman-compose",
})  # fmt: skip
INSTALLING = frozenset({"install", "add", "remove", "uninstall", "show", "build"})
SUBCOMMANDS = frozenset({"run", "exec", "tool", "x"})
VALUED_OPTIONS = {
    "poetry": frozenset({"-C", "--directory", "-P", "--project"}),
    "pdm": frozenset({"-p", "--project", "-g", "-s", "--site-packages"}),
    "hatch": frozenset({"-e", "--env", "-p", "--project"}),
    "conda": frozenset({"-n", "--name", "-p", "--prefix", "--cwd"}),
    "env": frozenset({"-u", "--unset", "-C", "--chdir"}),
    "xvfb-run": frozenset({"-s", "--server-args", "-n", "--server-num", "-e", "-f", "-w"}),
    "timeout": frozenset({"-s", "--signal", "-k", "--kill-after"}),
    "retry": frozenset({"-t", "--times", "-d", "--delay"}),
    "nice": frozenset({"-n", "--adjustment"}),
    "sudo": frozenset({"-u", "--user", "-g", "--group"}),
    "pixi": frozenset({"-e", "--environment", "--manifest-path"}),
    "pipx": frozenset({"--spec", "--python", "--pip-args"}),
}
VALUED_OPTIONS["uv"] = frozenset({
    "--with", "--with-editable", "--with-requirements", "--extra", "--no-extra", "--group",
    "--no-group", "--only-group", "--package", "--python", "-p", "--directory", "--project",
    "--env-file", "--index", "--default-index", "--resolution", "--prerelease",
    "--refresh-package", "--isolated-package",
})  # fmt: skip
VALUED_OPTIONS["uvx"] = VALUED_OPTIONS["uv"] | {"--from"}
VALUED_OPTIONS["mamba"] = VALUED_OPTIONS["micromamba"] = VALUED_OPTIONS["conda"]
FOLDER_OPTIONS = frozenset({"--directory", "-C", "--chdir", "--cwd"})
COVERAGE_VALUED = frozenset({
    "--source", "--source-pkgs", "--source-dirs", "--rcfile", "--omit", "--include",
    "--context", "--concurrency", "--data-file", "--save-signal",
})  # fmt: skip
# With one of these pytest says something and runs no test.
TALK_ONLY = frozenset({
    "--version", "-V", "--help", "-h", "--markers", "--fixtures", "--funcargs",
    "--fixtures-per-test", "--co", "--collect-only", "--collectonly", "--setup-plan",
    "--setupplan",
})  # fmt: skip


class Launch(Struct, frozen=True):
    """Pytest about to be started.

    Attributes:
        words: its arguments.
        environment: variables set in front of it.
        folder: the folder that a wrapper changes to, "" for none.
        placed: False where a container decides on the folder.
    """

    words: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    folder: str = ""
    placed: bool = True


def launch_of(words: Sequence[str]) -> Launch | None:
    """Return what a simple command starts, None if that is no run of tests by pytest."""
    found = _through(list(words), Launch(()))
    if found is None or TALK_ONLY.intersection(found.words):
        return None
    return found


def _through(words: list[str], so_far: Launch) -> Launch | None:
    """Follow the command line inwards, one program at a time."""
    while words:
        head, *rest = words
        name = head.rpartition("/")[2]
        assigned = ASSIGNMENT.fullmatch(head)
        if assigned:
            so_far = replace(so_far, environment={**so_far.environment, assigned[1]: assigned[2]})
            words = rest
        elif name in PYTEST:
            return replace(so_far, words=tuple(rest))
        elif PYTHON.fullmatch(name):
            words = _after_python(rest)
        elif name in COVERAGE:
            words = _after_coverage(rest)
        elif name in FORWARDERS:
            words, folder = _after_forwarder(name, rest)
            so_far = replace(so_far, folder=folder or so_far.folder)
        elif name == "xargs":
            inner = _through(_after_forwarder(name, rest)[0], so_far)
            return inner and replace(inner, words=(*inner.words, HIDDEN))
        elif name in CONTAINERS and {"run", "exec"} & set(rest):
            words, so_far = _from_program(rest), replace(so_far, placed=False)
        elif HIDDEN in head:
            words = ["python", *rest] if rest[:1] == ["-m"] else _from_program(rest)
        else:
            return None
    return None


def _after_python(words: list[str]) -> list[str]:
    """Return the module of `python -m` and what follows, nothing for a script."""
    at = 0
    while at < len(words):
        word = words[at]
        if not word.startswith("-"):
            return []
        if word.endswith("m") and not word.startswith("--"):
            return words[at + 1 :]
        at += 2 if word in {"-W", "-X"} else 1
    return []


def _after_coverage(words: list[str]) -> list[str]:
    """Return what `coverage run` runs, nothing for its other commands."""
    if not words or words[0] != "run":
        return []
    at = 1
    while at < len(words) and words[at].startswith("-"):
        if words[at] in {"-m", "--module"}:
            return words[at + 1 :]
        at += 2 if words[at] in COVERAGE_VALUED else 1
    return words[at:]


def _after_forwarder(name: str, words: list[str]) -> tuple[list[str], str]:
    """Return what `poetry run`, `env`, `timeout 60` ... run, and the folder they go to."""
    valued = VALUED_OPTIONS.get(name, frozenset[str]())
    folder = ""
    at = 0
    while at < len(words):
        option, equals, value = words[at].partition("=")
        if option in valued:
            at += 0 if equals else 1
            value = value if equals else "".join(words[at : at + 1])
            folder = value if option in FOLDER_OPTIONS else folder
        elif not _is_overhead(name, words[at]):
            return [_without_environment(name, words[at]), *words[at + 1 :]], folder
        at += 1
    return [], folder


def _is_overhead(name: str, word: str) -> bool:
    """Whether a word belongs to the wrapper: an option, `run`, the seconds of `timeout`."""
    if word.startswith(("-", "+")) or (word in SUBCOMMANDS and name not in {"env", "time"}):
        return True
    return name in {"timeout", "faketime", "retry"} and word[:1].isdigit()


def _without_environment(name: str, word: str) -> str:
    """`hatch run ENV:COMMAND` names an environment first."""
    return word.partition(":")[2] or word if name == "hatch" else word


def _from_program(words: list[str]) -> list[str]:
    """Return the words from the first that is pytest or Python itself, if it is to be run."""
    for at, word in enumerate(words):
        name = word.rpartition("/")[2]
        if name in PYTEST or name in COVERAGE or PYTHON.fullmatch(name):
            return [] if INSTALLING & set(words[:at]) else words[at:]
    return []
