"""What a child says and hears, without a process of its own."""

import resource
import socket
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager

import pytest
from msgspec.structs import replace

from bot.analysis import progress
from bot.analysis.errors import UserError
from bot.analysis.finding import Finding, Location, Severity
from bot.analysis.request import Asking, Content, FixPlan, Report, Request, Unreadable
from bot.analysis.shelf import Shelf
from bot.isolation import limits
from bot.isolation.child import Line, converse
from bot.isolation.frames import (
    HEADER,
    Announce,
    Ask,
    Begin,
    Cause,
    Contents,
    Failed,
    FromChild,
    Planned,
    Reported,
    Task,
    ToChild,
    contents_in_pieces,
    from_child,
    packed,
)

Analysis = Callable[..., Asking[Report]]
REPORT = Report(("a",), ())
BEGIN = Begin(Task.ANALYSE, Request(("a",)))


@pytest.fixture(autouse=True)
def _nobody_listens_afterwards() -> Generator[None]:
    yield
    progress.set_listener(lambda _: None)


@contextmanager
def child_of(analysis: Analysis, raised: list[BaseException]) -> Generator[socket.socket]:
    """Run a child's part in a thread; what it raises is collected."""

    def run() -> None:
        try:
            converse(
                Line(theirs),
                {Task.ANALYSE: analysis, Task.CHECK_PART: analysis, Task.PLAN_FIXES: plan},
            )
        except BaseException as error:  # noqa: BLE001 - the test looks at it
            raised.append(error)
        finally:
            theirs.shutdown(socket.SHUT_WR)

    ours, theirs = socket.socketpair()
    thread = threading.Thread(target=run)
    thread.start()
    with theirs:
        with ours:
            yield ours
        thread.join(10)
        assert not thread.is_alive()


def said(*messages: ToChild, by: Analysis) -> list[FromChild]:
    """Return all that a child says when it hears these messages and then nothing more."""
    with child_of(by, []) as ours:
        for message in messages:
            ours.sendall(packed(message))
        ours.shutdown(socket.SHUT_WR)
        return list(heard(ours))


def heard(ours: socket.socket) -> Generator[FromChild]:
    with ours.makefile("rb") as stream:
        while header := stream.read(HEADER.size):
            yield from_child.decode(stream.read(*HEADER.unpack(header)))


def asks(request: Request) -> Asking[Report]:
    contents = yield frozenset({"b", *request.paths})
    return Report(
        ("a",), (), notes=tuple(f"{path}: {contents[path]!r}" for path in sorted(contents))
    )


def asks_nothing(_: Request) -> Asking[Report]:
    yield frozenset()
    return REPORT


def plan(_: Request) -> Asking[FixPlan]:
    yield from ()
    return FixPlan({"a": b"\xff"}, (), REPORT, REPORT)


def raises(error: BaseException) -> Analysis:
    def analyse(_: Request) -> Asking[Report]:
        yield from ()
        raise error

    return analyse


def test_it_asks_and_reports() -> None:
    first = Contents({"a": b"\xff"}, complete=False)
    second = Contents({"b": Unreadable("dark")}, complete=True)

    ask, report = said(BEGIN, first, second, by=asks)

    assert ask == Ask(("a", "b"))
    assert report == Reported(
        Report(("a",), (), notes=("a: b'\\xff'", "b: Unreadable(reason='dark')"))
    )


def test_it_plans() -> None:
    (planned,) = said(Begin(Task.PLAN_FIXES, Request(())), by=asks)

    assert isinstance(planned, Planned)
    assert planned.plan.files == {"a": b"\xff"}


@pytest.mark.parametrize(
    ("error", "answer"),
    [
        (MemoryError(), Failed(Cause.MEMORY, "")),
        (UserError("repair it"), Failed(Cause.USER, "repair it")),
    ],
)
def test_what_goes_wrong_is_said(error: Exception, answer: Failed) -> None:
    assert said(BEGIN, by=raises(error)) == [answer]


def test_a_bug_is_said_with_its_traceback() -> None:
    (failed,) = said(BEGIN, by=raises(KeyError("bug")))

    assert isinstance(failed, Failed)
    assert failed.cause is Cause.BUG
    assert "KeyError: 'bug'" in failed.detail


def test_a_parser_that_runs_out_of_memory_keeps_the_blame() -> None:
    def analyse(_: Request) -> Asking[Report]:
        yield from ()
        progress.announce("good")
        progress.announce("")
        progress.announce("bad")
        try:
            raise MemoryError
        finally:
            progress.announce("")

    *announced, failed = said(BEGIN, by=analyse)

    assert announced == [Announce("good"), Announce(""), Announce("bad")]
    assert failed == Failed(Cause.MEMORY, "")


@pytest.mark.parametrize(
    "messages", [[BEGIN], [BEGIN, Contents({}, complete=False)]], ids=["ask", "more"]
)
def test_a_parent_that_hangs_up_ends_it(messages: list[ToChild]) -> None:
    raised: list[BaseException] = []

    with child_of(asks, raised) as ours:
        for message in messages:
            ours.sendall(packed(message))
        ours.shutdown(socket.SHUT_WR)
        list(heard(ours))

    assert [type(error) for error in raised] == [EOFError]


def test_it_runs_one_analysis_after_another_until_nothing_more_is_asked() -> None:
    told = Contents({}, complete=True)

    said_by_it = said(BEGIN, told, BEGIN, told, by=asks_nothing)

    assert said_by_it == [Ask(()), Reported(REPORT), Ask(()), Reported(REPORT)]


def test_parts_share_a_shelf_that_is_supplied_at_once() -> None:
    shelves: list[Shelf] = []

    def part(request: Request, shelf: Shelf) -> Asking[Report]:
        yield from ()
        shelves.append(shelf)
        assert shelf.supply is not None
        return Report(request.paths, (), notes=(str(shelf.supply(frozenset({"b"}))),))

    begin = Begin(Task.CHECK_PART, Request(("a",)))
    told = Contents({"b": b"text"}, complete=True)

    first_ask, first, _, second = said(begin, told, begin, told, by=part)

    assert first_ask == Ask(("b",))
    assert first == second == Reported(Report(("a",), (), notes=("{'b': b'text'}",)))
    assert shelves[0] is shelves[1]


def test_contents_before_anything_was_asked_end_it() -> None:
    raised: list[BaseException] = []

    with child_of(asks, raised) as ours:
        ours.sendall(packed(Contents({}, complete=True)))
        assert list(heard(ours)) == []

    assert [str(error) for error in raised] == ["Contents came before Begin"]


def test_another_beginning_in_place_of_contents_is_a_bug() -> None:
    _, failed = said(BEGIN, BEGIN, by=asks)

    assert isinstance(failed, Failed)
    assert "Begin came instead of Contents" in failed.detail


def test_a_lone_surrogate_crosses_as_an_escape() -> None:
    place = Location("a", 1, 2, 3, 4)
    finding = Finding("AWT103", "name", place, Severity.FAILURE, "\ud800", "test")
    message = packed(Reported(Report(("\ud800",), (finding,), read={"\ud800": ("é",)})))

    answer = from_child.decode(message[HEADER.size :])

    assert isinstance(answer, Reported)
    assert answer.report.checked == (r"\ud800",)
    assert answer.report.findings == (replace(finding, message=r"\ud800"),)
    assert answer.report.read == {r"\ud800": ("é",)}


def test_contents_are_cut_into_pieces_of_a_few_mebibytes() -> None:
    mebibyte = b"x" * 1024 * 1024
    contents: Mapping[str, Content] = {**dict.fromkeys("abcdef", mebibyte), "g": None}

    pieces = list(contents_in_pieces(contents))

    assert [(sorted(piece.files), piece.complete) for piece in pieces] == [
        (["a", "b", "c", "d"], False),
        (["e", "f", "g"], True),
    ]


def test_a_limit_that_is_lower_already_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    imposed: list[tuple[int, tuple[int, int]]] = []
    existing = {1: (5, 10), 2: (5, resource.RLIM_INFINITY), 3: (5, 10)}
    monkeypatch.setattr(resource, "getrlimit", existing.__getitem__)
    monkeypatch.setattr(resource, "setrlimit", lambda kind, pair: imposed.append((kind, pair)))

    limits.cap(1, 20)
    limits.cap(2, 20, slack=1)
    limits.cap(3, 7)

    assert imposed == [(1, (10, 10)), (2, (20, 21)), (3, (7, 7))]
