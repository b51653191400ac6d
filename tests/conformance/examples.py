"""The examples of all rules as projects, and what pytest cannot say of them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from packaging.specifiers import SpecifierSet

from bot.analysis.rule import Bad, Rule, example_files
from bot.rules import ALL_RULES
from tests.conformance.case import Case, Invocation, as_bytes
from tests.conformance.supplied import SUPPLIED
from tests.conformance.version_set import NEWEST, OLDER, VersionSet

# By code, or by code and the number of the example among the rule's.
UNJUDGED: Mapping[str, str] = {
    "AWT003": "comments are nothing to pytest",
    "AWT203 0": "what is checked now holds, so the test passes before and after",
    "AWT211": "the test takes as long and passes, only the loop is free meanwhile",
    "AWT401 1": "nothing is done in the contexts, so there is nothing to swallow",
    "AWT401 2": "nothing is done in the contexts, so there is nothing to swallow",
    "AWT401 3": "there is no test in the example",
    "AWT401 4": "nothing is done in the contexts, so there is nothing to swallow",
    "AWT401 7": "there is no test in the example",
    "AWT401 8": "nothing is done in the contexts, so there is nothing to swallow",
    "AWT402": "what is handed on is read no further than that it is something",
    "AWT407": "the mock was awaited, so the weaker assertion held as well",
    "AWT501": "the marks say aloud what runs the tests already",
}
_PIN = re.compile(r"\b(pytest|pytest-asyncio) *((?:[<>=!~]=?[\d.*]+,? *)+)")


@dataclass(frozen=True, slots=True)
class Repaired:
    """A bad example with its fixed text.

    Attributes:
        name: the rule's name and the example's number.
        key: the rule's code and the example's number.
        unjudged: why pytest cannot tell that it is better, "" where it can.
        judges: the newest versions that the example is about.
    """

    name: str
    code: str
    key: str
    case: Case
    fixed: Mapping[str, bytes]
    unjudged: str
    judges: VersionSet


def repaired_examples() -> Iterator[Repaired]:
    """Yield every example that a fix changes."""
    for rule in ALL_RULES:
        for number, example in enumerate(rule.examples):
            if isinstance(example, Bad) and example.fixed is not None:
                yield _repaired(rule, number, example)


def _repaired(rule: Rule, number: int, example: Bad) -> Repaired:
    assert example.fixed is not None
    key = f"{rule.code} {number}"
    own = example_files(example.files)
    supplied = {path: as_bytes(text).decode() for path, text in SUPPLIED.get(key, {}).items()}
    files = {**supplied, **own}
    fixed = {**files, **example_files(example.fixed)}
    reason = UNJUDGED.get(key, UNJUDGED.get(rule.code, ""))
    judges = next((one for one in (NEWEST, *OLDER) if _admits(own.values(), one)), None)
    if not reason and judges is None:
        reason = "it is about versions that run nowhere here"
    return Repaired(
        f"{rule.name} {number}",
        rule.code,
        key,
        Case(key, files, (Invocation(("-W", "always")),), _plugins(own.values()), watched=True),
        {path: text.encode() for path, text in fixed.items()},
        reason,
        judges or NEWEST,
    )


def _plugins(texts: Iterable[str]) -> frozenset[str]:
    """Return the plugins that an example has: pytest-asyncio, and anyio for its tests."""
    return frozenset({"asyncio", *("anyio" for text in texts if "mark.anyio" in text)})


def _admits(texts: Iterable[str], versions: VersionSet) -> bool:
    """Whether what an example pins lets these versions in."""
    pins = [pin for text in texts for pin in _PIN.findall(text)]
    return all(versions.version(name) in SpecifierSet(pin) for name, pin in pins)
