"""A suppression cannot be understood, or names a rule that does not exist.

## What it finds

Comments of the form `# awaited: ignore[...]` whose verb is misspelt, whose brackets are empty or
not closed, whose `until=` is no day, or that name something which is no rule.

## Why it matters

What it was written for is not suppressed, or only in part.

## Fix

None: the message says what was probably meant.
"""

from collections.abc import Iterator

from bot.analysis.configuration.spelling import did_you_mean
from bot.analysis.configuration.suppressing import UnknownRule
from bot.analysis.configuration.suppression import Malformed
from bot.analysis.finding import Finding, Severity
from bot.analysis.rule import Bad, Good, Rule

rule = Rule(
    __name__,
    __doc__,
    code="AWT004",
    severity=Severity.WARNING,
    examples=[
        Bad(
            """
            async def test_total():  # awaited: ignore[AWT1O3]  # error
                pass
            """,
            says="there is no rule `AWT1O3`; did you mean `AWT103`?",
        ),
        Bad(
            """
            async def test_total():  # awaited: ignore[AWT1]  # error
                pass
            """,
            says="a suppression names each rule in full",
        ),
        Bad(
            """
            def test_total():  # awaited: ingore[AWT103]  # error
                pass
            """,
            says="`ingore` means nothing; did you mean `ignore`?",
        ),
        Bad(
            """
            def test_total():  # awaited: ignore[]  # error
                pass

            def test_sum():  # awaited: ignore[AWT103  # error
                pass
            """,
            says="name the rules in the brackets",
        ),
        Bad(
            """
            async def test_total():  # awaited: ignore[AWT103] flaky until=next-week  # error
                pass

            async def test_sum():  # awaited: ignore until=2027-02-30  # error
                pass
            """,
            says="write it as `until=2027-01-31`",
        ),
        Good(
            """
            async def test_total():  # awaited: ignore [AWT103, unhandled-async-test]
                pass

            async def test_sum():  # awaited: ignore[AWT103] until=2999-01-31 see #12
                pass
            """,
            because="codes and names both exist, and space is free",
        ),
        Good(
            """
            def test_total():  # awaited: ignored by everybody
                pass
            """,
            because="that is prose",
        ),
    ],
)


@rule.on(Malformed)
def check_form(malformed: Malformed, _: object) -> Iterator[Finding]:
    """Report a comment that cannot be understood."""
    yield rule.finding(malformed.location, f"invalid suppression: {malformed.message}", symbol="")


@rule.on(UnknownRule)
def check_rule(unknown: UnknownRule, _: object) -> Iterator[Finding]:
    """Report a word that names no rule."""
    hint = "; a suppression names each rule in full"
    if not any(one.startswith(unknown.word) for one in unknown.known):
        hint = did_you_mean(unknown.word, unknown.known)
    yield rule.finding(
        unknown.suppression.location,
        f"invalid suppression: there is no rule `{unknown.word}`{hint}",
        symbol="",
    )
