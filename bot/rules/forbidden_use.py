"""Something is used that house policy does not want in these files.

## What it finds

Every use of one of `symbols` under the paths of `[tool.awaited.forbidden-use]`, by whatever name
and through whichever modules it came there. Importing it is no use.

## Why it matters

What is forbidden is usually what makes tests slow or leaves something behind, such as
`time.sleep`, which stops the event loop for all that runs on it.

## Fix

None; `instead` in the policy's table can tell what to use.
"""

import ast
from collections.abc import Iterator

from bot.analysis.checked_file import CheckedFile
from bot.analysis.finding import Finding, Severity
from bot.analysis.names.named_symbols import is_named
from bot.analysis.policy import Policy, Symbols
from bot.analysis.rule import Bad, Enabled, Good, Rule
from bot.analysis.source.placed_nodes import Placed, references


class ForbiddenUse(Policy, frozen=True, kw_only=True):
    """Where some things are not used.

    Attributes:
        symbols: their names, dotted or bare.
        instead: what to use, for the message.
    """

    symbols: Symbols
    instead: str = ""


_CONFIG = """
[[forbidden-use]]
paths = ["tests/**"]
symbols = ["time.sleep"]
instead = "an event that the test sets"

[[forbidden-use]]
symbols = ["eval", "till.store.Store"]
"""
_TILL = {
    "till/store.py": "class Store:\n    pause = None\n",
    "till/api.py": "from time import sleep as pause\n\nfrom till.store import Store\n",
}

rule = Rule(
    __name__,
    __doc__,
    code="AWT507",
    severity=Severity.FAILURE,
    enabled=Enabled.ON_REQUEST,
    policy=ForbiddenUse,
    examples=[
        Bad(
            {
                **_TILL,
                ".awaited.toml": _CONFIG,
                "tests/test_total.py": """
                import time
                import time as clock
                from time import sleep

                import pytest

                from till.api import pause

                def helper():
                    time.sleep(1)  # error

                @pytest.mark.parametrize("wait", [sleep])  # error
                def test_total(wait):
                    clock.sleep(1)  # error
                    pause(1)  # error
                """,
            },
            says="use an event that the test sets",
        ),
        Bad(
            {
                **_TILL,
                ".awaited.toml": _CONFIG,
                "test_total.py": """
                from till import api

                class TestTill(api.Store):  # error
                    def test_total(self):
                        assert eval("1")  # error
                        assert api.Store.pause  # error
                """,
            },
            says="is not to be used here",
        ),
        Good(
            {
                **_TILL,
                ".awaited.toml": _CONFIG,
                "tests/test_total.py": """
                import asyncio
                from time import sleep

                import pytest

                @pytest.mark.asyncio
                async def test_total(till):
                    await asyncio.sleep(1)
                    till.time.sleep(1)

                def test_sum(sleep):
                    sleep(1)
                """,
                "test_other.py": """
                import time

                def test_total():
                    time.sleep(1)
                """,
            },
            because="these are others, and elsewhere it may be used",
        ),
    ],
)


@rule.on(CheckedFile)
def check(file: CheckedFile, _: CheckedFile) -> Iterator[Finding]:
    """Report every use, once a place."""
    for policy in file.policies(ForbiddenUse):
        for placed in references(file.module):
            for symbol in policy.symbols:
                if (node := _part_that_is(symbol, placed, file)) is not None:
                    yield _finding(node, symbol, placed, file, policy)


def _part_that_is(symbol: str, placed: Placed, file: CheckedFile) -> ast.expr | None:
    """Return the part of a dotted name that stands for a symbol: `Store` of `Store.save`."""
    node: ast.AST | None = placed.node
    while isinstance(node, ast.Attribute | ast.Name):
        if is_named(file.facts.resolver.value(node, file.module, placed.scope), symbol):
            return node
        node = node.value if isinstance(node, ast.Attribute) else None
    return None


def _finding(
    node: ast.expr, symbol: str, placed: Placed, file: CheckedFile, policy: ForbiddenUse
) -> Finding:
    hint = f": use {policy.instead}" if policy.instead else ""
    return rule.finding(
        file.place_of_node(node),
        f"`{symbol}` is not to be used here{hint}",
        symbol=placed.symbol,
    )
