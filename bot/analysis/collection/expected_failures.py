"""What `xfail` marks say of a test: that it is not run at all, or that its failure is expected.

Source: "Skip and xfail" in pytest's documentation, and `evaluate_xfail_marks` of pytest 9.2.
"""

import ast

from bot.analysis.collection.marks import Mark, Marks

_REASON_ALONE = frozenset({"reason", "strict"})


def is_not_to_run(marks: Marks) -> bool:
    """Whether `xfail(run=False)` keeps a test from being run, whatever the circumstances."""
    return any(
        _applies_always(one) and _is_false(_keywords(one).get("run")) for one in _xfails(marks)
    )


def expects_any_failure(marks: Marks) -> bool:
    """Whether every failure counts as the expected one: no condition, no `raises`.

    pytest 8.4 and later fail a test that nobody runs, so such a mark turns that green.
    """
    return any(
        not _conditions(one) and _keywords(one).keys() <= _REASON_ALONE for one in _xfails(marks)
    )


def _xfails(marks: Marks) -> list[Mark]:
    return list(marks.named("xfail"))


def _applies_always(mark: Mark) -> bool:
    return not _conditions(mark) and "condition" not in _keywords(mark)


def _conditions(mark: Mark) -> list[ast.expr]:
    return mark.call.args if mark.call else []


def _keywords(mark: Mark) -> dict[str | None, ast.expr]:
    return {one.arg: one.value for one in mark.call.keywords} if mark.call else {}


def _is_false(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is False
