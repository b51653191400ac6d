"""Lock files: exact versions, scanned and not parsed, because they are large."""

import json
import re
from collections.abc import Iterator

from bot.analysis.pytest_runs.config_files import ConfigFiles, as_table
from bot.analysis.pytest_runs.dependencies.declaration import Declaration, Weight, normalised

PACKAGE = re.compile(
    r"""^\[\[packages?\]\]\s*\nname\s*=\s*"([^"]+)"\s*\n(?:version\s*=\s*"([^"]+)")?""",
    re.MULTILINE,
)
LOCK_NAMES = frozenset({"poetry.lock", "uv.lock", "pdm.lock", "Pipfile.lock"})


def is_lock(path: str) -> bool:
    """Whether a path is a lock file of poetry, uv, pdm or Pipenv, or of PEP 751."""
    name = path.rpartition("/")[2]
    return name in LOCK_NAMES or re.fullmatch(r"pylock(?:\.[\w-]+)?\.toml", name) is not None


def from_lock(files: ConfigFiles, path: str) -> Iterator[Declaration]:
    """Yield every locked package; nobody says which of them were asked for."""
    text = files.text(path) or ""
    if path.endswith("Pipfile.lock"):
        yield from _from_pipfile_lock(text)
        return
    for found in PACKAGE.finditer(text):
        yield _locked(found[1], f"=={found[2]}" if found[2] else "")


def _from_pipfile_lock(text: str) -> Iterator[Declaration]:
    try:
        document = as_table(json.loads(text))
    except (ValueError, RecursionError):
        return
    for category in document.values():
        for name, entry in as_table(category).items():
            version = as_table(entry).get("version")
            if isinstance(version, str):
                yield _locked(name, version)


def _locked(name: str, specifier: str) -> Declaration:
    return Declaration(normalised(name), specifier, Weight.LOCK, direct=False)
