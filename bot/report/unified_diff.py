"""What would change, as a unified diff that a person reads and `git apply` and `patch -p1` take.

Made of bytes, because a file may be in any encoding, have any line endings, and end without one.
"""

import difflib
import re
from collections.abc import Iterator

_LINE = re.compile(rb"[^\n]*\n|[^\n]+")
_NO_NEWLINE = b"\n\\ No newline at end of file\n"


def unified_diff(path: str, before: bytes, after: bytes) -> bytes:
    """Return the difference between two contents of a file; empty if there is none."""
    lines = difflib.diff_bytes(
        difflib.unified_diff,
        _LINE.findall(before),
        _LINE.findall(after),
        _named(f"a/{path}"),
        _named(f"b/{path}"),
    )
    return b"".join(_ended(lines))


def _ended(lines: Iterator[bytes]) -> Iterator[bytes]:
    for line in lines:
        yield line if line.endswith(b"\n") else line + _NO_NEWLINE


def _named(path: str) -> bytes:
    """Return a path as git writes it: quoted if it must be, with a tab behind one with spaces."""
    if re.search(r'["\\\x00-\x1f\x7f]', path):
        return b'"%b"' % re.sub(rb'["\\\x00-\x1f\x7f]', _octal, path.encode())
    return path.encode() + (b"\t" if " " in path else b"")


def _octal(character: re.Match[bytes]) -> bytes:
    return b"\\%03o" % ord(character.group())
