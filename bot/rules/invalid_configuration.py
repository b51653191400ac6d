"""The configuration of `awaited` holds something that means nothing.

## What it finds

Keys that are unknown, values of the wrong type, rules that do not exist and texts that are not
TOML, in `[tool.awaited]` of `pyproject.toml` or in `.awaited.toml`. Everything else in the
configuration holds all the same.

## Why it matters

A misspelt key or rule switches nothing on or off. Whoever wrote it believes that it does.

## Fix

None: the message says what was probably meant.
"""

from collections.abc import Iterator

from bot.analysis.configuration.config_tables import ConfigProblem
from bot.analysis.finding import Finding, Severity
from bot.analysis.rule import Bad, Enabled, Good, Rule

_TEST = "def test_total():\n    pass\n"

rule = Rule(
    __name__,
    __doc__,
    code="AWT002",
    severity=Severity.FAILURE,
    enabled=Enabled.ALWAYS,
    examples=[
        Bad(
            {
                "pyproject.toml": """
                [project]
                name = "till"

                [tool.awaited]
                ignroe = ["AWT103"]  # error
                """,
                "test_total.py": _TEST,
            },
            says="unknown key `ignroe`; did you mean `ignore`?",
        ),
        Bad(
            {
                ".awaited.toml": """
                ignore = [
                    "AWT103",
                    "AWT999",  # error
                ]
                exclude = "generated"  # error
                """,
                "test_total.py": "async def test_total():\n    pass\n",
            },
        ),
        Bad(
            {".awaited.toml": 'severity = { AWT103 = "fatal" }  # error\n'},
            says="must be one of `failure`, `warning`, `notice`",
        ),
        Bad(
            {".awaited.toml": "ignore = AWT103  # error\n"},
            says="this is not TOML",
        ),
        Good(
            {
                "pyproject.toml": """
                [tool.awaited]
                select = ["ALL"]
                ignore = ["AWT4", "unhandled-async-test"]
                per-file-ignores = { "tests/old/**" = ["AWT1"] }
                severity = { AWT3 = "warning" }
                exclude = ["generated"]
                """,
                "test_total.py": _TEST,
            },
            because="codes, beginnings of codes and names may all be used",
        ),
        Good(
            {"pyproject.toml": '[tool.awaiting]\nignroe = ["AWT103"]\n', "test_total.py": _TEST},
            because="other tools' tables are theirs",
        ),
    ],
)


@rule.on(ConfigProblem)
def check(problem: ConfigProblem, _: object) -> Iterator[Finding]:
    """Report one mistake at the key or the word that it is about."""
    yield rule.finding(problem.location, problem.message, symbol="")
