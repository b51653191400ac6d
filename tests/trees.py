"""Analyses trees that lie in memory, the way a caller with a file system does it."""

from collections.abc import Generator, Mapping
from datetime import date
from typing import TypeVar

from bot.analysis.request import Content, Fixing, FixPlan, Report, Request, Unreadable
from bot.rules import analyse, plan_fixes

# Examples of rules speak of days long before and long after.
TODAY = date(2026, 6, 15)

Result = TypeVar("Result")
Files = Mapping[str, str | bytes | Unreadable]


def report_on(files: Files, **request: object) -> Report:
    """Check a tree."""
    return answered(analyse(asked(files, **request)), files)


def plan_for(files: Files, fixing: Fixing = Fixing.UNSAFE, **request: object) -> FixPlan:
    """Plan the fixes of a tree."""
    return answered(plan_fixes(asked(files, fixing=fixing, **request)), files)


def asked(files: Files, **request: object) -> Request:
    """Return the request for a whole tree."""
    return Request(paths=tuple(files), **{"today": TODAY, **request})  # type: ignore[arg-type]


def answered(
    asking: Generator[frozenset[str], Mapping[str, Content], Result], files: Files
) -> Result:
    """Send an analysis what it asks for, until it has its answer."""
    try:
        wanted = next(asking)
        while True:
            wanted = asking.send({path: content(files.get(path)) for path in wanted})
    except StopIteration as stop:
        answer: Result = stop.value
        return answer


def content(text: str | bytes | Unreadable | None) -> Content:
    return text.encode() if isinstance(text, str) else text
