"""A shell script read from top to bottom for what it starts pytest with, and where."""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from msgspec import Struct

from bot.analysis.pytest_runs.config_files import ROOT, ConfigFiles, join
from bot.analysis.pytest_runs.invocation import PYTEST_VARIABLES, Invocation
from bot.analysis.pytest_runs.invocations.launcher import ASSIGNMENT, Launch, launch_of
from bot.analysis.pytest_runs.shell_words import HIDDEN, Command, commands

LONGEST_SCRIPT = 200_000
DEEPEST = 3
KEYWORDS = frozenset({
    "then", "do", "else", "elif", "if", "while", "until", "!", "{", "}", "time",
})  # fmt: skip
DECLARING = frozenset({
    "export", "local", "declare", "readonly", "typeset",
})  # fmt: skip
SHELLS = frozenset({
    "bash", "sh", "dash", "zsh", "ash", "ksh", "su", "script",
})  # fmt: skip
# Where each service checks the repository out.
CHECKOUT = frozenset({
    "GITHUB_WORKSPACE", "CI_PROJECT_DIR", "TRAVIS_BUILD_DIR", "BUILD_SOURCESDIRECTORY",
    "CIRCLE_WORKING_DIRECTORY", "BITBUCKET_CLONE_DIR", "WORKSPACE",
})  # fmt: skip
CHECKOUT_COMMAND = re.compile(r"[$`]\(?\s*git rev-parse --show-toplevel\s*[)`]")
WORKING_FOLDER = re.compile(r"[$`]\(?\s*pwd(?: -[LP])?\s*[)`]")
LOCATED_PYTEST = re.compile(
    r"[$`]\(?\s*(?:which|command -v)\s+(\S*py(?:\.?test|thon[\d.]*))\s*[)`]"
)
SCRIPT_FOLDER = re.compile(
    r"""\$\(\s*dirname\s+(?:--\s+)?"?\$(?:0|\{0\}|BASH_SOURCE|\{BASH_SOURCE(?:\[0\])?"""
    r"""(?::-\$0)?\})"?\s*\)|\$\{0%/\*\}|\$\{BASH_SOURCE(?:\[0\])?%/\*\}"""
)
ENTERED_FOLDER = re.compile(
    r"""\$\(\s*(?:CDPATH=\S*\s+)?cd\s+(?:--\s+)?(?:-P\s+)?"?([^")&;\n]*)"?\s*"""
    r"""(?:&?>\s*/dev/null\s*)?(?:2>&1\s*)?(?:&&|;)\s*pwd(?:\s+-[LP])?\s*\)"""
)


class Place(Struct):
    """Where a shell is; where `known` is False, `folder` holds `HIDDEN` for what is not known."""

    folder: str
    known: bool = True

    def copy(self) -> "Place":
        """Return the place as a subshell takes it over."""
        return Place(self.folder, self.known)


def place_of(files: ConfigFiles, folder: str | None) -> Place:
    """Return a folder of the tree as a place; one that is not there could be any."""
    if folder is not None and HIDDEN in folder:
        return Place(folder, known=False)
    there = folder is not None and files.is_folder(folder)
    return Place(folder or "") if there else Place(HIDDEN, known=False)


class Shell:
    """The folder and the variables of a shell while its script is read."""

    def __init__(
        self,
        files: ConfigFiles,
        folder: str | None,
        *,
        variables: Mapping[str, str] | None = None,
        exported: Mapping[str, str] | None = None,
        depth: int = 0,
    ) -> None:
        self._files = files
        self._place = place_of(files, folder)
        self._outer: list[Place] = []
        self._exported = dict(exported or {})
        self._variables = {**(variables or {}), **self._exported}
        self._depth = depth

    def invocations(self, text: str, origin: str, line: int | None = None) -> Iterator[Invocation]:
        """Yield each start of pytest.

        Args:
            text: the script.
            origin: what it is called; the line is put behind it where `line` is given.
            line: the line of the file that the text begins on, from one.
        """
        if len(text) > LONGEST_SCRIPT:
            return
        for command in commands(text, self._value):
            place = origin if line is None else f"{origin}:{line + command.line}"
            yield from self._execute(command, place)

    def _execute(self, command: Command, origin: str) -> Iterator[Invocation]:
        if command.before == "(":
            self._outer.append(self._place.copy())
        words = self._without_keywords(list(command.words))
        if not words:
            self._leave_subshell(command)
        elif words[0] in {"cd", "pushd", "popd"}:
            self._move(words)
        elif words[0] in DECLARING:
            self._declare(words[1:], export=words[0] in {"export", "declare", "typeset"})
        elif all(ASSIGNMENT.fullmatch(word) for word in words):
            self._declare(words, export=False)
        elif words[0] == "for":
            self._variables.pop("".join(words[1:2]), None)
        else:
            yield from self._launch(words, origin)

    def _without_keywords(self, words: list[str]) -> list[str]:
        while words and words[0] in KEYWORDS:
            if words[0] == "{":
                self._outer.append(self._place.copy())
            if words[0] == "}" and self._outer:
                self._place = self._outer.pop()
            words = words[1:]
        return words

    def _leave_subshell(self, command: Command) -> None:
        if command.before == ")" and not command.words and self._outer:
            self._place = self._outer.pop()

    def _move(self, words: list[str]) -> None:
        targets = [word for word in words[1:] if word not in {"--", "-P", "-L"}]
        if words[0] == "popd":
            self._place = self._outer.pop() if self._outer else Place(HIDDEN, known=False)
            return
        if words[0] == "pushd":
            self._outer.append(self._place.copy())
        self._place = self._entered("".join(targets[:1]))

    def _entered(self, target: str) -> Place:
        return place_of(self._files, join(self._place.folder, target) if target else None)

    def _declare(self, words: list[str], *, export: bool) -> None:
        for word in words:
            assigned = ASSIGNMENT.fullmatch(word)
            name = assigned[1] if assigned else word
            if assigned:
                self._variables[name] = assigned[2]
            if (export or name in self._exported) and name in self._variables:
                self._exported[name] = self._variables[name]

    def _launch(self, words: list[str], origin: str) -> Iterator[Invocation]:
        script = _inner_script(words)
        if script is not None and self._depth < DEEPEST:
            inner = Shell(
                self._files,
                self._place.folder if words[0].rpartition("/")[2] in SHELLS else HIDDEN,
                variables=self._variables,
                exported=self._exported,
                depth=self._depth + 1,
            )
            yield from inner.invocations(script, origin)
            return
        launch = launch_of(words)
        if launch:
            yield self._invocation(launch, origin)

    def _invocation(self, launch: Launch, origin: str) -> Invocation:
        place = self._entered(launch.folder) if launch.folder else self._place
        if not launch.placed:
            place = Place(HIDDEN, known=False)
        environment = {**self._exported, **launch.environment}
        return Invocation(
            origin,
            place.folder,
            launch.words,
            tuple((name, environment[name]) for name in PYTEST_VARIABLES if name in environment),
            placed=place.known,
        )

    def _value(self, name: str) -> str | None:
        """Return what a variable or a command substitution stands for."""
        if name in self._variables:
            return self._variables[name]
        if name in CHECKOUT or CHECKOUT_COMMAND.fullmatch(name):
            return ROOT
        if name == "PWD" or WORKING_FOLDER.fullmatch(name):
            return f"{ROOT}/{self._place.folder}" if self._place.known else None
        located = LOCATED_PYTEST.fullmatch(name)
        return located[1] if located else None


def with_script_folder(text: str, folder: str) -> str:
    """Return a script's text with the usual ways to say "where I lie" resolved."""
    if "$" not in text:
        return text
    text = SCRIPT_FOLDER.sub(lambda _: f"{ROOT}/{folder}", text)
    return ENTERED_FOLDER.sub(
        lambda found: found[1] if found[1].startswith(ROOT) else found.group(), text
    )


def _inner_script(words: list[str]) -> str | None:
    """Return the text of `bash -c TEXT`, wherever it stands in the command."""
    for option, text in pairwise(words):
        if re.fullmatch(r"-[a-z]*c", option) and re.search(r"\s", text) and "py" in text:
            return text
    return None
