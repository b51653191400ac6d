"""A suppression takes nothing back.

## What it finds

`# awaited: ignore[...]` and `# awaited: ignore-file[...]` whose rules are on and find nothing
there. Rules that are off in this run are not judged, nor is a suppression without brackets where
any rule is off that is on by default.

## Why it matters

The next mistake on that line would be suppressed too, and nobody would ever hear of it.

## Fix

Removes the comment, or those of its rules that are in vain. Safe: nothing was suppressed.
"""

from collections.abc import Iterator

from bot.analysis.checked_file import CheckedFile
from bot.analysis.configuration.suppressing import Unused
from bot.analysis.configuration.suppression import UNUSED_SUPPRESSION, Suppression
from bot.analysis.finding import Finding, Severity
from bot.analysis.fix import Edit, Safety
from bot.analysis.rule import Bad, Good, Rule
from bot.analysis.source.source import Source

rule = Rule(
    __name__,
    __doc__,
    code=UNUSED_SUPPRESSION,
    severity=Severity.NOTICE,
    examples=[
        Bad(
            """
            import pytest

            # awaited: ignore-file[AWT101]  # error

            @pytest.mark.asyncio
            async def test_total():  # awaited: ignore[AWT103] not yet  # error
                pass

            @pytest.mark.asyncio
            async def test_sum():  # awaited: ignore  # error
                pass
            """,
            fixed="""
            import pytest


            @pytest.mark.asyncio
            async def test_total():
                pass

            @pytest.mark.asyncio
            async def test_sum():
                pass
            """,
            safety=Safety.SAFE,
            says="unused suppression",
        ),
        Bad(
            """
            async def test_total():  # awaited: ignore[AWT103, AWT101, mock-awaited]  # error
                pass
            """,
            fixed="""
            async def test_total():  # awaited: ignore[AWT103]
                pass
            """,
            safety=Safety.SAFE,
            says="`AWT101` and `mock-awaited` find nothing",
        ),
        Bad(
            """
            def test_total():  # noqa: D103  # awaited: ignore[AWT103]  # type: ignore  # error
                pass

            def test_sum():  # awaited: ignore[AWT103]  # noqa: D103  # error
                pass
            """,
            fixed="""
            def test_total():  # noqa: D103  # type: ignore
                pass

            def test_sum():  # noqa: D103
                pass
            """,
            safety=Safety.SAFE,
        ),
        Good(
            """
            import pytest

            async def test_total():  # awaited: ignore[AWT103] runs elsewhere
                pass

            @pytest.mark.parametrize("number", [1, 2])  # awaited: ignore[unhandled-async-test]
            async def test_sum(
                number,
            ):
                pass

            @pytest.mark.parametrize("number", [1, 2])
            async def test_all(
                number,
            ):  # awaited: ignore
                pass
            """,
            because="it takes a finding back",
        ),
        Good(
            """
            # awaited: ignore-file

            async def test_total():
                pass
            """,
            because="so does one for the whole file",
        ),
        Good(
            {
                ".awaited.toml": "ignore = ['AWT103']\n",
                "test_total.py": """
                async def test_total():  # awaited: ignore[AWT103]
                    pass

                async def test_sum():  # awaited: ignore
                    pass
                """,
            },
            because="with its rule switched off nobody can tell",
        ),
        Good(
            '''
            TEXT = "# awaited: ignore[AWT103]"
            MORE = """
            # awaited: ignore
            """
            # awaited: the caller does that
            ''',
            because="none of these is a suppression",
        ),
    ],
)


@rule.on(Unused)
def check(unused: Unused, file: CheckedFile) -> Iterator[Finding]:
    """Report one comment, whichever of its rules are in vain."""
    yield rule.finding(
        unused.suppression.location,
        _message(unused),
        symbol="",
        fix=file.fix(
            Safety.SAFE,
            "Remove the unused suppression",
            lambda: _edits(unused, file.module.source),
        ),
    )


def _message(unused: Unused) -> str:
    where = "in this file" if unused.suppression.whole_file else "here"
    if not unused.rules:
        return f"unused suppression: no rule finds anything {where}"
    verb = "finds" if len(unused.rules) == 1 else "find"
    return f"unused suppression: {_listed(unused.rules)} {verb} nothing {where}"


def _listed(words: tuple[str, ...]) -> str:
    *first, last = (f"`{word}`" for word in words)
    return f"{', '.join(first)} and {last}" if first else last


def _edits(unused: Unused, source: Source) -> Iterator[Edit]:
    one = unused.suppression
    left = [word for word in one.rules if word not in unused.rules]
    if left:
        start = source.text.index("[", one.start) + 1
        end = source.text.index("]", start)
        yield _edit(source, start, end, ", ".join(left))
    else:
        yield _edit(source, *_extent(one, source), "")


def _extent(one: Suppression, source: Source) -> tuple[int, int]:
    """Return from where to where the comment is removed: with the space that it stood behind."""
    start_of_line = source.line_starts[one.location.line - 1]
    before = source.text[start_of_line : one.start]
    behind = source.line(one.location.line)[one.end - start_of_line :]
    if behind.strip():
        return one.start, one.end + len(behind) - len(behind.lstrip())
    if before.strip():
        return start_of_line + len(before.rstrip()), one.end
    return start_of_line, (*source.line_starts, len(source.text))[one.location.line]


def _edit(source: Source, start: int, end: int, text: str) -> Edit:
    return Edit(source.path, source.byte(start), source.byte(end), text)
