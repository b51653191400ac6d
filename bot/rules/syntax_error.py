"""A file is not valid Python, so none of its tests can run.

## What it finds

Files that no version of Python accepts. Syntax that is merely newer than the interpreter that
runs `awaited` is understood and not reported.

## Why it matters

pytest stops at the collection error, and nothing else in the file can be checked.

## Fix

None: only its author knows what the code should say.
"""

from collections.abc import Iterator

from bot.analysis.finding import Finding, Location, Severity
from bot.analysis.rule import Bad, Enabled, Good, Rule
from bot.analysis.source.parsing import Broken

rule = Rule(
    __name__,
    __doc__,
    code="AWT001",
    severity=Severity.FAILURE,
    enabled=Enabled.ALWAYS,
    examples=[
        Bad("async def test_total(:  # error\n    pass\n", says="invalid syntax"),
        Bad(
            {
                "test_broken.py": "def test_total():\n    return )  # error\n",
                "test_whole.py": "def test_total():\n    pass\n",
            }
        ),
        Bad("def test_total():\n    pass\n\nreturn 1  # error\n", says="outside function"),
        Good("type Pair[T] = tuple[T, T]\n", because="syntax of 3.12 is read by 3.11 too"),
        Good('def test_text():\n    assert f"{"a"}"\n', because="so are f-strings of 3.12"),
        Good(
            """
            def test_total():
                try:
                    pass
                except ValueError, TypeError:
                    pass
            """,
            because="so are the exception lists of 3.14",
        ),
    ],
)


@rule.on(Broken)
def check(broken: Broken, _: object) -> Iterator[Finding]:
    """Report the place where the parser stopped."""
    location = Location(
        broken.source.path, broken.line, broken.column, broken.line, broken.column + 1
    )
    yield rule.finding(location, f"not valid Python: {broken.message}", symbol="")
