"""Markdown: what GitHub's people write comes out as they know it, and nothing of it runs."""

import pytest

from bot.sandbox.pages.markdown import rendered
from bot.sandbox.pages.references import References
from tests.sandbox.shop import Shop

HOSTILE = (
    "<script>hacked()</script>",
    "<img src=x onerror=hacked()>",
    "<b onclick=hacked()>x</b>",
    "[x](javascript:hacked())",
    "[x](JaVaScRiPt:hacked())",
    "[x](data:text/html,hacked)",
    "[x](vbscript:hacked)",
    "<javascript:hacked()>",
    "![x](https://elsewhere.example/x.png)",
    "<iframe src=https://elsewhere.example></iframe>",
    "<style>body { display: none }</style>",
    "<svg onload=hacked()>",
    "<details ontoggle=hacked() open>x</details>",
    "<details open='\" onclick=hacked()'>",
    "<p style='position:fixed'>x</p>",
    "<!--> <script>hacked()</script> -->",
    "text <a href='javascript:hacked()'>x</a>",
    '```"><script>hacked()</script>\nx\n```',
)
FORBIDDEN = ("<script", "<img", "<iframe", "<style", "<svg", "onclick=", "javascript:", "style=")


@pytest.fixture
def references(shop: Shop) -> References:
    return References(shop.github.world, shop.repository)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_could_run_or_load_comes_through(references: References, text: str) -> None:
    html = rendered(text, references)

    tags = "".join(piece.partition(">")[0] for piece in html.split("<")[1:])
    assert not any(word.strip("<") in tags.lower() for word in FORBIDDEN), html


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\nb", "<p>a<br />\nb</p>"),
        ("~~gone~~", "<p><s>gone</s></p>"),
        ("|a|b|\n|:-:|-:|\n|1|2|", '<th class="align-center">a</th>\n<th class="align-right">b'),
        ("<!-- awaited:KEY -->\nDone", "<p>Done</p>"),
        ("Done <!-- here -->", "<p>Done </p>"),
        ("press <kbd>x</kbd><br>", "<p>press <kbd>x</kbd><br></p>"),
        ("`@alice` <b>", "<p><code>@alice</code> &lt;b&gt;</p>"),
        ("x <b open>y</b>", "<p>x &lt;b open&gt;y&lt;/b&gt;</p>"),
        ("x</b>", "<p>x&lt;/b&gt;</p>"),
        ("</br>", "&lt;/br&gt;"),
        ("<em>*x</em>*", "<p>&lt;em&gt;<em>x&lt;/em&gt;</em></p>"),
        ("*<b>x* *y</b>*", "<p><em>&lt;b&gt;x</em> <em>y&lt;/b&gt;</em></p>"),
        ("![a *b*](https://x.example)", '<p><span class="picture">Image: a b</span></p>'),
        ("![](/x.png)", '<p><span class="picture">Image: /x.png</span></p>'),
        ("```diff\n+a\n-b\n```", '<span class="tk-gi">+a</span>\n<span class="tk-gd">-b</span>'),
        ("```nonsense\n<a>\n```", '<pre class="code"><code>&lt;a&gt;</code></pre>'),
        ("    <a>", "<pre><code>&lt;a&gt;"),
        ("<mailto:a@b.example>", 'href="mailto:a@b.example"'),
        ("<ftp://x.example>", 'href="#"'),
        ("[x](#here)", '<a href="#here" rel="nofollow noopener noreferrer">x</a>'),
    ],
)
def test_what_people_write(references: References, text: str, expected: str) -> None:
    assert expected in rendered(text, references)


def test_details_are_kept_where_they_are_closed(references: References) -> None:
    head = "<details open><summary>The <b>patch</b></summary>"

    html = rendered(f"{head}\n\n*x*\n\n</details>", references)

    assert html.split("\n") == [head, "<p><em>x</em></p>", "</details>"]


@pytest.mark.parametrize(
    "text",
    [
        "<details>\n\nnever closed",
        "</details>\n\nnever opened",
        "- <details>\n\n  in a list\n\n</details>",
        "<details><b></details>",
    ],
)
def test_tags_that_do_not_match_are_text(references: References, text: str) -> None:
    html = rendered(text, references)

    assert html.count("<details") == html.count("</details")
    assert html.count("<b>") == html.count("</b>")


async def test_people_pulls_commits_and_addresses_are_found(
    shop: Shop, references: References
) -> None:
    pull = await shop.pull()
    sha = pull.head_sha

    html = rendered(f"@alice did #1 in {sha} (see https://x.example/a).", references)

    assert '<b class="mention">@alice</b> did <a href="/octo-org/shop/pull/1"' in html
    assert f'<a href="/octo-org/shop/commit/{sha}"' in html
    assert f"<code>{sha[:7]}</code></a>" in html
    assert '(see <a href="https://x.example/a" rel="nofollow noopener noreferrer">' in html


@pytest.mark.parametrize("text", ["@nobody", "#7", "deadbeef", "a@alice", "[@alice](#x)", "x#1"])
def test_what_refers_to_nothing_is_text(references: References, text: str) -> None:
    html = rendered(text, references)

    assert "mention" not in html
    assert "/pull/" not in html
    assert "/commit/" not in html


def test_nothing_is_rendered_as_nothing(references: References) -> None:
    assert rendered(None, references) == ""
