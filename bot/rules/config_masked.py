"""`asyncio_mode = auto` stands where it does not count, so unmarked async tests never run.

## What it finds

The setting in a file that another one masks (an empty `pytest.ini` beside `pyproject.toml` does),
in a section or a file that this pytest does not read, under a misspelt name (`asyncio-mode`), as
`-o` inside of `addopts` before pytest 9.1, or beside options that switch the plugin off. Only
where nothing else sets the mode, and a test never runs because of it.

## Why it matters

pytest takes one configuration file and ignores the others without a word. The tests that relied
on auto mode are skipped, or fail with a message that does not mention configuration at all.

## Fix

None: it decides over every test of the project. Each of the tests is reported as well (AWT103).
"""

from collections.abc import Iterator

from bot.analysis.evidence.attempts import settings_for
from bot.analysis.evidence.lost_tests import lost_tests_below
from bot.analysis.evidence.vain_settings import SettingsFile, VainSetting
from bot.analysis.finding import Finding, Location, Severity
from bot.analysis.rule import Bad, Good, Rule

_LOST = "async def test_total():\n    pass\n"
_OLD = "pytest==8.3.5\npytest-asyncio==0.26.0\n"

rule = Rule(
    __name__,
    __doc__,
    code="AWT108",
    severity=Severity.FAILURE,
    examples=[
        Bad(
            {
                "pyproject.toml": """
                    [tool.pytest.ini_options]
                    testpaths = ["tests"]
                    asyncio_mode = "auto"  # error
                """,
                "pytest.ini": "",
                "tests/test_total.py": _LOST,
            },
            says="`pytest.ini` is the file that counts",
        ),
        Bad(
            {
                "pytest.ini": "[tool:pytest]\nasyncio_mode = auto # error\n",
                "test_total.py": _LOST,
            },
            says="pytest reads [pytest] here, not [tool:pytest]",
        ),
        Bad(
            {
                "pyproject.toml": '[tool.pytest-asyncio]\nasyncio_mode = "auto" # error\n',
                "test_total.py": _LOST,
            },
            says="not [tool.pytest-asyncio]",
        ),
        Bad(
            {
                "requirements.txt": _OLD,
                "pyproject.toml": '[tool.pytest]\nasyncio_mode = "auto" # error\n',
                "test_total.py": _LOST,
            },
            says="from version 9.0 on only",
        ),
        Bad(
            {
                "requirements.txt": _OLD,
                "pytest.toml": '[pytest]\nasyncio_mode = "auto" # error\n',
                "test_total.py": _LOST,
            },
            says="from version 9.0 on only",
        ),
        Bad(
            {
                "pytest.ini": "[pytest]\n; the mode\nasyncio-mode = auto # error\n",
                "test_total.py": _LOST,
            },
            says="`asyncio-mode` has no effect here: the setting is called `asyncio_mode`",
        ),
        Bad(
            {
                "requirements.txt": _OLD,
                "pytest.ini": "[pytest]\naddopts = -o asyncio_mode=auto # error\n",
                "test_total.py": _LOST,
            },
            says="`-o` inside of `addopts`",
        ),
        Bad(
            {
                "pytest.ini": "[pytest]\naddopts = -p no:asyncio\nasyncio_mode = auto # error\n",
                "test_total.py": _LOST,
            },
            says="switch it off",
        ),
        Good(
            {"pytest.ini": "[pytest]\nasyncio_mode = auto\n", "test_total.py": _LOST},
            because="here it counts",
        ),
        Good(
            {
                "pyproject.toml": '[tool.pytest.ini_options]\nasyncio_mode = "auto"\n',
                "pytest.ini": "[pytest]\nasyncio_mode = strict\n",
                "test_total.py": _LOST,
            },
            because="somebody decided otherwise in the file that counts",
        ),
        Good(
            {
                "pyproject.toml": '[tool.pytest.ini_options]\nasyncio_mode = "auto"\n',
                "pytest.ini": "",
                "test_total.py": """
                    import pytest

                    @pytest.mark.asyncio
                    async def test_total():
                        pass
                """,
            },
            because="every test runs without it",
        ),
        Good(
            {
                "pyproject.toml": '[tool.pytest.ini_options]\nasyncio_mode = "strict"\n',
                "pytest.ini": "",
                "test_total.py": _LOST,
            },
            because="strict is what is in force anyway",
        ),
        Good(
            {
                "pyproject.toml": '[tool.pytest]\nasyncio_mode = "auto"\n',
                "test_total.py": _LOST,
            },
            because="pytest 9 reads this table",
        ),
        Good(
            {
                "pytest.ini": "[pytest]\naddopts = -o asyncio_mode=auto\n",
                "test_total.py": _LOST,
            },
            because="pytest 9.1 takes this",
        ),
        Good(
            {
                "pyproject.toml": '[tool.pytest.ini_options]\nasyncio_mode = "auto"\n',
                "pytest.ini": "",
                "Makefile": "test:\n\tpytest -c pyproject.toml\n",
                "test_total.py": _LOST,
            },
            because="one way of starting pytest takes the file",
        ),
    ],
)


@rule.on(SettingsFile)
def check(file: SettingsFile, _: object) -> Iterator[Finding]:
    """Report the settings of a file that do not count where a test is lost for them."""
    for one in {(one.line, one.why): one for one in file.vain_settings}.values():
        if _hurts(one, file):
            end = one.column + len(one.name)
            yield rule.finding(
                Location(file.path, one.line, one.column, one.line, end),
                f"`{one.name}` has no effect here: {one.why}, and async tests without a mark "
                "never run",
                symbol="",
                advice="set `asyncio_mode` where pytest reads it, and load pytest-asyncio",
            )


def _hurts(one: VainSetting, file: SettingsFile) -> bool:
    found = lost_tests_below(one.run.rootdir, file.facts)
    return any(one in settings_for(test, file.facts) for test, _ in found)
