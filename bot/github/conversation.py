"""Comments and reactions in a pull request's conversation.

To GitHub a pull request is an issue here, so the addresses say `issues`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from bot.github.errors import Gone
from bot.github.repository import Author, RepositoryPart

GHOST = "ghost"  # who GitHub shows where an account was deleted
REPLY_MARK = "<!-- awaited:reply -->"

# Ten thousand comments; who has more finds ours doubled at worst.
_COMMENT_PAGES = 100


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment as it is now. Its author is `ghost` if the account was deleted."""

    id: int
    body: str
    author: str
    author_is_bot: bool
    url: str


class _User(msgspec.Struct):
    login: str
    type: str = "User"


class _Comment(msgspec.Struct):
    id: int
    html_url: str
    body: str | None = None
    user: _User | None = None
    performed_via_github_app: Author | None = None


class _Reaction(msgspec.Struct):
    id: int


class Conversation(RepositoryPart):
    """Reads and writes in conversations."""

    async def react(self, comment_id: int, content: str, *, on_lines: bool = False) -> None:
        """React to a comment, by GitHub's name of the reaction: `eyes`, `rocket`, `confused`.

        GitHub keeps one of each kind an account, so doing it twice is no harm.

        Args:
            comment_id: of a comment in the conversation, or on lines of the diff: these are
                numbered apart.
            content: the reaction.
            on_lines: which of the two.

        Raises:
            Gone: the comment was deleted.
        """
        kind = "pulls" if on_lines else "issues"
        path = self._path(kind, "comments", comment_id, "reactions")
        await self._client.when_known(
            lambda: self._client.send(
                "POST", path, {"content": content}, _Reaction, repeatable=True
            )
        )

    async def reply(self, number: int, rewrite: Callable[[str], str]) -> str:
        """Say something in a pull request, in the one comment that the app has there.

        The comment is known again by an HTML comment, which GitHub doesn't show; only our own
        comments are looked at. Whoever calls sees to it that nobody else does meanwhile: GitHub
        has no compare-and-swap for comments.

        Args:
            number: of the pull request.
            rewrite: returns the new text; is given the present one, empty if there is none.

        Returns:
            The comment's address.
        """
        if found := await self._own_reply(number):
            return await self._edited(found, _marked(rewrite(_text(found))))
        path = self._path("issues", number, "comments")
        text = _marked(rewrite(""))

        async def create() -> _Comment:
            return await self._client.send(
                "POST", path, {"body": text}, _Comment, repeatable=False
            )

        async def look() -> _Comment | None:
            return await self._own_reply(number)

        return (await self._client.once(create, look)).html_url

    async def comment_state(self, comment_id: int) -> Comment | None:
        """Return a comment as it is now, None if it was deleted."""
        path = self._path("issues", "comments", comment_id)
        try:
            found = await self._client.get(path, _Comment)
        except Gone:
            return None
        author = found.user or _User(GHOST)
        return Comment(
            id=found.id,
            body=found.body or "",
            author=author.login,
            author_is_bot=author.type == "Bot",
            url=found.html_url,
        )

    async def _own_reply(self, number: int) -> _Comment | None:
        """Return the comment of ours in a pull request."""
        path = self._path("issues", number, "comments")
        async for page in self._client.pages(path, list[_Comment], most=_COMMENT_PAGES):
            for comment in page:
                # Anybody can write our marker, and we must not edit what others wrote.
                own = self._is_own(comment.performed_via_github_app)
                if own and REPLY_MARK in (comment.body or ""):
                    return comment
        return None

    async def _edited(self, found: _Comment, text: str) -> str:
        if found.body != text:
            path = self._path("issues", "comments", found.id)
            await self._client.send("PATCH", path, {"body": text}, _Comment, repeatable=True)
        return found.html_url


def _text(comment: _Comment) -> str:
    return (comment.body or "").replace(REPLY_MARK, "").strip()


def _marked(text: str) -> str:
    return f"{text}\n\n{REPLY_MARK}"
