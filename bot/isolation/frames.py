"""The words that a process and its analysing child exchange: length-prefixed MessagePack.

MessagePack and never pickle, because the child has read hostile input: the worst it can say is
a wrong answer of the right shape.
"""

import struct
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, cast

import msgspec

from bot.analysis.request import Content, FixPlan, Report, Request, Unreadable

HEADER = struct.Struct("!I")
MAX_FRAME = 512 * 1024 * 1024
# Contents are sent in pieces, so that encoding never doubles a large tree in memory.
_PIECE = 4 * 1024 * 1024


class Task(StrEnum):
    """What a child is there for. Of `CHECK_PART` it does several, one after another."""

    ANALYSE = "analyse"
    CHECK_PART = "check_part"
    PLAN_FIXES = "plan_fixes"


class Begin(msgspec.Struct, frozen=True, tag=True):
    """To the child, first, and again whenever it has answered: what to do."""

    task: Task
    request: Request


class Contents(msgspec.Struct, frozen=True, tag=True):
    """To the child: what it asked for, or a part of it."""

    files: dict[str, bytes | Unreadable | None]
    complete: bool


class Ask(msgspec.Struct, frozen=True, tag=True):
    """From the child: the paths that it needs next."""

    paths: tuple[str, ...]


class Announce(msgspec.Struct, frozen=True, tag=True):
    """From the child: this file is worked on now, or (empty) none."""

    path: str


class Reported(msgspec.Struct, frozen=True, tag=True):
    """From the child: the verdict."""

    report: Report


class Planned(msgspec.Struct, frozen=True, tag=True):
    """From the child, last: the fixes."""

    plan: FixPlan


class Cause(StrEnum):
    """Why an analysis ended without an answer."""

    MEMORY = "memory"
    USER = "user"
    BUG = "bug"


class Failed(msgspec.Struct, frozen=True, tag=True):
    """From the child, last: words for the user (`USER`), or a traceback for the log."""

    cause: Cause
    detail: str


ToChild = Begin | Contents
FromChild = Ask | Announce | Reported | Planned | Failed

to_child: msgspec.msgpack.Decoder[ToChild] = msgspec.msgpack.Decoder(ToChild)
from_child: msgspec.msgpack.Decoder[FromChild] = msgspec.msgpack.Decoder(FromChild)


def packed(message: ToChild | FromChild) -> bytes:
    """Return the message as it goes over the wire."""
    try:
        body = msgspec.msgpack.encode(message)
    except UnicodeEncodeError:
        body = msgspec.msgpack.encode(
            _encodable(msgspec.to_builtins(message, builtin_types=(bytes,)))
        )
    return HEADER.pack(len(body)) + body


def contents_in_pieces(contents: Mapping[str, Content]) -> Iterator[Contents]:
    """Split what was asked for into frames of a few MiB; the last one says that it is the last."""
    piece: dict[str, Content] = {}
    size = 0
    for path, content in contents.items():
        piece[path] = content
        size += len(content) if isinstance(content, bytes) else 0
        if size >= _PIECE:
            yield Contents(piece, complete=False)
            piece, size = {}, 0
    yield Contents(piece, complete=True)


def _encodable(value: Any) -> Any:
    r"""Replace lone surrogates, which a string literal such as "\ud800" brings into a message."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        items = cast("dict[str, Any]", value).items()
        return {_encodable(key): _encodable(item) for key, item in items}
    if isinstance(value, list | tuple):
        return [_encodable(item) for item in cast("list[Any]", value)]
    return value
