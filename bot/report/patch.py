"""Changed files as a patch that `git apply` takes, even after a way through a web page.

A text patch survives being copied from a page only if all its characters are visible ones. A
file with carriage returns, another encoding or a byte order mark becomes a binary patch
(git's `GIT binary patch`, plain letters), which applies exactly or not at all.

The edits of fixes are few and short, so lines are matched by walking over both files at once
and looking a little ahead: linear, where a general diff can be made to take hours.
"""

import hashlib
import unicodedata
import zlib
from base64 import b85encode
from collections.abc import Iterator, Mapping, Sequence
from string import ascii_lowercase, ascii_uppercase

from msgspec import Struct

# Behind the last patch, as `git format-patch` ends a mail: a binary patch must be followed by an
# empty line, which copying from a page would lose at the very end.
CLOSING = "-- \nawaited\n"

_CONTEXT = 3
_LOOK_AHEAD = 60
_AGREEMENT = 3
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# A line of a binary patch begins with its length in bytes: A for 1, z for 52.
_LENGTHS = ascii_uppercase + ascii_lowercase


def patches(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> tuple[str, ...]:
    """Return one patch for each file of `after` that differs, in order of their paths."""
    return tuple(
        _patch(path, before[path], after[path])
        for path in sorted(after)
        if before[path] != after[path]
    )


def _patch(path: str, old: bytes, new: bytes) -> str:
    head = f"diff --git {_quoted(f'a/{path}')} {_quoted(f'b/{path}')}\n"
    if not (_is_plain(old) and _is_plain(new)):
        return head + _binary(old, new)
    names = f"--- {_quoted(f'a/{path}')}\n+++ {_quoted(f'b/{path}')}\n"
    return head + names + "".join(_hunks(_lines(old), _lines(new)))


def _quoted(path: str) -> str:
    """Return the path as git prints it: in C's quotes if it holds anything unusual."""
    encoded = path.encode("utf-8", "surrogateescape")
    if all(_is_usual(byte) and byte != ord(" ") for byte in encoded):
        return path
    inside = (chr(byte) if _is_usual(byte) else f"\\{byte:03o}" for byte in encoded)
    return f'"{"".join(inside)}"'


def _is_usual(byte: int) -> bool:
    return chr(byte).isascii() and chr(byte).isprintable() and byte not in b'"\\'


def _is_plain(content: bytes) -> bool:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return False
    return not any(
        unicodedata.category(character) in _INVISIBLE and character not in "\n\t"
        for character in set(text)
    )


def _binary(old: bytes, new: bytes) -> str:
    packed = zlib.compress(new, 9)
    chunks = [packed[at : at + len(_LENGTHS)] for at in range(0, len(packed), len(_LENGTHS))]
    lines = "".join(f"{_LENGTHS[len(chunk) - 1]}{_base85(chunk)}\n" for chunk in chunks)
    index = f"index {_object_id(old)}..{_object_id(new)}\n"
    return f"{index}GIT binary patch\nliteral {len(new)}\n{lines}\n"


def _base85(chunk: bytes) -> str:
    # Whole groups of four bytes, as git has it: the length tells what is padding.
    return b85encode(chunk, pad=True).decode("ascii")


def _object_id(content: bytes) -> str:
    blob = b"blob %d\0%b" % (len(content), content)
    return hashlib.sha1(blob, usedforsecurity=False).hexdigest()


def _lines(content: bytes) -> list[str]:
    lines = [f"{line}\n" for line in content.decode().split("\n")]
    last = lines.pop().removesuffix("\n")
    return [*lines, f"{last}\n\\ No newline at end of file\n"] if last else lines


class _Change(Struct, frozen=True):
    """Lines `start:end` of the old file become `new_start:new_end` of the new one."""

    start: int
    end: int
    new_start: int
    new_end: int


def _hunks(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    group: list[_Change] = []
    for change in _changes(old, new):
        if group and change.start - group[-1].end > 2 * _CONTEXT:
            yield _hunk(group, old, new)
            group = []
        group.append(change)
    yield _hunk(group, old, new)


def _hunk(group: Sequence[_Change], old: Sequence[str], new: Sequence[str]) -> str:
    first, last = group[0], group[-1]
    before = min(_CONTEXT, first.start)
    after = min(_CONTEXT, len(old) - last.end)
    body: list[str] = []
    copied = first.start - before
    for change in group:
        body += [f" {line}" for line in old[copied : change.start]]
        body += [f"-{line}" for line in old[change.start : change.end]]
        body += [f"+{line}" for line in new[change.new_start : change.new_end]]
        copied = change.end
    body += [f" {line}" for line in old[copied : copied + after]]
    old_range = _range(first.start - before, last.end + after)
    new_range = _range(first.new_start - before, last.new_end + after)
    return f"@@ -{old_range} +{new_range} @@\n{''.join(body)}"


def _range(start: int, end: int) -> str:
    """Return git's notation, in which an empty range names the line before it."""
    return f"{start + 1 if end > start else start},{end - start}"


def _changes(old: Sequence[str], new: Sequence[str]) -> Iterator[_Change]:
    at, new_at = 0, 0
    while at < len(old) or new_at < len(new):
        if _agree(old, at, new, new_at, lines=1):
            at, new_at = at + 1, new_at + 1
            continue
        end, new_end = _next_agreement(old, at, new, new_at)
        yield _Change(at, end, new_at, new_end)
        at, new_at = end, new_end


def _next_agreement(
    old: Sequence[str], at: int, new: Sequence[str], new_at: int
) -> tuple[int, int]:
    for distance in range(1, _LOOK_AHEAD):
        for removed in range(distance + 1):
            end, new_end = at + removed, new_at + distance - removed
            if _agree(old, end, new, new_end, lines=_AGREEMENT):
                return end, new_end
    return len(old), len(new)


def _agree(old: Sequence[str], at: int, new: Sequence[str], new_at: int, *, lines: int) -> bool:
    """Tell whether the next lines are the same; two files that both end here agree."""
    if at > len(old) or new_at > len(new):
        return False
    return old[at : at + lines] == new[new_at : new_at + lines]
