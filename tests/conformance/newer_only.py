"""Cases that older version sets do not judge, and why: the one table of what is left out.

What is listed here says something of newer versions alone; everything else holds in all.
"""

from collections.abc import Mapping

from tests.conformance.case import Case

# By the oldest version set of which the case still says something ("newest" or "pytest 8.3").
FROM: Mapping[str, Mapping[str, str]] = {
    "newest": {
        "pytestmark as a tuple in a class stops collection": "pytest 8.3 ends the whole run",
        "Only the closest marker's arguments are looked at": "those of the module were, too",
    },
    "pytest 8.3": {},
}


def left_out(case: Case, versions: str) -> str:
    """Return why a version set does not judge a case, "" where it does."""
    names = {"newest": (), "pytest 8.3": ("newest",), "pytest 7.4": ("newest", "pytest 8.3")}
    return next((FROM[one][case.name] for one in names[versions] if case.name in FROM[one]), "")
