"""The naive checker: every async test without a literal `@pytest.mark.asyncio` is reported.

    python naive.py LIST

where LIST is a file that names a Python file a line. One process, one `ast.walk` a file, no
imports followed, no configuration read: what a team writes in an afternoon.
"""

import ast
import sys
from pathlib import Path


def unmarked(source: bytes) -> int:
    """Return how many async tests have no decorator that is written `@pytest.mark.asyncio`."""
    return sum(
        isinstance(node, ast.AsyncFunctionDef)
        and node.name.startswith("test")
        and not any(ast.unparse(one) == "pytest.mark.asyncio" for one in node.decorator_list)
        for node in ast.walk(ast.parse(source))
    )


def main(listing: str) -> None:
    """Check the files that a file lists, and print how many tests look unmarked."""
    found = 0
    for path in Path(listing).read_text(encoding="utf-8").splitlines():
        try:
            found += unmarked(Path(path).read_bytes())
        except (SyntaxError, ValueError):
            continue
    print(found)


if __name__ == "__main__":
    main(sys.argv[1])
