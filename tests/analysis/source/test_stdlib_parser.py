"""The parser is quiet, and what happens beside it does not show."""

import ast
import gc
from collections.abc import Iterator

import pytest

from bot.analysis.source.stdlib_parser import expression_of, module_of

LONG = "\n".join(f"x{number} = [a + b for a in c]" for number in range(500))


@pytest.fixture
def collections_that_parse() -> Iterator[list[str]]:
    """Start another tree whenever garbage is collected, which is often."""
    threshold = gc.get_threshold()
    started: list[str] = []

    def parse_another(phase: str, _: object) -> None:
        started.append(phase)
        ast.parse("1 + 1")

    gc.set_threshold(100)
    gc.callbacks.append(parse_another)
    yield started
    gc.callbacks.remove(parse_another)
    gc.set_threshold(*threshold)


def test_trees_that_are_built_meanwhile_disturb_none(collections_that_parse: list[str]) -> None:
    tree = module_of(LONG)

    assert len(tree.body) == LONG.count("\n") + 1
    assert collections_that_parse
    assert gc.isenabled()


def test_a_warning_of_the_parser_stays_unsaid() -> None:
    assert isinstance(expression_of("'\\d' is 'd'"), ast.Compare)
    assert isinstance(module_of("assert (1, 'a')"), ast.Module)
