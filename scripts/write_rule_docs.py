"""Writes docs/rules from the rules themselves; with `--check` only says whether it is current."""

import sys
from pathlib import Path

from bot.report.rule_page import rule_page, rules_index
from bot.rules import ALL_RULES

FOLDER = Path(__file__).parent.parent / "docs" / "rules"


def pages() -> dict[Path, str]:
    """Return what should stand in each file."""
    found = {FOLDER / f"{rule.code}.md": rule_page(rule) for rule in ALL_RULES}
    found[FOLDER / "README.md"] = rules_index(ALL_RULES)
    return found


def main(arguments: list[str]) -> int:
    """Write the pages, or name those that are out of date."""
    wanted = pages()
    there = {path: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    if "--check" in arguments:
        stale = sorted(
            path.name
            for path in wanted.keys() | there.keys()
            if wanted.get(path) != there.get(path)
        )
        if stale:
            sys.stderr.write(f"docs/rules is out of date ({', '.join(stale)}): run `make docs`\n")
        return 1 if stale else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path in there.keys() - wanted.keys():
        path.unlink()
    for path, text in wanted.items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
