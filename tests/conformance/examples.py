"""The examples of all rules as projects, and what pytest cannot say of them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.analysis.rule import Bad, Rule, example_files
from bot.rules import ALL_RULES
from tests.conformance.case import Case, Invocation

# By code, or by code and the number of the example among the rule's.
UNJUDGED: Mapping[str, str] = {
    "AWT003": "comments are nothing to pytest",
    "AWT103 3": "it needs anyio, which is not installed here",
    "AWT104 1": "it needs a package that is not installed here",
    "AWT203 0": "what is checked now holds, so the test passes before and after",
    "AWT211": "the test takes as long and passes, only the loop is free meanwhile",
    "AWT212": "it needs a module that the example leaves out",
    "AWT303 3": "the fixed hook waits for a test that still has to be written",
    "AWT209 1": "it needs packages that are not installed here",
    "AWT301 1": "no test of the example asks for the fixture",
    "AWT301 8": "no test of the example asks for the fixture",
    "AWT401": "what is swallowed depends on code that the examples leave out",
    "AWT402": "the value that is handed on is read by code that the examples leave out",
    "AWT406": "the mock and its callers are fixtures and modules that the examples leave out",
    "AWT407": "the mock was awaited, so the weaker assertion held as well",
    "AWT501": "the marks say aloud what runs the tests already",
}
PINNED = re.compile(r"pytest(?:-asyncio)?\s*(?:==|<|~=)")


@dataclass(frozen=True, slots=True)
class Repaired:
    """A bad example with its fixed text.

    Attributes:
        name: the rule's name and the example's number.
        key: the rule's code and the example's number.
        unjudged: why pytest cannot tell that it is better, "" where it can.
    """

    name: str
    code: str
    key: str
    case: Case
    fixed: Mapping[str, bytes]
    unjudged: str


def repaired_examples() -> Iterator[Repaired]:
    """Yield every example that a fix changes."""
    for rule in ALL_RULES:
        for number, example in enumerate(rule.examples):
            if isinstance(example, Bad) and example.fixed is not None:
                yield _repaired(rule, number, example)


def _repaired(rule: Rule, number: int, example: Bad) -> Repaired:
    assert example.fixed is not None
    files = example_files(example.files)
    fixed = {**files, **example_files(example.fixed)}
    key = f"{rule.code} {number}"
    reason = UNJUDGED.get(key, UNJUDGED.get(rule.code, ""))
    if not reason and any(PINNED.search(text) for text in files.values()):
        reason = "it is about older versions than those that run here"
    return Repaired(
        f"{rule.name} {number}",
        rule.code,
        key,
        Case(key, files, (Invocation(("-W", "always")),), watched=True),
        {path: text.encode() for path, text in fixed.items()},
        reason,
    )
