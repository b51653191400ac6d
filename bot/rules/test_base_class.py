"""Async tests stand outside the base class that house policy wants them in.

## What it finds

Classes with async tests that do not inherit from the class that `base` names in
`[tool.awaited.test-base-class]`, through however many modules, and async tests outside of any
class. `paths` says where it holds. A class with a base that cannot be followed is not judged.

## Why it matters

A shared base class sets up what every test relies on. A test outside of it runs in conditions
that nobody has thought of, and often leaves something behind for the next one.

## Fix

None: what a test needs of its surroundings is its author's to decide.
"""

from collections.abc import Iterator

from bot.analysis.checked_file import CheckedFile
from bot.analysis.collection.collection import Test
from bot.analysis.collection.third_party import CLASSES
from bot.analysis.finding import Finding, Severity
from bot.analysis.names.named_symbols import is_named
from bot.analysis.names.values import Class, External, Value
from bot.analysis.policy import Policy, Symbol
from bot.analysis.rule import Bad, Enabled, Good, Rule


class RequiredBase(Policy, frozen=True, kw_only=True):
    """Where async tests have a base class.

    Attributes:
        base: its name, dotted or bare.
    """

    base: Symbol


_CONFIG = """
[[test-base-class]]
paths = ["tests/**"]
base = "testing.base.SharedCase"
"""
_BASE = """
from unittest import IsolatedAsyncioTestCase

class SharedCase(IsolatedAsyncioTestCase):
    pass
"""

rule = Rule(
    __name__,
    __doc__,
    code="AWT502",
    severity=Severity.FAILURE,
    enabled=Enabled.ON_REQUEST,
    policy=RequiredBase,
    examples=[
        Bad(
            {
                ".awaited.toml": _CONFIG,
                "testing/base.py": _BASE,
                "tests/test_total.py": """
                import unittest

                import pytest

                class TestTotal(unittest.IsolatedAsyncioTestCase):  # error
                    async def test_total(self):
                        pass

                    async def test_sum(self):
                        pass

                @pytest.mark.asyncio
                async def test_alone():  # error
                    pass
                """,
            },
            says="`testing.base.SharedCase`",
        ),
        Bad(
            {
                ".awaited.toml": '[test-base-class]\nbase = "SharedCase"\n',
                "other.py": """
                from unittest import IsolatedAsyncioTestCase

                class OtherCase(IsolatedAsyncioTestCase):
                    async def test_common(self):
                        pass
                """,
                "test_total.py": """
                from other import OtherCase

                class TestTotal(OtherCase):  # error
                    pass
                """,
            },
        ),
        Good(
            {
                ".awaited.toml": _CONFIG,
                "testing/base.py": _BASE,
                "testing/cases.py": """
                from testing import base as shared

                class DatabaseCase(shared.SharedCase):
                    pass
                """,
                "tests/test_total.py": """
                from testing.cases import DatabaseCase as Case

                class TestTotal(Case):
                    async def test_total(self):
                        pass
                """,
                "test_outside.py": """
                import pytest

                @pytest.mark.asyncio
                async def test_total():
                    pass
                """,
            },
            because="it is inherited through modules and under other names",
        ),
        Good(
            {
                ".awaited.toml": _CONFIG,
                "tests/test_total.py": """
                from testing.base import SharedCase
                from elsewhere import Unknown

                class TestInstalled(SharedCase):
                    async def test_total(self):
                        pass

                class TestUnknown(Unknown):
                    async def test_total(self):
                        pass
                """,
            },
            because="the base may be installed, and an unknown class may inherit from it",
        ),
        Good(
            {
                ".awaited.toml": _CONFIG,
                "tests/test_total.py": """
                class TestTotal:
                    def test_total(self):
                        pass

                class Helper:
                    async def fetch(self):
                        pass
                """,
            },
            because="none of these is an async test",
        ),
    ],
)


@rule.on(CheckedFile)
def check(file: CheckedFile, _: CheckedFile) -> Iterator[Finding]:
    """Report each class of the file (equal findings are one), and each test that is in none."""
    for policy in file.policies(RequiredBase):
        for test in file.tests:
            if test.owner is None:
                said = f"async test `{test.symbol}` is in no class"
                yield _finding(test, file, said, policy)
            elif test.owner.module is file.module and _certainly_lacks(
                test.owner, policy.base, file
            ):
                yield _finding(test, file, f"`{_class_symbol(test)}` has async tests", policy)


def _finding(test: Test, file: CheckedFile, said: str, policy: RequiredBase) -> Finding:
    owner = test.owner
    return rule.finding(
        file.place_of(owner.definition) if owner else file.place_of_test(test),
        f"{said} and does not inherit from `{policy.base}`: here every async test does",
        symbol=_class_symbol(test) or test.symbol,
    )


def _class_symbol(test: Test) -> str:
    return ".".join(one.name for one in test.classes)


def _certainly_lacks(owner: Class, base: str, file: CheckedFile) -> bool:
    """Whether all classes that one inherits from are known, and the base is none of them."""
    mro = file.facts.resolver.mro(owner)
    return all(_is_known(one) for one in mro) and not any(is_named(one, base) for one in mro)


def _is_known(value: Value) -> bool:
    if isinstance(value, External):
        return value.dotted in CLASSES
    return isinstance(value, Class)
