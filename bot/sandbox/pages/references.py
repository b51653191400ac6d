"""What GitHub finds in the words of a comment: people, pull requests, commits and addresses."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it.token import Token

from bot.sandbox.repository import Repository
from bot.sandbox.world import World

_FOUND = re.compile(
    r"(?P<url>https?://[^\s<>\"]*[^\s<>\"'.,:;!?)\]*_~])"
    r"|(?<![\w`/@])@(?P<login>[a-zA-Z0-9][a-zA-Z0-9-]{0,38})(?![\w@-])"
    r"|(?<![\w&/#])#(?P<number>\d{1,9})(?!\w)"
    r"|(?<![\w/@.-])(?P<sha>[0-9a-f]{7,40})(?![\w-])"
)
SHORT = 7


@dataclass(frozen=True, slots=True)
class References:
    """Finds what words refer to in one repository."""

    world: World
    repository: Repository

    def weave(self, tokens: list[Token]) -> list[Token]:
        """Return the tokens of a paragraph with references in its text, links left alone."""
        woven: list[Token] = []
        links = 0
        for token in tokens:
            links += token.nesting if token.type in ("link_open", "link_close") else 0
            if token.type == "text" and not links:
                woven += self._woven(token.content)
            else:
                woven.append(token)
        return woven

    def _woven(self, text: str) -> Iterator[Token]:
        end = 0
        for found in _FOUND.finditer(text):
            tokens = self._tokens(found)
            if tokens:
                yield _text(text[end : found.start()])
                yield from tokens
                end = found.end()
        yield _text(text[end:])

    def _tokens(self, found: re.Match[str]) -> list[Token]:
        home = f"/{self.repository.full_name}"
        if url := found["url"]:
            return _link(url, _text(url))
        if (login := found["login"]) and login in self.world.accounts:
            return [Token("mention", "", 0, content=f"@{login}")]
        if (number := found["number"]) and int(number) in self.repository.pulls:
            return _link(f"{home}/pull/{int(number)}", _text(f"#{number}"))
        if (sha := found["sha"]) and sha in self.repository.store:
            short = Token("code_inline", "code", 0, content=sha[:SHORT])
            return _link(f"{home}/commit/{sha}", short)
        return []


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _link(href: str, inner: Token) -> list[Token]:
    opening = Token("link_open", "a", 1, attrs={"href": href})
    return [opening, inner, Token("link_close", "a", -1)]
