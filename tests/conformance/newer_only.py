"""Cases that older version sets do not judge, and why: the one table of what is left out.

What is listed here says something of newer versions alone; everything else holds in all.
"""

from collections.abc import Mapping

from tests.conformance.case import Case

# By the oldest version set of which the case still says something ("newest" or "pytest 8.3").
FROM: Mapping[str, Mapping[str, str]] = {
    "newest": {
        "A default for tests alone parts them from their fixtures": "0.26 stops at the file",
        "An override that nobody asks for has no effect": "before pytest-asyncio 1.0 it has",
        "pytestmark as a tuple in a class stops collection": "pytest 8.3 ends the whole run",
        "Only the closest marker's arguments are looked at": "those of the module were, too",
        "A TestCase is handed async fixtures by pytest-asyncio": (
            "before 1.0 pytest-asyncio hands a TestCase what it has not awaited; that is not"
            " followed, so nothing is reported"
        ),
    },
    "pytest 8.3": {
        "A marker added when tests are generated comes too late": (
            "pytest-asyncio before 0.22 sees some marks that hooks add, so all of them are unknown"
        ),
        "A mode that is set while collecting comes too late for what is collected already": (
            "pytest-asyncio before 0.22 looks at the mode once everything is collected"
        ),
        "A conftest file that is read late sets the mode of the folders behind it": (
            "pytest-asyncio before 0.22 looks at the mode once everything is collected"
        ),
    }
    | dict.fromkeys(
        (
            "A fixture of a wider scope runs in another loop than its tests",
            "Fixtures and tests with one loop",
            "A fixture of conftest and the fixtures between it and the test",
            "A fixture that outlives its loop is refused",
            "A default loop scope that is too narrow for a fixture",
            "A mark that a fix adds brings no other loop",
            "Every form of pytest-asyncio's fixture is handled in strict mode",
        ),
        "loops had no scopes before pytest-asyncio 0.24",
    ),
}


def left_out(case: Case, versions: str) -> str:
    """Return why a version set does not judge a case, "" where it does."""
    names = {"newest": (), "pytest 8.3": ("newest",), "pytest 7.4": ("newest", "pytest 8.3")}
    return next((FROM[one][case.name] for one in names[versions] if case.name in FROM[one]), "")
