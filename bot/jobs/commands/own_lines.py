"""The lines of a comment that are its author's own words. Pure.

Not in a quote, in code or in an HTML comment. A line right below a quote counts although Markdown
draws it into the quote: "quote reply" puts `>` before every line, so a line without it was typed
by hand.
"""

import re
from collections.abc import Iterator

_FENCE = re.compile(r" {0,3}(?P<run>`{3,}(?=[^`]*$)|~{3,})")
# What hides the lines up to its end; the tags are those that show their text as code or quote.
_HIDING = re.compile(r"<!--|<(?P<tag>pre|blockquote)(?![\w-])", re.IGNORECASE)


def own_lines(body: str) -> Iterator[str]:
    """Yield the lines that are neither within a fence nor hidden by a tag."""
    end: re.Pattern[str] | None = None
    for line in re.split(r"\r\n|\r|\n", body):
        if end is None:
            yield line
            end = _hidden_until(line)
        elif end.search(line):
            end = None


def _hidden_until(line: str) -> re.Pattern[str] | None:
    if fence := _FENCE.match(line):
        mark = re.escape(fence["run"][0])
        return re.compile(rf"^ {{0,3}}{mark}{{{len(fence['run'])},}}\s*$")
    words = _without_code_spans(line)
    at = 0
    while hiding := _HIDING.search(words, at):
        closed_by = f"</{hiding['tag']}" if hiding["tag"] else "-->"
        end = re.compile(closed_by, re.IGNORECASE)
        closing = end.search(words, hiding.end())
        if not closing:
            return end
        at = closing.end()
    return None


def _without_code_spans(line: str) -> str:
    """Return the line without what stands between runs of equally many backticks."""
    pieces = re.split("(`+)", line)
    last = {run: at for at, run in enumerate(pieces) if at % 2}
    words: list[str] = []
    at = 0
    while at < len(pieces):
        words.append(pieces[at])
        run = pieces[at + 1] if at + 1 < len(pieces) else ""
        opened, at = at + 1, at + 2
        if last.get(run, 0) > opened:
            at = next(n for n in range(at + 1, len(pieces), 2) if pieces[n] == run) + 1
    return " ".join(words)
