"""A rule as a page of documentation: its docstring and its examples, as Markdown."""

from collections.abc import Iterator, Sequence

from bot.analysis.configuration.config_tables import names_of, required_names
from bot.analysis.policy import Policy
from bot.analysis.rule import Bad, Good, Rule, example_files, marked_files
from bot.report.wording import listed


def rule_page(rule: Rule) -> str:
    """Return the page of one rule."""
    return "\n".join(_lines(rule)).rstrip() + "\n"


def rule_in_short(rule: Rule) -> str:
    """Return what a rule is about, with its first example and without links."""
    bad = [each for each in rule.examples if isinstance(each, Bad)]
    lines = [*_about(rule), "", *(line for each in bad[:1] for line in _example(each))]
    return "\n".join(lines).strip()


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
    yield from _about(rule)
    yield ""
    if rule.policy is not None:
        keys = [_key(name, rule.policy) for name in names_of(rule.policy)]
        yield "## Configuration"
        yield ""
        yield f"A table `[tool.awaited.{rule.name}]`, or several, with the keys {listed(keys)}."
        yield "See [configuration](../configuration.md#house-rules)."
        yield ""
    yield "## Examples"
    for example in rule.examples:
        yield ""
        yield from _example(example)


def _about(rule: Rule) -> Iterator[str]:
    yield f"Severity: {rule.severity}. On: {rule.enabled}. Fix: {_fixes(rule)}."
    yield ""
    yield (rule.documentation or "").strip()


def _key(name: str, policy: type[Policy]) -> str:
    return f"`{name}` (needed)" if name in required_names(policy) else f"`{name}`"


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
