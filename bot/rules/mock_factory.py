"""A mock is made by `unittest.mock` itself, not by the factory that house policy names.

## What it finds

Calls of `Mock`, `MagicMock`, `AsyncMock`, `create_autospec` and their like, from `unittest.mock`,
from `mock` or from pytest-mock's fixture, under the paths of `[tool.awaited.mock-factory]`. The
file in which the factory itself is defined is left out. What `patch` puts in place is not judged.

## Why it matters

A factory gives every mock the specification and the asyncness of what it stands for. One that is
made by hand has neither, and drifts away from the real thing unnoticed.

## Fix

None: which of the factory's products it should be is its author's to decide.
"""

from collections.abc import Iterator

from bot.analysis.checked_file import CheckedFile
from bot.analysis.finding import Finding, Severity
from bot.analysis.mocks.mock_calls import MockCalls
from bot.analysis.names.named_symbols import is_named
from bot.analysis.names.values import defined
from bot.analysis.policy import Policy, Symbol
from bot.analysis.rule import Bad, Enabled, Good, Rule


class MockFactory(Policy, frozen=True, kw_only=True):
    """Where mocks come from a factory.

    Attributes:
        factory: its name, dotted or bare.
    """

    factory: Symbol


_CONFIG = '[mock-factory]\nfactory = "tests.conftest.MockFactory"\npaths = ["tests/**"]\n'

rule = Rule(
    __name__,
    __doc__,
    code="AWT503",
    severity=Severity.FAILURE,
    enabled=Enabled.ON_REQUEST,
    policy=MockFactory,
    examples=[
        Bad(
            {
                ".awaited.toml": _CONFIG,
                "tests/test_total.py": """
                from unittest import mock
                from unittest.mock import AsyncMock as Fake, create_autospec

                SHARED = Fake()  # error

                def test_total(mocker):
                    till = mock.Mock(  # error
                        total=mocker.MagicMock(),  # error
                        close=mocker.stub(),  # error
                    )
                    assert create_autospec(int)  # error
                """,
            },
            says="`tests.conftest.MockFactory`",
        ),
        Good(
            {
                ".awaited.toml": _CONFIG,
                "tests/conftest.py": """
                from unittest.mock import AsyncMock

                class MockFactory:
                    def session(self):
                        return AsyncMock()
                """,
                "tests/test_total.py": """
                from unittest.mock import ANY, patch

                from tests.conftest import MockFactory

                def test_total():
                    with patch("builtins.print", MockFactory().session()):
                        assert ANY
                """,
                "other/test_total.py": """
                from unittest.mock import Mock

                def test_total():
                    assert Mock()
                """,
            },
            because="the factory makes them, and elsewhere nobody minds",
        ),
        Good(
            {
                ".awaited.toml": _CONFIG,
                "tests/test_total.py": """
                class Mock:
                    pass

                def test_total(factory):
                    assert Mock() and factory.Mock()
                """,
            },
            because="it only has the same name",
        ),
    ],
)


@rule.on(CheckedFile)
def check(file: CheckedFile, _: CheckedFile) -> Iterator[Finding]:
    """Report every making of a mock."""
    for policy in file.policies(MockFactory):
        if _defines(policy.factory, file):
            continue
        for call in MockCalls(file.facts.resolver, file.facts.instances, file.module).all():
            if not call.patches:
                yield rule.finding(
                    file.place_of_node(call.call.func),
                    f"`{call.name}` makes a mock by hand: here `{policy.factory}` makes them",
                    symbol=call.symbol,
                )


def _defines(factory: str, file: CheckedFile) -> bool:
    module = file.module
    return any(is_named(defined(module, one), factory) for one in module.definitions)
