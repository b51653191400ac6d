"""When a file counts as improved."""

import pytest

from bot.analysis.configuration.suppression import UNUSED_SUPPRESSION
from bot.analysis.finding import Finding
from bot.analysis.proving import is_improved
from tests.report.builders import finding

ONE = finding("AWT103", symbol="test_one")
OTHER = finding("AWT103", symbol="test_other")
UNUSED = finding(UNUSED_SUPPRESSION, symbol="")


@pytest.mark.parametrize(
    ("before", "after", "repaired", "improved"),
    [
        ([ONE, OTHER], [OTHER], [ONE], True),
        ([ONE, OTHER], [ONE, OTHER], [ONE], False),
        ([ONE], [OTHER], [ONE], False),
        ([ONE, ONE], [ONE], [ONE], True),
        ([ONE], [UNUSED], [ONE], True),
        ([UNUSED], [UNUSED], [UNUSED], False),
        ([UNUSED], [], [UNUSED], True),
    ],
)
def test_what_was_to_be_repaired_is_gone_and_nothing_came(
    before: list[Finding], after: list[Finding], repaired: list[Finding], *, improved: bool
) -> None:
    assert is_improved(before, after, repaired) is improved
