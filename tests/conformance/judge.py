"""Real pytest is the judge: start it on a project and write down what it did."""

import os
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

from tests.conformance.case import Case, Invocation, as_bytes
from tests.conformance.judgement import Judgement, Run, judgement_of
from tests.conformance.records import read

OBSERVER = Path(__file__).parent / "observer"
CARRIED = Path(__file__).parents[2] / "benchmarks" / "carried"
# By the name that a case gives them: what `-p no:` calls them.
PLUGINS = {
    "asyncio": "asyncio",
    "aiohttp": "aiohttp",
    "hypothesis": "hypothesispytest",
    "cov": "pytest_cov",
    "xdist": "xdist",
    "looponfail": "xdist.looponfail",
    "platformdirs": "platformdirs",
    "anyio": "anyio",
    "trio": "trio",
}
# Starts pytest with arguments, in a folder, with an environment; returns what it printed.
Start = Callable[[Sequence[str], Path, Mapping[str, str]], str]


def judge(case: Case, files: Mapping[str, bytes], room: Path, start: Start) -> Judgement:
    """Run a project in the empty folder `room`, all its invocations, and say what happened.

    `files` are given apart from the case, so that a repaired project can be judged as well.
    """
    write_files(room / "project", files)
    write_files(room / "site", {path: as_bytes(text) for path, text in case.installed.items()})
    runs = [_run(case, invocation, room, start) for invocation in case.invocations]
    return judgement_of(runs, room / "project")


def write_files(root: Path, files: Mapping[str, bytes]) -> None:
    """Write files below a folder."""
    root.mkdir(parents=True, exist_ok=True)
    for path, content in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def _run(case: Case, invocation: Invocation, room: Path, start: Start) -> Run:
    records = room / "records"
    records.write_text("")
    printed = start(
        [*_switches(case), *invocation.args],
        room / "project" / invocation.cwd,
        _environment(case, invocation, room, records),
    )
    return Run(printed, read(records.read_text()))


def _switches(case: Case) -> list[str]:
    loaded = [part for name in ["conformance_observer", *case.loaded] for part in ("-p", name)]
    return [*with_plugins(case.plugins), *loaded]


def with_plugins(plugins: AbstractSet[str]) -> list[str]:
    """Return the arguments that leave out whatever is installed besides."""
    absent = [name for key, name in PLUGINS.items() if key not in plugins]
    return [part for name in ["cacheprovider", *absent] for part in ("-p", f"no:{name}")]


def _environment(case: Case, invocation: Invocation, room: Path, records: Path) -> dict[str, str]:
    own = {
        "PATH": os.environ["PATH"],
        "HOME": str(room),
        "PYTHONDONTWRITEBYTECODE": "1",
        "CONFORMANCE_RECORDS": str(records),
    }
    if case.watched:
        own["CONFORMANCE_WATCHED"] = str(room / "project")
    # A project is "installed in development mode" by a PYTHONPATH of its own, relative to it.
    places = invocation.env.get("PYTHONPATH", "").split(os.pathsep)
    on_path = [str(room / "project" / place) for place in places if place]
    path = os.pathsep.join([*on_path, str(room / "site"), str(OBSERVER), str(CARRIED)])
    return {**own, **invocation.env, "PYTHONPATH": path}
