"""Comments on lines of the diff, with suggestions shown as what they would change."""

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from bot.sandbox.model import Account, PullRequest, Review, ReviewComment
from bot.sandbox.pages import highlight
from bot.sandbox.pages.markdown import rendered
from bot.sandbox.pages.references import References
from bot.sandbox.repository import Repository
from bot.sandbox.suggesting import SUGGESTION
from bot.sandbox.threads import lines_now


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a comment: words, or a suggestion with the lines before and after."""

    words: Markup
    suggests: bool = False
    old: tuple[Markup, ...] = ()
    new: tuple[Markup, ...] = ()


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment on lines of a file, where they are now; outdated once they are not there."""

    anchor: str
    author: Account
    when: str
    path: str
    line: int
    start_line: int
    side: str
    outdated: bool
    resolved: bool
    code: tuple[tuple[int, Markup], ...]
    parts: tuple[Part, ...]

    @property
    def place(self) -> str:
        """The lines, in words."""
        if self.start_line == self.line:
            return f"line {self.line}"
        return f"lines {self.start_line} to {self.line}"


def remark(
    references: References, review: Review, comment: ReviewComment, pull: PullRequest
) -> Remark:
    """Return how a line comment is shown; one on the left is about what is removed."""
    repository = references.repository
    start = comment.start_line or comment.line
    left = comment.side == "LEFT"
    base = repository.store.merge_base(pull.base_sha, comment.commit_id) or pull.base_sha
    before = base if left else comment.commit_id
    old = _lines(repository, before, comment.path)[start - 1 : comment.line]
    now = lines_now(repository, pull, comment)
    first, last = now or (start, comment.line)
    return Remark(
        anchor=f"discussion_r{comment.id}",
        author=review.author,
        when=review.submitted_at,
        path=comment.path,
        line=last,
        start_line=first,
        side=comment.side,
        outdated=now is None,
        resolved=comment.resolved,
        code=tuple(enumerate(old, first)),
        parts=tuple(_parts(references, comment, old)),
    )


def _lines(repository: Repository, revision: str, path: str) -> tuple[Markup, ...]:
    data = repository.file(revision, path)
    return highlight.lines_of(path, data.decode("utf-8", "replace")) if data else ()


def _parts(
    references: References, comment: ReviewComment, old: tuple[Markup, ...]
) -> Iterator[Part]:
    end = 0
    for found in SUGGESTION.finditer(comment.body):
        yield Part(rendered(comment.body[end : found.start()], references))
        new = highlight.lines_of(comment.path, found["new"]) if found["new"] else ()
        yield Part(Markup(), suggests=True, old=old, new=new)
        end = found.end()
    yield Part(rendered(comment.body[end:], references))
