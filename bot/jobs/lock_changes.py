"""Which packages a change to a lock file moves, read off its patch. Pure.

A patch shows three lines around what is changed. In the locks of uv, Poetry, PDM and PEP 751 the
name stands on the line before the version; in Pipenv's the hashes between the two change as well.
"""

import re
from collections.abc import Iterator

_HUNK = re.compile(r"^@@ .*$", re.MULTILINE)
_NAME = re.compile(r"""[-+ ](?:name\s*=\s*"([^"]+)"|\s+"([\w.-]+)":\s*\{)\s*\Z""")
_VERSION = re.compile(r"""[-+](?:version\s*=\s*"|\s+"version":\s*")""")


def moved_packages(patch: str) -> frozenset[str]:
    """Return the names of the packages that come, go, or have another version.

    Of a version whose package is not shown nothing is said.
    """
    return frozenset(name for hunk in _HUNK.split(patch) for name in _moved(hunk))


def _moved(hunk: str) -> Iterator[str]:
    name = ""
    for line in hunk.splitlines():
        if found := _NAME.match(line):
            name = found[1] or found[2]
        if name and _VERSION.match(line):
            yield name
