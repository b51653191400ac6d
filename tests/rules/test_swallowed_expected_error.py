"""Which errors and words make a swallowed error one that is meant."""

import pytest

from tests.trees import report_on

TEXT = """
import pytest
from shop import till

@pytest.mark.asyncio
async def test_it():
    try:
        await till.pay()
    except {error}:
        {handler}
{after}
"""


def codes(error: str = "ValueError", handler: str = "pass", after: str = "") -> set[str]:
    text = TEXT.format(error=error, handler=handler, after=f"    {after}" if after else "")
    return {one.code for one in report_on({"test_it.py": text}).findings}


def test_an_error_that_only_passes_by_is_reported() -> None:
    assert codes() == {"AWT212"}
    assert codes(handler="...") == {"AWT212"}
    assert codes(after="print(till)") == {"AWT212"}


@pytest.mark.parametrize(
    "error",
    [
        "asyncio.CancelledError",
        "TimeoutError",
        "StopAsyncIteration",
        "SystemExit",
        "KeyboardInterrupt",
        "websockets.ConnectionClosed",
        "WebSocketDisconnect",
        "ImportError",
        "(ValueError, TimeoutError)",
    ],
)
def test_errors_that_end_something_are_left_alone(error: str) -> None:
    assert codes(error) == set()


@pytest.mark.parametrize(
    "check",
    [
        "assert till.total == 0",
        "till.assert_closed()",
        "pytest.fail('it went on')",
        "pytest.raises(ValueError, till.open)",
        "check_total(till)",
        "verify(till)",
        "expect(till).to_be_closed()",
        "pytest.skip('not here')",
        "pytest.warns(UserWarning, till.open)",
        "pytest.xfail('not yet')",
        "raise RuntimeError",
        "return",
    ],
)
def test_tests_that_check_something_afterwards_are_left_alone(check: str) -> None:
    assert codes(after=check) == set()


@pytest.mark.parametrize("handler", ["till.close()", "raise", "return", "pytest.skip('no')"])
def test_handlers_that_do_something_are_left_alone(handler: str) -> None:
    assert codes(handler=handler) == set()
