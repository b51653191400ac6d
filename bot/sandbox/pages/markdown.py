"""Comments and check run pages: Markdown to HTML in which nothing runs and nothing is fetched."""

from collections.abc import Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from markupsafe import Markup, escape

from bot.sandbox.pages import details, highlight
from bot.sandbox.pages.references import References

SCHEMES = ("http://", "https://", "mailto:", "/", "#")


def rendered(text: str | None, references: References) -> Markup:
    """Return HTML for the Markdown of a comment, a description or a check run."""
    return Markup(_PARSER.render(text or "", {"names": references}))  # noqa: S704 - see there


def _parser() -> MarkdownIt:
    """Raw HTML is parsed only so that `details` can sort it out before it is rendered."""
    parser = MarkdownIt("commonmark", {"html": True, "breaks": True})
    parser.enable(["table", "strikethrough"])
    parser.core.ruler.push("harmless", _harmless)
    for rule in (fence, image, mention):
        parser.add_render_rule(rule.__name__, rule)
    return parser


def _harmless(state: StateCore) -> None:
    details.settle(state.tokens)
    references: References = state.env["names"]
    for token in state.tokens:
        _align_by_class(token)
        if token.children is not None:
            token.children = references.weave(token.children)
            for child in token.children:
                _tame_link(child)


def _align_by_class(token: Token) -> None:
    """The pages' policy allows no style attributes."""
    style = str(token.attrs.pop("style", ""))
    if style:
        token.attrSet("class", f"align-{style.rpartition(':')[2]}")


def _tame_link(token: Token) -> None:
    if token.type != "link_open":
        return
    if not str(token.attrGet("href")).startswith(SCHEMES):
        token.attrSet("href", "#")
    token.attrSet("rel", "nofollow noopener noreferrer")


def fence(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Any
) -> str:
    """Render a block of code in colours."""
    del renderer, options, env
    token = tokens[index]
    language = token.info.strip().partition(" ")[0]
    return f'<pre class="code"><code>{highlight.block(language, token.content)}</code></pre>\n'


def image(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Any
) -> str:
    """Render a picture as words: it would have to be fetched from elsewhere."""
    token = tokens[index]
    words = renderer.renderInlineAsText(token.children or [], options, env)
    return f'<span class="picture">Image: {escape(words or token.attrGet("src"))}</span>'


def mention(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Any
) -> str:
    """Render somebody's name."""
    del renderer, options, env
    return f'<b class="mention">{escape(tokens[index].content)}</b>'


_PARSER = _parser()
