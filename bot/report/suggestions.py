"""Which fixes can be suggested on lines of a pull request's diff, and as what.

GitHub's rules of a suggestion that can be applied: on lines of the right side of the diff, from
the first to the last of them within one hunk; no two suggestions of a batch on one line; and not
what is there already. It puts the lines of the suggestion in place of those commented on.

Ours beside them: all edits of a fix are suggested or none, in one suggestion where they are near
each other, and all suggestions together make the file that the fixes make.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from bot.analysis.errors import FixError
from bot.analysis.finding import Finding
from bot.analysis.fix import Edit, apply_edits, merged
from bot.report.head_file import HeadFile, Obstacle, line_ending, starts_with_mark

# More in one review than this has met GitHub's limits on abuse, and nobody's patience.
MOST = 30
# So many lines between two edits of one fix may a suggestion repeat to hold them together.
_NEAR = 5
# A comment takes 65,536 characters, and four of them may be one of text.
_LONGEST = 50_000
_UNCARRIED = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Suggestion(msgspec.Struct, frozen=True):
    """Lines of a file at the head, and what is suggested in their place (nothing: deletion).

    Attributes:
        start: the first line, from one.
        end: the last line.
        before: what they are, with line endings.
        after: what they become, with line endings.
        findings: whose fixes have edits in here.
    """

    path: str
    start: int
    end: int
    before: bytes
    after: bytes
    findings: tuple[Finding, ...]


class LeftOut(msgspec.Struct, frozen=True):
    """A finding whose fix is not suggested, and why."""

    finding: Finding
    obstacle: Obstacle


class Packing(msgspec.Struct, frozen=True):
    """What is suggested, in order of place, and what is not."""

    suggestions: tuple[Suggestion, ...]
    left_out: tuple[LeftOut, ...]


class _Piece(msgspec.Struct, frozen=True):
    """Edits, and the lines of a file that are to be replaced to make them."""

    path: str
    start: int
    end: int
    edits: tuple[Edit, ...]


_Placed = tuple[Finding, tuple[_Piece, ...]]


def packed(
    findings: Sequence[Finding], files: Mapping[str, HeadFile], *, most: int = MOST
) -> Packing:
    """Pack the fixes of findings into suggestions, `most` at most; the first ones go first.

    A finding without a fix of its own is neither suggested nor left out.
    """
    known = [(one, _pieces(one.fix.edits, files)) for one in findings if one.fix]
    left_out = [LeftOut(one, found) for one, found in known if isinstance(found, Obstacle)]
    waiting = [(one, found) for one, found in known if not isinstance(found, Obstacle)]
    placed: list[_Placed] = []
    suggestions: tuple[Suggestion, ...] = ()
    for number, candidate in enumerate(waiting):
        attempt = _joined([*placed, candidate], files)
        if attempt is None:
            left_out.append(LeftOut(candidate[0], Obstacle.OVERLAP))
        elif len(attempt) > most:
            left_out += [LeftOut(one, Obstacle.LIMIT) for one, _ in waiting[number:]]
            break
        else:
            placed.append(candidate)
            suggestions = attempt
    return Packing(suggestions, tuple(left_out))


# One fix ---------------------------------------------------------------------------------------


def _pieces(edits: Sequence[Edit], files: Mapping[str, HeadFile]) -> tuple[_Piece, ...] | Obstacle:
    """Return the lines that a fix replaces, or why not all of its edits can be expressed."""
    pieces: list[_Piece] = []
    for edit in sorted(edits):
        file = files.get(edit.path)
        if file is None:
            return Obstacle.NO_DIFF
        piece = file.obstacle or _piece(file, edit)
        if isinstance(piece, Obstacle):
            return piece
        if pieces and _are_near(pieces[-1], piece, file):
            piece = _union(pieces.pop(), piece)
        pieces.append(piece)
    return tuple(pieces)


def _piece(file: HeadFile, edit: Edit) -> _Piece | Obstacle:
    """Return the lines that an edit replaces; those that the diff shows, if it may choose."""
    for start, end in _spans(file, edit):
        piece = _completed(file, _Piece(file.path, start, end, (edit,)))
        if piece is not None and file.hunk_of(piece.start, piece.end):
            text = _after(file, piece)
            return _unsuitable(file, piece, text) or piece
    return Obstacle.OUTSIDE


def _spans(file: HeadFile, edit: Edit) -> Iterator[tuple[int, int]]:
    """Yield the lines that an edit touches; whole new lines may go with either neighbour."""
    start = file.line_at(edit.start)
    yield start, file.line_at(max(edit.start, edit.end - 1))
    between = edit.start == edit.end == file.start_of(start)
    if between and start > 1:
        yield start - 1, start - 1


def _completed(file: HeadFile, piece: _Piece) -> _Piece | None:
    """Return the piece with as many more lines as it needs to end where a line ends."""
    while not _ends_alike(file.text_of(piece.start, piece.end), _after(file, piece)):
        if piece.end >= len(file.starts):
            return None
        piece = replace(piece, end=piece.end + 1)
    return piece


def _ends_alike(before: bytes, after: bytes) -> bool:
    """Whether both are whole lines, the last one with a line feed in both or in neither."""
    if before.endswith(b"\n"):
        return not after or after.endswith(b"\n")
    return bool(after) and not after.endswith(b"\n")


def _unsuitable(file: HeadFile, piece: _Piece, after: bytes) -> Obstacle | None:
    if (b"\n" in after or b"\r" in after) and line_ending(after) != file.ending:
        return Obstacle.LINE_ENDS
    hidden = piece.start == 1 and starts_with_mark(file)
    if hidden or _UNCARRIED.search(after):
        return Obstacle.CHARACTERS
    return Obstacle.LENGTH if len(after) > _LONGEST else None


def _after(file: HeadFile, piece: _Piece) -> bytes:
    """Return what the lines of a piece become.

    Raises:
        FixError: the edits overlap.
    """
    offset = file.start_of(piece.start)
    edits = (
        Edit(edit.path, edit.start - offset, edit.end - offset, edit.replacement)
        for edit in piece.edits
    )
    return apply_edits(file.text_of(piece.start, piece.end), edits, encoding="utf-8")


def _are_near(one: _Piece, other: _Piece, file: HeadFile) -> bool:
    near = one.path == other.path and other.start - one.end - 1 <= _NEAR
    return near and file.hunk_of(one.start, other.end) is not None


def _union(one: _Piece, other: _Piece) -> _Piece:
    edits = dict.fromkeys([*one.edits, *other.edits])
    start, end = min(one.start, other.start), max(one.end, other.end)
    return _Piece(one.path, start, end, tuple(edits))


# Several fixes ---------------------------------------------------------------------------------


def _joined(
    placed: Sequence[_Placed], files: Mapping[str, HeadFile]
) -> tuple[Suggestion, ...] | None:
    """Return the suggestions of several fixes, none on the same line; None if they collide."""
    everything = [piece for _, pieces in placed for piece in pieces]
    try:
        merged(edit for piece in everything for edit in piece.edits)
    except FixError:
        return None
    suggestions: list[Suggestion] = []
    for region in _regions(everything):
        file = files[region.path]
        before, after = file.text_of(region.start, region.end), _after(file, region)
        if not _ends_alike(before, after):
            return None
        if before != after:
            owners = tuple(one for one, pieces in placed if _has_edit_of(region, pieces))
            suggestions.append(
                Suggestion(region.path, region.start, region.end, before, after, owners)
            )
    return tuple(suggestions)


def _regions(pieces: Sequence[_Piece]) -> Iterator[_Piece]:
    """Yield pieces of which none share a line, in order."""
    current: _Piece | None = None
    for piece in sorted(pieces, key=lambda one: (one.path, one.start, one.end)):
        if current and current.path == piece.path and piece.start <= current.end:
            current = _union(current, piece)
            continue
        if current:
            yield current
        current = piece
    if current:
        yield current


def _has_edit_of(region: _Piece, pieces: Sequence[_Piece]) -> bool:
    return any(edit in region.edits for piece in pieces for edit in piece.edits)
