"""The lines that the observer writes, typed."""

import msgspec


class Place(msgspec.Struct, frozen=True):
    """Where code was written: its file, first line (decorators count) and qualified name."""

    file: str
    line: int
    name: str


class Item(msgspec.Struct, frozen=True, tag_field="record", tag="item"):
    """What pytest was going to run after all selection.

    `coroutine` is said of the code that a person wrote, `awaitable` of what pytest was given;
    `auto` is pytest-asyncio's mode; `testcase` and `isolated` say what unittest class it is in,
    `unbound` that it is no plain function there.
    """

    nodeid: str
    path: str
    symbol: str
    coroutine: bool
    generator: bool
    awaitable: bool
    testcase: bool
    isolated: bool
    unbound: bool
    marks: tuple[str, ...]
    auto: bool
    defined: Place | None


class Deselected(Item, frozen=True, tag_field="record", tag="deselected"):
    """What pytest collected and was told not to run."""


class Uncollected(msgspec.Struct, frozen=True, tag_field="record", tag="uncollected"):
    """A file, class or folder that failed to be collected or was skipped as a whole."""

    path: str
    outcome: str
    why: str


class Looked(msgspec.Struct, frozen=True, tag_field="record", tag="looked"):
    """A file that pytest collected from, be there something in it or not."""

    path: str


class Phase(msgspec.Struct, frozen=True, tag_field="record", tag="phase"):
    """How a phase of an item ended, with the last line of what pytest says of it.

    `unhandled`: pytest before 8.4 skipped the test because nothing handles its coroutine.
    """

    nodeid: str
    phase: str
    outcome: str
    xfail: bool
    refused_await: bool
    unhandled: bool
    why: str


class Fixture(msgspec.Struct, frozen=True, tag_field="record", tag="fixture"):
    """A fixture was reached for an item; `ended` is passed, failed or refused."""

    nodeid: str
    ended: str
    coroutine: bool
    file: str
    line: int
    name: str


class Trace(msgspec.Struct, frozen=True, tag_field="record", tag="trace"):
    """A body ran, while that item was in that phase, below a loop of that library (or none)."""

    nodeid: str
    phase: str
    library: str
    file: str
    line: int
    name: str


class Warned(msgspec.Struct, frozen=True, tag_field="record", tag="warned"):
    """Somebody warned: the category and the first line of what was said."""

    said: str


Record = Item | Deselected | Uncollected | Looked | Phase | Fixture | Trace | Warned
DECODER = msgspec.json.Decoder(Record)


def read(lines: str) -> list[Record]:
    """Return the records of one run in the order in which things happened."""
    return [DECODER.decode(line) for line in lines.splitlines()]
