"""Edits by byte range: merged where they are the same, refused where they touch."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.analysis.errors import FixError
from bot.analysis.fix import Edit, Fix, Safety, apply_edits, joined, merged

IMPORT = Edit("t.py", 0, 0, "import pytest\n")


def test_edits_are_made_and_no_other_byte_changes() -> None:
    content = b"\xef\xbb\xbfone\r\n\ttwo three"

    changed = apply_edits(
        content, [Edit("t.py", 13, 18, "3"), Edit("t.py", 3, 6, "1")], encoding="utf-8"
    )

    assert changed == b"\xef\xbb\xbf1\r\n\ttwo 3"


def test_the_same_edit_of_several_fixes_is_made_once() -> None:
    assert merged([IMPORT, IMPORT]) == (IMPORT,)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Edit("t.py", 0, 5, "a"), Edit("t.py", 4, 6, "b")),
        (Edit("t.py", 3, 3, "a"), Edit("t.py", 3, 3, "b")),
        (Edit("t.py", 3, 3, "a"), Edit("t.py", 3, 5, "b")),
    ],
)
def test_edits_that_touch_the_same_bytes_are_refused(one: Edit, other: Edit) -> None:
    with pytest.raises(FixError, match="overlap"):
        merged([one, other])


def test_edits_of_different_files_never_touch() -> None:
    edits = [Edit("a.py", 0, 5, "x"), Edit("b.py", 0, 5, "y")]

    assert merged(edits) == tuple(edits)


def test_insertions_of_one_fix_at_one_place_become_one_in_their_order() -> None:
    edits = joined([IMPORT, Edit("t.py", 0, 0, "@mark\n"), Edit("t.py", 9, 12, "x"), IMPORT])

    assert Edit("t.py", 9, 12, "x") in edits
    assert edits[0].replacement.startswith("import pytest\n@mark\n")


@pytest.mark.parametrize("edit", [Edit("t.py", 2, 99, "x"), Edit("t.py", 3, 2, "x")])
def test_an_edit_outside_of_the_file_is_refused(edit: Edit) -> None:
    with pytest.raises(FixError, match="outside"):
        apply_edits(b"abc", [edit], encoding="utf-8")


def test_a_replacement_that_the_encoding_lacks_is_refused() -> None:
    with pytest.raises(FixError, match="does not fit"):
        apply_edits(b"abc", [Edit("t.py", 0, 1, "€")], encoding="latin-1")


def test_a_fix_is_made_safe_or_unsafe() -> None:
    assert Fix.safe("t", [IMPORT]).safety is Safety.SAFE
    assert Fix.unsafe("t", [IMPORT]).safety is Safety.UNSAFE


@given(st.binary(max_size=30), st.data())
def test_whatever_the_edits_what_lies_between_stays(content: bytes, data: st.DataObject) -> None:
    points = sorted(data.draw(st.sets(st.integers(0, len(content)), max_size=6), label="cuts"))
    pairs = list(zip(points[::2], points[1::2], strict=False))
    edits = [Edit("t.py", start, end, "#") for start, end in pairs]

    changed = apply_edits(content, edits, encoding="utf-8")

    kept = b"#".join(
        content[end:start]
        for end, start in zip(
            [0, *(e for _, e in pairs)], [*(s for s, _ in pairs), None], strict=True
        )
    )
    assert changed == kept
