"""A rule as a page of documentation: its docstring and its examples, as Markdown."""

from collections.abc import Iterator, Sequence

from bot.analysis.rule import Bad, Good, Rule, example_files, marked_files


def rule_page(rule: Rule) -> str:
    """Return the page of one rule."""
    return "\n".join(_lines(rule)).rstrip() + "\n"


def rules_index(rules: Sequence[Rule]) -> str:
    """Return the table of all rules."""
    rows = [
        "# Rules",
        "",
        "| code | name | what is wrong | severity | on | fix |",
        "|---|---|---|---|---|---|",
    ]
    for rule in rules:
        link = f"[{rule.code}]({rule.code}.md)"
        cells = (link, rule.name, rule.summary, rule.severity, rule.enabled, _fixes(rule))
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows) + "\n"


def _lines(rule: Rule) -> Iterator[str]:
    yield f"# {rule.code} {rule.name}"
    yield ""
    yield f"Severity: {rule.severity}. On: {rule.enabled}. Fix: {_fixes(rule)}."
    yield ""
    yield (rule.documentation or "").strip()
    yield ""
    yield "## Examples"
    for example in rule.examples:
        yield ""
        yield from _example(example)


def _fixes(rule: Rule) -> str:
    return " or ".join(rule.safeties) or "none"


def _example(example: Bad | Good) -> Iterator[str]:
    if isinstance(example, Good):
        yield f"Not reported, because {example.because}:" if example.because else "Not reported:"
        yield from _code(example_files(example.files))
        return
    yield "Reported:"
    yield from _code(marked_files(example.files))
    if example.fixed is not None:
        yield ""
        yield f"Fixed ({example.safety}):"
        yield from _code(example_files(example.fixed))


def _code(files: dict[str, str]) -> Iterator[str]:
    for path, text in files.items():
        yield ""
        yield f"```python title={path}" if path.endswith(".py") else f"```ini title={path}"
        yield text.rstrip()
        yield "```"
