"""The words behind `pytest`: options and arguments, as argparse takes them apart.

pytest parses twice. To find its configuration it knows its own options only, so the value of a
plugin's option that stands as a word of its own counts as a path, if such a path exists. Only
then are plugins loaded and their options known.
"""

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct, field

from bot.analysis.pytest_runs.shell_words import HIDDEN

ALIASES = {
    "-c": "--config-file",
    "-o": "--override-ini",
    "-W": "--pythonwarnings",
    "-n": "--numprocesses",
    "--junit-xml": "--junitxml",
}
# Options of pytest itself that take a value (pytest 9.2, `pytest --help`).
OWN_VALUED = frozenset({
    "-k", "-m", "--maxfail", "-W", "--pythonwarnings", "--max-warnings", "--ignore",
    "--ignore-glob", "--deselect", "--confcutdir", "--import-mode", "-c", "--config-file",
    "--rootdir", "--basetemp", "--durations", "--durations-min", "-p", "-o", "--override-ini",
    "--verbosity", "-r", "--report-chars", "--tb", "--show-capture", "--color",
    "--code-highlight", "--pdbcls", "--capture", "--pastebin", "--assert", "--junitxml",
    "--junit-xml", "--junitprefix", "--junit-prefix", "--doctest-report", "--doctest-glob",
    "--log-level", "--log-format", "--log-date-format", "--log-cli-level", "--log-cli-format",
    "--log-cli-date-format", "--log-file", "--log-file-mode", "--log-file-level",
    "--log-file-format", "--log-file-date-format", "--log-auto-indent", "--log-disable",
    "--lfnf", "--last-failed-no-failures",
})  # fmt: skip
OWN_FLAGS = frozenset({
    "-x", "-v", "-q", "-l", "-s", "-h", "-V", "--exitfirst", "--strict-config",
    "--strict-markers", "--strict", "--pyargs", "--noconftest", "--keepduplicates",
    "--keep-duplicates", "--collect-in-virtualenv", "--continue-on-collection-errors",
    "--disable-plugin-autoload", "--traceconfig", "--trace-config", "--verbose", "--no-header",
    "--no-summary", "--no-fold-skipped", "--force-short-summary", "--quiet",
    "--disable-warnings", "--disable-pytest-warnings", "--showlocals", "--no-showlocals",
    "--xfail-tb", "--fulltrace", "--full-trace", "--pdb", "--trace", "--runxfail",
    "--doctest-modules", "--doctest-ignore-import-errors", "--doctest-continue-on-failure",
    "--setuponly", "--setup-only", "--setupshow", "--setup-show", "--lf", "--last-failed",
    "--ff", "--failed-first", "--nf", "--new-first", "--cache-clear", "--sw", "--stepwise",
    "--sw-skip", "--stepwise-skip", "--sw-reset", "--stepwise-reset",
})  # fmt: skip
# Well-known plugins: asyncio, anyio, cov, xdist, django, timeout, rerunfailures, html,
# randomly, benchmark, hypothesis, split, allure, json-report, playwright, selenium.
PLUGIN_VALUED = frozenset({
    "--asyncio-mode", "--anyio-mode", "--cov-report", "--cov-config", "--cov-fail-under",
    "--cov-context", "--cov-precision", "-n", "--numprocesses", "--maxprocesses",
    "--max-worker-restart", "--dist", "--tx", "--px", "--rsyncdir", "--rsyncignore",
    "--testrunuid", "--maxschedchunk", "--ds", "--dc", "--django-settings-module", "--timeout",
    "--timeout-method", "--session-timeout", "--reruns", "--reruns-delay", "--only-rerun",
    "--rerun-except", "--html", "--css", "--count", "--randomly-seed", "--random-order-seed",
    "--random-order-bucket", "--hypothesis-profile", "--hypothesis-seed",
    "--hypothesis-verbosity", "--splits", "--group", "--durations-path",
    "--splitting-algorithm", "--alluredir", "--json-report-file", "--browser", "--base-url",
    "--driver", "--reactor", "--aiohttp-loop", "--benchmark-json", "--benchmark-columns",
    "--benchmark-group-by", "--benchmark-storage", "--benchmark-compare-fail", "--env",
    "--report-log", "--snapshot-details", "--loop-scope", "--md", "--csv", "--nunit-xml",
})  # fmt: skip
# Take the next word unless it is an option.
OWN_OPTIONAL = frozenset({"--debug", "--cache-show"})
PLUGIN_OPTIONAL = frozenset({"--cov", "--benchmark-compare", "--snapshot-update-count"})
INI_FLAGS = {
    "--strict-config": "strict_config=true",
    "--strict-markers": "strict_markers=true",
    "--strict": "strict=true",
}
Values = Mapping[str, tuple[str, ...]]


class CommandLine(Struct, frozen=True):
    """What a command line says.

    Attributes:
        arguments: paths and node ids, as given.
        values: the values of each option by its main name, in order; a flag's is "".
        hidden: whether a word that only a run would tell could be anything, options included.
    """

    arguments: tuple[str, ...] = ()
    values: Values = field(default_factory=dict[str, tuple[str, ...]])
    hidden: bool = False

    def given(self, option: str) -> bool:
        """Whether the option is on the line."""
        return option in self.values

    def every(self, option: str) -> tuple[str, ...]:
        """Return all values of an option that may be repeated."""
        return self.values.get(option, ())

    def last(self, option: str) -> str | None:
        """Return the value that counts of an option that may not."""
        return self.values[option][-1] if option in self.values else None

    def overrides(self) -> Mapping[str, str]:
        """Return what `-o` and the flags that stand for it set, the last word counting."""
        pairs = (one.partition("=") for one in self.every("--override-ini"))
        return {key: value for key, _, value in pairs}


def parse(words: Sequence[str], exists: Callable[[str], bool], *, plugins: bool) -> CommandLine:
    """Take the words apart.

    Args:
        words: the command line.
        exists: whether a word is a path that is there; it decides on a word behind an option
            that nobody here knows.
        plugins: whether plugins are loaded by now, so that their options are known.
    """
    return _Parser(words, exists, plugins=plugins).parsed()


class _Parser:
    def __init__(
        self, words: Sequence[str], exists: Callable[[str], bool], *, plugins: bool
    ) -> None:
        self._words = list(words)
        self._exists = exists
        self._plugins = plugins
        self._valued = OWN_VALUED | PLUGIN_VALUED if plugins else OWN_VALUED
        self._optional = OWN_OPTIONAL | PLUGIN_OPTIONAL if plugins else OWN_OPTIONAL
        self._at = 0
        self._arguments: list[str] = []
        self._values: dict[str, list[str]] = {}
        self._hidden = False

    def parsed(self) -> CommandLine:
        while self._at < len(self._words):
            word = self._words[self._at]
            self._at += 1
            if word == "--":
                self._arguments += self._words[self._at :]
                break
            self._take(word)
        values = {name: tuple(given) for name, given in self._values.items()}
        return CommandLine(tuple(self._arguments), values, self._hidden)

    def _take(self, word: str) -> None:
        if word.startswith(HIDDEN):
            self._hidden = True
        elif not word.startswith("-"):
            self._arguments.append(word)
        elif word.startswith("--"):
            self._long(word)
        else:
            self._short(word)

    def _long(self, word: str) -> None:
        name, equals, value = word.partition("=")
        if equals:
            self._store(name, value)
        elif name in self._valued or (name in self._optional and self._has_value()):
            self._store(name, self._next() if self._has_value() else "")
        else:
            self._store(name, "")
            self._pass_unknown(name)

    def _short(self, word: str) -> None:
        """Take `-xvk EXPRESSION`, `-pno:name`, `-n4` apart, letter by letter."""
        for index in range(1, len(word)):
            name, rest = "-" + word[index], word[index + 1 :]
            if name in self._valued:
                value = rest.removeprefix("=") if rest else self._value_behind()
                self._store(name, value)
                return
            if name not in OWN_FLAGS:
                self._store(word, "")
                return
            self._store(name, "")

    def _value_behind(self) -> str:
        return self._next() if self._has_value() else ""

    def _has_value(self) -> bool:
        following = self._words[self._at : self._at + 1]
        return bool(following) and not following[0].startswith("-")

    def _next(self) -> str:
        self._at += 1
        return self._words[self._at - 1]

    def _pass_unknown(self, name: str) -> None:
        """Skip the word behind an option that nobody knows, unless it is a path."""
        known = name in OWN_FLAGS or name in self._optional or not self._plugins
        if not known and self._has_value() and not self._exists(self._words[self._at]):
            self._at += 1

    def _store(self, name: str, value: str) -> None:
        self._values.setdefault(ALIASES.get(name, name), []).append(value)
        if name in INI_FLAGS:
            self._values.setdefault("--override-ini", []).append(INI_FLAGS[name])
