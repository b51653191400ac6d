"""The last day of a suppression has passed.

## What it finds

`# awaited: ignore[...] until=2027-01-31` from the day after on. What it was about is reported
again.

## Why it matters

It was meant to be put right by then. If it has been, the comment is of no more use.

## Fix

None: repair what it is about and remove the comment, or decide on another day.
"""

from collections.abc import Iterator

from bot.analysis.configuration.suppressing import Expired
from bot.analysis.finding import Finding, Severity
from bot.analysis.rule import Bad, Good, Rule

rule = Rule(
    __name__,
    __doc__,
    code="AWT005",
    severity=Severity.WARNING,
    examples=[
        Bad(
            """
            def test_total():  # awaited: ignore[AWT103] until=2020-01-31 flaky  # error
                pass

            # awaited: ignore-file[AWT101] until=2020-01-31  # error
            """,
            says="2020-01-31",
        ),
        Good(
            """
            async def test_total():  # awaited: ignore[AWT103] until=2999-01-31
                pass
            """,
            because="that day is still to come",
        ),
    ],
)


@rule.on(Expired)
def check(expired: Expired, _: object) -> Iterator[Finding]:
    """Report the comment; what it was about reports itself."""
    yield rule.finding(
        expired.suppression.location,
        f"this suppression has expired: its last day was {expired.suppression.until}",
        symbol="",
        advice="repair what it is about and remove it, or decide on another day",
    )
