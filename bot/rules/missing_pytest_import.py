"""A file with async tests uses `pytest.` and never imports it.

## What it finds

Files with async tests in which `pytest` is read (a mark, `pytest.raises`) and bound nowhere: by no
import, no assignment, no parameter, no star import.

## Why it matters

It is a NameError. Where it stands in a decorator or at the top of the file, pytest cannot collect
the file, and none of its tests runs.

## Fix

Safe: `import pytest` is put among the imports of the file.
"""

from collections.abc import Iterator

from bot.analysis.checked_file import CheckedFile
from bot.analysis.finding import Finding, Severity
from bot.analysis.fix import Safety
from bot.analysis.rule import Bad, Good, Rule
from bot.analysis.source.unbound_names import first_use_of_unbound

rule = Rule(
    __name__,
    __doc__,
    code="AWT116",
    severity=Severity.FAILURE,
    examples=[
        Bad(
            """
            import asyncio

            @pytest.mark.asyncio  # error
            async def test_total():
                await asyncio.sleep(0)

            @pytest.mark.asyncio
            async def test_other():
                pass
            """,
            fixed="""
            import asyncio

            import pytest

            @pytest.mark.asyncio
            async def test_total():
                await asyncio.sleep(0)

            @pytest.mark.asyncio
            async def test_other():
                pass
            """,
            safety=Safety.SAFE,
            says="never imported",
        ),
        Bad(
            {
                "pytest.ini": "[pytest]\nasyncio_mode = auto\n",
                "test_total.py": """
                    async def test_total(value: pytest.Item = None):
                        with pytest.raises(ValueError):  # error
                            int("one")
                """,
            },
            fixed={
                "test_total.py": """
                import pytest

                async def test_total(value: pytest.Item = None):
                    with pytest.raises(ValueError):
                        int("one")
                """
            },
            safety=Safety.SAFE,
        ),
        Good(
            """
            import pytest as pt
            import pytest

            @pytest.mark.asyncio
            async def test_total():
                pass
            """,
            because="it is imported",
        ),
        Good(
            """
            from common import *

            @pytest.mark.asyncio
            async def test_total():
                pass
            """,
            because="the other module may bring it",
        ),
        Good(
            {
                "pytest.ini": "[pytest]\nasyncio_mode = auto\n",
                "test_total.py": """
                    from __future__ import annotations

                    async def test_total(request: pytest.FixtureRequest) -> pytest.Item:
                        pass
                """,
            },
            because="annotations are not evaluated",
        ),
        Good(
            {
                "pytest.ini": "[pytest]\nasyncio_mode = auto\n",
                "test_total.py": """
                    from typing import TYPE_CHECKING

                    if TYPE_CHECKING:
                        Item = pytest.Item

                    async def test_total():
                        pass
                """,
            },
            because="only a type checker reads that",
        ),
        Good(
            """
            @pytest.mark.slow
            def test_total():
                pass
            """,
            because="there is no async test here",
        ),
        Good(
            {
                "pytest.ini": "[pytest]\nasyncio_mode = auto\n",
                "test_total.py": """
                    async def test_total(pytest):
                        pytest.anything()

                    async def test_other():
                        import pytest

                        pytest.skip()
                """,
            },
            because="the name is bound where it is used",
        ),
        Good(
            """
            exec("import pytest")

            @pytest.mark.asyncio
            async def test_total():
                pass
            """,
            because="code may bind any name",
        ),
    ],
)


@rule.on(CheckedFile)
def check(file: CheckedFile, _: CheckedFile) -> Iterator[Finding]:
    """Report the first use of `pytest` in a file that does not have it."""
    if "pytest." not in file.module.source.text:
        return
    used = first_use_of_unbound(file.module, "pytest")
    if used is None or not any(True for _ in file.tests):
        return
    yield rule.finding(
        file.place_of_node(used),
        "`pytest` is used here and never imported in this file: a NameError",
        symbol="",
        fix=file.fix(
            Safety.SAFE,
            "Import `pytest`",
            lambda: iter(file.editor.imports.module("pytest", before=used.lineno)[1]),
        ),
        advice="import pytest",
    )
