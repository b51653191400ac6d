"""A test does without something that house policy wants every test to use.

## What it finds

Tests, async or not, under the paths of `[tool.awaited.required-use]` in whose code none of
`symbols` is used. Their code is their own, that of their decorators, fixtures and classes, and
that of functions of the repository which these call.

## Why it matters

What is required is usually what keeps tests apart from each other: a context, a tenant, a user.

## Fix

None: how it is to be used is the author's to decide.
"""

from collections.abc import Iterator

from bot.analysis.checked_file import CheckedFile
from bot.analysis.collection.collection import Test
from bot.analysis.evidence.test_code import certainly_lacks
from bot.analysis.finding import Finding, Severity
from bot.analysis.policy import Policy, Symbols
from bot.analysis.rule import Bad, Enabled, Good, Rule

_CONFIG = """
[[required-use]]
paths = ["tests/**"]
symbols = ["till.users.UserContext", "Guest"]
"""
_TILL = {"till/users.py": "class UserContext:\n    pass\n"}


class RequiredUse(Policy, frozen=True, kw_only=True):
    """Where every test uses one of some things.

    Attributes:
        symbols: their names, dotted or bare; one of them is enough.
    """

    symbols: Symbols


rule = Rule(
    __name__,
    __doc__,
    code="AWT506",
    severity=Severity.FAILURE,
    enabled=Enabled.ON_REQUEST,
    policy=RequiredUse,
    examples=[
        Bad(
            {
                **_TILL,
                ".awaited.toml": _CONFIG,
                "tests/test_total.py": """
                import pytest

                from till.users import UserContext

                CONTEXT = UserContext()

                @pytest.mark.asyncio
                async def test_total():  # error
                    pass

                class TestTill:
                    def test_sum(self):  # error
                        pass

                    def test_other(self):
                        assert CONTEXT
                """,
            },
            says="`till.users.UserContext` or `Guest`",
        ),
        Good(
            {
                **_TILL,
                ".awaited.toml": _CONFIG,
                "tests/conftest.py": """
                import pytest

                from till import users

                @pytest.fixture
                def context():
                    return users.UserContext()
                """,
                "tests/test_total.py": """
                import pytest

                from till.users import UserContext as Context

                CONTEXT = Context()

                def opened():
                    return Context()

                class Guest:
                    pass

                def test_own():
                    assert Context()

                def test_fixture(context):
                    assert context

                @pytest.mark.usefixtures("context")
                def test_marked():
                    pass

                def test_helper():
                    assert opened()

                def test_constant():
                    assert CONTEXT

                def test_annotated(till: Context):
                    assert till

                def test_other():
                    assert Guest()

                class TestTill:
                    def setup_method(self):
                        self.context = Context()

                    def test_sum(self):
                        pass
                """,
                "test_elsewhere.py": "def test_total():\n    pass\n",
            },
            because="each uses it somehow, or is elsewhere",
        ),
        Good(
            {
                ".awaited.toml": _CONFIG,
                "tests/test_total.py": """
                from elsewhere import *
                from somewhere import Base

                def test_total():
                    assert UserContext()

                class TestTill(Base):
                    def test_sum(self):
                        pass
                """,
            },
            because="this may be it, and an unknown base may use it",
        ),
    ],
)


@rule.on(CheckedFile)
def check(file: CheckedFile, _: CheckedFile) -> Iterator[Finding]:
    """Report every test that certainly uses none of the symbols."""
    for policy in file.policies(RequiredUse):
        for test in file.facts.every_test(file.module):
            if certainly_lacks(test, policy.symbols, file.facts):
                yield _finding(test, file, policy)


def _finding(test: Test, file: CheckedFile, policy: RequiredUse) -> Finding:
    wanted = " or ".join(f"`{symbol}`" for symbol in policy.symbols)
    return rule.finding(
        file.place_of_test(test),
        f"test `{test.symbol}` does not use {wanted}: here every test does",
        symbol=test.symbol,
    )
