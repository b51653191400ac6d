"""The one table of what can be asked for, from which reading, help and documentation come."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.analysis.fix_settings import FixMode

NAME = "/fix-async"


class Verb(StrEnum):
    """What is to be done."""

    FIX = "fix"
    UNDO = "undo"
    STATUS = "status"
    EXPLAIN = "explain"
    HELP = "help"


class Who(StrEnum):
    """Who may ask for it."""

    EVERYBODY = "who may comment"
    PUSHERS = "who may push"


class Takes(StrEnum):
    """Which words may stand behind a verb, beside options."""

    NOTHING = ""
    RULES = "RULE…"
    TARGETS = "[RULE…] [path…]"


@dataclass(frozen=True, slots=True)
class Command:
    """What one line of a comment asks for.

    Attributes:
        rules: selectors of rules, as in `select`; none for all.
        paths: globs of files, as in the configuration; none for all.
        unsafe: fixes that change what others share are wanted too.
        unknown: words that mean nothing, shortened; such a command is explained, not obeyed.
    """

    verb: Verb = Verb.FIX
    rules: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    unsafe: bool = False
    mode: FixMode = FixMode.AUTO
    unknown: tuple[str, ...] = ()

    @property
    def written(self) -> str:
        """The command as it is written with the fewest words."""
        verb = [] if self.verb is Verb.FIX else [self.verb.value]
        options = [
            option.word
            for option in DEFINITIONS[self.verb].options
            if option.apply(self) == self and option.apply(_PLAIN) != _PLAIN
        ]
        return " ".join([NAME, *verb, *self.rules, *self.paths, *self.unknown, *options])


_PLAIN = Command()


@dataclass(frozen=True, slots=True)
class Option:
    """A word that changes what a command does, and what the manual says of it."""

    word: str
    apply: Callable[[Command], Command]
    meaning: str
    who: Who = Who.PUSHERS


@dataclass(frozen=True, slots=True)
class Definition:
    """A verb: what may stand behind it, who may use it, and what the manual says of it.

    Attributes:
        examples: what can be written, and what that does.
    """

    verb: Verb
    who: Who
    takes: Takes
    meaning: str
    examples: tuple[tuple[str, str], ...] = ()
    options: tuple[Option, ...] = ()

    @property
    def synopsis(self) -> str:
        """How it is written, in the manner of a usage line."""
        verb = "" if self.verb is Verb.FIX else self.verb.value
        options = "[options]" if self.options else ""
        return " ".join(word for word in (NAME, verb, self.takes.value, options) if word)


def _with_mode(mode: FixMode) -> Callable[[Command], Command]:
    return lambda command: replace(command, mode=mode)


_FIX_OPTIONS = (
    Option(
        "--unsafe",
        lambda command: replace(command, unsafe=True),
        "makes also the fixes that change what other code shares, or what you may have meant",
    ),
    Option(
        "--commit",
        _with_mode(FixMode.COMMIT),
        "commits the fixes to the branch",
    ),
    Option(
        "--suggest",
        _with_mode(FixMode.SUGGEST),
        "suggests the fixes in a review, for somebody to apply",
    ),
    Option(
        "--dry-run",
        _with_mode(FixMode.PATCH),
        "shows the fixes as a patch in its reply, and writes nothing",
        Who.EVERYBODY,
    ),
)

_ALL = (
    Definition(
        Verb.FIX,
        Who.PUSHERS,
        Takes.TARGETS,
        "makes the safe fixes in the test files that the pull request changes; rules and paths "
        "limit it to what they name",
        (
            (NAME, "all safe fixes"),
            (f"{NAME} AWT103 tests/unit", "those of one rule in one folder"),
            (f"{NAME} AWT3 tests/**/test_db_*.py", "those of a group of rules in some files"),
            (f"{NAME} --unsafe --dry-run", "what all fixes would change"),
        ),
        _FIX_OPTIONS,
    ),
    Definition(
        Verb.UNDO,
        Who.PUSHERS,
        Takes.NOTHING,
        "takes back its last fix, as long as that is the newest commit of the branch",
    ),
    Definition(
        Verb.STATUS,
        Who.EVERYBODY,
        Takes.NOTHING,
        "says what the check found at the newest commit, and what of it can be fixed",
    ),
    Definition(
        Verb.EXPLAIN,
        Who.EVERYBODY,
        Takes.RULES,
        "says what a rule finds, why it matters, and how it is fixed",
        (
            (f"{NAME} explain AWT103", "by its code"),
            (f"{NAME} explain unhandled-async-test", "by its name"),
        ),
    ),
    Definition(Verb.HELP, Who.EVERYBODY, Takes.NOTHING, "says what can be written"),
)

DEFINITIONS = {each.verb: each for each in _ALL}
