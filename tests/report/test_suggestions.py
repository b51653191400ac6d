"""Suggestions, applied as GitHub applies them, give what the fixes give, and stay in the diff."""

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.analysis.finding import Finding
from bot.analysis.fix import Edit, Fix, apply_edits, merged
from bot.report.head_file import HeadFile, Obstacle, head_file
from bot.report.suggestions import MOST, Packing, Suggestion, packed
from tests.report.builders import finding

PATH = "tests/test_pay.py"
LINES = [f"line {number}\n" for number in range(1, 31)]


def fixed_by(*edits: tuple[int, int, str], symbol: str = "test_pay") -> Finding:
    """Return a finding whose fix makes these edits of the file."""
    one = finding(symbol=symbol, path=PATH)
    made = tuple(Edit(PATH, start, end, text) for start, end, text in edits)
    return Finding(
        one.code, one.name, one.location, one.severity, one.message, symbol, Fix.safe("Fix", made)
    )


def patch_between(old: bytes, new: bytes) -> str | None:
    """Return what real git shows, in the form in which GitHub lists it."""
    with TemporaryDirectory() as folder:
        for name, content in (("old", old), ("new", new)):
            (Path(folder) / name).write_bytes(content)
        command = ["git", "diff", "--no-index", "--no-color", "--text", "old", "new"]
        shown = subprocess.run(command, cwd=folder, capture_output=True, check=False).stdout
    _, found, patch = shown.decode("utf-8", "replace").partition("\n@@")
    return f"@@{patch}".rstrip("\n") if found else None


def head_of(new: str | bytes, old: str | bytes = "") -> dict[str, HeadFile]:
    """Return the file of a pull request that changes it from `old` to `new`."""
    before, after = (one.encode() if isinstance(one, str) else one for one in (old, new))
    return {PATH: head_file(PATH, after, patch_between(before, after))}


def applied(content: bytes, suggestions: Sequence[Suggestion]) -> bytes:
    """Return the file with suggestions applied as GitHub does: lines in place of lines."""
    lines = content.split(b"\n")
    for one in sorted(suggestions, key=lambda each: -each.start):
        block = one.after.split(b"\n")
        if one.before.endswith(b"\n"):
            block.pop()
        lines[one.start - 1 : one.end] = block
    return b"\n".join(lines)


def shown_lines(patch: str) -> list[set[int]]:
    """Return the lines of the new file that each hunk shows."""
    ranges = re.findall(r"^@@ -\S+ \+(\d+)(?:,(\d+))? @@", patch, re.MULTILINE)
    return [set(range(int(start), int(start) + int(count or 1))) for start, count in ranges]


def offset_of(line: int, lines: Sequence[str] = LINES) -> int:
    return len("".join(lines[: line - 1]).encode())


def only(packing: Packing) -> Suggestion:
    assert packing.left_out == ()
    (one,) = packing.suggestions
    return one


def obstacle_of(packing: Packing) -> Obstacle:
    assert packing.suggestions == ()
    (one,) = packing.left_out
    return one.obstacle


# What git makes of random changes, and what fixes make of the outcome


TEXTS = st.text("abé`@ \t", max_size=6)


@st.composite
def contents(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """Two versions of a file with the same line ending, each perhaps without a last one."""
    ending = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    old = draw(st.lists(TEXTS, min_size=1, max_size=40))
    new = list(old)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(new)))
        new[at : at + draw(st.integers(0, 3))] = draw(st.lists(TEXTS, max_size=3))
    ends = [draw(st.sampled_from([ending, ending, ""])) for _ in range(2)]
    before, after = (
        ending.join(lines) + (end if lines else "")
        for lines, end in zip((old, new), ends, strict=True)
    )
    return before.encode(), after.encode()


@st.composite
def fixes(draw: st.DrawFn, content: bytes) -> list[Finding]:
    """Some findings, each with a few edits of the file at the borders of its characters."""
    text = content.decode()
    ending = "\r\n" if "\r" in text else "\n"
    borders = [len(text[:at].encode()) for at in range(len(text) + 1) if text[at - 1 : at] != "\r"]
    starts = [0, *(at.end() for at in re.finditer(b"\n", content))]
    found: list[Finding] = []
    for number in range(draw(st.integers(1, 5))):
        edits: list[tuple[int, int, str]] = []
        for _ in range(draw(st.integers(1, 3))):
            words = draw(st.lists(TEXTS, min_size=1, max_size=2))
            if draw(st.booleans()):
                start = end = draw(st.sampled_from(starts))
                new = ending.join([*words, ""])
            else:
                start = draw(st.sampled_from(borders))
                near = [one for one in borders if start <= one <= start + 12]
                end, new = draw(st.sampled_from(near)), ending.join(words)
            edits.append((start, end, new))
        found.append(fixed_by(*edits, symbol=f"test_{number}"))
    return [one for one in found if one.fix and is_made_at_once(one.fix)]


def is_made_at_once(fix: Fix) -> bool:
    try:
        merged(fix.edits)
    except Exception:  # noqa: BLE001 - any refusal will do
        return False
    return True


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_all_suggestions_together_give_the_file_that_the_fixes_give(data: st.DataObject) -> None:
    old, new = data.draw(contents())
    patch = patch_between(old, new)
    findings = data.draw(fixes(new))
    packing = packed(findings, {PATH: head_file(PATH, new, patch)})

    left_out = [one.finding for one in packing.left_out]
    placed = [one for one in findings if one not in left_out]
    edits = [edit for one in placed if one.fix for edit in one.fix.edits]
    assert applied(new, packing.suggestions) == apply_edits(new, set(edits), encoding="utf-8")

    hunks = shown_lines(patch or "")
    taken: set[int] = set()
    for one in packing.suggestions:
        lines = set(range(one.start, one.end + 1))
        assert lines
        assert any(lines <= hunk for hunk in hunks)
        assert not lines & taken
        assert one.before != one.after
        assert one.before == b"".join(new.splitlines(keepends=True)[one.start - 1 : one.end])
        taken |= lines


# Single rules, one by one


def test_a_mark_is_suggested_with_the_line_that_it_goes_above() -> None:
    old = "".join(LINES)
    new = old.replace("line 10\n", "async def test_pay():\n")
    one = only(packed([fixed_by((offset_of(10), offset_of(10), "@mark\n"))], head_of(new, old)))

    assert (one.start, one.end) == (10, 10)
    assert one.after == b"@mark\nasync def test_pay():\n"


def test_what_goes_below_the_last_line_shown_is_suggested_with_that_line() -> None:
    old = "".join(LINES)
    new = old.replace("line 10\n", "changed\n")
    one = only(packed([fixed_by((offset_of(14), offset_of(14), "new\n"))], head_of(new, old)))

    assert (one.start, one.end, one.after) == (13, 13, b"line 13\nnew\n")


@pytest.mark.parametrize("line", [6, 15])
def test_lines_that_the_diff_does_not_show_get_no_suggestion(line: int) -> None:
    old = "".join(LINES)
    new = old.replace("line 10\n", "line XX\n")
    start = offset_of(line)

    packing = packed([fixed_by((start, start + 4, "LINE"))], head_of(new, old))

    assert obstacle_of(packing) is Obstacle.OUTSIDE


@pytest.mark.parametrize("line", [7, 13])
def test_the_lines_around_a_change_can_be_suggested_on_too(line: int) -> None:
    old = "".join(LINES)
    new = old.replace("line 10\n", "line XX\n")
    start = offset_of(line)

    one = only(packed([fixed_by((start, start + 4, "LINE"))], head_of(new, old)))

    assert one.after == f"LINE {line}\n".encode()


def test_a_fix_over_two_hunks_at_once_gets_no_suggestion() -> None:
    old = "".join(LINES)
    new = old.replace("line 3\n", "line X\n").replace("line 20\n", "line YY\n")
    fix = fixed_by((offset_of(3), offset_of(21), "all of it\n"))

    assert obstacle_of(packed([fix], head_of(new, old))) is Obstacle.OUTSIDE


def test_import_and_use_in_two_hunks_are_two_suggestions_of_one_fix() -> None:
    old = "".join(LINES)
    new = old.replace("line 3\n", "line X\n").replace("line 20\n", "line YY\n")
    fix = fixed_by(
        (offset_of(3), offset_of(3), "import a\n"), (offset_of(20), offset_of(20), "a\n")
    )

    packing = packed([fix], head_of(new, old))

    assert [one.start for one in packing.suggestions] == [3, 20]
    assert [one.findings for one in packing.suggestions] == [(fix,), (fix,)]


def test_an_import_that_cannot_be_suggested_takes_its_use_with_it() -> None:
    old = "".join(LINES)
    new = old.replace("line 20\n", "line YY\n")
    fix = fixed_by((0, 0, "import a\n"), (offset_of(20), offset_of(20), "a\n"))

    assert obstacle_of(packed([fix], head_of(new, old))) is Obstacle.OUTSIDE


def test_edits_of_one_fix_that_are_near_each_other_are_one_suggestion() -> None:
    fix = fixed_by((0, 0, "import a\n"), (offset_of(7), offset_of(7), "a\n"))
    far = fixed_by((0, 0, "import a\n"), (offset_of(8), offset_of(8), "a\n"))
    files = head_of("".join(LINES))

    assert (only(packed([fix], files)).start, only(packed([fix], files)).end) == (1, 7)
    assert [one.start for one in packed([far], files).suggestions] == [1, 8]


def test_an_import_that_several_fixes_need_is_suggested_once() -> None:
    files = head_of("".join(LINES))
    fixes = [
        fixed_by(
            (0, 0, "import a\n"), (offset_of(line), offset_of(line), "a\n"), symbol=f"t{line}"
        )
        for line in (10, 20)
    ]

    packing = packed(fixes, files)

    assert [one.start for one in packing.suggestions] == [1, 10, 20]
    assert [one.findings for one in packing.suggestions] == [
        tuple(fixes),
        (fixes[0],),
        (fixes[1],),
    ]


def test_two_fixes_on_one_line_become_one_suggestion() -> None:
    fixes = [fixed_by((0, 4, "LINE")), fixed_by((5, 6, "one"), symbol="other")]

    one = only(packed(fixes, head_of("".join(LINES))))

    assert (one.after, one.findings) == (b"LINE one\n", tuple(fixes))


def test_of_two_fixes_that_change_the_same_place_one_waits() -> None:
    fixes = [fixed_by((0, 4, "LINE")), fixed_by((2, 5, "ke"), symbol="other")]

    packing = packed(fixes, head_of("".join(LINES)))

    assert [one.after for one in packing.suggestions] == [b"LINE 1\n"]
    assert [(one.finding, one.obstacle) for one in packing.left_out] == [
        (fixes[1], Obstacle.OVERLAP)
    ]
    assert Obstacle.OVERLAP.passes


def test_a_fix_that_changes_nothing_is_no_suggestion() -> None:
    packing = packed([fixed_by((0, 4, "line"))], head_of("".join(LINES)))

    assert packing == Packing((), ())


def test_a_fix_that_takes_lines_away_suggests_nothing_in_their_place() -> None:
    one = only(packed([fixed_by((0, offset_of(3), ""))], head_of("".join(LINES))))

    assert (one.start, one.end, one.after) == (1, 2, b"")


def test_a_line_that_joins_the_next_is_suggested_with_it() -> None:
    one = only(packed([fixed_by((6, 7, " "))], head_of("".join(LINES))))

    assert (one.start, one.end, one.after) == (1, 2, b"line 1 line 2\n")


def test_more_than_a_review_holds_is_left_for_the_next() -> None:
    lines = [f"line {number}\n" for number in range(1, 50)]
    fixes = [
        fixed_by((offset_of(at, lines), offset_of(at, lines), "x\n"), symbol=f"t{at}")
        for at in range(1, 41)
    ]

    packing = packed(fixes, head_of("".join(lines)))

    assert len(packing.suggestions) == MOST == 30
    assert {one.obstacle for one in packing.left_out} == {Obstacle.LIMIT}
    assert [one.finding for one in packing.left_out] == fixes[30:]


def test_what_a_full_review_leaves_out_needs_no_part_of_it() -> None:
    fixes = [
        fixed_by(
            (offset_of(at), offset_of(at), "x\n"), (offset_of(at + 10), offset_of(at + 10), "y\n")
        )
        for at in (1, 2)
    ]

    packing = packed(fixes, head_of("".join(LINES)), most=3)

    assert [one.start for one in packing.suggestions] == [1, 11]


def test_a_file_without_a_diff_gets_no_suggestion() -> None:
    files = {PATH: head_file(PATH, b"line 1\n", None)}

    assert obstacle_of(packed([fixed_by((0, 4, "LINE"))], files)) is Obstacle.NO_DIFF
    assert obstacle_of(packed([fixed_by((0, 4, "LINE"))], {})) is Obstacle.NO_DIFF


def test_the_diff_of_another_commit_is_none() -> None:
    old = "".join(LINES)
    patch = patch_between(old.encode(), old.replace("line 10\n", "line XX\n").encode())
    files = {PATH: head_file(PATH, old.replace("line 10\n", "line YY\n").encode(), patch)}

    assert obstacle_of(packed([fixed_by((0, 4, "LINE"))], files)) is Obstacle.NO_DIFF


def test_a_file_with_windows_line_endings_keeps_them() -> None:
    new = "".join(LINES).replace("\n", "\r\n")
    one = only(packed([fixed_by((0, 0, "new\r\n"))], head_of(new)))

    assert one.after == b"new\r\nline 1\r\n"


@pytest.mark.parametrize(
    ("content", "added"),
    [("one\r\ntwo\n", "new\n"), ("one\rtwo\n", "new\n"), ("one\r\ntwo\r\n", "new\n")],
)
def test_mixed_line_endings_need_a_commit(content: str, added: str) -> None:
    packing = packed([fixed_by((0, 0, added))], head_of(content))

    assert obstacle_of(packing) is Obstacle.LINE_ENDS


def test_a_last_line_without_an_end_keeps_having_none() -> None:
    one = only(packed([fixed_by((4, 4, "new\n"))], head_of("one\ntwo")))

    assert (one.start, one.before, one.after) == (2, b"two", b"new\ntwo")


@pytest.mark.parametrize("edit", [(7, 7, "\n"), (4, 7, "")])
def test_a_last_line_that_gets_or_loses_its_end_needs_a_commit(edit: tuple[int, int, str]) -> None:
    assert obstacle_of(packed([fixed_by(edit)], head_of("one\ntwo"))) is Obstacle.OUTSIDE


@pytest.mark.parametrize(
    "content",
    [
        b"# coding: latin-1\nx = '\xe9'\n",
        b"\xff\n",
        b"\xef\xbb\xbfone\n",
        b"one\x0c\n",
    ],
)
def test_what_a_comment_does_not_carry_unchanged_needs_a_commit(content: bytes) -> None:
    files = {PATH: head_file(PATH, content, patch_between(b"", content))}
    end = content.index(b"\n")

    packing = packed([fixed_by((end, end, "#"))], files)

    assert obstacle_of(packing) is Obstacle.CHARACTERS
    assert not Obstacle.CHARACTERS.passes


def test_the_other_lines_of_a_file_with_a_byte_order_mark_can_be_suggested_on() -> None:
    content = "\N{ZERO WIDTH NO-BREAK SPACE}one\ntwo\n"

    one = only(packed([fixed_by((7, 7, "new\n"))], head_of(content)))

    assert one.after == b"new\ntwo\n"


def test_a_finding_without_a_fix_is_neither_suggested_nor_left_out() -> None:
    assert packed([finding(safety=None)], {}) == Packing((), ())


def test_edits_near_each_other_in_two_hunks_stay_two_suggestions() -> None:
    old = "".join(LINES)
    new = old.replace("line 10\n", "line XX\n").replace("line 18\n", "line YY\n")
    edits = (
        (offset_of(13), offset_of(13) + 4, "LINE"),
        (offset_of(15), offset_of(15) + 4, "LINE"),
    )

    packing = packed([fixed_by(*edits)], head_of(new, old))

    assert [(one.start, one.end) for one in packing.suggestions] == [(13, 13), (15, 15)]


def test_what_is_too_long_for_a_comment_needs_a_commit() -> None:
    packing = packed([fixed_by((0, 0, f"{'x' * 50_000}\n"))], head_of("".join(LINES)))

    assert obstacle_of(packing) is Obstacle.LENGTH


def test_two_fixes_that_together_leave_nothing_of_a_last_line_do_not_go_together() -> None:
    fixes = [fixed_by((4, 5, "")), fixed_by((5, 6, ""), symbol="other")]

    packing = packed(fixes, head_of("one\nbc"))

    assert [one.after for one in packing.suggestions] == [b"c"]
    assert [one.obstacle for one in packing.left_out] == [Obstacle.OVERLAP]


def test_a_patch_that_is_cut_off_or_no_patch_shows_nothing() -> None:
    content = "".join(LINES).encode()
    patch = patch_between(b"", content)
    assert patch is not None

    for broken in (patch.rpartition("\n")[0], f"words\n{patch}"):
        assert head_file(PATH, content, broken).obstacle is Obstacle.NO_DIFF
    assert head_file(PATH, content, patch).hunks == (range(1, 31),)


def test_a_patch_may_have_lost_what_nobody_sees() -> None:
    content = "\N{ZERO WIDTH NO-BREAK SPACE}one\r\ntwo\r\n".encode()

    assert head_file(PATH, content, "@@ -0,0 +1,2 @@\n+one\n+two").hunks == (range(1, 3),)
