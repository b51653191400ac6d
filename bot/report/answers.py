"""The one comment that holds all answers in a pull request: the newest on top, earlier ones below.

The comment itself is the memory: each answer ends with a line that names what it answers, and no
text of a repository can look like that line, because it never stands on one by itself.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

# GitHub takes 65,536 characters; the marker by which the comment is found needs a few.
LIMIT = 65_400
_MOST_EARLIER = 10

_KEY = r"[\w.:/-]{1,200}"
_END = re.compile(rf"^<!-- awaited:answer:({_KEY}) -->$", re.MULTILINE | re.ASCII)
_OPENING = "<details><summary>Earlier answers</summary>"
_CLOSING = "</details>"
_RULE = "\n\n---\n\n"


class _Answer(Struct, frozen=True):
    key: str
    text: str

    @property
    def shown(self) -> str:
        return f"{self.text}\n\n<!-- awaited:answer:{self.key} -->"


def with_answer(comment: str, answer: str, *, key: str) -> str:
    """Return the comment with an answer; one with the same key is replaced where it stands.

    Args:
        comment: what it was; empty before the first answer.
        answer: Markdown of ours, of at most `bot.report.fix_reply.COMMENT_LIMIT` characters.
        key: what it answers.

    Raises:
        ValueError: the key could not stand in an HTML comment.
    """
    if not re.fullmatch(_KEY, key, re.ASCII) or "--" in key:
        raise ValueError(f"{key!r} cannot stand in an HTML comment")
    new = _Answer(key, answer.strip())
    known = list(_answers(comment))
    if key in {each.key for each in known}:
        newest, *earlier = [new if each.key == key else each for each in known]
    else:
        newest, earlier = new, known
    return "\n\n".join([newest.shown, *_folded(earlier, LIMIT - len(newest.shown))])


def _answers(comment: str) -> Iterator[_Answer]:
    """Yield the answers in a comment, the newest first."""
    pieces = _END.split(comment.replace("\r\n", "\n"))
    for number, (text, key) in enumerate(zip(pieces[::2], pieces[1::2], strict=False)):
        before = ("", _OPENING, _RULE.strip())[min(number, 2)]
        yield _Answer(key, text.strip().removeprefix(before).strip())


def _folded(earlier: list[_Answer], room: int) -> list[str]:
    """Return the earlier answers, as many as there is room for, folded away."""
    shown: list[str] = []
    room -= len(_OPENING) + len(_CLOSING) + 4
    for each in earlier[:_MOST_EARLIER]:
        room -= len(each.shown) + len(_RULE)
        if room < 0:
            break
        shown.append(each.shown)
    return ["\n\n".join([_OPENING, _RULE.join(shown), _CLOSING])] if shown else []
