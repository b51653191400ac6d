"""Assertions of mocks, and what looks like one: names, and what an expression makes of them."""

import ast

from msgspec import Struct

# The assertions of Mock and of AsyncMock (docs.python.org/3/library/unittest.mock.html); True
# where one is about the arguments of calls, so that `()` would ask for calls without any.
ASSERTIONS = {
    "assert_called": False,
    "assert_called_once": False,
    "assert_called_with": True,
    "assert_called_once_with": True,
    "assert_any_call": True,
    "assert_has_calls": True,
    "assert_not_called": False,
    "assert_awaited": False,
    "assert_awaited_once": False,
    "assert_awaited_with": True,
    "assert_awaited_once_with": True,
    "assert_any_await": True,
    "assert_has_awaits": True,
    "assert_not_awaited": False,
}
# What is written for them by mistake. On a mock each is a child; since 3.12 those that speak of
# calls raise an AttributeError, those that speak of awaits never do.
MISSPELT = {
    **{name.removeprefix("assert_"): name for name in ASSERTIONS if name != "assert_called"},
    "has_called": "assert_has_calls",
    "has_awaited": "assert_has_awaits",
    "await_once_with": "assert_awaited_once_with",
}
# Assertions about calls, and those that hold an AsyncMock to having been awaited as well.
AWAITED_COUNTERPARTS = {
    "assert_called": "assert_awaited",
    "assert_called_once": "assert_awaited_once",
    "assert_called_with": "assert_awaited_with",
    "assert_called_once_with": "assert_awaited_once_with",
    "assert_any_call": "assert_any_await",
    "assert_has_calls": "assert_has_awaits",
}


class Use(Struct, frozen=True):
    """How an assertion, or what looks like one, is used.

    Attributes:
        attribute: `mock.assert_called`.
        statement: the statement that it is all of, with `assert`, `await` and a call around it.
        is_called: whether it is called.
        awaited: the `await` around it.
        is_asserted: whether it is what an `assert` statement tests.
    """

    attribute: ast.Attribute
    statement: ast.stmt
    is_called: bool = False
    awaited: ast.Await | None = None
    is_asserted: bool = False

    @property
    def name(self) -> str:
        """The name of what is used."""
        return self.attribute.attr


def use_of(statement: ast.AST) -> Use | None:
    """Return the attribute that a statement is all about, and what it does with it."""
    match statement:
        case ast.Expr(value=value):
            asserted = False
        case ast.Assert(test=value):
            asserted = True
        case _:
            return None
    awaited = value if isinstance(value, ast.Await) else None
    inner = awaited.value if awaited is not None else value
    called = isinstance(inner, ast.Call)
    attribute = inner.func if isinstance(inner, ast.Call) else inner
    if not isinstance(attribute, ast.Attribute):
        return None
    return Use(attribute, statement, called, awaited, asserted)
