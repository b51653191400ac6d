"""Reads what a comment asks for. Pure.

A command stands at the start of a line, among the author's own words. What is no rule, no option
and too close to one of these to be meant as anything else is an unknown word; anything else may
be a path, which shows once the files are known.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import islice

from bot.analysis.configuration.selection import ALL, names_exactly, selects_any
from bot.analysis.configuration.spelling import did_you_mean
from bot.analysis.fix_settings import FixMode
from bot.analysis.path_globs import is_glob
from bot.jobs.commands.definitions import DEFINITIONS, Command, Takes, Verb
from bot.jobs.commands.own_lines import own_lines
from bot.rules import ALL_RULES

_COMMAND = re.compile(r" {0,3}/fix-async(?!\S)(?P<words>.*)", re.IGNORECASE)
# What a telephone makes of two hyphens.
_DASHES = re.compile("^[\N{EN DASH}\N{EM DASH}]")
_CODE = re.compile(r"AWT\w*", re.IGNORECASE)
# What people put around words, and between them.
_AROUND = "`,;\"'"

_NAMED_VERBS = [verb.value for verb in DEFINITIONS if verb is not Verb.FIX]

MOST_COMMANDS = 5
# A hostile comment must not be a long read: up to a millisecond is spent on a word.
_LINES_LIMIT = 20
_WORDS_READ = 30  # of a command
_ALL_WORDS_READ = 60  # of a comment; what comes after the command with the last of them is not
_WORDS_LIMIT = 5
_WORD_LENGTH_LIMIT = 40
_TARGETS_LIMIT = 20
_PATH_LENGTH_LIMIT = 200


def commands_in(body: str, previous: str = "") -> tuple[Command, ...]:
    """Return what a comment asks for, the first few; options of equal commands are put together.

    Args:
        body: the comment.
        previous: what it was before an edit; commands that were there are not repeated.
    """
    new = Counter(_lines(body)) - Counter(_lines(previous))
    found: dict[tuple[Verb, tuple[str, ...], tuple[str, ...]], Command] = {}
    room = _ALL_WORDS_READ
    for words in islice(new, _LINES_LIMIT):
        if room <= 0:
            break
        room -= min(len(words), _WORDS_READ)
        command = _command(list(words))
        key = (command.verb, command.rules, command.paths)
        found[key] = _together(found[key], command) if key in found else command
    return tuple(found.values())[:MOST_COMMANDS]


def hint(word: str) -> str:
    """Return "; did you mean `X`?" for an unknown word, or nothing."""
    return did_you_mean(word, _vocabulary())


def _together(one: Command, other: Command) -> Command:
    return replace(
        one,
        unsafe=one.unsafe or other.unsafe,
        mode=one.mode if other.mode is FixMode.AUTO else other.mode,
        unknown=(*one.unknown, *other.unknown)[:_WORDS_LIMIT],
    )


def _lines(body: str) -> Iterator[tuple[str, ...]]:
    """Yield the words behind each command."""
    for line in own_lines(body):
        if match := _COMMAND.fullmatch(line):
            words = (word.strip(_AROUND) for word in match["words"].split())
            yield tuple(word for word in words if word)


def _command(words: list[str]) -> Command:
    verb = Verb.FIX
    if words and words[0].lower() in _NAMED_VERBS:
        verb = Verb(words.pop(0).lower())
    command = Command(verb)
    for word in words[:_WORDS_READ]:
        command = _with_word(command, word)
        if len(command.unknown) == _WORDS_LIMIT:  # nobody obeys it, and no more are shown
            break
    if verb is Verb.HELP:
        return Command(verb)
    beyond = tuple(word[:_WORD_LENGTH_LIMIT] for word in words[_WORDS_READ:])
    return replace(command, unknown=(*command.unknown, *beyond)[:_WORDS_LIMIT])


def _with_word(command: Command, word: str) -> Command:
    """Return the command with what one more word adds to it."""
    definition = DEFINITIONS[command.verb]
    written = _DASHES.sub("--", word).lower()
    for option in definition.options:
        if option.word == written:
            return option.apply(command)
    room = len(command.rules) + len(command.paths) < _TARGETS_LIMIT
    if definition.takes is not Takes.NOTHING and room and not written.startswith("-"):
        if selector := _selector(word, exact=definition.takes is Takes.RULES):
            return replace(command, rules=(*command.rules, selector))
        if definition.takes is Takes.TARGETS and (path := _path(word)):
            return replace(command, paths=(*command.paths, path))
    return replace(command, unknown=(*command.unknown, word[:_WORD_LENGTH_LIMIT]))


def _selector(word: str, *, exact: bool) -> str | None:
    """Return the selector that a word is, as the configuration spells it."""
    is_code = _CODE.fullmatch(word) or word.upper() == ALL
    selector = word.upper() if is_code else word.lower()
    if exact and not any(names_exactly(selector, rule) for rule in ALL_RULES):
        return None
    return selector if selects_any(selector, ALL_RULES) else None


def _path(word: str) -> str | None:
    """Return the glob that a word may be."""
    path = word.removeprefix("./").strip("/")
    if (
        not path
        or len(path) > _PATH_LENGTH_LIMIT
        or path.startswith("!")
        or ".." in path.split("/")
        or not is_glob(path)
    ):
        return None
    looks_like_one = re.search(r"[/.*?\[]", word) is not None
    if not looks_like_one and (_CODE.fullmatch(word) or hint(word)):
        return None
    return path


@cache
def _vocabulary() -> tuple[str, ...]:
    rules = [word for rule in ALL_RULES for word in (rule.code, rule.name)]
    options = [option.word for each in DEFINITIONS.values() for option in each.options]
    return (*_NAMED_VERBS, *options, *rules)
