"""Which values are what a house rule names."""

import ast

import pytest

from bot.analysis.names.named_symbols import dotted_name, is_named, names
from bot.analysis.names.values import UNKNOWN, External, Package, Value, defined
from bot.analysis.source.module import Module
from bot.analysis.source.source import decode


def value(path: str, text: str) -> Value:
    source = decode(path, text.encode())
    module = Module(source, ast.parse(text))
    return defined(module, module.definitions[-1])


@pytest.mark.parametrize(
    ("found", "dotted"),
    [
        (External("time.sleep"), "time.sleep"),
        (value("src/till/api.py", "class A:\n    class B: ...\n"), "src.till.api.A.B"),
        (value("till/__init__.py", "def f(): ...\n"), "till.f"),
        (Package("till", "till/__init__.py", "till"), "till"),
        (Package("till.api", "src/till/api.py", None), "src.till.api"),
        (UNKNOWN, None),
    ],
)
def test_a_value_has_the_dotted_name_of_its_place(found: Value, dotted: str | None) -> None:
    assert dotted_name(found) == dotted


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("sleep", True),
        ("time.sleep", True),
        ("lib.time.sleep", True),
        ("leep", False),
        ("time", False),
        ("other.time.sleep", False),
        ("sleep.time", False),
    ],
)
def test_a_name_fits_from_its_end(wanted: str, *, expected: bool) -> None:
    assert is_named(External("lib.time.sleep"), wanted) is expected
    assert not is_named(UNKNOWN, wanted)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [("till", True), ("till.store", True), ("Store", True), ("store.Stor", False), ("x", False)],
)
def test_a_name_leads_through_those_above_it(wanted: str, *, expected: bool) -> None:
    assert names("src.till.store.Store.save", wanted) is expected
