"""Requirements and constraints files, with the files that they include."""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from bot.analysis.pytest_runs.config_files import ConfigFiles, join, parent
from bot.analysis.pytest_runs.dependencies.declaration import Declaration, Weight, requirement

INCLUDED = re.compile(r"^(?:-r|--requirement|-c|--constraint)(?:\s+|=)?(\S+)")
COMMENT = re.compile(r"(?:^|(?<=\s))#.*$")
VIA = re.compile(r"#\s+via\b(?P<first>.*)$")
# A listed folder name belongs to the project that holds it.
LIST_FOLDERS = frozenset({
    "requirements", "requirement", "reqs", "deps", "dependencies", "ci", ".ci", ".github",
    "tools", "scripts", "test", "tests", "testing", "dev", "etc", "pip",
})  # fmt: skip


def is_requirements_file(path: str) -> bool:
    """Whether a path looks like a list of requirements or constraints."""
    folder, _, name = path.rpartition("/")
    if not name.endswith((".txt", ".in", ".pip")):
        return False
    listed = folder.rpartition("/")[2] in {"requirements", "requirement", "reqs"}
    return listed or re.search(r"requirement|constraint|^reqs?\b|^dev-|^test-", name) is not None


def home_of(path: str) -> str:
    """Return the folder that a list is for: not `requirements/`, `ci/` or `tests/` itself."""
    folder = parent(path)
    while folder.rpartition("/")[2] in LIST_FOLDERS:
        folder = parent(folder)
    return folder


def from_requirements(
    files: ConfigFiles, path: str, seen: frozenset[str] = frozenset()
) -> Iterator[Declaration]:
    """Yield what a file lists, and what the files list that it includes."""
    text = files.text(path)
    if text is None or path in seen:
        return
    bounds = "constraint" in path.rpartition("/")[2]
    lines = text.replace("\\\n", " ").splitlines()
    for index, line in enumerate(lines):
        included = INCLUDED.match(line)
        if included:
            inner = join(parent(path), included[1])
            bounding = line.startswith(("-c", "--constraint"))
            for one in from_requirements(files, inner or "", seen | {path}):
                yield replace(one, needs=one.needs and not bounding)
            continue
        for one in requirement(COMMENT.sub("", line)):
            transitive = _came_along(lines, index)
            yield replace(
                one,
                needs=not bounds,
                direct=not transitive,
                weight=Weight.MANIFEST if transitive is None else Weight.LOCK,
            )


def _came_along(lines: list[str], index: int) -> bool | None:
    """Whether a compiled list says `# via` another package only; None if it is not compiled."""
    via = VIA.search(lines[index])
    reasons = via["first"] if via else ""
    for line in lines[index + 1 :]:
        if not line.lstrip().startswith("#"):
            break
        found = VIA.search(line)
        via = via or found
        reasons += found["first"] if found else line.lstrip(" #") + " "
    if via is None:
        return None
    return not re.search(r"-[rc]\s|\(", reasons)
