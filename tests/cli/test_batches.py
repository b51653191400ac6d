"""Parts of a tree that together are the tree."""

import os
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.analysis.errors import UserError
from bot.analysis.finding import FileError, Finding, Location, Severity
from bot.analysis.fix import Edit, Fix
from bot.analysis.request import Fixing, Report, Request
from bot.cli.batches import batches, check_in_batches, fix_request, merged, shared_out, updated
from bot.isolation.analyser import Analyser
from bot.isolation.frames import Task
from tests.isolation.trial import Trial

FILES = tuple(sorted(f"test_{number}.py" for number in range(1000)))


def finding(path: str, line: int = 1, fix: Fix | None = None) -> Finding:
    place = Location(path, line, 1, line, 2)
    return Finding("AWT103", "name", place, Severity.FAILURE, "message", "test", fix)


@pytest.mark.parametrize(
    ("files", "processors", "parts"),
    [(0, 2, 1), (1, 2, 1), (25, 8, 1), (240, 2, 8), (1000, 1, 4)],
)
def test_every_file_is_asked_for_once(files: int, processors: int, parts: int) -> None:
    request = Request((*FILES[:files], "data.json"), named=FILES[:3][:files])

    requests = list(batches(request, processors))

    asked = [path for one in requests for path in (*one.named, *(one.candidates or ()))]
    assert sorted(asked) == list(FILES[:files])
    assert len(requests) == parts
    assert [path for one in requests for path in one.named] == list(request.named)
    assert {one.paths for one in requests} == {request.paths}


def test_candidates_alone_are_asked_for_where_there_are_some() -> None:
    (part,) = batches(Request(FILES, candidates=FILES[:5], named=("odd name",)), 2)

    assert part.candidates == FILES[:5]
    assert part.named == ("odd name",)


def test_what_is_said_of_every_part_is_said_once() -> None:
    part = Report((), (finding("pyproject.toml"),), (FileError(".awaited.toml", "x"),))

    whole = merged([part, part])

    assert (len(whole.findings), len(whole.errors)) == (1, 1)


def test_reports_are_one_report_in_order() -> None:
    one = Report(("b.py",), (finding("b.py"),), (FileError("d.py", "x"),), notes=("same",))
    other = Report(("a.py",), (finding("a.py", 2), finding("a.py")), notes=("same", "more"))

    whole = merged([replace(one, read={"b.py": ("b.py",)}), replace(other, read={"a.py": ()})])

    assert whole.checked == ("a.py", "b.py")
    assert [(each.path, each.line) for each in whole.findings] == [
        ("a.py", 1),
        ("a.py", 2),
        ("b.py", 1),
    ]
    assert whole.errors == (FileError("d.py", "x"),)
    assert whole.read == {"b.py": ("b.py",), "a.py": ()}
    assert whole.notes == ("same", "more")


def test_fixes_concern_the_files_that_they_change_and_those_that_read_them() -> None:
    safe = Fix.safe("safe", [Edit("a.py", 0, 0, "x")])
    unsafe = Fix.unsafe("unsafe", [Edit("base.py", 0, 0, "x")])
    report = Report(
        ("a.py", "b.py", "base.py", "c.py", "d.py"),
        (finding("a.py", fix=safe), finding("base.py", fix=unsafe), finding("d.py")),
        read={
            "a.py": ("a.py",),
            "b.py": ("b.py", "a.py"),
            "base.py": ("base.py",),
            "c.py": ("base.py", "c.py"),
            "d.py": ("d.py",),
        },
    )
    request = Request(report.checked, named=("b.py", "d.py"), fixing=Fixing.SAFE)

    part = fix_request(request, report)
    everything = fix_request(replace(request, fixing=Fixing.UNSAFE), report)

    assert (part.candidates, part.named) == (("a.py", "b.py"), ("b.py",))
    assert everything.candidates == ("a.py", "b.py", "base.py", "c.py")


def test_a_newer_report_on_some_files_stands_in_for_what_was_said_of_them() -> None:
    report = Report(
        ("a.py", "b.py", "c.py"),
        (finding("a.py"), finding("b.py")),
        (FileError("d.py", "old"), FileError("e.py", "stays")),
        read={"a.py": ("a.py",), "b.py": ("b.py",)},
        notes=("note",),
    )
    newer = Report(("a.py",), (), (FileError("d.py", "new"),), read={"a.py": ()})

    result = updated(report, newer)

    assert result.checked == ("a.py", "b.py", "c.py")
    assert [one.path for one in result.findings] == ["b.py"]
    assert result.errors == (FileError("d.py", "new"), FileError("e.py", "stays"))
    assert result.read == {"a.py": (), "b.py": ("b.py",)}
    assert result.notes == ("note",)


async def test_a_part_that_fails_ends_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1] / "isolation"))
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    named = (*(f"a{number:03}.py" for number in range(99)), "z.py")
    async with Analyser(_generators={Task.CHECK_PART: "stand_in:check_part"}) as analyser:
        trial = Trial(analyser, dict.fromkeys(named, b""))
        trial.contents |= {"a000.py": b"sleep", "z.py": b"user repair this"}

        with pytest.raises(UserError, match="repair this"):
            await check_in_batches(analyser, Request(named, named=named), trial.fetch)


def test_each_worker_takes_neighbours_first() -> None:
    first, second = shared_out(range(6), 2)

    assert [next(first), next(second), next(first), next(second)] == [0, 3, 1, 4]


def test_who_is_done_takes_the_last_of_who_has_the_most_left() -> None:
    first, second = shared_out(range(6), 2)

    assert [next(second) for _ in range(5)] == [3, 4, 5, 2, 1]
    assert [*first, *second] == [0]


def test_there_are_no_more_workers_than_parts() -> None:
    assert len(shared_out(range(2), 8)) == 2
