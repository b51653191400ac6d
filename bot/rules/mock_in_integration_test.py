"""A mock stands where house policy wants the real thing: in an integration test.

## What it finds

Calls that make mocks, and calls of `patch` and its like, under the paths of
`[tool.awaited.mock-in-integration-test]`. With `targets`, only what replaces or imitates one of
these modules, classes or functions, or a member of one.

## Why it matters

An integration test that talks to a mock proves that the mock works.

## Fix

None: the real service has to be there.
"""

from collections.abc import Iterator

from bot.analysis.checked_file import CheckedFile
from bot.analysis.finding import Finding, Severity
from bot.analysis.mocks.mock_calls import MockCalls
from bot.analysis.names.named_symbols import names
from bot.analysis.policy import Policy, Symbol
from bot.analysis.rule import Bad, Enabled, Good, Rule


class NoMocks(Policy, frozen=True, kw_only=True):
    """Where mocks have no place.

    Attributes:
        targets: what must not be replaced or imitated, dotted or bare; nothing at all by default.
    """

    targets: tuple[Symbol, ...] = ()


_ALL = '[mock-in-integration-test]\npaths = ["tests/integration/**"]\n'
_SOME = _ALL + 'targets = ["till.store", "Ledger"]\n'
_TILL = {
    "till/__init__.py": "",
    "till/store.py": "class Store:\n    def save(self): ...\n\ndef load(): ...\n",
    "till/books.py": """
        from till.store import Store

        class Ledger:
            pass

        class Paper:
            pass
        """,
}

rule = Rule(
    __name__,
    __doc__,
    code="AWT504",
    severity=Severity.FAILURE,
    enabled=Enabled.ON_REQUEST,
    policy=NoMocks,
    examples=[
        Bad(
            {
                ".awaited.toml": _ALL,
                "tests/integration/test_total.py": """
                from unittest.mock import AsyncMock, patch

                @patch("till.store.load")  # error
                def test_total(load):
                    assert AsyncMock()  # error
                    with patch.object(int, "real"):  # error
                        pass

                def test_sum(mocker):
                    mocker.patch("till.store.load")  # error
                    mocker.patch.object(int, "real")  # error
                """,
            },
            says="in an integration test",
        ),
        Bad(
            {
                **_TILL,
                ".awaited.toml": _SOME,
                "tests/integration/test_total.py": """
                from unittest.mock import Mock, create_autospec, patch

                from till import books

                def test_total():
                    with patch("till.store.Store.save"):  # error
                        pass
                    with patch("till.books.Store"):  # error
                        pass
                    with patch.object(books.Store, "save"):  # error
                        pass
                    with patch.object(books, "Ledger"):  # error
                        pass
                    assert create_autospec(books.Ledger)  # error
                    assert Mock(spec=books.Ledger)  # error
                    with patch("elsewhere.Ledger.add"):  # error
                        pass
                    with patch("till.books.Ledger.made_later"):  # error
                        pass
                    with patch.object(books.Ledger, "made_later"):  # error
                        pass
                    with patch.object(books, "Store"):  # error
                        pass
                """,
            },
        ),
        Good(
            {
                ".awaited.toml": _ALL,
                "tests/integration/test_total.py": """
                import os
                from unittest.mock import ANY, patch

                @patch.dict(os.environ, {"MODE": "test"})
                def test_total(monkeypatch):
                    monkeypatch.setenv("MODE", "test")
                    assert ANY
                """,
                "tests/unit/test_total.py": """
                from unittest.mock import Mock

                def test_total():
                    assert Mock()
                """,
            },
            because="setting a variable is no mock, and unit tests may have them",
        ),
        Good(
            {
                **_TILL,
                ".awaited.toml": _SOME,
                "tests/integration/test_total.py": """
                from unittest.mock import Mock, patch

                from till import books

                def test_total(name):
                    with patch("till.books.Paper"), patch(name), patch.object(books, "Paper"):
                        assert Mock() and Mock(spec=books.Paper) and Mock(spec=["Ledger"])
                """,
            },
            because="only these targets matter, and nobody can tell what `name` is",
        ),
    ],
)


@rule.on(CheckedFile)
def check(file: CheckedFile, _: CheckedFile) -> Iterator[Finding]:
    """Report every mock, or every mock of a target."""
    for policy in file.policies(NoMocks):
        calls = MockCalls(file.facts.resolver, file.facts.instances, file.module)
        for call in calls.all():
            target = _target(list(calls.subjects(call)), policy.targets)
            if target is not None:
                yield rule.finding(
                    file.place_of_node(call.call.func),
                    f"`{call.name}`{target} in an integration test: the real thing belongs here",
                    symbol=call.symbol,
                )


def _target(subjects: list[str], targets: tuple[str, ...]) -> str | None:
    """Return of what a mock is, in words; None where it may stay."""
    if not targets:
        return ""
    found = (target for target in targets for one in subjects if names(one, target))
    target = next(found, None)
    return f" of `{target}`" if target else None
