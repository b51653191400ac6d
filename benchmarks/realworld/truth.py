"""What pytest really does with the async tests of a project: the oracle is run and read."""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.realworld.corpus import CACHE, tree_of
from benchmarks.realworld.environments import PINS, python_of
from benchmarks.realworld.projects import Project

CARRIED = Path(__file__).parents[1] / "carried"
# What travels into a project's environment, by the names that it has there.
PLUGIN = {
    "awaited_oracle.py": Path(__file__).parent / "oracle.py",
    "written_function.py": CARRIED / "written_function.py",
}
SECONDS = 420
# What pytest and pytest-asyncio say of a test that they do not run.
NOT_RUN = ("async def functions are not natively supported", "[NOTRUN]")

Record = dict[str, Any]


class Fate(StrEnum):
    """What becomes of a test's body, or of a fixture's."""

    RUNS = "runs"
    NEVER = "never"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class TestTruth:
    """One async test.

    Attributes:
        fate: whether its body runs.
        how: `seen` where a trace or its absence was seen in a run, else what told it.
        defined: file (relative to the tree) and first line of what a person wrote.
    """

    __test__ = False

    path: str
    symbol: str
    fate: Fate
    how: str
    defined: tuple[str, int]


@dataclass(frozen=True, slots=True)
class Truth:
    """All that was seen of one project.

    Attributes:
        tests: its async tests, one for each name under which pytest collects one.
        fixtures: async fixtures by file and first line, where a setup was seen.
        uncollected: files that could not be collected, with the reason.
        said: how pytest ended.
    """

    tests: tuple[TestTruth, ...]
    fixtures: tuple[tuple[str, int, Fate], ...]
    uncollected: dict[str, str]
    said: str


@dataclass(frozen=True, slots=True)
class Recording:
    """What the oracle wrote down: its records, the folder that they speak of, how pytest ended."""

    records: list[Record]
    root: str
    said: str


def truth_of(project: Project, cache: Path = CACHE) -> Truth:
    """Return the truth of a project; pytest is run once for it.

    Raises:
        CorpusError: its sources cannot be had.
        InstallationError: its environment cannot be made.
    """
    return _kept(project, {}, project.paths, cache)


def truth_of_changed(
    project: Project, changed: Mapping[str, bytes], paths: Sequence[str], cache: Path = CACHE
) -> Truth:
    """Return the truth of a project with other contents in some files; pytest is given `paths`.

    Raises:
        CorpusError: its sources cannot be had.
        InstallationError: its environment cannot be made.
    """
    given = tuple(os.path.relpath(path, project.folder) for path in paths)
    return _kept(project, changed, given or project.paths, cache)


def _kept(
    project: Project, changed: Mapping[str, bytes], given: Sequence[str], cache: Path
) -> Truth:
    kept = cache / "truth" / f"{project.label}-{_key(project, changed, given)}.json"
    if not kept.is_file():
        recording = _recorded(project, changed, given, cache)
        if not recording.records:
            return judged((), Path(recording.root), recording.said)
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(msgspec.json.encode(recording))
    recording = msgspec.json.decode(kept.read_bytes(), type=Recording)
    return judged(recording.records, Path(recording.root), recording.said)


def _key(project: Project, changed: Mapping[str, bytes], given: Sequence[str]) -> str:
    """Return what changes whenever the records may."""
    pins = PINS / f"{project.name}.txt"
    run = (project.sha256, tuple(given), project.arguments, project.folder)
    parts = [repr(run).encode(), *(path.read_bytes() for path in PLUGIN.values())]
    parts += [pins.read_bytes()] if pins.is_file() else []
    parts += [part for path in sorted(changed) for part in (path.encode(), changed[path])]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:12]


def _recorded(
    project: Project, changed: Mapping[str, bytes], given: Sequence[str], cache: Path
) -> Recording:
    python = python_of(project, cache)
    tree = tree_of(project, cache)
    # Far from the cache: pytest looks for its configuration in the folders above as well.
    with tempfile.TemporaryDirectory(prefix="realworld-", ignore_cleanup_errors=True) as name:
        room = Path(name).resolve()
        # A copy, because fixtures write files.
        shutil.copytree(tree, room / "project", symlinks=True)
        for path, content in changed.items():
            (room / "project" / path).write_bytes(content)
        carry_oracle(room / "site")
        records = room / "records"
        records.touch()
        said = run(project, given, python, room)
        lines = records.read_text(encoding="utf-8").splitlines()
        return Recording([json.loads(line) for line in lines], str(room / "project"), said)


def carry_oracle(folder: Path) -> None:
    """Copy the plugin, with what it needs, into a new folder."""
    folder.mkdir()
    for name, path in PLUGIN.items():
        shutil.copy(path, folder / name)


def run(project: Project, given: Sequence[str], python: Path, room: Path) -> str:
    """Run pytest with the oracle in a prepared room, and return the last lines that it printed."""
    command = [str(python.parent / "pytest"), "-p", "awaited_oracle", "-p", "no:cacheprovider"]
    command += ["--continue-on-collection-errors"]
    environment = {
        "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(room),
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": str(room / "site"),
        "ORACLE_RECORDS": str(room / "records"),
        "ORACLE_SECONDS": str(SECONDS),
    }
    output = room / "output"
    with output.open("wb") as file:
        try:
            subprocess.run(
                [*command, *project.arguments, *given],
                cwd=room / "project" / project.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                timeout=SECONDS + 120,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return "it was ended after its time"
    lines = output.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return "\n".join(lines[-15:])


# -- reading --------------------------------------------------------------------------------------


def judged(records: Sequence[Record], root: Path, said: str) -> Truth:
    """Return the truth that the records of a run tell."""
    of_kind: defaultdict[str, list[Record]] = defaultdict(list)
    for record in records:
        of_kind[record["record"]].append(record)
    return Truth(
        tests=tuple(_tests(of_kind, root)),
        fixtures=tuple(_fixtures(of_kind["fixture"], root)),
        uncollected={
            one["path"]: f"{one['outcome']}: {one['why']}" for one in of_kind["uncollected"]
        },
        said=said,
    )


def _tests(records: Mapping[str, Sequence[Record]], root: Path) -> Iterable[TestTruth]:
    traced = {one["nodeid"] for one in records["trace"]}
    calls = {one["nodeid"]: one for one in records["phase"] if one["phase"] == "call"}
    items = [one for one in records["item"] if one["coroutine"]]
    seen = {one["nodeid"]: _seen(one, traced, calls.get(one["nodeid"])) for one in items}
    alike = _alike(items, seen)
    by_name: defaultdict[tuple[str, str], list[tuple[Fate, str]]] = defaultdict(list)
    places: dict[tuple[str, str], tuple[str, int]] = {}
    for item in items:
        name = (_relative(item["path"], root), item["symbol"])
        fate = seen[item["nodeid"]]
        by_name[name].append((fate, "seen") if fate else _told(item, alike))
        places[name] = (_relative(item["defined"][0], root), item["defined"][1])
    for (path, symbol), fates in sorted(by_name.items()):
        yield TestTruth(path, symbol, *_best(fates), places[path, symbol])


def _seen(item: Record, traced: set[str], call: Record | None) -> Fate | None:
    """Return what was seen of an item; None where its call was not reached or says nothing."""
    if item["nodeid"] in traced:
        return Fate.RUNS
    if call is None:
        return None
    refused = any(sign in f"{call['why']} {call['xfail']}" for sign in NOT_RUN)
    return Fate.NEVER if refused or call["outcome"] == "passed" else None


def _alike(items: Iterable[Record], seen: Mapping[str, Fate | None]) -> dict[str, set[Fate]]:
    """Return what was seen of tests that one wrapper, or one plugin's hook, is to run."""
    found: defaultdict[str, set[Fate]] = defaultdict(set)
    for item in items:
        if fate := seen[item["nodeid"]]:
            found[_kind(item)].add(fate)
    return dict(found)


def _kind(item: Record) -> str:
    """Return by what an item would be run: the code around it, else whoever runs coroutines."""
    return str(item["wrapper"] or item["runner"])


def _told(item: Record, alike: Mapping[str, set[Fate]]) -> tuple[Fate, str]:
    """Return what an item's kind tells of one whose call was not reached."""
    if item["runner"]:
        fate = Fate.NEVER if item["runner"] == "nobody" else Fate.RUNS
        return fate, item["runner"]
    fates = alike.get(_kind(item), set())
    return (next(iter(fates)), "its like") if len(fates) == 1 else (Fate.UNDECIDED, "")


def _best(fates: Sequence[tuple[Fate, str]]) -> tuple[Fate, str]:
    """Return the fate of a test of several items: it runs if one of them does."""
    order = [Fate.RUNS, Fate.UNDECIDED, Fate.NEVER]
    return min(fates, key=lambda one: (order.index(one[0]), one[1] != "seen"))


def _fixtures(records: Iterable[Record], root: Path) -> Iterable[tuple[str, int, Fate]]:
    ended: defaultdict[tuple[str, int], set[str]] = defaultdict(set)
    for one in records:
        ended[_relative(one["path"], root), one["line"]].add(one["ended"])
    for (path, line), ways in sorted(ended.items()):
        if "passed" in ways:
            yield path, line, Fate.RUNS
        elif ways & {"refused", "unawaited"}:
            yield path, line, Fate.NEVER


def _relative(path: str, root: Path) -> str:
    return Path(path).relative_to(root).as_posix() if Path(path).is_relative_to(root) else path
