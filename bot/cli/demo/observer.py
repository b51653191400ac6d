"""A pytest plugin that writes down which async tests really ran.

Loaded into the pytest of the sample repository by `-p`. A test ran when its own code was
entered; a coroutine that nobody awaits never enters it.
"""

import inspect
import json
import os
import sys
from collections import Counter
from collections.abc import Generator
from pathlib import Path
from types import CodeType, FrameType

import pytest


class Observer:
    """Watches one session."""

    def __init__(self, report: Path) -> None:
        self._report = report
        self._codes: dict[CodeType, str] = {}
        self._awaited: set[str] = set()
        self._outcomes: Counter[str] = Counter()

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """Note the code of async tests."""
        function = inspect.unwrap(getattr(item, "function", None) or item.obj)  # type: ignore[attr-defined]
        if inspect.iscoroutinefunction(function):
            self._codes[function.__code__] = item.nodeid

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self) -> Generator[None, object, object]:
        """Watch which code is entered while a test is run."""
        sys.setprofile(self._entered)
        try:
            return (yield)
        finally:
            sys.setprofile(None)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count outcomes as pytest's own summary does."""
        if report.when == "call" or report.outcome != "passed":
            kind = "errors" if report.when != "call" and report.failed else report.outcome
            self._outcomes[kind] += 1

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """Write the report."""
        tests = sorted(self._codes.values())
        report = {
            "exit_code": int(exitstatus),
            **{name: self._outcomes[name] for name in ("passed", "failed", "errors", "skipped")},
            "async_tests": tests,
            "awaited": sorted(self._awaited),
            "never_awaited": [one for one in tests if one not in self._awaited],
        }
        self._report.write_text(json.dumps(report), encoding="utf-8")

    def _entered(self, frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and (test := self._codes.get(frame.f_code)):
            self._awaited.add(test)


def pytest_configure(config: pytest.Config) -> None:
    """Register the observer."""
    config.pluginmanager.register(Observer(Path(os.environ["AWAITED_DEMO_REPORT"])))
